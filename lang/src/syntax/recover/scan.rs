//! Which brackets are open at a place, and what they belong to.

use crate::syntax::token::{Tok, Token};

/// What an open bracket belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ctx {
    /// Top level.
    File,
    /// `import (` and the like.
    Group,
    /// Arguments of a call or conversion.
    Args,
    /// Parameters or results.
    Params,
    TypeParams,
    Paren,
    Assert,
    Index,
    ArrayLen,
    MapKey,
    Struct,
    Interface,
    Composite,
    /// The body of a function, or a block by itself.
    Block,
    /// The body of an `if` or `for`.
    Body,
    Switch,
    Select,
}

impl Ctx {
    pub(super) fn holds_statements(self) -> bool {
        matches!(self, Ctx::Block | Ctx::Body | Ctx::Switch | Ctx::Select)
    }
}

/// One level of brackets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) ctx: Ctx,
    /// Index of the bracket.
    pub(super) at: usize,
    /// The keyword whose header or declaration is going on at this level.
    pub(super) header: Option<Tok>,
    /// Semicolons in that header.
    pub(super) semis: u32,
    /// A function's signature has been seen and its body may follow.
    pub(super) signature: bool,
    /// Colons.
    pub(super) colons: u32,
}

fn level(ctx: Ctx, at: usize) -> Level {
    Level { ctx, at, header: None, semis: 0, signature: false, colons: 0 }
}

/// The open brackets after `tokens`, a valid prefix of a file; the first level is the file.
pub(super) fn scan(tokens: &[Token]) -> Vec<Level> {
    let mut levels = vec![level(Ctx::File, 0)];
    for (at, token) in tokens.iter().enumerate() {
        let previous = if at == 0 { Tok::StartFile } else { tokens[at - 1].tok };
        let before = if at < 2 { Tok::StartFile } else { tokens[at - 2].tok };
        let top = *levels.last().expect("the file's level stays");
        let inner = match token.tok {
            Tok::LParen | Tok::ResultParen => Some(match previous {
                Tok::Import | Tok::Const | Tok::Var | Tok::Type => Ctx::Group,
                Tok::Func | Tok::MethodFunc => Ctx::Params,
                _ if token.tok == Tok::ResultParen => Ctx::Params,
                Tok::RParen if top.signature => Ctx::Params,
                Tok::Name(_) if matches!(before, Tok::Func) || top.ctx == Ctx::File && top.signature => Ctx::Params,
                Tok::Name(_) if top.ctx == Ctx::Interface && matches!(before, Tok::LBrace | Tok::Semi(_)) => {
                    Ctx::Params
                }
                Tok::RBrack if top.ctx == Ctx::File && matches!(top.header, Some(Tok::Func)) => Ctx::Params,
                Tok::Dot => Ctx::Assert,
                Tok::Name(_) | Tok::Lit(_) | Tok::RParen | Tok::RBrack | Tok::RBrace | Tok::BadExpr => Ctx::Args,
                _ => Ctx::Paren,
            }),
            Tok::LBrack | Tok::TypeParamBrack => Some(match previous {
                _ if token.tok == Tok::TypeParamBrack => Ctx::TypeParams,
                Tok::Map => Ctx::MapKey,
                Tok::Name(_) if matches!(before, Tok::Func) => Ctx::TypeParams,
                Tok::Name(_) if top.ctx == Ctx::File && top.signature && before == Tok::RParen => Ctx::TypeParams,
                Tok::Name(_) | Tok::Lit(_) | Tok::RParen | Tok::RBrack | Tok::RBrace | Tok::BadExpr => Ctx::Index,
                _ => Ctx::ArrayLen,
            }),
            Tok::LBrace => Some(match previous {
                Tok::Struct => Ctx::Struct,
                Tok::Interface => Ctx::Interface,
                _ if top.signature => Ctx::Block,
                Tok::Semi(_) | Tok::Else | Tok::StartScript | Tok::BodyBrace => Ctx::Block,
                Tok::LBrace | Tok::Colon if top.ctx.holds_statements() => Ctx::Block,
                _ => Ctx::Composite,
            }),
            Tok::BodyBrace => Some(match top.header {
                Some(Tok::Switch) => Ctx::Switch,
                Some(Tok::Select) => Ctx::Select,
                _ => Ctx::Body,
            }),
            _ => None,
        };
        if let Some(ctx) = inner {
            let top = levels.last_mut().expect("the file's level stays");
            if matches!(token.tok, Tok::LBrace) && ctx == Ctx::Block {
                top.signature = false;
            }
            if token.tok == Tok::BodyBrace {
                top.header = None;
            }
            levels.push(level(ctx, at));
            continue;
        }
        match token.tok {
            Tok::RParen | Tok::RBrack | Tok::RBrace => {
                let closed = if levels.len() > 1 { levels.pop() } else { None };
                let top = levels.last_mut().expect("the file's level stays");
                if closed.is_some_and(|closed| closed.ctx == Ctx::Params) {
                    top.signature = true;
                }
            }
            tok => {
                let top = levels.last_mut().expect("the file's level stays");
                match tok {
                    Tok::Semi(_) if matches!(top.header, Some(Tok::If | Tok::For | Tok::Switch)) => top.semis += 1,
                    Tok::Semi(_) => {
                        top.header = None;
                        top.signature = false;
                    }
                    Tok::Comma | Tok::Assign | Tok::Define => top.signature = false,
                    Tok::If | Tok::For | Tok::Switch | Tok::Select => (top.header, top.semis) = (Some(tok), 0),
                    Tok::Import | Tok::Const | Tok::Var | Tok::Type => top.header = Some(tok),
                    Tok::MethodFunc => top.header = Some(Tok::Func),
                    Tok::Func if top.ctx == Ctx::File && matches!(previous, Tok::Semi(_)) => {
                        top.header = Some(Tok::Func)
                    }
                    Tok::Range => top.semis = 3,
                    Tok::Colon => top.colons += 1,
                    _ => {}
                }
            }
        }
    }
    levels
}
