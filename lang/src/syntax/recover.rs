//! LALRPOP's errors in Go's words, and how parsing goes on.
//!
//! There is one grammar, and it stops at the first token that cannot follow. To report further errors, the token vector is
//! *repaired* and parsed anew: [`diagnose`] says what Go's parser would have complained about and which tokens it would have skipped
//! before resuming; those are removed, and what it would have taken for granted (a missing operand, a closing bracket) is put in.
//! Each round therefore gets an exact error, computed from a valid prefix. Only files with errors pay for it, and the number of
//! rounds is limited.
//!
//! The tokens that the grammar expects tell what kind of place it is (operand, type, after a list's element…). What else Go's
//! wording depends on is the innermost open bracket and what it belongs to, found by [`scan`].

mod scan;
mod stop;

use super::token::{SemiKind, Tok, Token};
use crate::intern::{Interner, sym};
use scan::{Ctx, Level, scan};
use stop::{Stop, starts_statement, stops};

/// What is wrong and how to go on.
pub struct Diagnosis {
    /// Position of the complaint.
    pub at: u32,
    /// The complaint.
    pub message: String,
    /// What Go's parser would complain about right after.
    pub also: Option<(u32, String)>,
    /// The bracket that is still open, if that matters.
    pub open: Option<Token>,
    /// Advice.
    pub hint: Option<&'static str>,
    /// `None`: Go's parser gives up here.
    pub repair: Option<Repair>,
}

/// Tokens to replace, as a range of indices, and what takes their place.
pub type Repair = (std::ops::Range<usize>, Vec<Tok>);

struct Place<'a> {
    tokens: &'a [Token],
    /// Index of the token that cannot follow.
    at: usize,
    found: Tok,
    expected: Vec<&'a str>,
    levels: Vec<Level>,
    interner: &'a Interner,
    text: &'a str,
    base: u32,
}

/// Explains why the token with index `at` cannot follow those before it. `expected` are the terminals that could.
pub fn diagnose(
    tokens: &[Token],
    at: usize,
    expected: &[String],
    interner: &Interner,
    text: &str,
    base: u32,
) -> Diagnosis {
    let found = tokens.get(at).map_or(Tok::StartFile, |token| token.tok);
    let expected = expected.iter().map(|name| name.trim_matches('"')).collect();
    let levels = scan(&tokens[..at]);
    let place = Place { tokens, at, found, expected, levels, interner, text, base };
    let mut diagnosis = place.diagnose();
    let top = place.top();
    let unclosed = place.at_end() || diagnosis.message.contains("possibly missing");
    if unclosed && top.ctx != Ctx::File {
        diagnosis.open = tokens.get(top.at).copied();
    }
    diagnosis.hint = place.hint(&diagnosis.message);
    diagnosis
}

/// A token that is wanted, as messages name it.
fn describe(tok: Tok) -> String {
    match tok {
        Tok::Semi(_) => "semicolon or newline".to_string(),
        tok if tok.is_keyword() => format!("keyword {}", tok.fixed_text()),
        tok => tok.fixed_text().to_string(),
    }
}

const CLOSERS: &[Stop] = &[Stop::RParen, Stop::RBrack, Stop::RBrace];
const AFTER_TYPE: &[Stop] = &[Stop::Comma, Stop::Colon, Stop::Semi, Stop::RParen, Stop::RBrack, Stop::RBrace];

impl Place<'_> {
    fn has(&self, name: &str) -> bool {
        self.expected.contains(&name)
    }

    fn top(&self) -> Level {
        *self.levels.last().expect("the file's level stays")
    }

    fn previous(&self) -> Tok {
        self.at.checked_sub(1).map_or(Tok::StartFile, |at| self.tokens[at].tok)
    }

    fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn pos(&self) -> u32 {
        match self.tokens.get(self.at) {
            Some(token) => token.start,
            None => self.base + self.text.len() as u32,
        }
    }

    fn in_function(&self) -> bool {
        self.in_script() || self.levels.iter().any(|level| level.ctx == Ctx::Block)
    }

    /// Whether statements may stand at top level.
    fn in_script(&self) -> bool {
        self.tokens.first().is_some_and(|token| token.tok == Tok::StartScript)
    }

    /// The token as messages name it.
    fn found_text(&self) -> String {
        if self.at_end() {
            return "EOF".to_string();
        }
        self.text_of(self.found)
    }

    fn text_of(&self, tok: Tok) -> String {
        match tok {
            Tok::Name(name) => format!("name {}", self.interner.str(name)),
            Tok::Lit(lit) => format!("literal {}", self.interner.str(lit.value)),
            tok if tok.is_keyword() => format!("keyword {}", tok.fixed_text()),
            tok => tok.fixed_text().to_string(),
        }
    }

    /// Where skipping to one of `stops` ends.
    fn skip(&self, list: &[Stop]) -> usize {
        self.skip_from(self.at, list)
    }

    fn skip_from(&self, from: usize, list: &[Stop]) -> usize {
        let in_function = self.in_function();
        let is_stop = |token: &Token| {
            list.iter().any(|&stop| stops(stop, token.tok)) || in_function && starts_statement(token.tok)
        };
        self.tokens[from.min(self.tokens.len())..]
            .iter()
            .position(is_stop)
            .map_or(self.tokens.len(), |offset| from + offset)
    }

    fn tok(&self, at: usize) -> Option<Tok> {
        self.tokens.get(at).map(|token| token.tok)
    }

    /// `unexpected X` and then `rest`.
    fn unexpected(&self, rest: &str, repair: Repair) -> Diagnosis {
        let message = format!("syntax error: unexpected {}{rest}", self.found_text());
        Diagnosis { at: self.pos(), message, also: None, open: None, hint: None, repair: Some(repair) }
    }

    fn plain(&self, message: &str, repair: Repair) -> Diagnosis {
        Diagnosis {
            at: self.pos(),
            message: format!("syntax error: {message}"),
            also: None,
            open: None,
            hint: None,
            repair: Some(repair),
        }
    }

    /// Replaces the tokens up to the next of `list`.
    fn replace_to(&self, list: &[Stop], with: Vec<Tok>) -> Repair {
        (self.at..self.skip(list), with)
    }

    /// Go's parser wanted `tok`, skips the token that it found, and goes on as if it had found the other.
    fn want(&self, tok: Tok) -> Diagnosis {
        let end = (self.at + 1).min(self.tokens.len());
        self.unexpected(&format!(", expected {}", describe(tok)), (self.at..end, vec![tok]))
    }

    fn diagnose(&self) -> Diagnosis {
        let in_clause = || self.tokens[..self.at].iter().all(|token| !matches!(token.tok, Tok::Semi(_)));
        if self.has("package") || !self.in_script() && in_clause() {
            return self.package_clause();
        }
        let top = self.top();
        let bad = vec![Tok::BadExpr];
        if self.at_end()
            && let Some(close) = self.list_end(top)
        {
            return self.want(close);
        }
        if self.has("return") || self.has("case") {
            return self.statement_start(top);
        }
        if self.found == Tok::Define && self.has("=") && !self.has(":=") {
            return self.want(Tok::Assign);
        }
        if self.found == Tok::Comma && top.ctx == Ctx::ArrayLen && self.has("]") {
            return self.plain("unexpected comma; expected ]", (self.at..self.at + 1, Vec::new()));
        }
        if matches!(top.ctx, Ctx::Switch | Ctx::Select) && self.has(":") && (!self.has(";") || self.in_case_list()) {
            return self.want(Tok::Colon);
        }
        if self.has("!") || self.has("literal") && self.has("func") && !self.has(";") {
            return self.operand(top);
        }
        if self.has("import") || self.has("method") {
            return self.top_level_start();
        }
        match self.previous() {
            Tok::Chan | Tok::Arrow if self.has("struct") => {
                return self.plain("missing channel element type", (self.at..self.at, bad));
            }
            Tok::DotDotDot if self.has("struct") => return self.plain("... is missing type", (self.at..self.at, bad)),
            _ => {}
        }
        if let Some(diagnosis) = self.bracketed(top) {
            return diagnosis;
        }
        if self.has("{body") || top.header == Some(Tok::For) && top.semis == 1 && self.has(";") {
            return self.header(top);
        }
        match self.previous() {
            Tok::Dot if self.has("(") => {
                return self.unexpected(
                    ", expected name or (",
                    self.replace_to(&[Stop::Semi, Stop::RParen], vec![Tok::Name(sym::BLANK)]),
                );
            }
            Tok::Else => {
                let end = self.skip(&[Stop::Name, Stop::RBrace]);
                return self.plain("else must be followed by if or statement block", (self.at - 1..end, Vec::new()));
            }
            Tok::Const | Tok::Type | Tok::Var if self.has("name") => return self.want(Tok::Name(sym::BLANK)),
            Tok::Import => {
                let repair = self.replace_to(&[Stop::Semi, Stop::RParen], vec![Tok::Lit(EMPTY_PATH)]);
                return self.plain("missing import path", repair);
            }
            Tok::Name(_) | Tok::Dot if top.header == Some(Tok::Import) || self.expected == ["literal"] => {
                let repair = self.replace_to(&[Stop::Semi, Stop::RParen], vec![Tok::Lit(EMPTY_PATH)]);
                return self.plain("missing import path", repair);
            }

            Tok::Func if top.ctx == Ctx::File && self.has("name") => {
                let parts = vec![Tok::Name(sym::BLANK), Tok::LParen, Tok::RParen];
                return self.unexpected(", expected name or (", self.replace_to(&[Stop::LBrace, Stop::Semi], parts));
            }
            Tok::RParen if self.expected == ["name"] => {
                let parts = vec![Tok::Name(sym::BLANK), Tok::LParen, Tok::RParen];
                return self.unexpected(", expected name", self.replace_to(&[Stop::LBrace, Stop::Semi], parts));
            }
            _ => {}
        }
        if self.has(";") {
            return self.after_complete(top);
        }
        if self.has("=") && self.has(":=") {
            let repair = self.replace_to(&[Stop::Semi, Stop::RBrace], vec![Tok::Assign, Tok::BadExpr]);
            return self.unexpected(", expected := or = or comma", repair);
        }
        if self.has("struct") {
            let declares_type = top.header == Some(Tok::Type) || self.has("[tparam");
            if declares_type && (self.has("=") || self.previous() == Tok::Assign) {
                return self.unexpected(" in type declaration", self.replace_to(&[Stop::Semi, Stop::RParen], bad));
            }
            return self.unexpected(", expected type", self.replace_to(AFTER_TYPE, bad));
        }
        for (name, tok) in WANTED {
            if self.has(name) {
                return self.want(*tok);
            }
        }
        let end = (self.at + 1).min(self.tokens.len());
        self.unexpected("", (self.at..end, Vec::new()))
    }

    /// What closes the list that is going on, if its next element could begin here.
    fn list_end(&self, top: Level) -> Option<Tok> {
        let between = matches!(
            self.previous(),
            Tok::LParen
                | Tok::ResultParen
                | Tok::LBrack
                | Tok::TypeParamBrack
                | Tok::LBrace
                | Tok::Semi(_)
                | Tok::Comma
        );
        match top.ctx {
            Ctx::Switch | Ctx::Select if self.has("case") => Some(Tok::RBrace),
            Ctx::Args | Ctx::Params | Ctx::Group if between => Some(Tok::RParen),
            Ctx::TypeParams if between => Some(Tok::RBrack),
            Ctx::Composite | Ctx::Struct | Ctx::Interface if between => Some(Tok::RBrace),
            _ => None,
        }
    }

    /// What to do about the more common mistakes.
    fn hint(&self, message: &str) -> Option<&'static str> {
        let newline = matches!(self.found, Tok::Semi(SemiKind::Newline));
        let word = |at: usize| match self.tok(at) {
            Some(Tok::Name(name)) => self.interner.str(name),
            _ => "",
        };
        if newline && message.contains("possibly missing comma") {
            return Some("a list that goes on in the next line needs a comma at the end of this one");
        }
        if newline && message.contains("expected {") || message.contains("semicolon or newline before {") {
            return Some("the opening brace belongs on the same line");
        }
        if self.found == Tok::Else && !self.at_end() {
            return Some("else belongs on the line of the closing brace");
        }
        if self.found == Tok::Define && message.ends_with("expected =") {
            return Some("write = here, or leave out the keyword: x := 1");
        }
        if message.ends_with("at end of statement") && self.at > 0 {
            return match word(self.at - 1) {
                "while" => Some("Go's only loop is for: for condition { … }"),
                "let" => Some("variables are declared with var x = … or x := …"),
                "fn" | "def" | "function" => Some("functions are declared with func"),
                _ => None,
            };
        }
        if message.ends_with("outside function body") && !self.at_end() {
            return match (self.found, word(self.at)) {
                (_, "fn" | "def" | "function") => Some("functions are declared with func"),
                (_, "let") => Some("variables are declared with var"),
                (Tok::Name(_), _) if self.tok(self.at + 1) == Some(Tok::Define) => {
                    Some("outside functions, variables are declared with var")
                }
                _ => None,
            };
        }
        None
    }

    fn package_clause(&self) -> Diagnosis {
        let (at, repair) = (self.pos(), None);
        let mut also = None;
        let semicolon = |found: &str| format!("syntax error: unexpected {found}, expected semicolon or newline");
        let message = if self.has("package") {
            "syntax error: package statement must be first".to_string()
        } else if self.has("name") {
            if let Some(next) = self.tokens.get(self.at + 1).filter(|next| !matches!(next.tok, Tok::Semi(_))) {
                also = Some((next.start, semicolon(&self.text_of(next.tok))));
            }
            format!("syntax error: unexpected {}, expected name", self.found_text())
        } else {
            semicolon(&self.found_text())
        };
        Diagnosis { at, message, also, open: None, hint: None, repair }
    }

    /// Where a top-level declaration should begin.
    fn top_level_start(&self) -> Diagnosis {
        let repair = self.replace_to(&[Stop::Decl], Vec::new());
        let after_func = self.found == Tok::LBrace && self.last_declaration_lacks_body();
        if after_func {
            self.plain("unexpected semicolon or newline before {", repair)
        } else {
            self.plain("non-declaration statement outside function body", repair)
        }
    }

    /// Whether the declaration before is a function without a body.
    fn last_declaration_lacks_body(&self) -> bool {
        let mut levels = 0usize;
        let mut braces = false;
        for token in self.tokens[..self.at.saturating_sub(1)].iter().rev() {
            match token.tok {
                Tok::RParen | Tok::RBrack | Tok::RBrace => {
                    braces |= levels == 0 && token.tok == Tok::RBrace;
                    levels += 1;
                }
                Tok::LParen | Tok::ResultParen | Tok::LBrack | Tok::TypeParamBrack | Tok::LBrace | Tok::BodyBrace => {
                    levels = levels.saturating_sub(1);
                }
                Tok::Func | Tok::MethodFunc if levels == 0 => return !braces,
                Tok::Semi(_) if levels == 0 => return false,
                _ => {}
            }
        }
        false
    }

    /// Where a statement could begin.
    fn statement_start(&self, top: Level) -> Diagnosis {
        if self.has("return") && self.previous() == Tok::Colon && !self.follows_case() {
            // Complains at the colon; what follows complains again unless it is on the same line.
            let at = self.tokens[self.at - 1].start;
            let message = "syntax error: missing statement after label".to_string();
            let repair = Some((self.at..self.at, vec![Tok::Semi(SemiKind::Semicolon)]));
            return Diagnosis { at, message, also: None, open: None, hint: None, repair };
        }
        if self.has("case") {
            let end = self.skip(&[Stop::Colon, Stop::Case, Stop::RBrace]);
            let with = match self.tok(end) {
                None => Vec::new(),
                // Unless the colon follows, Go's parser misses it next.
                _ => vec![Tok::Default],
            };
            return self.unexpected(", expected case or default or }", (self.at..end, with));
        }
        if top.ctx == Ctx::File {
            return self.unexpected(", expected statement", (self.at..self.at + 1, Vec::new()));
        }
        self.want(Tok::RBrace)
    }

    /// Whether the innermost clause has not come to its colon.
    fn in_case_list(&self) -> bool {
        let mut depth = 0usize;
        for token in self.tokens[..self.at].iter().rev() {
            match token.tok {
                Tok::RParen | Tok::RBrack | Tok::RBrace => depth += 1,
                Tok::LParen | Tok::LBrack | Tok::LBrace if depth > 0 => depth -= 1,
                Tok::Case | Tok::Default if depth == 0 => return true,
                Tok::Colon | Tok::Semi(_) if depth == 0 => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether the colon before belongs to a case rather than a label.
    fn follows_case(&self) -> bool {
        let before = &self.tokens[..self.at - 1];
        !matches!(before.last().map(|token| token.tok), Some(Tok::Name(_)))
            || !matches!(
                before.len().checked_sub(2).map(|at| before[at].tok),
                Some(Tok::Semi(_) | Tok::LBrace | Tok::BodyBrace | Tok::Colon)
            )
    }

    /// Where an operand is expected.
    fn operand(&self, top: Level) -> Diagnosis {
        let bad = vec![Tok::BadExpr];
        if self.found == Tok::RBrack && self.previous() == Tok::LBrack && top.ctx == Ctx::Index {
            return self.unexpected(", expected operand", (self.at..self.at, bad));
        }
        if self.has("{body") {
            if matches!(self.found, Tok::Var) && matches!(self.previous(), Tok::If | Tok::For | Tok::Switch) {
                let message = format!("var declaration not allowed in {} initializer", self.previous().fixed_text());
                let at = self.tokens.get(self.at + 1).map_or(self.pos(), |next| next.start);
                return Diagnosis { at, ..self.plain(&message, (self.at..self.at + 1, Vec::new())) };
            }
        } else if self.found == Tok::BodyBrace
            && top.header == Some(Tok::For)
            && top.semis == 1
            && matches!(self.previous(), Tok::Semi(_))
        {
            let parts = vec![Tok::BadExpr, Tok::Semi(SemiKind::Semicolon)];
            return self.unexpected(", expected for loop condition", (self.at..self.at, parts));
        }
        self.unexpected(", expected expression", self.replace_to(CLOSERS, bad))
    }

    /// After an element of a bracketed list, or where one should begin.
    fn bracketed(&self, top: Level) -> Option<Diagnosis> {
        let list = |context: &str, sep: &str, close: Tok| {
            let end = self.skip(CLOSERS);
            let with = if self.tok(end) == Some(close) { Vec::new() } else { vec![close] };
            let rest = format!(" in {context}; possibly missing {sep} or {}", close.fixed_text());
            self.unexpected(&rest, (self.at..end, with))
        };
        let newline = "semicolon or newline";
        let first = self.previous();
        let starts = matches!(
            first,
            Tok::LParen
                | Tok::ResultParen
                | Tok::LBrack
                | Tok::TypeParamBrack
                | Tok::LBrace
                | Tok::Semi(_)
                | Tok::Comma
        );
        match top.ctx {
            Ctx::Args if self.has(")") && self.has(",") => Some(list("argument list", "comma", Tok::RParen)),
            Ctx::Args if self.has(")") && self.previous() == Tok::DotDotDot => {
                Some(list("argument list", "comma", Tok::RParen))
            }
            Ctx::Composite if self.has("}") => Some(list("composite literal", "comma", Tok::RBrace)),
            Ctx::Params if starts && self.has("struct") => {
                let end = self.skip(&[Stop::Comma, Stop::RParen]);
                let mut diagnosis = self.unexpected(", expected )", (self.at..end, self.param_filler(end)));
                // Go's parser is still in the list and complains about what ended the skipping.
                if let Some(token) = self.tokens.get(end)
                    && !matches!(token.tok, Tok::Comma | Tok::RParen)
                {
                    let rest = "in parameter list; possibly missing comma or )";
                    let message = format!("syntax error: unexpected {} {rest}", self.text_of(token.tok));
                    diagnosis.also = Some((token.start, message));
                }
                Some(diagnosis)
            }
            Ctx::Params if self.has(")") && self.has(",") => Some(list("parameter list", "comma", Tok::RParen)),
            Ctx::TypeParams => Some(self.type_params(list)),
            Ctx::Group if starts && self.has("name") => Some(match self.tok(top.at - 1) {
                Some(Tok::Import) => {
                    let repair = self.replace_to(&[Stop::Semi, Stop::RParen], vec![Tok::Lit(EMPTY_PATH)]);
                    self.plain("missing import path", repair)
                }
                _ => self.unexpected(", expected name", (self.at..self.at + 1, vec![Tok::Name(sym::BLANK)])),
            }),
            Ctx::Group if self.has(";") && self.has(")") => Some(list("grouped declaration", newline, Tok::RParen)),
            Ctx::Struct if starts && self.has("}") => {
                let repair = self.replace_to(&[Stop::Semi, Stop::RBrace], Vec::new());
                Some(self.unexpected(", expected field name or embedded type", self.without_semi(repair)))
            }
            Ctx::Struct if first == Tok::Star && self.has("(") => {
                let repair = self.replace_to(&[Stop::Semi, Stop::RBrace], vec![Tok::Name(sym::BLANK)]);
                Some(self.unexpected(", expected name", repair))
            }
            Ctx::Struct if self.has("struct") => {
                Some(self.unexpected(", expected type", self.replace_to(AFTER_TYPE, vec![Tok::BadExpr])))
            }
            Ctx::Struct if self.has("}") => Some(list("struct type", newline, Tok::RBrace)),
            Ctx::Interface if starts && self.has("}") => {
                let list = &[Stop::Operator, Stop::Semi, Stop::RParen, Stop::RBrack, Stop::RBrace];
                Some(self.unexpected(", expected ~ term or type", self.replace_to(list, vec![Tok::BadExpr])))
            }
            Ctx::Interface if self.has("}") => Some(list("interface type", newline, Tok::RBrace)),
            Ctx::Index if self.has("]") && first == Tok::Comma => Some(self.want(Tok::RBrack)),
            Ctx::Index if self.has("]") && top.colons > 0 => Some(self.want(Tok::RBrack)),
            Ctx::Index if self.has("]") && self.has(":") => {
                // It goes on as if there had been a colon.
                let repair = self.replace_to(&[Stop::Comma, Stop::Colon, Stop::RBrack], vec![Tok::Colon]);
                Some(self.unexpected(", expected comma, : or ]", repair))
            }
            Ctx::Index if self.found == Tok::RBrack && self.previous() == Tok::LBrack => {
                Some(self.unexpected(", expected type argument list", (self.at..self.at, vec![Tok::BadExpr])))
            }
            _ => None,
        }
    }

    /// A semicolon that would be left over after an empty field is dropped with it.
    fn without_semi(&self, (range, with): Repair) -> Repair {
        let end = match self.tok(range.end) {
            Some(Tok::Semi(_)) => range.end + 1,
            _ => range.end,
        };
        (range.start..end, with)
    }

    /// What keeps a parameter list valid when an entry has been skipped.
    fn param_filler(&self, end: usize) -> Vec<Tok> {
        match self.tok(end) {
            Some(Tok::RParen) if matches!(self.previous(), Tok::LParen | Tok::ResultParen | Tok::Comma) => Vec::new(),
            Some(Tok::Comma | Tok::RParen) => vec![Tok::BadExpr],
            _ => vec![Tok::RParen],
        }
    }

    fn type_params(&self, list: impl Fn(&str, &str, Tok) -> Diagnosis) -> Diagnosis {
        if self.expected == ["name"] || matches!(self.previous(), Tok::Comma | Tok::LBrack | Tok::TypeParamBrack) {
            let starts_type = matches!(
                self.found,
                Tok::Star
                    | Tok::LParen
                    | Tok::LBrack
                    | Tok::Tilde
                    | Tok::Func
                    | Tok::Map
                    | Tok::Chan
                    | Tok::Struct
                    | Tok::Interface
                    | Tok::Arrow
            );
            if self.found == Tok::RBrack && self.previous() == Tok::LBrack {
                return self
                    .plain("empty type parameter list", (self.at..self.at, vec![Tok::Name(sym::BLANK), Tok::BadExpr]));
            }
            if starts_type {
                return self.plain("missing type parameter name", (self.at..self.at, vec![Tok::Name(sym::BLANK)]));
            }
            let end = self.skip(&[Stop::Comma, Stop::RBrack]);
            let with = match self.tok(end) {
                Some(Tok::Comma) => vec![Tok::Name(sym::BLANK), Tok::BadExpr],
                Some(Tok::RBrack) if self.previous() == Tok::Comma => Vec::new(),
                Some(Tok::RBrack) => vec![Tok::Name(sym::BLANK), Tok::BadExpr],
                _ => vec![Tok::Name(sym::BLANK), Tok::BadExpr, Tok::RBrack],
            };
            return self.unexpected(", expected ]", (self.at..end, with));
        }
        if self.has("]") && self.has(",") {
            return list("parameter list", "comma", Tok::RBrack);
        }
        self.unexpected(", expected type", self.replace_to(AFTER_TYPE, vec![Tok::BadExpr]))
    }

    /// In the header of an `if`, `for`, `switch` or `select`, after something complete.
    fn header(&self, top: Level) -> Diagnosis {
        let open = vec![Tok::LBrace];
        let clauses = &[Stop::Case, Stop::RBrace];
        match top.header {
            Some(Tok::Select) => self.plain("missing { after select clause", self.replace_to(clauses, open)),
            Some(Tok::Switch) if top.semis > 0 => {
                self.plain("missing { after switch clause", self.replace_to(clauses, open))
            }
            Some(Tok::For) if top.semis == 1 => self.want(Tok::Semi(SemiKind::Semicolon)),
            Some(Tok::For) if top.semis >= 2 => self.missing_body("for clause"),
            Some(Tok::If) if top.semis > 0 => self.missing_body("if clause"),
            _ => {
                let next = self.at + 1;
                let end = match self.tok(next) {
                    Some(Tok::LBrace | Tok::BodyBrace) => next,
                    _ => self.skip_from(next, &[Stop::LBrace, Stop::RBrace]),
                };
                let body = matches!(self.tok(end), Some(Tok::LBrace | Tok::BodyBrace)) && top.header != Some(Tok::For);
                let with = if body { Vec::new() } else { vec![Tok::Semi(SemiKind::Semicolon)] };
                self.unexpected(", expected {", (self.at..end, with))
            }
        }
    }

    fn missing_body(&self, context: &str) -> Diagnosis {
        let repair = self.replace_to(&[Stop::Name, Stop::RBrace], vec![Tok::LBrace]);
        self.unexpected(&format!(", expected {{ after {context}"), repair)
    }

    /// After something that could have been a whole statement or declaration.
    fn after_complete(&self, top: Level) -> Diagnosis {
        let semi = || vec![Tok::Semi(SemiKind::Semicolon)];
        if top.ctx == Ctx::File && !self.in_script() && !self.has("}") {
            let end = self.skip(&[Stop::Decl]);
            return self.unexpected(" after top level declaration", (self.at..end, semi()));
        }
        let end = self.skip(&[Stop::Semi, Stop::RBrace, Stop::Case]);
        let with = match self.tok(end) {
            Some(Tok::Semi(_) | Tok::RBrace) | None => Vec::new(),
            _ => semi(),
        };
        self.unexpected(" at end of statement", (self.at..end, with))
    }
}

/// Tokens that Go's parser may want by name, the more telling first.
const WANTED: &[(&str, Tok)] = &[
    (":", Tok::Colon),
    (")", Tok::RParen),
    ("]", Tok::RBrack),
    ("{", Tok::LBrace),
    ("(", Tok::LParen),
    ("[", Tok::LBrack),
    ("}", Tok::RBrace),
    ("chan", Tok::Chan),
    ("name", Tok::Name(sym::BLANK)),
    ("=", Tok::Assign),
];

/// What may follow an operand in one place or another.
pub const AFTER_OPERAND: &[&str] = &[";", ",", ")", "]", "}", ":"];

/// Stands for a missing import path.
const EMPTY_PATH: super::token::Lit =
    super::token::Lit { kind: super::ast::LitKind::String, bad: true, value: sym::EMPTY };
