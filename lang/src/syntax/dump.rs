//! Trees as text, for goldens: a statement or declaration a line, expressions in prefix form.

use super::ast::*;
use super::token::{SemiKind, Tok, Token};
use crate::intern::Interner;
use crate::source::{Pos, SourceFile};
use std::fmt::Write as _;

/// A file as text.
pub fn file_string(ast: &Ast, interner: &Interner, file: &FileNode) -> String {
    let mut dump = Dump { ast, interner, out: String::new(), indent: 0 };
    dump.out.push_str("package ");
    match file.package {
        Some(name) => dump.expr(name),
        None => dump.out.push('?'),
    }
    dump.out.push('\n');
    for &decl in ast.decls(file.decls) {
        dump.decl(decl);
    }
    dump.out
}

/// The tokens of a file as text, one a line: where it stands and what it is. Semicolons that the lexer put in say why.
pub fn tokens_string(interner: &Interner, source: &SourceFile, tokens: &[Token]) -> String {
    let mut out = String::new();
    for token in tokens {
        let (line, col) = source.line_col(Pos(token.start));
        let _ = write!(out, "{line}:{col}\t");
        let _ = match token.tok {
            Tok::Name(name) => writeln!(out, "name {}", interner.str(name)),
            Tok::Lit(lit) => writeln!(out, "{:?} {}", lit.kind, interner.str(lit.value)),
            Tok::Semi(SemiKind::Semicolon) => writeln!(out, ";"),
            Tok::Semi(SemiKind::Newline) => writeln!(out, "; newline"),
            Tok::Semi(SemiKind::Eof) => writeln!(out, "; EOF"),
            tok => writeln!(out, "{}", tok.fixed_text()),
        };
    }
    out
}

struct Dump<'a> {
    ast: &'a Ast,
    interner: &'a Interner,
    out: String,
    indent: usize,
}

impl Dump<'_> {
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
    }

    fn end(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// A line with expressions after its first word.
    fn with(&mut self, word: &str, list: &[ExprId]) {
        self.line(word);
        self.words(list);
        self.end();
    }

    fn words(&mut self, list: &[ExprId]) {
        for &x in list {
            self.out.push(' ');
            self.expr(x);
        }
    }

    fn nested(&mut self, stmt: StmtId) {
        self.indent += 1;
        self.stmt(stmt);
        self.indent -= 1;
    }

    /// A part of a statement with a title of its own.
    fn part(&mut self, title: &str, stmt: Option<StmtId>) {
        if let Some(stmt) = stmt {
            self.line(title);
            self.end();
            self.nested(stmt);
        }
    }

    fn decl(&mut self, id: DeclId) {
        match self.ast.decl(id) {
            Decl::Import { local, path } => {
                self.line("import");
                self.words(local.as_slice());
                self.words(&[path]);
                self.end();
            }
            Decl::Const { names, typ, values, iota, inherit } => {
                self.line(&format!("const#{iota}"));
                self.values(names, typ, values);
                if inherit.is_some() {
                    self.out.push_str(" = (as above)");
                }
                self.end();
            }
            Decl::Var { names, typ, values } => {
                self.line("var");
                self.values(names, typ, values);
                self.end();
            }
            Decl::Type { name, tparams, alias, typ } => {
                self.line(if alias { "alias" } else { "type" });
                self.words(&[name]);
                self.fields("[", tparams, "]");
                self.words(&[typ]);
                self.end();
            }
            Decl::Func { recv, name, tparams, typ, body } => {
                self.line("func");
                if let Some(recv) = recv {
                    self.out.push_str(" (");
                    self.field(recv);
                    self.out.push(')');
                }
                self.words(&[name]);
                self.fields("[", tparams, "]");
                self.words(&[typ]);
                self.end();
                if let Some(body) = body {
                    self.nested(body);
                }
            }
        }
    }

    fn values(&mut self, names: List<ExprId>, typ: Option<ExprId>, values: List<ExprId>) {
        self.words(self.ast.exprs(names));
        if let Some(typ) = typ {
            self.out.push_str(" :");
            self.words(&[typ]);
        }
        if !values.is_empty() {
            self.out.push_str(" =");
            self.words(self.ast.exprs(values));
        }
    }

    fn stmt(&mut self, id: StmtId) {
        match self.ast.stmt(id) {
            Stmt::Empty => self.with("empty", &[]),
            Stmt::Labeled { label, stmt } => {
                self.with("label", &[label]);
                self.nested(stmt);
            }
            Stmt::Block { list, .. } => {
                self.with("block", &[]);
                self.stmts(list);
            }
            Stmt::Expr(x) => self.with("expr", &[x]),
            Stmt::Send { chan, value } => self.with("send", &[chan, value]),
            Stmt::Decl(list) => {
                for &decl in self.ast.decls(list) {
                    self.decl(decl);
                }
            }
            Stmt::Assign { lhs, rhs } => self.assign(lhs, "=", rhs),
            Stmt::Define { lhs, rhs } => self.assign(lhs, ":=", rhs),
            Stmt::OpAssign { op, lhs, rhs } => self.with(&format!("assign {}=", op.as_str()), &[lhs, rhs]),
            Stmt::IncDec { x, inc } => self.with(if inc { "inc" } else { "dec" }, &[x]),
            Stmt::Break(label) => self.with("break", label.as_slice()),
            Stmt::Continue(label) => self.with("continue", label.as_slice()),
            Stmt::Goto(label) => self.with("goto", &[label]),
            Stmt::Fallthrough => self.with("fallthrough", &[]),
            Stmt::Go(x) => self.with("go", &[x]),
            Stmt::Defer(x) => self.with("defer", &[x]),
            Stmt::Return(results) => self.with("return", self.ast.exprs(results)),
            Stmt::If { init, cond, then, els } => {
                self.with("if", &[cond]);
                self.part("init", init);
                self.nested(then);
                self.part("else", els);
            }
            Stmt::For { init, cond, post, body } => {
                self.with("for", cond.as_slice());
                self.part("init", init);
                self.part("post", post);
                self.nested(body);
            }
            Stmt::Range { lhs, define, x, body, .. } => {
                self.line("for");
                self.words(self.ast.exprs(lhs));
                self.out.push_str(if lhs.is_empty() {
                    " range"
                } else if define {
                    " := range"
                } else {
                    " = range"
                });
                self.words(&[x]);
                self.end();
                self.nested(body);
            }
            Stmt::Switch { init, tag, clauses, .. } => {
                self.with("switch", tag.as_slice());
                self.part("init", init);
                self.clauses(clauses);
            }
            Stmt::TypeSwitch { init, lhs, x, clauses, .. } => {
                self.line("typeswitch");
                if let Some(lhs) = lhs {
                    self.words(&[lhs]);
                    self.out.push_str(" :=");
                }
                self.words(&[x]);
                self.end();
                self.part("init", init);
                self.clauses(clauses);
            }
            Stmt::Select { clauses, .. } => {
                self.with("select", &[]);
                self.clauses(clauses);
            }
        }
    }

    fn assign(&mut self, lhs: List<ExprId>, op: &str, rhs: List<ExprId>) {
        self.line("assign");
        self.words(self.ast.exprs(lhs));
        self.out.push(' ');
        self.out.push_str(op);
        self.words(self.ast.exprs(rhs));
        self.end();
    }

    fn stmts(&mut self, list: List<StmtId>) {
        self.indent += 1;
        for &stmt in self.ast.stmts(list) {
            self.stmt(stmt);
        }
        self.indent -= 1;
    }

    fn clauses(&mut self, list: List<ClauseId>) {
        for &id in self.ast.clauses(list) {
            let clause = self.ast.clause(id);
            self.with(if clause.is_default { "default" } else { "case" }, self.ast.exprs(clause.cases));
            if let Some(comm) = clause.comm {
                self.indent += 1;
                self.part("comm", Some(comm));
                self.indent -= 1;
            }
            self.stmts(clause.body);
        }
    }

    fn fields(&mut self, open: &str, list: List<FieldId>, close: &str) {
        if list.is_empty() && open == "[" {
            return;
        }
        self.out.push(' ');
        self.out.push_str(open);
        for (index, &field) in self.ast.fields(list).iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.field(field);
        }
        self.out.push_str(close);
    }

    fn field(&mut self, id: FieldId) {
        let field = self.ast.field(id);
        if let Some(name) = field.name {
            self.expr(name);
            self.out.push(' ');
        }
        self.expr(field.typ);
        if let Some(tag) = field.tag {
            self.out.push(' ');
            self.expr(tag);
        }
    }

    /// `(head parts…)`
    fn form(&mut self, head: &str, parts: &[ExprId]) {
        self.out.push('(');
        self.out.push_str(head);
        self.words(parts);
        self.out.push(')');
    }

    fn expr(&mut self, id: ExprId) {
        match self.ast.expr(id) {
            Expr::Bad => self.out.push_str("(bad)"),
            Expr::Name(text) | Expr::BasicLit { value: text, .. } => self.out.push_str(self.interner.str(text)),
            Expr::CompositeLit { typ, elems, .. } => {
                self.out.push_str("(lit");
                self.words(typ.as_slice());
                self.out.push_str(" {");
                self.words(self.ast.exprs(elems));
                self.out.push_str(" })");
            }
            Expr::KeyValue { key, value } => self.form(":", &[key, value]),
            Expr::FuncLit { typ, body } => {
                self.out.push_str("(funclit ");
                self.expr(typ);
                self.end();
                self.nested(body);
                self.line(")");
            }
            Expr::Paren(x) => self.form("paren", &[x]),
            Expr::Selector { x, sel } => self.form(".", &[x, sel]),
            Expr::Index { x, indices } => {
                self.out.push_str("(index");
                self.words(&[x]);
                self.words(self.ast.exprs(indices));
                self.out.push(')');
            }
            Expr::Slice { x, index, full } => {
                self.out.push_str(if full { "(slice3" } else { "(slice" });
                self.words(&[x]);
                for part in &index[..if full { 3 } else { 2 }] {
                    match part {
                        Some(part) => self.words(&[*part]),
                        None => self.out.push_str(" _"),
                    }
                }
                self.out.push(')');
            }
            Expr::TypeAssert { x, typ } => self.form("assert", &[x, typ]),
            Expr::TypeSwitchGuard { x } => self.form("typeof", &[x]),
            Expr::Call { fun, args, dots } => {
                self.out.push_str("(call");
                self.words(&[fun]);
                self.words(self.ast.exprs(args));
                self.out.push_str(if dots { " ...)" } else { ")" });
            }
            Expr::Star(x) => self.form("*", &[x]),
            Expr::Unary { op, x } => self.form(op.as_str(), &[x]),
            Expr::Binary { op, x, y } => self.form(op.as_str(), &[x, y]),
            Expr::ArrayType { len: Some(len), elem } => self.form("array", &[len, elem]),
            Expr::ArrayType { len: None, elem } => self.form("array ...", &[elem]),
            Expr::SliceType { elem } => self.form("[]", &[elem]),
            Expr::DotsType { elem } => self.form("...", &[elem]),
            Expr::StructType { fields } => {
                self.out.push_str("(struct");
                self.fields("{", fields, "}");
                self.out.push(')');
            }
            Expr::FuncType { params, results } => {
                self.out.push_str("(func");
                self.fields("(", params, ")");
                if !results.is_empty() {
                    self.fields("(", results, ")");
                }
                self.out.push(')');
            }
            Expr::InterfaceType { elems } => {
                self.out.push_str("(interface");
                self.fields("{", elems, "}");
                self.out.push(')');
            }
            Expr::MapType { key, value } => self.form("map", &[key, value]),
            Expr::ChanType { dir, elem } => {
                let head = match dir {
                    ChanDir::Both => "chan",
                    ChanDir::Send => "chan<-",
                    ChanDir::Recv => "<-chan",
                };
                self.form(head, &[elem]);
            }
        }
    }
}
