//! The parser: trees against goldens, errors against the lines that carry them, and robustness against anything.
//!
//! `syntax/*.go` are samples. Each has its tree in a file of the same name with `.tree`; `BLESS=1` rewrites those. A sample whose name
//! begins with `bad_` has its errors there instead.

use gol_lang::diag::{Diagnostics, render};
use gol_lang::intern::Interner;
use gol_lang::source::SourceMap;
use gol_lang::syntax::ast::{Ast, FileNode};
use gol_lang::syntax::{Dialect, dump, lexer, parse};
use std::path::{Path, PathBuf};

struct Parsed {
    ast: Ast,
    interner: Interner,
    file: FileNode,
    errors: String,
}

fn parse_text(name: &str, text: &str) -> Parsed {
    let (mut ast, mut interner, mut sources) = (Ast::new(), Interner::new(), SourceMap::new());
    let mut diags = Diagnostics::new();
    let id = sources.add(name, text);
    let dialect = if name.ends_with(".gol") { Dialect::Script } else { Dialect::Go };
    let file = parse(&mut ast, &mut interner, &mut sources, id, dialect, &mut diags);
    assert_eq!(file.has_errors, diags.has_errors());
    diags.sort(&sources);
    let errors = render::short(&diags.take(), &sources);
    Parsed { ast, interner, file, errors }
}

fn tree(name: &str, text: &str) -> String {
    let parsed = parse_text(name, text);
    assert_eq!(parsed.errors, "", "{name}");
    dump::file_string(&parsed.ast, &parsed.interner, &parsed.file)
}

fn samples() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax");
    let entries = std::fs::read_dir(folder).expect("the samples are there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "go" || extension == "gol"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("readable"))).collect()
}

#[test]
fn tokens_match_their_golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax");
    let text = std::fs::read_to_string(folder.join("expressions.go")).expect("the sample is there");
    let (mut interner, mut sources, mut diags) = (Interner::new(), SourceMap::new(), Diagnostics::new());
    let id = sources.add("expressions.go", text);
    let lexed = lexer::lex(&mut interner, &mut sources, id, Dialect::Go, &mut diags);
    let actual = dump::tokens_string(&interner, sources.file(id), &lexed.tokens);
    let golden = folder.join("expressions.tokens");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &actual).expect("writable");
    }
    assert_eq!(actual, std::fs::read_to_string(&golden).unwrap_or_default());
}

#[test]
fn samples_match_their_goldens() {
    let bless = std::env::var_os("BLESS").is_some();
    for (path, text) in samples() {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        let actual = if name.starts_with("bad_") { parse_text(name, &text).errors } else { tree(name, &text) };
        let golden = path.with_extension("tree");
        if bless {
            std::fs::write(&golden, &actual).expect("writable");
            continue;
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(actual, expected, "{name}: run with BLESS=1 and read the difference");
    }
}

/// `func` bodies: the first error of each, `line:col: message`, where line 1 is the one of the body.
fn first_error(body: &str) -> String {
    let parsed = parse_text("t.go", &format!("package p; func f() {{ {body}\n}}"));
    let first = parsed.errors.lines().next().unwrap_or("none").to_string();
    first.splitn(4, ':').nth(3).map_or(first.clone(), |message| message.trim().to_string())
}

#[test]
fn errors_are_worded_as_in_go() {
    let cases = [
        ("x := ", "syntax error: unexpected }, expected expression"),
        ("x := ;", "syntax error: unexpected semicolon, expected expression"),
        ("f(1 2)", "syntax error: unexpected literal 2 in argument list; possibly missing comma or )"),
        ("x = T{1\n}", "syntax error: unexpected newline in composite literal; possibly missing comma or }"),
        ("if x \n{ }", "syntax error: unexpected newline, expected { after if clause"),
        ("if { }", "syntax error: missing condition in if statement"),
        ("if x = y { }", "syntax error: cannot use assignment x = y as value"),
        ("if x := 1; x := 2 { }", "syntax error: cannot use x := 2 as value"),
        ("for i := 0; i < 10 { }", "syntax error: unexpected {, expected semicolon or newline"),
        ("for i := 0; { }", "syntax error: unexpected {, expected for loop condition"),
        ("for ;; i := 1 { }", "syntax error: cannot declare in post statement of for loop"),
        ("for var i = 0; i < 1; i++ { }", "syntax error: var declaration not allowed in for initializer"),
        ("switch x { foo() }", "syntax error: unexpected name foo, expected case or default or }"),
        ("if x { } else y", "syntax error: else must be followed by if or statement block"),
        ("x y", "syntax error: unexpected name y at end of statement"),
        ("a, b", "syntax error: unexpected newline, expected := or = or comma"),
        ("var x", "syntax error: unexpected newline, expected type"),
        ("type T", "syntax error: unexpected newline in type declaration"),
        ("x.5", "syntax error: unexpected literal .5 at end of statement"),
        ("x.", "syntax error: unexpected }, expected name or ("),
        ("a[]", "syntax error: unexpected ], expected operand"),
        ("a[1:2:]", "final index required in 3-index slice"),
        ("a[1::3]", "middle index required in 3-index slice"),
        ("defer (f())", "expression in defer must not be parenthesized"),
        ("go (f())", "expression in go must not be parenthesized"),
        ("(T){}", "syntax error: cannot parenthesize type in composite literal"),
        ("f() { }", "syntax error: unexpected { at end of statement"),
        ("type T struct { a, }", "syntax error: unexpected }, expected name"),
        ("type T struct { (A) }", "syntax error: cannot parenthesize embedded type"),
        ("type T interface { m[P any]() }", "interface method must have no type parameters"),
        ("_ = func(a, b ...int, c int) {}", "can only use ... with final parameter"),
        ("_ = func(a int, []string) {}", "syntax error: missing parameter name"),
        ("_ = func(a string, b) {}", "syntax error: missing parameter type"),
        ("var c chan", "syntax error: missing channel element type"),
        ("L: x y", "syntax error: unexpected name y at end of statement"),
        ("var x := 1", "syntax error: unexpected :=, expected ="),
        ("import \"fmt\"", "syntax error: unexpected keyword import, expected }"),
    ];
    let wrong: Vec<_> = cases.iter().map(|(body, expected)| (body, first_error(body), expected)).collect();
    let wrong: Vec<_> = wrong.into_iter().filter(|(_, actual, expected)| actual != *expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn script_errors_speak_of_statements() {
    let error = |text: &str| parse_text("t.gol", text).errors;
    assert_eq!(error("x y\n"), "t.gol:1:3: syntax error: unexpected name y at end of statement\n");
    assert_eq!(error("}\nf()\n"), "t.gol:1:1: syntax error: unexpected }, expected statement\n");
    assert_eq!(error("#!/usr/bin/env gol\nf(\n"), "t.gol:3:1: syntax error: unexpected EOF, expected )\n");
    assert_eq!(error("#!/usr/bin/env gol\nf()\n"), "");
    assert_eq!(error("package p\nf()\n"), "t.gol:2:1: syntax error: non-declaration statement outside function body\n");
}

#[test]
fn incomplete_texts_are_told_from_wrong_ones() {
    let incomplete = [
        "f(",
        "if x {",
        "x :=",
        "func f() {\n",
        "a +",
        "`abc",
        "/* abc",
        "x := []int{1,",
        "for i := range 3 {\n\tf()\n",
        "type T struct {",
    ];
    for text in incomplete {
        assert!(parse_text("t.gol", text).file.incomplete, "{text}");
    }
    for text in ["f()", "x y", "f(]", "", "'a"] {
        assert!(!parse_text("t.gol", text).file.incomplete, "{text}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let deep = 200_000;
    let texts = [
        format!("var x = {}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("var x = {}1", "-".to_string() + &" -".repeat(deep)),
        format!("var x {}int", "*".repeat(deep)),
        format!("var x {}int", "[]".repeat(deep)),
        format!("var x = 1{}", " + 1".repeat(deep)),
        format!("var x = a{}", ".b".repeat(deep)),
        format!("var x = a{}", "()".repeat(deep)),
        format!("func f() {}{}", "{".repeat(deep), "}".repeat(deep)),
        format!("func f() {{ if a {{}} {} }}", "else if b {}".repeat(deep)),
        format!("func f() {{ {} ; }}", "a: ".repeat(deep)),
        format!("var x {} int", "func() ".repeat(deep)),
        format!("type T {}", "struct { x ".repeat(deep)),
    ];
    for text in texts {
        let parsed = parse_text("t.go", &format!("package p\n{text}\n"));
        assert!(parsed.file.has_errors, "{}", &text[..30]);
    }
    let fine = format!("package p\nvar x = 1{}\n", " + 1".repeat(20_000));
    assert_eq!(parse_text("t.go", &fine).errors, "");
}

#[test]
fn bracket_soup_takes_no_time() {
    for text in
        ["interface{m[", "if []T{", "type T[P(", "func(", "[", "{", "switch {case f(", "x[func(){if [", "map[struct{"]
    {
        parse_text("t.go", &format!("package p\nfunc f() {{ {}", text.repeat(5_000)));
        parse_text("t.go", &format!("package p\nvar x = {}", text.repeat(5_000)));
    }
}

#[test]
fn nothing_panics_on_any_prefix() {
    for (path, text) in samples() {
        let name = path.to_string_lossy();
        for (end, _) in text.char_indices() {
            parse_text(&name, &text[..end]);
        }
    }
}

/// A small generator of pseudo-random numbers (xorshift), so that failures repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn nothing_panics_on_mutations() {
    const PIECES: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        "\n",
        ":",
        ":=",
        "=",
        ".",
        "...",
        "*",
        "<-",
        "~",
        "|",
        "&",
        "+",
        "++",
        "if ",
        "for ",
        "func ",
        "switch ",
        "select ",
        "case ",
        "default",
        "struct ",
        "interface ",
        "map ",
        "chan ",
        "type ",
        "var ",
        "const ",
        "import ",
        "package ",
        "range ",
        "go ",
        "defer ",
        "return ",
        "else ",
        "goto ",
        "x",
        "1",
        "\"s\"",
        "'",
        "`",
        "\"",
        "/*",
        "//line a:1\n",
        "\0",
        "é",
        "\u{feff}",
    ];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for (path, text) in samples() {
        let name = path.to_string_lossy();
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for _ in 0..300 {
            let mut mutant = text.clone();
            for _ in 0..1 + random.below(4) {
                let at = boundaries[random.below(boundaries.len())];
                if !mutant.is_char_boundary(at) {
                    continue;
                }
                let end = (at + random.below(6)).min(mutant.len());
                match random.below(3) {
                    0 => mutant.insert_str(at, PIECES[random.below(PIECES.len())]),
                    1 if mutant.is_char_boundary(end) => {
                        mutant.replace_range(at..end, PIECES[random.below(PIECES.len())])
                    }
                    _ if mutant.is_char_boundary(end) => mutant.replace_range(at..end, ""),
                    _ => {}
                }
            }
            let parsed = parse_text(&name, &mutant);
            dump::file_string(&parsed.ast, &parsed.interner, &parsed.file);
        }
    }
}
