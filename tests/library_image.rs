//! The compiled library in the cache folder: programs do the same with it and without, and nothing that can happen to it does harm.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that nobody has used before.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("image-{name}"));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

fn command(cache: &Path, code: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gol"));
    command.args(["--diagnostics=short", "-e", code]).env("GOLCACHE", cache).env_remove("GOL_DIAGNOSTICS");
    command.stdin(Stdio::null());
    command
}

fn run(cache: &Path, code: &str) -> Output {
    command(cache, code).output().expect("gol starts")
}

/// The files with the compiled library.
fn libraries(cache: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(cache).map(|d| d.filter_map(|e| Some(e.ok()?.path())).collect()).unwrap_or_default();
    let is_library = |p: &PathBuf| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("library-"));
    Vec::into_iter(all).filter(is_library).collect()
}

#[track_caller]
fn same(a: &Output, b: &Output, code: &str) {
    let text = |o: &Output| format!("{:?}\n{}\n{}", o.status, o.stdout.escape_ascii(), o.stderr.escape_ascii());
    assert_eq!(text(a), text(b), "{code}");
}

#[test]
fn programs_are_the_same_with_it() {
    let cache = folder("same");
    for code in [
        "fmt.Println(1)",
        "println(1)",
        "",
        "fmt.Printf(\"%v %+v %T %q\\n\", struct{ A, B any }{1, nil}, map[string]int{\"a\": 1}, os.Args, []string{\"x\"})",
        "var m map[string]int; fmt.Println(len(m)); m[\"a\"] = 1",
        "type T struct{}\nfunc (T) String() string { return \"a T\" }\nfunc (T) Error() string { return \"e\" }\nfmt.Println(T{}, []T{{}}); panic(T{})",
        "func (t T) Format(s fmt.State, r rune) { io.WriteString(s, \"formatted\") }\ntype T int\nfmt.Printf(\"%v %d\\n\", T(1), &[]T{2})",
        "x := 1",
        "fmt.Println(x)",
        "fmt.Printline(1)",
        "import \"internal/rtype\"\nfmt.Println(rtype.X)",
        "import \"reflect\"\nfmt.Println(reflect.TypeOf(fmt.Println), reflect.ValueOf(strings.NewReader).Kind())",
        "b, err := json.Marshal(map[string]any{\"a\": []int{1}}); fmt.Println(string(b), err)",
        "errs := errors.Join(io.EOF, os.ErrNotExist); fmt.Println(errs, errors.Is(errs, fs.ErrNotExist))",
        "w := bufio.NewWriter(os.Stdout); fmt.Fprintf(w, \"%5.2f|%-5s|%x\\n\", math.Pi, \"ab\", \"hi\"); w.Flush(); os.Exit(3)",
        "xs := []string{\"b\", \"a\"}; sort.Strings(xs); slices.SortFunc(xs, strings.Compare); fmt.Println(xs, slices.Sorted(maps.Keys(map[int]int{2: 1, 1: 1})))",
        "var wg sync.WaitGroup; for i := range 3 { wg.Go(func() { time.Sleep(time.Duration(i) * 20 * time.Millisecond); fmt.Println(i) }) }; wg.Wait(); <-make(chan int)",
    ] {
        let whole = run(Path::new("off"), code);
        same(&whole, &run(&cache, code), code);
        same(&whole, &run(&cache, code), code);
    }
    assert_eq!(libraries(&cache).len(), 1);
}

#[test]
fn damage_is_noticed_and_repaired() {
    use std::os::unix::fs::PermissionsExt;
    let cache = folder("damage");
    let mut round = 0;
    // Another program each time: one that has been run is kept itself.
    let mut check = |what: &str| {
        round += 1;
        let o = run(&cache, &format!("fmt.Println({round}, \"{what}\")"));
        assert_eq!(String::from_utf8_lossy(&o.stdout), format!("{round} {what}\n"), "{}", o.stderr.escape_ascii());
        libraries(&cache)
    };
    let found = check("fresh");
    let [file] = found.as_slice() else { panic!("{found:?}") };
    let whole = std::fs::read(file).unwrap();
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    let mut moved = whole.clone();
    moved[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    for (what, bytes) in [
        ("flipped", flipped.as_slice()),
        ("moved", moved.as_slice()),
        ("short", &whole[..whole.len() / 3]),
        ("tiny", &whole[..20]),
        ("empty", &[]),
        ("noise", &[0x5a; 100_000]),
    ] {
        std::fs::write(file, bytes).unwrap();
        check(what);
        let now = std::fs::read(file).unwrap();
        assert!(now != bytes && now.len() > whole.len() / 2, "{what}: it is written anew");
    }
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o666)).unwrap();
    check("everybody's");
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::remove_file(file).unwrap();
    std::fs::create_dir(file).unwrap();
    check("a folder");
}

#[test]
fn a_cache_that_cannot_be_written_is_none() {
    for place in ["/proc/no", "/dev/null", "/dev/null/x", ""] {
        let o = run(Path::new(place), "fmt.Println(1)");
        assert_eq!((o.stdout.as_slice(), o.stderr.as_slice()), (b"1\n".as_slice(), b"".as_slice()), "{place}");
    }
    let o = command(Path::new(""), "fmt.Println(2)").env_clear().output().unwrap();
    assert_eq!((o.stdout.as_slice(), o.stderr.as_slice()), (b"2\n".as_slice(), b"".as_slice()));
}

#[test]
fn many_may_begin_at_once() {
    let cache = folder("many");
    let start = |i: usize| command(&cache, &format!("fmt.Println({i})")).stdout(Stdio::piped()).spawn().unwrap();
    let running: Vec<_> = (0..8).map(start).collect();
    for (i, child) in running.into_iter().enumerate() {
        assert_eq!(child.wait_with_output().unwrap().stdout, format!("{i}\n").as_bytes());
    }
    assert_eq!(libraries(&cache).len(), 1);
    let rest = std::fs::read_dir(&cache).unwrap().count();
    assert_eq!(rest, 9, "eight programs, one library, no drafts");
}

#[test]
fn earlier_builds_make_room() {
    let cache = folder("room");
    std::fs::create_dir_all(&cache).unwrap();
    for i in 0..6 {
        std::fs::write(cache.join(format!("library-{i}")), "of another build").unwrap();
    }
    run(&cache, "fmt.Println(1)");
    assert_eq!(libraries(&cache).len(), 4);
}
