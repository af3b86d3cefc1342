//! Context tokens: the pass between lexer and grammar that makes Go's grammar LR(1).
//!
//! Three brackets and one keyword are told apart from their likes, each by looking ahead in the token vector:
//!
//! 1. [`Tok::BodyBrace`], the `{` of an `if`, `for`, `switch` or `select`. The keyword opens a *header*; brackets suspend it. The
//!    first `{` directly in the header is the body's, unless it belongs to `struct` or `interface`, or follows a type literal or
//!    function signature that began in the header (`for range []T{…} {`, `if f := func() bool {…}; f() {`).
//! 2. [`Tok::TypeParamBrack`], the `[` of `type T[P any] …` as against `type T [n]E`: what follows decides, as in Go's parser. So is the
//!    `[` of an interface's `m[P any](…)`, which is wrong, but a different mistake than in an embedded `T[P]`.
//! 3. [`Tok::ResultParen`], the `(` after `func (…)`: always a result list, never a call or conversion.
//! 4. [`Tok::MethodFunc`], a `func (` that begins a top-level declaration; in a script, only if `name (` or `name [` follows the
//!    parameters, since a statement may begin with a function literal.

use super::token::{Tok, Token};

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Plain,
    /// The parameters of a function type.
    FuncParams,
    /// `type (`
    TypeGroup,
    /// `interface {`
    Interface,
}

/// Marks the context tokens of a file.
pub fn mark(tokens: &mut [Token], script: bool) {
    for token in tokens.iter_mut() {
        token.tok = plain(token.tok);
    }
    let ends = match_brackets(tokens);
    let mut open: Vec<(Open, bool)> = Vec::new();
    let mut header = false;
    // Up to here a type literal in a header has been looked over.
    let mut looked = 0;
    // This `{` begins a composite literal or function body although it stands in a header.
    let mut literal_brace = usize::MAX;
    for at in 0..tokens.len() {
        let previous = if at == 0 { Tok::StartFile } else { tokens[at - 1].tok };
        match tokens[at].tok {
            Tok::If | Tok::For | Tok::Switch | Tok::Select => {
                header = true;
                looked = at;
            }
            Tok::Func
                if open.is_empty()
                    && matches!(previous, Tok::Semi(_) | Tok::StartFile | Tok::StartScript)
                    && begins_method(tokens, &ends, at, script) =>
            {
                tokens[at].tok = Tok::MethodFunc;
            }
            Tok::LParen | Tok::ResultParen => {
                let kind = match previous {
                    Tok::Func => Open::FuncParams,
                    Tok::Type => Open::TypeGroup,
                    _ => Open::Plain,
                };
                open.push((kind, header));
                header = false;
                if kind == Open::TypeGroup {
                    mark_type_params(tokens, at + 1);
                }
            }
            Tok::LBrack | Tok::TypeParamBrack => {
                if header && at >= looked && !ends_operand(previous) {
                    look_over(tokens, &ends, at, &mut looked, &mut literal_brace);
                }
                let in_interface = open.last().is_some_and(|last| last.0 == Open::Interface);
                if in_interface && matches!(previous, Tok::Name(_)) && begins_elem(tokens, at - 1) {
                    let after = ends[at] as usize;
                    if tokens.get(after).is_some_and(|token| token.tok == Tok::LParen) {
                        tokens[at].tok = Tok::TypeParamBrack;
                    }
                }
                open.push((Open::Plain, header));
                header = false;
            }
            Tok::Struct | Tok::Map | Tok::Chan | Tok::Interface | Tok::Func if header && at >= looked => {
                look_over(tokens, &ends, at, &mut looked, &mut literal_brace);
            }
            Tok::LBrace | Tok::BodyBrace => {
                let is_type = matches!(previous, Tok::Struct | Tok::Interface);
                if header && !is_type && at != literal_brace {
                    tokens[at].tok = Tok::BodyBrace;
                    header = false;
                }
                let kind = if previous == Tok::Interface { Open::Interface } else { Open::Plain };
                open.push((kind, header));
                header = false;
            }
            Tok::RParen | Tok::RBrack | Tok::RBrace => {
                if let Some((kind, suspended)) = open.pop() {
                    header = suspended;
                    if kind == Open::FuncParams
                        && let Some(next) = tokens.get_mut(at + 1)
                        && next.tok == Tok::LParen
                    {
                        next.tok = Tok::ResultParen;
                    }
                }
            }
            Tok::Semi(_) if open.last().is_some_and(|last| last.0 == Open::TypeGroup) => {
                mark_type_params(tokens, at + 1)
            }
            Tok::Type => mark_type_params(tokens, at + 1),
            _ => {}
        }
    }
}

/// Whether an element of an interface begins at `at`.
fn begins_elem(tokens: &[Token], at: usize) -> bool {
    matches!(at.checked_sub(1).map(|at| tokens[at].tok), Some(Tok::LBrace | Tok::Semi(_)))
}

/// The token without the mark of an earlier pass.
fn plain(tok: Tok) -> Tok {
    match tok {
        Tok::BodyBrace => Tok::LBrace,
        Tok::TypeParamBrack => Tok::LBrack,
        Tok::ResultParen => Tok::LParen,
        Tok::MethodFunc => Tok::Func,
        tok => tok,
    }
}

fn begins_method(tokens: &[Token], ends: &[u32], at: usize, script: bool) -> bool {
    let tok = |at: usize| tokens.get(at).map(|token| token.tok);
    if tok(at + 1) != Some(Tok::LParen) {
        return false;
    }
    if !script {
        return true;
    }
    let after = ends[at + 1] as usize;
    matches!((tok(after), tok(after + 1)), (Some(Tok::Name(_)), Some(Tok::LParen | Tok::LBrack)))
}

fn ends_operand(tok: Tok) -> bool {
    matches!(tok, Tok::Name(_) | Tok::Lit(_) | Tok::RParen | Tok::RBrack | Tok::RBrace | Tok::BadExpr)
}

/// Looks over a type that begins in a header. A `{` right after it belongs to it, if such types can have one.
fn look_over(tokens: &[Token], ends: &[u32], at: usize, looked: &mut usize, literal_brace: &mut usize) {
    let end = skip_type(tokens, ends, at);
    *looked = end;
    let takes_brace = !matches!(tokens[at].tok, Tok::Chan | Tok::Interface);
    if takes_brace && tokens.get(end).is_some_and(|token| token.tok == Tok::LBrace) {
        *literal_brace = end;
    }
}

/// The index after the type that begins at `at`; as far as it looks like one.
fn skip_type(tokens: &[Token], ends: &[u32], mut at: usize) -> usize {
    let tok = |at: usize| tokens.get(at).map(|token| token.tok);
    loop {
        match tok(at) {
            Some(Tok::Name(_)) => {
                at += 1;
                if let (Some(Tok::Dot), Some(Tok::Name(_))) = (tok(at), tok(at + 1)) {
                    at += 2;
                }
                return if tok(at) == Some(Tok::LBrack) { ends[at] as usize } else { at };
            }
            Some(Tok::LParen) => return ends[at] as usize,
            Some(Tok::Star | Tok::Chan | Tok::Arrow) => at += 1,
            Some(Tok::LBrack) => at = ends[at] as usize,
            Some(Tok::Map) if tok(at + 1) == Some(Tok::LBrack) => at = ends[at + 1] as usize,
            Some(Tok::Struct | Tok::Interface) if tok(at + 1) == Some(Tok::LBrace) => {
                return ends[at + 1] as usize;
            }
            Some(Tok::Func) if tok(at + 1) == Some(Tok::LParen) => {
                at = ends[at + 1] as usize;
                if matches!(tok(at), Some(Tok::LParen | Tok::ResultParen)) {
                    return ends[at] as usize;
                }
            }
            _ => return at,
        }
    }
}

/// For each opening bracket, the index after the one that closes it. Kinds are not compared: that is the grammar's business.
fn match_brackets(tokens: &[Token]) -> Vec<u32> {
    let mut ends = vec![tokens.len() as u32; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::LParen | Tok::LBrack | Tok::LBrace => open.push(at),
            Tok::RParen | Tok::RBrack | Tok::RBrace => {
                if let Some(opener) = open.pop() {
                    ends[opener] = at as u32 + 1;
                }
            }
            _ => {}
        }
    }
    ends
}

/// Looks at a type declaration whose name should be at `at`.
fn mark_type_params(tokens: &mut [Token], at: usize) {
    let named = matches!(tokens.get(at), Some(Token { tok: Tok::Name(_), .. }));
    if named && tokens.get(at + 1).is_some_and(|token| token.tok == Tok::LBrack) && has_type_params(tokens, at + 1) {
        tokens[at + 1].tok = Tok::TypeParamBrack;
    }
}

/// Whether the `[` at `at`, after the name of a declared type, begins type parameters.
fn has_type_params(tokens: &[Token], at: usize) -> bool {
    let tok = |at: usize| tokens.get(at).map_or(Tok::StartFile, |token| token.tok);
    if !matches!(tok(at + 1), Tok::Name(_)) {
        return false;
    }
    match tok(at + 2) {
        Tok::Star | Tok::LParen => is_constraint(tokens, at + 2),
        Tok::RBrack | Tok::Dot | Tok::Or | Tok::BinOp(_) | Tok::Sign(_) | Tok::LBrace | Tok::StartFile => false,
        _ => true,
    }
}

/// How far to look for what tells a constraint from an array's length. A bound, so that no input takes quadratic time.
const FAR: usize = 256;

/// Whether what begins at `at`, after `[` and a name, makes sense only as that name's constraint: a comma follows it, or there is
/// something in it that can only be a type, other than in the arguments of a call.
fn is_constraint(tokens: &[Token], at: usize) -> bool {
    let mut depth = 0usize;
    let mut calls = Vec::new();
    for index in at..tokens.len().min(at + FAR) {
        let previous = tokens[index - 1].tok;
        match tokens[index].tok {
            Tok::LParen => {
                depth += 1;
                if index > at && ends_operand(previous) {
                    calls.push(depth);
                }
            }
            Tok::LBrack if calls.is_empty() && (index == at || !ends_operand(previous)) => return true,
            Tok::LBrack | Tok::LBrace => depth += 1,
            Tok::RParen | Tok::RBrack | Tok::RBrace => {
                if depth == 0 {
                    return false;
                }
                if calls.last() == Some(&depth) {
                    calls.pop();
                }
                depth -= 1;
            }
            Tok::Comma if depth == 0 => return true,
            Tok::Tilde | Tok::Interface | Tok::Func | Tok::Map | Tok::Chan | Tok::Struct if calls.is_empty() => {
                return true;
            }
            Tok::Semi(_) => return false,
            _ => {}
        }
    }
    false
}
