//! `//go:embed` from outside: patterns that mean nothing are named where they stand, and what is embedded is never out of date.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    for (file, text) in files {
        let path = dir.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("cannot make the folder");
        std::fs::write(path, text).expect("cannot write the file");
    }
    dir
}

fn gol(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(args)
        .current_dir(dir)
        .env("GOLCACHE", dir.join("cache"))
        .output()
        .expect("cannot start gol")
}

#[test]
fn patterns_without_files_are_errors() {
    let text = "package main\n\nimport \"embed\"\n\n//go:embed none.txt\nvar a string\n\n//go:embed main.go ../x\nvar b embed.FS\n\n\
                //go:embed x* [a\nvar c embed.FS\n\n//go:embed empty\nvar d embed.FS\n\n//go:embed main.go\nvar e int\n\n\
                func main() { println(a, b, c, d, e) }\n";
    let dir = folder("embed_errors", &[("main.go", text), ("empty/.hidden", "")]);
    let o = gol(&dir, &["check", "--diagnostics=short", "main.go"]);
    let expected = "main.go:5:12: pattern none.txt: no matching files found\n\
                    main.go:8:20: pattern ../x: invalid pattern syntax\n\
                    main.go:11:12: pattern x*: no matching files found\n\
                    main.go:11:15: pattern [a: invalid pattern syntax\n\
                    main.go:14:12: pattern empty: cannot embed directory empty: contains no embeddable files\n\
                    main.go:17:3: go:embed cannot apply to var of type int\n";
    assert_eq!((String::from_utf8_lossy(&o.stdout).as_ref(), o.status.code()), (expected, Some(1)));
}

#[test]
fn a_changed_file_is_seen() {
    let text =
        "package main\n\nimport _ \"embed\"\n\n//go:embed data.txt\nvar data string\n\nfunc main() { print(data) }\n";
    let dir = folder("embed_changes", &[("main.go", text), ("data.txt", "old")]);
    assert_eq!(gol(&dir, &["main.go"]).stderr, b"old");
    std::fs::write(dir.join("data.txt"), "new").expect("cannot write the file");
    assert_eq!(gol(&dir, &["main.go"]).stderr, b"new");
}
