//! Programs of unreasonable size or shape: each gets a diagnostic or the right answer, in seconds, and never takes the binary down.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Writes `text` to a file of its own and runs `gol COMMAND` on it.
fn gol(command: &str, name: &str, text: &[u8]) -> Outcome {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::File::create(&path).and_then(|mut f| f.write_all(text)).expect("cannot write the program");
    let start = Instant::now();
    let out = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args([command, path.to_str().expect("path is text")])
        .env("GOL_DIAGNOSTICS", "short")
        .stdin(Stdio::null())
        .output()
        .expect("cannot start gol");
    assert!(start.elapsed() < Duration::from_secs(60), "{name}: took {:?}", start.elapsed());
    Outcome {
        code: out.status.code(),
        stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

fn runs(name: &str, text: &str, want: &str) {
    let got = gol("run", name, text.as_bytes());
    let head: String = got.stderr.chars().take(400).collect();
    assert_eq!((got.code, got.stdout.trim_end()), (Some(0), want), "{name}: {head}");
}

/// Refused with a diagnostic that contains `want`.
fn refused(name: &str, text: &[u8], want: &str) {
    let got = gol("run", name, text);
    let head: String = got.stderr.chars().take(400).collect();
    assert_eq!(got.code, Some(1), "{name}: {head}");
    assert!(got.stderr.contains(want), "{name}: {head}");
}

/// Either of the two, but no crash.
fn survives(name: &str, text: &[u8]) {
    let got = gol("check", name, text);
    assert!(matches!(got.code, Some(0 | 1)), "{name}: {:?} {}", got.code, got.stderr);
}

fn main_with(body: &str) -> String {
    format!("package main\n\nfunc main() {{\n{body}\n}}\n")
}

#[test]
fn deep_nesting_is_refused_or_works() {
    const N: usize = 100_000;
    let cases = [
        ("parens", main_with(&format!("x := {}1{}\n_ = x", "(".repeat(N), ")".repeat(N)))),
        ("blocks", main_with(&format!("{}{}", "{".repeat(N), "}".repeat(N)))),
        ("unary", main_with(&format!("x := {}1\n_ = x", "-".to_string() + &"+ ".repeat(N)))),
        ("not", main_with(&format!("x := {}true\n_ = x", "!".repeat(N)))),
        ("pointers", main_with(&format!("var x {}int\n_ = x", "*".repeat(N)))),
        ("slices", main_with(&format!("var x {}int\n_ = x", "[]".repeat(N)))),
        ("ifs", main_with(&format!("{}{}", "if true {\n".repeat(N), "}\n".repeat(N)))),
        ("else_ifs", main_with(&format!("if true {{\n}}{}", " else if true {\n}".repeat(N)))),
        ("calls", main_with(&format!("{}{}", "f(".repeat(N), ")".repeat(N)))),
        ("index", main_with(&format!("_ = a{}", "[0]".repeat(N)))),
        ("funcs", main_with(&format!("_ = {}{}", "func() {".repeat(N), "}".repeat(N)))),
        ("literals", main_with(&format!("_ = []int{}{}", "{".repeat(N), "}".repeat(N)))),
        ("selectors", main_with(&format!("_ = a{}", ".b".repeat(N)))),
        ("structs", format!("package main\ntype T {}int{}\n", "struct { a ".repeat(N), " }".repeat(N))),
        ("closers", main_with(&"}".repeat(N))),
        ("openers", format!("package main\n{}", "[".repeat(N))),
    ];
    for (name, text) in cases {
        survives(&format!("deep_{name}.go"), text.as_bytes());
    }
}

#[test]
fn long_operator_chains() {
    for n in [5_000, 50_000, 1_000_000] {
        let sum = vec!["1"; n].join("+");
        survives(&format!("chain_const_{n}.go"), main_with(&format!("println(0)\n_ = {sum}")).as_bytes());
    }
    let sum = vec!["1"; 5_000].join("+");
    runs("chain_const.go", &main_with(&format!("const n = {sum}\nif n != 5000 {{ panic(n) }}")), "");
    let text = format!(
        "package main\n\nimport \"fmt\"\n\nvar x = 1\n\nfunc main() {{\n\ty := {}\n\tfmt.Println(y)\n}}\n",
        vec!["x"; 5_000].join(" + ")
    );
    runs("chain_vars.go", &text, "5000");
    let text = format!(
        "package main\n\nimport \"fmt\"\n\nfunc main() {{\n\ts := {}\n\tfmt.Println(len(s))\n}}\n",
        vec!["\"ab\""; 20_000].join(" +\n\t\t")
    );
    runs("chain_strings.go", &text, "40000");
}

#[test]
fn very_long_lines() {
    let text =
        format!("package main\n\nimport \"fmt\"\n\nfunc main() {{ fmt.Println(len(\"{}\")) }}\n", "x".repeat(5 << 20));
    runs("line_string.go", &text, &(5 << 20).to_string());
    let text = format!("package main\n\nvar {} = 1\n\nfunc main() {{}}\n", "n".repeat(5 << 20));
    runs("line_name.go", &text, "");
    survives("line_junk.go", format!("package main\n{}", "a b ".repeat(1 << 20)).as_bytes());
    runs("line_comment.go", &format!("package main\n//{}\nfunc main() {{}}\n", "c".repeat(5 << 20)), "");
}

#[test]
fn a_hundred_thousand_functions() {
    let mut text = String::from("package main\n\nimport \"fmt\"\n\n");
    for i in 0..100_000 {
        let _ = writeln!(text, "func f{i}() int {{ return {i} }}");
    }
    text.push_str("func main() { fmt.Println(f0() + f99999()) }\n");
    runs("functions.go", &text, "99999");
}

#[test]
fn seventy_thousand_locals() {
    let mut body = String::new();
    for i in 0..70_000 {
        let _ = writeln!(body, "\tx{i} := {i} + x");
    }
    body.push_str("\tfmt.Println(x0+x69999");
    for i in 0..70_000 {
        let _ = write!(body, ", x{i}");
    }
    body.push_str(")\n");
    let text = format!("package main\n\nimport \"fmt\"\n\nvar x = 1\n\nfunc main() {{\n{body}}}\n");
    let got = gol("run", "locals.go", text.as_bytes());
    assert_eq!(got.code, Some(0), "{}", got.stderr.chars().take(300).collect::<String>());
    assert!(got.stdout.starts_with("70001 1 2 3 "), "{}", got.stdout.chars().take(100).collect::<String>());
    assert!(got.stdout.trim_end().ends_with(" 69999 70000"));
}

#[test]
fn seventy_thousand_arguments() {
    let params = (0..70_000).map(|i| format!("a{i}")).collect::<Vec<_>>().join(", ");
    let args = (0..70_000).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    let text = format!(
        "package main\n\nimport \"fmt\"\n\nfunc f({params} int) int {{ return a0 + a1 + a69999 }}\n\nfunc v(a ...int) int {{ return len(a) }}\n\nfunc main() {{ fmt.Println(f({args}), v({args})) }}\n"
    );
    runs("arguments.go", &text, "70000 70000");
}

#[test]
fn switches_with_twenty_thousand_cases() {
    for (name, step) in [("dense", 1), ("sparse", 1_000_003)] {
        let mut text = String::from("package main\n\nimport \"fmt\"\n\nfunc f(n int) int {\n\tswitch n {\n");
        for i in 0..20_000u64 {
            let _ = writeln!(text, "\tcase {}:\n\t\treturn {i}", i * step);
        }
        let _ =
            writeln!(text, "\t}}\n\treturn -1\n}}\n\nfunc main() {{ fmt.Println(f(0), f({}), f(-5)) }}", 19_999 * step);
        runs(&format!("switch_{name}.go"), &text, "0 19999 -1");
    }
    let mut text = String::from("package main\n\nimport \"fmt\"\n\nfunc f(s string) int {\n\tswitch s {\n");
    for i in 0..20_000 {
        let _ = writeln!(text, "\tcase \"key{i}\":\n\t\treturn {i}");
    }
    text.push_str("\t}\n\treturn -1\n}\n\nfunc main() { fmt.Println(f(\"key0\"), f(\"key19999\"), f(\"\")) }\n");
    runs("switch_strings.go", &text, "0 19999 -1");
}

#[test]
fn big_literals() {
    let ints = (0..100_000).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    let text = format!(
        "package main\n\nimport \"fmt\"\n\nvar a = []int{{{ints}}}\n\nfunc main() {{ fmt.Println(len(a), a[99999]) }}\n"
    );
    runs("literal_ints.go", &text, "100000 99999");
    let pairs = (0..20_000).map(|i| format!("\"k{i}\": {i}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "package main\n\nimport \"fmt\"\n\nvar m = map[string]int{{{pairs}}}\n\nfunc main() {{ fmt.Println(len(m), m[\"k19999\"]) }}\n"
    );
    runs("literal_map.go", &text, "20000 19999");
}

#[test]
fn huge_constants() {
    refused("const_shift.go", main_with("const x = 1 << 100000\n_ = x").as_bytes(), "invalid shift count");
    survives("const_exponent.go", main_with("const x = 1e100000000\n_ = x").as_bytes());
    survives("const_hex.go", main_with("const x = 0x1p1000000000\n_ = x").as_bytes());
    survives("const_negative.go", main_with("const x = 1e-100000000\nvar f = 1 / x\n_ = f").as_bytes());
    survives("const_digits.go", main_with(&format!("const x = {}\n_ = x", "9".repeat(200_000))).as_bytes());
    let squares = (1..40).map(|i| format!("const c{i} = c{} * c{}\n", i - 1, i - 1)).collect::<String>();
    survives(
        "const_squares.go",
        format!("package main\n\nconst c0 = 1 << 400\n{squares}func main() {{}}\n").as_bytes(),
    );
    refused(
        "array_size.go",
        b"package main\n\nvar a [1 << 60]int\n\nfunc main() { a[0] = 1 }\n",
        "larger than address space",
    );
}

#[test]
fn junk() {
    let mut bytes = Vec::new();
    let mut x = 1u32;
    for _ in 0..200_000 {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((x >> 24) as u8);
    }
    survives("binary.go", &bytes);
    survives("nul.go", &[0; 10_000]);
    survives("empty.go", b"");
    refused("utf8.go", b"package main\n\nfunc main() { println(\"\xff\") }\n", "UTF-8");
    refused("elf.go", b"\x7fELF\x02\x01\x01\0\0", "");
    survives("unterminated.go", b"package main\n/* ");
    survives("quote.go", format!("package main\nvar s = \"{}", "a".repeat(1 << 20)).as_bytes());
}

#[test]
fn runaway_programs_end_with_gos_texts() {
    let got = gol(
        "run",
        "recursion.go",
        main_with("var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nprintln(f(0))").as_bytes(),
    );
    assert_eq!(got.code, Some(2), "{}", got.stderr);
    assert!(got.stderr.contains("fatal error: stack overflow"), "{}", got.stderr);
    let got = gol("run", "make.go", main_with("n := 1 << 62\n_ = make([]int, n)").as_bytes());
    assert_eq!(got.code, Some(2), "{}", got.stderr);
    assert!(got.stderr.contains("panic: runtime error: makeslice: len out of range"), "{}", got.stderr);
}
