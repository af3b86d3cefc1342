//! Text to tokens: inserts semicolons, scans literals, interns names, collects directives.
//!
//! The whole file becomes one vector, so that the marking pass after it ([`super::mark`]) can look ahead without bound.

use super::Dialect;
use super::ast::{BinaryOp, LitKind};
use super::literal::{self, Scanned};
use super::token::{Lit, Raw, SemiKind, Tok, Token};
use crate::diag::{Code, Diagnostics};
use crate::intern::Interner;
use crate::source::{FileId, LineDirective, Pos, SourceMap, Span};
use logos::Logos;
use std::ops::Range;
use std::sync::Arc;

/// A comment that the compiler reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pragma {
    /// Where the comment starts.
    pub pos: Pos,
    /// The text after `//go:`.
    pub text: String,
    /// Number of tokens before it.
    pub before: usize,
}

/// A file's tokens and directives.
#[derive(Clone, Debug, Default)]
pub struct Lexed {
    /// The tokens; every file ends with one that ends a statement or in [`SemiKind::Eof`] after one.
    pub tokens: Vec<Token>,
    /// `//go:` comments.
    pub pragmas: Vec<Pragma>,
}

/// Single characters outside ASCII, classified by Unicode category.
#[derive(Logos, Clone, Copy, PartialEq)]
enum Class {
    #[regex(r"\p{L}")]
    Letter,
    #[regex(r"\p{Nd}")]
    Digit,
}

struct Lexer<'a> {
    text: Arc<str>,
    base: u32,
    file: FileId,
    file_name: Arc<str>,
    line_name: Arc<str>,
    directives: Vec<LineDirective>,
    interner: &'a mut Interner,
    diags: &'a mut Diagnostics,
    out: Lexed,
}

/// Splits a file into tokens. Line directives are noted in `sources`. A script may begin with a `#!` line.
pub fn lex(
    interner: &mut Interner,
    sources: &mut SourceMap,
    file: FileId,
    dialect: Dialect,
    diags: &mut Diagnostics,
) -> Lexed {
    lex_skipping(interner, sources, file, dialect, &[], diags)
}

/// The same without what is in one of the ranges `skip` (sorted, each beginning where a token does).
pub fn lex_skipping(
    interner: &mut Interner,
    sources: &mut SourceMap,
    file: FileId,
    dialect: Dialect,
    skip: &[Range<usize>],
    diags: &mut Diagnostics,
) -> Lexed {
    let source = sources.file(file);
    let skipped: usize = skip.iter().map(Range::len).sum();
    let (text, base, name) = (source.text.clone(), source.base.0, source.name.clone());
    let out = Lexed { tokens: Vec::with_capacity((text.len() - skipped) / 4), pragmas: Vec::new() };
    let (line_name, directives) = (name.clone(), Vec::new());
    let mut lexer = Lexer { text, base, file, file_name: name, line_name, directives, interner, diags, out };
    lexer.run(dialect, skip);
    let Lexer { file, directives, out, .. } = lexer;
    sources.clear_directives(file);
    for directive in directives {
        sources.add_directive(file, directive);
    }
    out
}

/// The tokens in a part of a file that has been split before, except for that part.
pub fn lex_part(
    interner: &mut Interner,
    sources: &SourceMap,
    file: FileId,
    part: Range<usize>,
    diags: &mut Diagnostics,
) -> Vec<Token> {
    let source = sources.file(file);
    let (text, base, name) = (source.text.clone(), source.base.0, source.name.clone());
    let out = Lexed { tokens: Vec::with_capacity(part.len() / 3 + 16), pragmas: Vec::new() };
    let (line_name, directives) = (name.clone(), Vec::new());
    let mut lexer = Lexer { text, base, file, file_name: name, line_name, directives, interner, diags, out };
    lexer.tokens(part, &[]);
    lexer.out.tokens
}

/// Where the bodies of a file's functions are, braces included; of those that are laid out as the formatter lays them out, on lines
/// of their own. Found without a look at what is in them.
pub fn bodies(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("\nfunc ").map(|i| at + i + 1) {
        let Some(end) = text[start..].find('\n').map(|i| start + i) else { break };
        at = end;
        // Initialisers always run, and what is on one line is quickly read.
        if !text[start..end].ends_with(" {") || text[start..].starts_with("func init(") {
            continue;
        }
        let Some(close) = text[end..].find("\n}").map(|i| end + i + 2) else { break };
        if text[close..].starts_with('\n') {
            found.push(end - 1..close);
            at = close;
        }
    }
    found
}

impl Lexer<'_> {
    fn error(&mut self, offset: usize, message: impl Into<String>) {
        let pos = Pos(self.base + offset as u32);
        self.diags.error(Code::Syntax, pos, message);
    }

    fn push(&mut self, tok: Tok, start: usize, end: usize) {
        self.out.tokens.push(Token { tok, start: self.base + start as u32, end: self.base + end as u32 });
    }

    fn ends_statement(&self) -> bool {
        self.out.tokens.last().is_some_and(|token| token.tok.ends_statement())
    }

    fn run(&mut self, dialect: Dialect, skip: &[Range<usize>]) {
        let text = self.text.clone();
        self.complain_about_nul_and_bom(&text);
        let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        if dialect == Dialect::Script && text[start..].starts_with("#!") {
            start = text[start..].find('\n').map_or(text.len(), |length| start + length);
        }
        self.tokens(start..text.len(), skip);
    }

    /// Splits a part of the text.
    fn tokens(&mut self, part: Range<usize>, skip: &[Range<usize>]) {
        let text = self.text.clone();
        let text = &text[..part.end];
        let mut skip = skip.iter().peekable();
        let mut lexer = Raw::lexer(text);
        lexer.bump(part.start);
        while let Some(raw) = lexer.next() {
            let span = lexer.span();
            if let Some(body) = skip.peek()
                && body.start <= span.start
            {
                // A range that begins inside a token is not what it was taken for.
                let begins_here = body.start == span.start;
                let end = body.end;
                skip.next();
                if begins_here {
                    lexer.bump(end - span.end);
                    continue;
                }
            }
            match raw {
                Err(()) => {
                    let found = text[span.start..].chars().next().unwrap_or('\0');
                    self.error(span.start, format!("invalid character {}", literal::describe_code(found as u32)));
                }
                Ok(raw) => {
                    let end = self.token(raw, text, span.start, span.end);
                    lexer.bump(end - span.end);
                }
            }
        }
        if self.ends_statement() {
            self.push(Tok::Semi(SemiKind::Eof), text.len(), text.len());
        }
    }

    fn complain_about_nul_and_bom(&mut self, text: &str) {
        if text.bytes().any(|byte| byte == 0) {
            for (at, _) in text.match_indices('\0') {
                self.error(at, "invalid NUL character");
            }
        }
        for (at, _) in text.match_indices('\u{feff}').filter(|&(at, _)| at > 0) {
            self.error(at, "invalid BOM in the middle of the file");
        }
    }

    /// Handles one token of logos and returns where it really ends.
    fn token(&mut self, raw: Raw, text: &str, start: usize, end: usize) -> usize {
        use Raw::*;
        let tok = match raw {
            Newline => {
                if self.ends_statement() {
                    self.push(Tok::Semi(SemiKind::Newline), start, end);
                }
                return end;
            }
            LineComment => {
                self.line_comment(&text[start..end], start, end);
                return end;
            }
            BlockComment => return self.block_comment(text, start),
            Ident => return self.name(text, start, end),
            Number => return self.literal(literal::scan_number(text.as_bytes(), start), text, start),
            Quote => return self.literal(literal::scan_string(text, start), text, start),
            Backquote => return self.literal(literal::scan_raw_string(text, start), text, start),
            Apostrophe => return self.literal(literal::scan_rune(text, start), text, start),
            Break => Tok::Break,
            Case => Tok::Case,
            Chan => Tok::Chan,
            Const => Tok::Const,
            Continue => Tok::Continue,
            Default => Tok::Default,
            Defer => Tok::Defer,
            Else => Tok::Else,
            Fallthrough => Tok::Fallthrough,
            For => Tok::For,
            Func => Tok::Func,
            Go => Tok::Go,
            Goto => Tok::Goto,
            If => Tok::If,
            Import => Tok::Import,
            Interface => Tok::Interface,
            Map => Tok::Map,
            Package => Tok::Package,
            Range => Tok::Range,
            Return => Tok::Return,
            Select => Tok::Select,
            Struct => Tok::Struct,
            Switch => Tok::Switch,
            Type => Tok::Type,
            Var => Tok::Var,
            LParen => Tok::LParen,
            RParen => Tok::RParen,
            LBrack => Tok::LBrack,
            RBrack => Tok::RBrack,
            LBrace => Tok::LBrace,
            RBrace => Tok::RBrace,
            Comma => Tok::Comma,
            Semi => Tok::Semi(SemiKind::Semicolon),
            Colon => Tok::Colon,
            Define => Tok::Define,
            Assign => Tok::Assign,
            Dot => Tok::Dot,
            DotDotDot => Tok::DotDotDot,
            Arrow => Tok::Arrow,
            Star => Tok::Star,
            Not => Tok::Not,
            Tilde => Tok::Tilde,
            Or => Tok::Or,
            Inc => Tok::IncDec(true),
            Dec => Tok::IncDec(false),
            Plus => Tok::Sign(BinaryOp::Add),
            Minus => Tok::Sign(BinaryOp::Sub),
            Xor => Tok::Sign(BinaryOp::Xor),
            And => Tok::Sign(BinaryOp::And),
            OrOr => Tok::BinOp(BinaryOp::OrOr),
            AndAnd => Tok::BinOp(BinaryOp::AndAnd),
            Eq => Tok::BinOp(BinaryOp::Eq),
            Ne => Tok::BinOp(BinaryOp::Ne),
            Lt => Tok::BinOp(BinaryOp::Lt),
            Le => Tok::BinOp(BinaryOp::Le),
            Gt => Tok::BinOp(BinaryOp::Gt),
            Ge => Tok::BinOp(BinaryOp::Ge),
            Div => Tok::BinOp(BinaryOp::Div),
            Rem => Tok::BinOp(BinaryOp::Rem),
            AndNot => Tok::BinOp(BinaryOp::AndNot),
            Shl => Tok::BinOp(BinaryOp::Shl),
            Shr => Tok::BinOp(BinaryOp::Shr),
            PlusAssign => Tok::OpAssign(BinaryOp::Add),
            MinusAssign => Tok::OpAssign(BinaryOp::Sub),
            OrAssign => Tok::OpAssign(BinaryOp::Or),
            XorAssign => Tok::OpAssign(BinaryOp::Xor),
            StarAssign => Tok::OpAssign(BinaryOp::Mul),
            DivAssign => Tok::OpAssign(BinaryOp::Div),
            RemAssign => Tok::OpAssign(BinaryOp::Rem),
            AndAssign => Tok::OpAssign(BinaryOp::And),
            AndNotAssign => Tok::OpAssign(BinaryOp::AndNot),
            ShlAssign => Tok::OpAssign(BinaryOp::Shl),
            ShrAssign => Tok::OpAssign(BinaryOp::Shr),
        };
        self.push(tok, start, end);
        end
    }

    fn name(&mut self, text: &str, start: usize, end: usize) -> usize {
        let name = &text[start..end];
        if !name.is_ascii() {
            self.check_name(name, start);
        }
        let symbol = self.interner.intern(name);
        self.push(Tok::Name(symbol), start, end);
        end
    }

    fn check_name(&mut self, name: &str, start: usize) {
        for (at, found) in name.char_indices().filter(|(_, found)| !found.is_ascii() && *found != '\u{feff}') {
            let shown = literal::describe_code(found as u32);
            match Class::lexer(&name[at..at + found.len_utf8()]).next() {
                Some(Ok(Class::Letter)) => {}
                Some(Ok(Class::Digit)) if at > 0 => {}
                Some(Ok(Class::Digit)) => {
                    self.error(start + at, format!("identifier cannot begin with digit {shown}"));
                }
                _ => self.error(start + at, format!("invalid character {shown} in identifier")),
            }
        }
    }

    fn literal(&mut self, scanned: Scanned, text: &str, start: usize) -> usize {
        let Scanned { end, kind, errors } = scanned;
        let bad = !errors.is_empty();
        for (at, message) in errors {
            self.error(at, message);
        }
        let value = self.interner.intern(&text[start..end]);
        self.push(Tok::Lit(Lit { kind, bad, value }), start, end);
        end
    }

    fn line_comment(&mut self, comment: &str, start: usize, end: usize) {
        let body = comment[2..].trim_end_matches('\r');
        if let Some(text) = body.strip_prefix("go:") {
            let (pos, before) = (Pos(self.base + start as u32), self.out.tokens.len());
            self.out.pragmas.push(Pragma { pos, text: text.to_string(), before });
        } else if let Some(text) = body.strip_prefix("line ")
            && (start == 0 || self.text.as_bytes()[start - 1] == b'\n')
        {
            // The directive holds from the next line on.
            self.line_directive(text, start + "//line ".len(), end + 1);
        }
    }

    fn block_comment(&mut self, text: &str, start: usize) -> usize {
        let Some(length) = text[start + 2..].find("*/") else {
            self.error(start, "comment not terminated");
            return text.len();
        };
        let end = start + 2 + length + 2;
        let body = &text[start + 2..end - 2];
        if body.contains('\n') {
            if self.ends_statement() {
                self.push(Tok::Semi(SemiKind::Newline), start, end);
            }
        } else if let Some(directive) = body.strip_prefix("line ") {
            self.line_directive(directive, start + "/*line ".len(), end);
        }
        end
    }

    /// `name:line` or `name:line:column`, beginning at offset `at`, in force from offset `from`.
    fn line_directive(&mut self, text: &str, at: usize, from: usize) {
        let Some((head, last)) = split_number(text) else { return };
        let last_at = at + head.len() + 1;
        let number = |number: &str| number.parse::<u32>().ok().filter(|&number| number > 0 && number < 1 << 30);
        if last.is_empty() || !last.bytes().all(|byte| byte.is_ascii_digit()) {
            self.error(last_at, format!("invalid line number: {last}"));
            return;
        }
        let with_column = split_number(head).filter(|(_, middle)| middle.parse::<u64>().is_ok());
        let (name, line, col) = match with_column {
            Some((name, middle)) => {
                let Some(col) = number(last) else {
                    self.error(last_at, format!("invalid column number: {last}"));
                    return;
                };
                let Some(line) = number(middle) else {
                    self.error(at + name.len() + 1, format!("invalid line number: {middle}:{last}"));
                    return;
                };
                (name, line, col)
            }
            None => {
                let Some(line) = number(last) else {
                    self.error(last_at, format!("invalid line number: {last}"));
                    return;
                };
                (head, line, 0)
            }
        };
        if !name.is_empty() {
            self.line_name = self.resolve_name(name);
        } else if col == 0 {
            self.line_name = "".into();
        }
        let pos = Pos(self.base + from.min(self.text.len()) as u32);
        self.directives.push(LineDirective { pos, name: self.line_name.clone(), line, col });
    }

    /// A relative name of a directive is relative to the file's directory.
    fn resolve_name(&self, name: &str) -> Arc<str> {
        if name.starts_with('/') {
            return name.into();
        }
        match self.file_name.rfind('/') {
            Some(slash) => format!("{}/{name}", &self.file_name[..slash]).into(),
            None => name.into(),
        }
    }
}

fn split_number(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(':')
}

/// The span of a token in a form that diagnostics take.
pub fn token_span(token: Token) -> Span {
    Span::new(Pos(token.start), Pos(token.end))
}

/// Kinds of literals as messages name them.
pub fn kind_name(kind: LitKind) -> &'static str {
    match kind {
        LitKind::Int => "integer",
        LitKind::Float => "float",
        LitKind::Imag => "imaginary",
        LitKind::Rune => "rune",
        LitKind::String => "string",
    }
}
