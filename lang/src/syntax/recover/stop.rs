//! Where Go's parser stops skipping after an error.

use crate::syntax::token::Tok;

/// Tokens at which Go's parser stops skipping inside functions: keywords that begin statements.
pub(super) fn starts_statement(tok: Tok) -> bool {
    use Tok::*;
    matches!(
        tok,
        Break | Const | Continue | Defer | Fallthrough | For | Go | Goto | If | Return | Select | Switch | Type | Var
    )
}

/// Tokens that Go's parser skips to, by kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Semi,
    RParen,
    RBrack,
    RBrace,
    LBrace,
    Comma,
    Colon,
    Case,
    Name,
    Decl,
    Operator,
}

pub(super) fn stops(stop: Stop, tok: Tok) -> bool {
    match stop {
        Stop::Semi => matches!(tok, Tok::Semi(_)),
        Stop::RParen => tok == Tok::RParen,
        Stop::RBrack => tok == Tok::RBrack,
        Stop::RBrace => tok == Tok::RBrace,
        Stop::LBrace => matches!(tok, Tok::LBrace | Tok::BodyBrace),
        Stop::Comma => tok == Tok::Comma,
        Stop::Colon => tok == Tok::Colon,
        Stop::Case => matches!(tok, Tok::Case | Tok::Default),
        Stop::Name => matches!(tok, Tok::Name(_)),
        Stop::Decl => matches!(tok, Tok::Import | Tok::Const | Tok::Type | Tok::Var | Tok::Func | Tok::MethodFunc),
        Stop::Operator => matches!(tok, Tok::BinOp(_) | Tok::Sign(_) | Tok::Or | Tok::Not | Tok::Tilde),
    }
}
