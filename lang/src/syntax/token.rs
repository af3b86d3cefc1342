//! Tokens: as logos finds them ([`Raw`]) and as the grammar sees them ([`Tok`]).

use super::ast::{BinaryOp, LitKind, UnaryOp};
use crate::intern::Symbol;
use logos::Logos;

/// What logos finds. Numbers, strings, runes and block comments are recognised by their beginning; the lexer scans the rest.
/// Every character outside ASCII counts as part of an identifier, as in Go's scanner; the lexer then complains about wrong ones.
#[derive(Logos, Clone, Copy, PartialEq, Debug)]
#[logos(skip r"[ \t\r\x00]+")]
#[allow(missing_docs)]
pub enum Raw {
    #[token("\n")]
    Newline,
    #[regex(r"//[^\n]*", allow_greedy = true)]
    LineComment,
    #[token("/*")]
    BlockComment,
    #[regex(r"[A-Za-z_\u{80}-\u{10FFFF}][A-Za-z0-9_\u{80}-\u{10FFFF}]*")]
    Ident,
    #[regex(r"\.?[0-9]")]
    Number,
    #[token("\"")]
    Quote,
    #[token("`")]
    Backquote,
    #[token("'")]
    Apostrophe,

    #[token("break")]
    Break,
    #[token("case")]
    Case,
    #[token("chan")]
    Chan,
    #[token("const")]
    Const,
    #[token("continue")]
    Continue,
    #[token("default")]
    Default,
    #[token("defer")]
    Defer,
    #[token("else")]
    Else,
    #[token("fallthrough")]
    Fallthrough,
    #[token("for")]
    For,
    #[token("func")]
    Func,
    #[token("go")]
    Go,
    #[token("goto")]
    Goto,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("interface")]
    Interface,
    #[token("map")]
    Map,
    #[token("package")]
    Package,
    #[token("range")]
    Range,
    #[token("return")]
    Return,
    #[token("select")]
    Select,
    #[token("struct")]
    Struct,
    #[token("switch")]
    Switch,
    #[token("type")]
    Type,
    #[token("var")]
    Var,

    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBrack,
    #[token("]")]
    RBrack,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token(",")]
    Comma,
    #[token(";")]
    Semi,
    #[token(":")]
    Colon,
    #[token(":=")]
    Define,
    #[token("=")]
    Assign,
    #[token(".")]
    Dot,
    #[token("...")]
    DotDotDot,
    #[token("<-")]
    Arrow,
    #[token("*")]
    Star,
    #[token("!")]
    Not,
    #[token("~")]
    Tilde,
    #[token("|")]
    Or,
    #[token("++")]
    Inc,
    #[token("--")]
    Dec,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("^")]
    Xor,
    #[token("&")]
    And,
    #[token("||")]
    OrOr,
    #[token("&&")]
    AndAnd,
    #[token("==")]
    Eq,
    #[token("!=")]
    Ne,
    #[token("<")]
    Lt,
    #[token("<=")]
    Le,
    #[token(">")]
    Gt,
    #[token(">=")]
    Ge,
    #[token("/")]
    Div,
    #[token("%")]
    Rem,
    #[token("&^")]
    AndNot,
    #[token("<<")]
    Shl,
    #[token(">>")]
    Shr,
    #[token("+=")]
    PlusAssign,
    #[token("-=")]
    MinusAssign,
    #[token("|=")]
    OrAssign,
    #[token("^=")]
    XorAssign,
    #[token("*=")]
    StarAssign,
    #[token("/=")]
    DivAssign,
    #[token("%=")]
    RemAssign,
    #[token("&=")]
    AndAssign,
    #[token("&^=")]
    AndNotAssign,
    #[token("<<=")]
    ShlAssign,
    #[token(">>=")]
    ShrAssign,
}

/// Where a `;` comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SemiKind {
    /// It is written.
    Semicolon,
    /// A newline stands for it.
    Newline,
    /// The end of the file stands for it.
    Eof,
}

/// A literal's kind and text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lit {
    /// Its kind.
    pub kind: LitKind,
    /// Whether it has been reported as malformed.
    pub bad: bool,
    /// Its text in the source.
    pub value: Symbol,
}

/// What the grammar sees.
#[derive(Clone, Copy, PartialEq, Debug)]
#[allow(missing_docs)]
pub enum Tok {
    Name(Symbol),
    Lit(Lit),
    /// A binary operator that is nothing else.
    BinOp(BinaryOp),
    /// `+ - ^ &`: unary or binary.
    Sign(BinaryOp),
    OpAssign(BinaryOp),
    /// `++`, or `--` if false.
    IncDec(bool),
    Star,
    Or,
    Arrow,
    Not,
    Tilde,
    Assign,
    Define,
    LParen,
    RParen,
    LBrack,
    RBrack,
    LBrace,
    RBrace,
    Comma,
    Semi(SemiKind),
    Colon,
    Dot,
    DotDotDot,
    Break,
    Case,
    Chan,
    Const,
    Continue,
    Default,
    Defer,
    Else,
    Fallthrough,
    For,
    Func,
    Go,
    Goto,
    If,
    Import,
    Interface,
    Map,
    Package,
    Range,
    Return,
    Select,
    Struct,
    Switch,
    Type,
    Var,
    /// The `{` that begins the body of an `if`, `for`, `switch` or `select`.
    BodyBrace,
    /// The `[` that begins the type parameters of a type declaration.
    TypeParamBrack,
    /// The `(` that begins the results of a function type or literal.
    ResultParen,
    /// The `func` of a method declaration.
    MethodFunc,
    /// Stands before a file.
    StartFile,
    /// Stands before a script.
    StartScript,
    /// Put in by error repair where an expression or type is missing.
    BadExpr,
}

impl Tok {
    /// The operator's meaning before an operand, for [`Tok::Sign`].
    pub fn sign_op(op: BinaryOp) -> UnaryOp {
        match op {
            BinaryOp::Add => UnaryOp::Plus,
            BinaryOp::Sub => UnaryOp::Neg,
            BinaryOp::Xor => UnaryOp::Xor,
            _ => UnaryOp::Addr,
        }
    }

    /// Whether a newline after this token becomes a `;`.
    pub fn ends_statement(self) -> bool {
        use Tok::*;
        matches!(
            self,
            Name(_) | Lit(_) | Break | Continue | Fallthrough | Return | IncDec(_) | RParen | RBrack | RBrace
        )
    }

    /// The text of tokens that always have the same.
    pub fn fixed_text(self) -> &'static str {
        use Tok::*;
        match self {
            Name(_) => "name",
            Lit(_) => "literal",
            BinOp(op) | Sign(op) => op.as_str(),
            OpAssign(op) => match op {
                BinaryOp::Add => "+=",
                BinaryOp::Sub => "-=",
                BinaryOp::Or => "|=",
                BinaryOp::Xor => "^=",
                BinaryOp::Mul => "*=",
                BinaryOp::Div => "/=",
                BinaryOp::Rem => "%=",
                BinaryOp::And => "&=",
                BinaryOp::AndNot => "&^=",
                BinaryOp::Shl => "<<=",
                _ => ">>=",
            },
            IncDec(true) => "++",
            IncDec(false) => "--",
            Star => "*",
            Or => "|",
            Arrow => "<-",
            Not => "!",
            Tilde => "~",
            Assign => "=",
            Define => ":=",
            LParen | ResultParen => "(",
            RParen => ")",
            LBrack | TypeParamBrack => "[",
            RBrack => "]",
            LBrace | BodyBrace => "{",
            RBrace => "}",
            Comma => "comma",
            Semi(SemiKind::Semicolon) => "semicolon",
            Semi(SemiKind::Newline) => "newline",
            Semi(SemiKind::Eof) => "EOF",
            Colon => ":",
            Dot => ".",
            DotDotDot => "...",
            Break => "break",
            Case => "case",
            Chan => "chan",
            Const => "const",
            Continue => "continue",
            Default => "default",
            Defer => "defer",
            Else => "else",
            Fallthrough => "fallthrough",
            For => "for",
            Func | MethodFunc => "func",
            Go => "go",
            Goto => "goto",
            If => "if",
            Import => "import",
            Interface => "interface",
            Map => "map",
            Package => "package",
            Range => "range",
            Return => "return",
            Select => "select",
            Struct => "struct",
            Switch => "switch",
            Type => "type",
            Var => "var",
            StartFile | StartScript | BadExpr => "",
        }
    }

    /// Whether it is a keyword.
    pub fn is_keyword(self) -> bool {
        use Tok::*;
        matches!(
            self,
            Break
                | Case
                | Chan
                | Const
                | Continue
                | Default
                | Defer
                | Else
                | Fallthrough
                | For
                | Func
                | MethodFunc
                | Go
                | Goto
                | If
                | Import
                | Interface
                | Map
                | Package
                | Range
                | Return
                | Select
                | Struct
                | Switch
                | Type
                | Var
        )
    }
}

/// A token with its place: global positions, as in [`crate::source::Pos`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Token {
    /// What it is.
    pub tok: Tok,
    /// Position of its first byte.
    pub start: u32,
    /// Position after its last byte.
    pub end: u32,
}
