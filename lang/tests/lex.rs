//! Tokens and complaints of the lexer, as text.

use gol_lang::diag::{Diagnostics, render};
use gol_lang::intern::Interner;
use gol_lang::source::SourceMap;
use gol_lang::syntax::Dialect;
use gol_lang::syntax::lexer::lex;
use gol_lang::syntax::token::{SemiKind, Tok};

/// Tokens separated by blanks; semicolons that are not written show where they come from.
fn tokens(text: &str) -> String {
    let (mut interner, mut sources, mut diags) = (Interner::new(), SourceMap::new(), Diagnostics::new());
    let file = sources.add("t.go", text);
    let lexed = lex(&mut interner, &mut sources, file, Dialect::Go, &mut diags);
    assert!(diags.is_empty(), "{}", render::short(&diags.take(), &sources));
    let show = |tok: Tok| match tok {
        Tok::Name(name) => interner.str(name).to_string(),
        Tok::Lit(lit) => format!("{:?}({})", lit.kind, interner.str(lit.value)),
        Tok::Semi(SemiKind::Semicolon) => ";".to_string(),
        Tok::Semi(SemiKind::Newline) => ";nl".to_string(),
        Tok::Semi(SemiKind::Eof) => ";eof".to_string(),
        Tok::Comma => ",".to_string(),
        tok => tok.fixed_text().to_string(),
    };
    lexed.tokens.iter().map(|token| show(token.tok)).collect::<Vec<_>>().join(" ")
}

/// `line:col: message` for each complaint.
fn complaints(text: &str) -> Vec<String> {
    let (mut interner, mut sources, mut diags) = (Interner::new(), SourceMap::new(), Diagnostics::new());
    let file = sources.add("t.go", text);
    lex(&mut interner, &mut sources, file, Dialect::Go, &mut diags);
    let show = |diagnostic: &gol_lang::diag::Diagnostic| {
        let (line, col) = sources.line_col(diagnostic.span.lo);
        format!("{line}:{col}: {}", diagnostic.message)
    };
    diags.iter().map(show).collect()
}

#[test]
fn semicolons_follow_what_ends_a_statement() {
    assert_eq!(tokens("x\n"), "x ;nl");
    assert_eq!(tokens("x"), "x ;eof");
    assert_eq!(tokens("x // c\n/* c */ y"), "x ;nl y ;eof");
    assert_eq!(tokens("x /* a\nb */ y"), "x ;nl y ;eof");
    assert_eq!(tokens("x +\ny;"), "x + y ;");
    assert_eq!(
        tokens("return\nbreak\nf()\na[1]\n}\nx++\n"),
        "return ;nl break ;nl f ( ) ;nl a [ Int(1) ] ;nl } ;nl x ++ ;nl"
    );
    assert_eq!(tokens("if {\nfor (\n,\n"), "if { for ( ,");
}

#[test]
fn operators_are_as_long_as_possible() {
    assert_eq!(tokens("a &^= b <<= c &^ d <- e ... := == ++"), "a &^= b <<= c &^ d <- e ... := == ++ ;eof");
    assert_eq!(tokens("a.b .5 1. x..y"), "a . b Float(.5) Float(1.) x . . y ;eof");
}

#[test]
fn literals_keep_their_text() {
    assert_eq!(
        tokens("0x1F 017 1_0 1e3 0x1p-2 2i"),
        "Int(0x1F) Int(017) Int(1_0) Float(1e3) Float(0x1p-2) Imag(2i) ;eof"
    );
    assert_eq!(tokens(r#"'a' '\n' "s\"" `r\`"#), r#"Rune('a') Rune('\n') String("s\"") String(`r\`) ;eof"#);
    assert_eq!(tokens("été 日本 _x1"), "été 日本 _x1 ;eof");
}

#[test]
fn complaints_are_worded_as_in_go() {
    let cases: &[(&str, &[&str])] = &[
        ("x @ y", &["1:3: invalid character U+0040 '@'"]),
        ("x # y", &["1:3: invalid character U+0023 '#'"]),
        ("\u{1}", &["1:1: invalid character U+0001"]),
        ("a\0b", &["1:2: invalid NUL character"]),
        ("a \u{feff}b", &["1:3: invalid BOM in the middle of the file"]),
        ("\u{feff}a", &[]),
        ("a·b", &["1:2: invalid character U+00B7 '·' in identifier"]),
        ("٣", &["1:1: identifier cannot begin with digit U+0663 '٣'"]),
        ("\"abc", &["1:1: string not terminated"]),
        ("\"abc\n", &["1:5: newline in string"]),
        ("`abc\n", &["1:1: string not terminated"]),
        ("/* abc\n", &["1:1: comment not terminated"]),
        ("''", &["1:2: empty rune literal or unescaped '"]),
        ("'ab'", &["1:1: more than one character in rune literal"]),
        ("'a\n", &["1:3: newline in rune literal"]),
        ("'a", &["1:1: rune literal not terminated"]),
        (r#""\q""#, &["1:3: unknown escape"]),
        (r#""\x1g""#, &["1:5: invalid character 'g' in hexadecimal escape"]),
        (r#""\400""#, &["1:6: octal escape value 256 > 255"]),
        (r#""\ud800""#, &["1:8: escape is invalid Unicode code point U+D800"]),
        ("08", &["1:2: invalid digit '8' in octal literal"]),
        ("1__0", &["1:3: '_' must separate successive digits"]),
        ("0x", &["1:3: hexadecimal literal has no digits"]),
        ("//line a.go:0\n", &["1:13: invalid line number: 0"]),
        ("//line a.go:x\n", &["1:13: invalid line number: x"]),
    ];
    for (text, expected) in cases {
        assert_eq!(complaints(text), *expected, "{text:?}");
    }
}

#[test]
fn line_directives_rename_what_follows() {
    let (mut interner, mut sources, mut diags) = (Interner::new(), SourceMap::new(), Diagnostics::new());
    let file = sources.add("dir/t.go", "//line foo.y:100\na\n/*line :7:9*/b\n//line /abs.y:1\nc");
    let lexed = lex(&mut interner, &mut sources, file, Dialect::Go, &mut diags);
    let names = lexed.tokens.iter().filter(|token| matches!(token.tok, Tok::Name(_)));
    let places: Vec<_> = names.map(|token| sources.location(gol_lang::source::Pos(token.start)).to_string()).collect();
    assert_eq!(places, ["dir/foo.y:100", "dir/foo.y:7:9", "/abs.y:1"]);
}
