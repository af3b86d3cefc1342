//! Compiler directives: what a `//go:` comment stands before, and the complaints that Go's parser has about it.

use super::ast::{Directive, Place};
use super::lexer::Pragma;
use super::token::{Tok, Token};
use crate::diag::{Code, Diagnostics};
use crate::source::{Pos, SourceFile};

/// What a directive may stand before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// `go:build`: the package clause.
    Package,
    /// Those about functions.
    Function,
    /// Those that only Go's own runtime may use.
    Runtime,
    Embed,
    Linkname,
    Cgo,
    /// Tools read it, or nobody.
    Other,
}

fn kind(name: &str) -> Kind {
    match name {
        "build" => Kind::Package,
        "noescape" | "norace" | "nosplit" | "noinline" | "nocheckptr" | "uintptrescapes" | "registerparams" => {
            Kind::Function
        }
        "systemstack" | "nowritebarrier" | "nowritebarrierrec" | "yeswritebarrierrec" => Kind::Runtime,
        "embed" => Kind::Embed,
        "linkname" | "linknamestd" => Kind::Linkname,
        name if name.starts_with("cgo_") && name != "cgo_import_dynamic" => Kind::Cgo,
        _ => Kind::Other,
    }
}

impl Directive {
    /// Where Go's compiler complains about it: after the slashes.
    pub fn complaint_pos(&self) -> Pos {
        Pos(self.pos.0 + 2)
    }

    /// The complaint about where it stands, if it stands before a declaration or clause that it does not apply to.
    pub fn misplaced(&self) -> Option<&'static str> {
        let fits = match kind(&self.name) {
            Kind::Package => self.place == Place::Package,
            Kind::Function => self.place == Place::Func,
            Kind::Embed => matches!(self.place, Place::Var { .. }),
            Kind::Runtime | Kind::Linkname | Kind::Cgo | Kind::Other => true,
        };
        let message = match kind(&self.name) {
            Kind::Embed => "misplaced go:embed directive",
            _ => "misplaced compiler directive",
        };
        (!fits).then_some(message)
    }
}

/// What the directives of a file stand before. `tokens` are all of the file's.
pub(super) fn places(tokens: &[Token], pragmas: &[Pragma]) -> Vec<Place> {
    let tok = |at: usize| tokens.get(at).map(|token| token.tok);
    let mut open: Vec<Option<Tok>> = Vec::new();
    let mut seen = 0;
    let mut places = Vec::with_capacity(pragmas.len());
    for pragma in pragmas {
        let end = pragma.before.min(tokens.len());
        for (at, token) in tokens.iter().enumerate().take(end).skip(seen) {
            match token.tok {
                Tok::LParen | Tok::LBrack | Tok::LBrace => {
                    let before = at.checked_sub(1).and_then(tok);
                    let groups = |t: &Tok| matches!(t, Tok::Import | Tok::Const | Tok::Type | Tok::Var);
                    open.push(before.filter(|t| token.tok == Tok::LParen && groups(t)));
                }
                Tok::RParen | Tok::RBrack | Tok::RBrace => {
                    open.pop();
                }
                _ => {}
            }
        }
        seen = end;
        places.push(place(&open, tok(seen), tok(seen + 1)));
    }
    places
}

/// What begins with tokens `next` and `then`, inside the brackets that are open; those of grouped declarations know their keyword.
fn place(open: &[Option<Tok>], next: Option<Tok>, then: Option<Tok>) -> Place {
    let in_group = open.last().copied().flatten();
    let inside = open.iter().any(Option::is_none);
    let keyword = match (in_group, next) {
        (_, None) | (Some(_), Some(Tok::RParen)) => return Place::Nowhere,
        (Some(keyword), _) => keyword,
        (None, Some(Tok::Package)) => return Place::Package,
        (None, Some(Tok::Func)) if !inside => return Place::Func,
        (None, Some(_)) if then == Some(Tok::LParen) => return Place::Nowhere,
        (None, Some(keyword)) => keyword,
    };
    match keyword {
        Tok::Import | Tok::Const | Tok::Type => Place::Decl,
        Tok::Var => Place::Var { inside },
        _ => Place::Nowhere,
    }
}

/// Reports what Go's parser finds wrong with a directive.
pub(super) fn check(pragma: &Pragma, directive: &Directive, source: &SourceFile, diags: &mut Diagnostics) {
    let at = directive.complaint_pos();
    let mut error = |message: String| diags.error(Code::BadDirective, at, message);
    let start = source.offset(pragma.pos);
    let line = source.text[..start].rsplit('\n').next().unwrap_or("");
    if !line.trim().is_empty() {
        error("misplaced compiler directive".to_string());
        return;
    }
    let name = &directive.name;
    match kind(name) {
        Kind::Linkname
            if pragma.text.contains(' ') && !(1..=2).contains(&directive.args.split_whitespace().count()) =>
        {
            error(format!("usage: //go:{name} localname [linkname]"));
        }
        Kind::Embed => {
            if let Err(rest) = embed_patterns(&directive.args) {
                error(format!("invalid quoted string in //go:embed: {rest}"));
            }
            if embed_patterns(&directive.args).map_or(true, |patterns| patterns.is_empty()) {
                error("usage: //go:embed pattern...".to_string());
            } else if directive.place == Place::Nowhere {
                error("misplaced go:embed directive".to_string());
            }
        }
        Kind::Cgo => error(format!("//go:{} only allowed in cgo-generated code", pragma.text)),
        Kind::Runtime => error(format!("//go:{name} only allowed in runtime")),
        Kind::Function | Kind::Package if directive.place == Place::Nowhere => {
            error("misplaced compiler directive".to_string());
        }
        _ => {}
    }
}

/// The patterns of an embedding directive, quoted or not; the text that is wrong if a quote is.
pub fn embed_patterns(args: &str) -> Result<Vec<String>, &str> {
    let mut patterns = Vec::new();
    let mut rest = args.trim();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '`' => rest[1..].find('`').map(|at| at + 2).ok_or(rest)?,
            '"' => {
                let mut escaped = false;
                let close = rest[1..].char_indices().find(|&(_, c)| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                });
                close.map(|(at, _)| at + 2).ok_or(rest)?
            }
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        patterns.push(rest[..end].trim_matches(['`', '"']).to_string());
        rest = &rest[end..];
        if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
            return Err(rest);
        }
        rest = rest.trim_start();
    }
    Ok(patterns)
}
