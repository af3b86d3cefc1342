//! Colours for the line being typed, from the lexer's tokens.

use gol_lang::diag::Diagnostics;
use gol_lang::intern::Interner;
use gol_lang::source::SourceMap;
use gol_lang::syntax::Dialect;
use gol_lang::syntax::ast::LitKind;
use gol_lang::syntax::lexer::lex;
use gol_lang::syntax::token::Tok;

const KEYWORD: &str = "\x1b[35m";
const STRING: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[36m";
const COMMENT: &str = "\x1b[2m";
const PREDECLARED: &str = "\x1b[33m";
const PLAIN: &str = "\x1b[0m";

/// Names that every program has.
pub const UNIVERSE: &[&str] = &[
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex",
    "complex128",
    "complex64",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "imag",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "real",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// The text with escape sequences for colours.
pub fn highlight(text: &str) -> String {
    if text.starts_with(':') {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return format!("{KEYWORD}{}{PLAIN}{}", &text[..end], highlight_go(&text[end..]));
    }
    highlight_go(text)
}

fn highlight_go(text: &str) -> String {
    let (mut names, mut sources, mut diags) = (Interner::new(), SourceMap::new(), Diagnostics::new());
    let file = sources.add("", text);
    let tokens = lex(&mut names, &mut sources, file, Dialect::Script, &mut diags).tokens;
    let base = sources.file(file).base.0 as usize;
    let mut out = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for token in tokens {
        let (start, end) = (token.start as usize - base, (token.end as usize - base).min(text.len()));
        if start < done || end <= start {
            continue;
        }
        gap(&text[done..start], &mut out);
        let word = &text[start..end];
        let colour = match token.tok {
            Tok::Lit(lit) if matches!(lit.kind, LitKind::String | LitKind::Rune) => STRING,
            Tok::Lit(_) => NUMBER,
            Tok::Name(_) if UNIVERSE.contains(&word) => PREDECLARED,
            tok if tok.is_keyword() => KEYWORD,
            _ => "",
        };
        if colour.is_empty() {
            out.push_str(word);
        } else {
            out.push_str(colour);
            out.push_str(word);
            out.push_str(PLAIN);
        }
        done = end;
    }
    gap(&text[done..], &mut out);
    out
}

/// What lies between tokens: blanks and comments.
fn gap(text: &str, out: &mut String) {
    match text.find("//").or_else(|| text.find("/*")) {
        Some(at) => {
            out.push_str(&text[..at]);
            out.push_str(COMMENT);
            out.push_str(&text[at..]);
            out.push_str(PLAIN);
        }
        None => out.push_str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::highlight;

    fn plain(s: &str) -> String {
        let mut out = String::new();
        let mut rest = s;
        while let Some(at) = rest.find('\x1b') {
            out.push_str(&rest[..at]);
            rest = rest[at..].split_once('m').map_or("", |r| r.1);
        }
        out + rest
    }

    #[test]
    fn the_text_stays_what_it_is() {
        for text in [
            "x := \"a\" + `b` // c",
            "for i := range 10 {\n\tf(i) /* x */ }",
            "\"unfinished",
            ":type 1 + 2",
            "a ? b",
            "é := 'x'",
        ] {
            assert_eq!(plain(&highlight(text)), text);
        }
        assert!(highlight("if x").contains("\x1b[35mif\x1b[0m x"));
    }
}
