//! What the grammar's productions call: building nodes, and the checks of Go's parser that a grammar cannot make.
//!
//! Lists under construction lie on scratch stacks, one for each kind of node; a production passes on where its list begins. Nested
//! lists are complete before the outer one goes on, so each list is the top of its stack when it is finished.

use super::ast::*;
use super::print;
use super::token::{Lit, SemiKind, Tok};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::intern::{Interner, Symbol, sym};
use crate::source::{Pos, Span};

/// Nesting costs so much of [`LIMIT`]; a step down the left side of a binary expression costs [`CHAIN`].
const NEST: u32 = 5;
const CHAIN: u32 = 2;
/// Recursive passes over the tree go at most 10 000 levels deep, 25 000 in chains of binary operators.
const LIMIT: u32 = 50_000;

/// A list under construction, and below it those that wait for it.
pub struct Scratch<T>(Vec<T>);

impl<T> Scratch<T> {
    /// Begins an empty list.
    pub fn begin(&mut self) -> u32 {
        self.0.len() as u32
    }

    /// Begins a list of one.
    pub fn start(&mut self, first: T) -> u32 {
        self.0.push(first);
        self.0.len() as u32 - 1
    }

    /// Adds to the list.
    pub fn push(&mut self, next: T) {
        self.0.push(next);
    }

    fn since(&self, start: u32) -> &[T] {
        &self.0[start as usize..]
    }
}

/// One entry of a parameter list: until the list is complete, a lone name may be a parameter or its type.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Where it begins.
    pub pos: u32,
    /// The name.
    pub name: Option<ExprId>,
    /// The type.
    pub typ: Option<ExprId>,
}

/// The header of an `if`.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The statement before the semicolon.
    pub init: Option<StmtId>,
    /// What should be the condition.
    pub cond: Option<StmtId>,
    /// The semicolon.
    pub semi: Option<(u32, SemiKind)>,
}

/// What a switch switches on.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    /// A value, or nothing.
    Tag(Option<ExprId>),
    /// `lhs := x.(type)`
    Type(Option<ExprId>, ExprId, Pos),
}

/// The parser's state.
pub struct Actions<'s> {
    pub(crate) exprs: Scratch<ExprId>,
    pub(crate) stmts: Scratch<StmtId>,
    pub(crate) decls: Scratch<DeclId>,
    pub(crate) fields: Scratch<FieldId>,
    pub(crate) clauses: Scratch<ClauseId>,
    pub(crate) params: Scratch<Param>,
    ast: &'s mut Ast,
    interner: &'s mut Interner,
    diags: &'s mut Diagnostics,
    first_expr: usize,
    first_stmt: usize,
    expr_depth: Vec<u32>,
    stmt_depth: Vec<u32>,
    too_deep: bool,
    after_decl: bool,
    package: Option<ExprId>,
    file_decls: List<DeclId>,
}

fn span(l: u32, r: u32) -> Span {
    Span::new(Pos(l), Pos(r.max(l)))
}

impl<'s> Actions<'s> {
    /// A state that appends to `ast`.
    pub fn new(ast: &'s mut Ast, interner: &'s mut Interner, diags: &'s mut Diagnostics) -> Actions<'s> {
        Actions {
            exprs: Scratch(Vec::new()),
            stmts: Scratch(Vec::new()),
            decls: Scratch(Vec::new()),
            fields: Scratch(Vec::new()),
            clauses: Scratch(Vec::new()),
            params: Scratch(Vec::new()),
            first_expr: ast.expr_count(),
            first_stmt: ast.stmt_count(),
            expr_depth: Vec::new(),
            stmt_depth: Vec::new(),
            too_deep: false,
            after_decl: false,
            package: None,
            file_decls: List::EMPTY,
            ast,
            interner,
            diags,
        }
    }

    /// The package's name and the file's declarations. A file that nests too deep has none, so that later passes need not care.
    pub fn finish(self) -> (Option<ExprId>, List<DeclId>) {
        (self.package, if self.too_deep { List::EMPTY } else { self.file_decls })
    }

    fn error(&mut self, at: u32, message: impl Into<String>) {
        self.diags.error(Code::Syntax, Pos(at), message);
    }

    fn syntax_error(&mut self, at: u32, message: impl std::fmt::Display) {
        self.error(at, format!("syntax error: {message}"));
    }

    // ---- Nodes

    /// Adds an expression that extends from `l` to `r` and is reported at `at`.
    pub fn expr(&mut self, expr: Expr, l: u32, r: u32, at: u32) -> ExprId {
        let depth = self.depth_of_expr(expr);
        self.check_depth(depth, at);
        self.expr_depth.push(depth);
        self.ast.add_expr(expr, span(l, r), Pos(at))
    }

    /// Adds a statement that extends from `l` to `r` and is reported at `at`.
    pub fn stmt(&mut self, stmt: Stmt, l: u32, r: u32, at: u32) -> StmtId {
        let depth = self.depth_of_stmt(stmt);
        self.check_depth(depth, at);
        self.stmt_depth.push(depth);
        self.ast.add_stmt(stmt, span(l, r), Pos(at))
    }

    fn check_depth(&mut self, depth: u32, at: u32) {
        if depth > LIMIT && !self.too_deep {
            self.too_deep = true;
            self.diags.push(Diagnostic::error(Code::NestingLimit, Pos(at), "nesting depth limit exceeded"));
        }
    }

    fn below(&self, id: ExprId) -> u32 {
        self.expr_depth[id.index() - self.first_expr]
    }

    fn below_stmt(&self, id: Option<StmtId>) -> u32 {
        id.map_or(0, |id| self.stmt_depth[id.index() - self.first_stmt])
    }

    fn below_all(&self, list: List<ExprId>) -> u32 {
        self.ast.exprs(list).iter().map(|&id| self.below(id)).max().unwrap_or(0)
    }

    fn below_stmts(&self, list: List<StmtId>) -> u32 {
        self.ast.stmts(list).iter().map(|&id| self.below_stmt(Some(id))).max().unwrap_or(0)
    }

    fn below_fields(&self, list: List<FieldId>) -> u32 {
        self.ast.fields(list).iter().map(|&id| self.below(self.ast.field(id).typ)).max().unwrap_or(0)
    }

    fn below_clauses(&self, list: List<ClauseId>) -> u32 {
        let clause_depth = |&id: &ClauseId| {
            let clause = self.ast.clause(id);
            let body = self.below_stmts(clause.body).max(self.below_stmt(clause.comm));
            body.max(self.below_all(clause.cases))
        };
        self.ast.clauses(list).iter().map(clause_depth).max().unwrap_or(0)
    }

    fn below_decl(&self, id: DeclId) -> u32 {
        let optional = |id: Option<ExprId>| id.map_or(0, |id| self.below(id));
        match self.ast.decl(id) {
            Decl::Import { .. } => 0,
            Decl::Const { typ, values, .. } | Decl::Var { typ, values, .. } => {
                optional(typ).max(self.below_all(values))
            }
            Decl::Type { tparams, typ, .. } => self.below_fields(tparams).max(self.below(typ)),
            Decl::Func { typ, body, .. } => self.below(typ).max(self.below_stmt(body)),
        }
    }

    fn depth_of_expr(&self, expr: Expr) -> u32 {
        let optional = |id: Option<ExprId>| id.map_or(0, |id| self.below(id));
        let inner = match expr {
            Expr::Bad | Expr::Name(_) | Expr::BasicLit { .. } => 0,
            Expr::Binary { x, y, .. } => return (self.below(x) + CHAIN).max(self.below(y) + NEST),
            Expr::CompositeLit { typ, elems, .. } => optional(typ).max(self.below_all(elems)),
            Expr::KeyValue { key, value } | Expr::MapType { key, value } => self.below(key).max(self.below(value)),
            Expr::FuncLit { typ, body } => self.below(typ).max(self.below_stmt(Some(body))),
            Expr::Paren(x) | Expr::Selector { x, .. } | Expr::TypeSwitchGuard { x } => self.below(x),
            Expr::Star(x) | Expr::Unary { x, .. } => self.below(x),
            Expr::Index { x, indices } => self.below(x).max(self.below_all(indices)),
            Expr::Slice { x, index, .. } => index.into_iter().map(optional).fold(self.below(x), u32::max),
            Expr::TypeAssert { x, typ } => self.below(x).max(self.below(typ)),
            Expr::Call { fun, args, .. } => self.below(fun).max(self.below_all(args)),
            Expr::ArrayType { len, elem } => optional(len).max(self.below(elem)),
            Expr::SliceType { elem } | Expr::DotsType { elem } | Expr::ChanType { elem, .. } => self.below(elem),
            Expr::StructType { fields } => self.below_fields(fields),
            Expr::FuncType { params, results } => self.below_fields(params).max(self.below_fields(results)),
            Expr::InterfaceType { elems } => self.below_fields(elems),
        };
        inner + NEST
    }

    fn depth_of_stmt(&self, stmt: Stmt) -> u32 {
        let optional = |id: Option<ExprId>| id.map_or(0, |id| self.below(id));
        let inner = match stmt {
            Stmt::Empty | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Goto(_) | Stmt::Fallthrough => 0,
            Stmt::Labeled { stmt, .. } => self.below_stmt(Some(stmt)),
            Stmt::Block { list, .. } => self.below_stmts(list),
            Stmt::Expr(x) | Stmt::IncDec { x, .. } | Stmt::Go(x) | Stmt::Defer(x) => self.below(x),
            Stmt::Send { chan, value } => self.below(chan).max(self.below(value)),
            Stmt::Decl(list) => self.ast.decls(list).iter().map(|&id| self.below_decl(id)).max().unwrap_or(0),
            Stmt::Assign { lhs, rhs } | Stmt::Define { lhs, rhs } => self.below_all(lhs).max(self.below_all(rhs)),
            Stmt::OpAssign { lhs, rhs, .. } => self.below(lhs).max(self.below(rhs)),
            Stmt::Return(results) => self.below_all(results),
            Stmt::If { init, cond, then, els } => {
                let header = self.below_stmt(init).max(self.below(cond));
                header.max(self.below_stmt(Some(then))).max(self.below_stmt(els))
            }
            Stmt::For { init, cond, post, body } => {
                let header = self.below_stmt(init).max(optional(cond)).max(self.below_stmt(post));
                header.max(self.below_stmt(Some(body)))
            }
            Stmt::Range { lhs, x, body, .. } => self.below_all(lhs).max(self.below(x)).max(self.below_stmt(Some(body))),
            Stmt::Switch { init, tag, clauses, .. } => {
                self.below_stmt(init).max(optional(tag)).max(self.below_clauses(clauses))
            }
            Stmt::TypeSwitch { init, x, clauses, .. } => {
                self.below_stmt(init).max(self.below(x)).max(self.below_clauses(clauses))
            }
            Stmt::Select { clauses, .. } => self.below_clauses(clauses),
        };
        inner + NEST
    }

    /// Finishes a list of expressions.
    pub fn expr_list(&mut self, start: u32) -> List<ExprId> {
        let list = self.ast.add_list(self.exprs.since(start));
        self.exprs.0.truncate(start as usize);
        list
    }

    /// Finishes a list of fields.
    pub fn field_list(&mut self, start: u32) -> List<FieldId> {
        let list = self.ast.add_list(self.fields.since(start));
        self.fields.0.truncate(start as usize);
        list
    }

    fn stmt_list(&mut self, start: u32) -> List<StmtId> {
        let list = self.ast.add_list(self.stmts.since(start));
        self.stmts.0.truncate(start as usize);
        list
    }

    fn clause_list(&mut self, start: u32) -> List<ClauseId> {
        let list = self.ast.add_list(self.clauses.since(start));
        self.clauses.0.truncate(start as usize);
        list
    }

    fn decl_list(&mut self, start: u32) -> List<DeclId> {
        let list = self.ast.add_list(self.decls.since(start));
        self.decls.0.truncate(start as usize);
        list
    }

    // ---- Files and declarations

    /// `package name; decls`
    pub fn file(&mut self, name: ExprId, decls: u32) {
        self.package = Some(name);
        self.file_decls = self.decl_list(decls);
    }

    /// A script: its statements become the body of `func main` in `package main`.
    pub fn script(&mut self, decls: u32, stmts: u32) {
        let first = self.stmts.since(stmts).first().map_or(Pos::NONE, |&id| self.ast.start(id));
        let last = self.stmts.since(stmts).last().map_or(Pos::NONE, |&id| self.ast.end(id));
        let (l, r) = (first.0, last.0);
        self.package = Some(self.name(l, l, sym::MAIN));
        let is_main = |&id: &DeclId| match self.ast.decl(id) {
            Decl::Func { recv: None, name, .. } => self.ast.name(name) == Some(sym::MAIN),
            _ => false,
        };
        let has_main = self.decls.since(decls).iter().any(is_main);
        if !has_main || !self.stmts.since(stmts).is_empty() {
            let body = self.block(l, r, stmts, r);
            let name = self.name(l, l, sym::MAIN);
            let typ = self.func_type(l, l, l, List::EMPTY, List::EMPTY);
            self.func_decl(l, r, l, None, name, l, None, typ, Some(body));
        }
        self.file_decls = self.decl_list(decls);
    }

    /// Checks that imports come first.
    pub fn top_import(&mut self, keyword: u32) {
        if std::mem::take(&mut self.after_decl) {
            self.syntax_error(keyword, "imports must appear before other declarations");
        }
    }

    /// Notes that a declaration other than an import has been seen.
    pub fn top_decl(&mut self) {
        self.after_decl = true;
    }

    /// `import local path`
    pub fn import(&mut self, l: u32, r: u32, local: Option<ExprId>, path: ExprId) {
        if let Expr::BasicLit { kind, bad: false, .. } = self.ast.expr(path)
            && kind != LitKind::String
        {
            self.syntax_error(self.ast.pos(path).0, "import path must be a string");
            let Expr::BasicLit { kind, value, .. } = self.ast.expr(path) else { return };
            self.ast.set_expr(path, Expr::BasicLit { kind, value, bad: true });
        }
        let decl = self.ast.add_decl(Decl::Import { local, path }, span(l, r), Pos(l));
        self.decls.push(decl);
    }

    /// The `.` of an import, as a name.
    pub fn dot(&mut self, l: u32, r: u32) -> ExprId {
        self.name(l, r, sym::DOT)
    }

    /// `names typ = values`
    pub fn const_spec(&mut self, l: u32, r: u32, names: List<ExprId>, typ: Option<ExprId>, values: List<ExprId>) {
        let decl = Decl::Const { names, typ, values, iota: 0, inherit: None };
        let decl = self.ast.add_decl(decl, span(l, r), Pos(l));
        self.decls.push(decl);
    }

    /// Numbers the constants of a group and tells each whose values it repeats.
    pub fn const_group(&mut self, start: u32) -> u32 {
        let mut last = None;
        for (index, &id) in self.decls.since(start).iter().enumerate() {
            let Decl::Const { names, typ, values, .. } = self.ast.decl(id) else { continue };
            let repeats = typ.is_none() && values.is_empty();
            if !repeats {
                last = Some(id);
            }
            let inherit = if repeats { last } else { None };
            self.ast.set_decl(id, Decl::Const { names, typ, values, iota: index as u32, inherit });
        }
        start
    }

    /// `name [ tparams ] typ`
    pub fn type_spec(&mut self, l: u32, r: u32, name: ExprId, tparams: List<FieldId>, alias: bool, typ: ExprId) {
        let decl = self.ast.add_decl(Decl::Type { name, tparams, alias, typ }, span(l, r), Pos(l));
        self.decls.push(decl);
    }

    /// `names typ = values`
    pub fn var_spec(&mut self, l: u32, r: u32, names: List<ExprId>, typ: Option<ExprId>, values: List<ExprId>) {
        let decl = self.ast.add_decl(Decl::Var { names, typ, values }, span(l, r), Pos(l));
        self.decls.push(decl);
    }

    /// `func ( recv ) name [ tparams ] typ body`; `at` is the token after `func`, `signature` the one after the name.
    #[allow(clippy::too_many_arguments)]
    pub fn func_decl(
        &mut self,
        l: u32,
        r: u32,
        at: u32,
        recv: Option<List<FieldId>>,
        name: ExprId,
        signature: u32,
        tparams: Option<List<FieldId>>,
        typ: ExprId,
        body: Option<StmtId>,
    ) {
        let recv = recv.and_then(|list| {
            let fields = self.ast.fields(list);
            let (count, first) = (fields.len(), fields.first().copied());
            let at = self.ast.pos(name).0;
            match count {
                0 => self.diags.error(Code::BadRecv, Pos(at), "method has no receiver"),
                1 => {}
                _ => self.diags.error(Code::BadRecv, Pos(at), "method has multiple receivers"),
            }
            first
        });
        // The signature is reported where its type parameters begin.
        self.ast.set_expr_pos(typ, Pos(signature));
        let decl = Decl::Func { recv, name, tparams: tparams.unwrap_or_default(), typ, body };
        let decl = self.ast.add_decl(decl, span(l, r), Pos(at));
        self.check_depth(self.below_decl(decl), at);
        self.decls.push(decl);
    }

    // ---- Types

    /// Gives the parameters of a complete list their types: all have names, or none has.
    pub fn params(&mut self, start: u32, close: u32) -> List<FieldId> {
        self.distribute(start, close, false)
    }

    /// Type parameters: all have names.
    pub fn type_params(&mut self, start: u32, close: u32) -> List<FieldId> {
        self.distribute(start, close, true)
    }

    fn distribute(&mut self, start: u32, close: u32, require_names: bool) -> List<FieldId> {
        let mut list: Vec<Param> = self.params.since(start).to_vec();
        self.params.0.truncate(start as usize);
        let named = list.iter().filter(|param| param.name.is_some() && param.typ.is_some()).count();
        let typed = list.iter().filter(|param| param.typ.is_some()).count();
        if named == 0 && !require_names {
            for param in &mut list {
                if let Some(name) = param.name.take() {
                    param.typ = Some(name);
                }
            }
        } else if named != list.len() {
            self.share_types(&mut list, close, named == typed, require_names);
        }
        let fields = self.fields.begin();
        for param in list {
            let typ = match param.typ {
                Some(typ) => typ,
                None => self.bad(param.pos, param.pos),
            };
            let field = self.ast.add_field(Field { name: param.name, typ, tag: None, pos: Pos(param.pos) });
            self.fields.push(field);
        }
        self.field_list(fields)
    }

    /// Types of the kind `a, b T`: names without a type take the next one to the right.
    fn share_types(&mut self, list: &mut [Param], close: u32, all_typed_named: bool, require_names: bool) {
        let mut wrong = None;
        let mut current = None;
        for index in (0..list.len()).rev() {
            let param = list[index];
            match (param.typ, current) {
                (Some(typ), _) => {
                    current = Some(typ);
                    if param.name.is_none() {
                        let at = self.ast.start_pos(typ).0;
                        wrong = Some(at);
                        list[index].name = Some(self.name(at, at, sym::BLANK));
                    }
                }
                (None, Some(typ)) => list[index].typ = Some(typ),
                (None, None) => {
                    wrong = Some(param.pos);
                    list[index].typ = Some(self.bad(param.pos, param.pos));
                }
            }
        }
        let Some(at) = wrong else { return };
        match (all_typed_named, require_names) {
            (true, true) => self.syntax_error(close, "missing type constraint"),
            (true, false) => self.syntax_error(close, "missing parameter type"),
            (false, true) if list.len() == 1 => {
                self.syntax_error(at, "missing type parameter name or invalid array length");
            }
            (false, true) => self.syntax_error(at, "missing type parameter name"),
            (false, false) => self.syntax_error(at, "missing parameter name"),
        }
    }

    /// Complains about `...` where it does not belong; the type without it takes its place.
    fn check_dots(&mut self, list: List<FieldId>, final_may: bool) {
        let fields = self.ast.fields(list).to_vec();
        let mut complained = false;
        for (index, &id) in fields.iter().enumerate() {
            let mut field = self.ast.field(id);
            let Expr::DotsType { elem } = self.ast.expr(field.typ) else { continue };
            if final_may && index + 1 == fields.len() || self.ast.expr(elem) == Expr::Bad {
                continue;
            }
            if !std::mem::replace(&mut complained, true) {
                let message = match final_may {
                    true => "can only use ... with final parameter",
                    false => "invalid use of ...",
                };
                self.error(self.ast.pos(field.typ).0, message);
            }
            field.typ = elem;
            self.ast.set_field(id, field);
        }
    }

    /// A receiver's parentheses.
    pub fn receiver(&mut self, list: List<FieldId>) -> List<FieldId> {
        self.check_dots(list, false);
        list
    }

    /// Results in parentheses.
    pub fn results(&mut self, list: List<FieldId>) -> List<FieldId> {
        self.check_dots(list, false);
        list
    }

    /// A single result.
    pub fn result(&mut self, l: u32, typ: ExprId) -> List<FieldId> {
        let field = self.ast.add_field(Field { name: None, typ, tag: None, pos: Pos(l) });
        self.ast.add_list(&[field])
    }

    /// `func ( params ) results`, reported at `at`.
    pub fn func_type(&mut self, l: u32, r: u32, at: u32, params: List<FieldId>, results: List<FieldId>) -> ExprId {
        self.check_dots(params, true);
        self.expr(Expr::FuncType { params, results }, l, r, at)
    }

    /// Type parameters where there can be none.
    pub fn no_type_params(&mut self, at: u32, what: &str) {
        self.syntax_error(at, format!("{what} must have no type parameters"));
    }

    /// Type parameters of an interface's method.
    pub fn method_type_params(&mut self, at: u32) {
        self.error(at, "interface method must have no type parameters");
    }

    /// `[n]E` after a name.
    pub fn named_array(&mut self, l: u32, r: u32, (len, comma): (List<ExprId>, bool), elem: ExprId) -> ExprId {
        let lens = self.ast.exprs(len).to_vec();
        if comma || lens.len() > 1 {
            self.syntax_error(self.ast.end(lens[0]).0, "unexpected comma; expected ]");
        }
        self.expr(Expr::ArrayType { len: Some(lens[0]), elem }, l, r, l)
    }

    /// A struct field, embedded type, method or interface element.
    pub fn field(&mut self, l: u32, name: Option<ExprId>, typ: ExprId, tag: Option<ExprId>) {
        let field = self.ast.add_field(Field { name, typ, tag, pos: Pos(l) });
        self.fields.push(field);
    }

    /// `first, names typ tag`
    pub fn fields_named(&mut self, first: ExprId, names: u32, typ: ExprId, tag: Option<ExprId>) {
        let rest = self.exprs.0.split_off(names as usize);
        for name in std::iter::once(first).chain(rest) {
            self.field(self.ast.pos(name).0, Some(name), typ, tag);
        }
    }

    /// `(T)` or `*(T)` in a struct.
    pub fn parenthesized_embedding(&mut self, paren: u32) {
        self.syntax_error(paren, "cannot parenthesize embedded type");
    }

    // ---- Expressions

    /// An identifier.
    pub fn name(&mut self, l: u32, r: u32, name: Symbol) -> ExprId {
        self.expr(Expr::Name(name), l, r, l)
    }

    /// Something missing that has been reported.
    pub fn bad(&mut self, l: u32, r: u32) -> ExprId {
        self.expr(Expr::Bad, l, r, l)
    }

    /// A literal.
    pub fn literal(&mut self, l: u32, r: u32, lit: Lit) -> ExprId {
        self.expr(Expr::BasicLit { kind: lit.kind, value: lit.value, bad: lit.bad }, l, r, l)
    }

    /// `op x`
    pub fn sign(&mut self, l: u32, r: u32, op: BinaryOp, x: ExprId) -> ExprId {
        let op = Tok::sign_op(op);
        let x = if op == UnaryOp::Addr { self.ast.unparen(x) } else { x };
        self.expr(Expr::Unary { op, x }, l, r, l)
    }

    /// `x op y`, where `x` is all that stands to the left: finds the part of `x` that `op` applies to, on its right side.
    pub fn binary(&mut self, l: u32, r: u32, at: u32, op: BinaryOp, x: ExprId, y: ExprId) -> ExprId {
        // Precedence grows strictly along the right side, which is thus at most five long.
        let mut path = Vec::new();
        let mut place = x;
        while let Expr::Binary { op: above, y: right, .. } = self.ast.expr(place) {
            if above.precedence() >= op.precedence() {
                break;
            }
            path.push(place);
            place = right;
        }
        let start = if path.is_empty() { l } else { self.ast.span(place).lo.0 };
        let mut node = self.expr(Expr::Binary { op, x: place, y }, start, r, at);
        for &above in path.iter().rev() {
            let Expr::Binary { op, x, .. } = self.ast.expr(above) else {
                unreachable!("the path holds binary expressions")
            };
            let expr = Expr::Binary { op, x, y: node };
            self.ast.set_expr(above, expr);
            let lo = self.ast.span(above).lo;
            self.ast.set_expr_span(above, Span::new(lo, Pos(r)));
            let depth = self.depth_of_expr(expr);
            self.expr_depth[above.index() - self.first_expr] = depth;
            node = above;
        }
        self.check_depth(self.below(node), at);
        node
    }

    /// `x . sel`
    pub fn selector(&mut self, l: u32, r: u32, dot: u32, x: ExprId, sel: ExprId) -> ExprId {
        self.expr(Expr::Selector { x, sel }, l, r, dot)
    }

    /// `x [ indices ]`
    pub fn index(&mut self, l: u32, r: u32, bracket: u32, x: ExprId, indices: List<ExprId>) -> ExprId {
        self.expr(Expr::Index { x, indices }, l, r, bracket)
    }

    /// `x [ i : j : k ]`; both `j` and `k` must be there.
    #[allow(clippy::too_many_arguments)]
    pub fn full_slice(
        &mut self,
        l: u32,
        r: u32,
        bracket: u32,
        x: ExprId,
        mut index: [Option<ExprId>; 3],
        colon: u32,
        close: u32,
    ) -> ExprId {
        if index[1].is_none() {
            self.error(colon, "middle index required in 3-index slice");
            index[1] = Some(self.bad(colon, colon));
        }
        if index[2].is_none() {
            self.error(close, "final index required in 3-index slice");
            index[2] = Some(self.bad(close, close));
        }
        self.expr(Expr::Slice { x, index, full: true }, l, r, bracket)
    }

    /// `fun ( args )`
    pub fn call(&mut self, l: u32, r: u32, paren: u32, fun: ExprId, (args, dots): (List<ExprId>, bool)) -> ExprId {
        self.expr(Expr::Call { fun, args, dots }, l, r, paren)
    }

    /// `typ { elems }`
    pub fn composite(&mut self, l: u32, r: u32, brace: u32, typ: Option<ExprId>, elems: List<ExprId>) -> ExprId {
        self.expr(Expr::CompositeLit { typ, elems, rbrace: Pos(r.max(1) - 1) }, l, r, brace)
    }

    /// `x` before a `{`, where it must be able to name a type; if not (`None`), the brace is where the error is.
    pub fn literal_operand(&mut self, x: ExprId, brace: u32) -> Option<ExprId> {
        let typ = self.ast.unparen(x);
        let may_be_type = match self.ast.expr(typ) {
            Expr::Name(_) | Expr::Selector { .. } => true,
            Expr::Index { .. } => !self.is_value(typ),
            Expr::ArrayType { .. } | Expr::SliceType { .. } | Expr::StructType { .. } | Expr::MapType { .. } => true,
            _ => false,
        };
        if !may_be_type {
            return None;
        }
        if typ != x {
            self.syntax_error(brace, "cannot parenthesize type in composite literal");
        }
        Some(x)
    }

    /// Whether an expression is surely not a type.
    fn is_value(&self, id: ExprId) -> bool {
        match self.ast.expr(id) {
            Expr::BasicLit { .. } | Expr::CompositeLit { .. } | Expr::FuncLit { .. } | Expr::Slice { .. } => true,
            Expr::TypeAssert { .. } | Expr::TypeSwitchGuard { .. } | Expr::Call { .. } => true,
            Expr::Unary { .. } | Expr::Binary { .. } => true,
            Expr::Paren(x) => self.is_value(x),
            Expr::Index { x, indices } => {
                self.is_value(x) || matches!(self.ast.exprs(indices), &[index] if self.is_value(index))
            }
            _ => false,
        }
    }

    // ---- Statements

    /// `{ list }`
    pub fn block(&mut self, l: u32, r: u32, list: u32, rbrace: u32) -> StmtId {
        let list = self.stmt_list(list);
        self.stmt(Stmt::Block { list, rbrace: Pos(rbrace) }, l, r, l)
    }

    /// An expression as a statement.
    pub fn expr_stmt(&mut self, x: ExprId) -> StmtId {
        let (extent, at) = (self.ast.span(x), self.ast.pos(x));
        self.stmt(Stmt::Expr(x), extent.lo.0, extent.hi.0, at.0)
    }

    /// A declaration as a statement.
    pub fn decl_stmt(&mut self, l: u32, r: u32, start: u32) -> StmtId {
        let list = self.decl_list(start);
        self.stmt(Stmt::Decl(list), l, r, l)
    }

    /// `label : stmt`
    pub fn labeled(&mut self, l: u32, r: u32, colon: u32, label: ExprId, stmt: Option<StmtId>) -> StmtId {
        let stmt = stmt.unwrap_or_else(|| self.stmt(Stmt::Empty, r, r, r));
        self.stmt(Stmt::Labeled { label, stmt }, l, r, colon)
    }

    /// `go x`
    pub fn go(&mut self, l: u32, r: u32, x: ExprId) -> StmtId {
        let x = self.unparenthesized(x, "go");
        self.stmt(Stmt::Go(x), l, r, l)
    }

    /// `defer x`
    pub fn defer(&mut self, l: u32, r: u32, x: ExprId) -> StmtId {
        let x = self.unparenthesized(x, "defer");
        self.stmt(Stmt::Defer(x), l, r, l)
    }

    fn unparenthesized(&mut self, x: ExprId, keyword: &str) -> ExprId {
        let inner = self.ast.unparen(x);
        if inner != x {
            self.error(self.ast.pos(x).0, format!("expression in {keyword} must not be parenthesized"));
        }
        inner
    }

    /// `if {`
    pub fn no_condition(&mut self, brace: u32) -> Header {
        self.syntax_error(brace, "missing condition in if statement");
        let bad = self.bad(brace, brace);
        Header { init: None, cond: Some(self.expr_stmt(bad)), semi: None }
    }

    /// The expression that a condition or tag must be.
    fn value_of(&mut self, stmt: StmtId) -> ExprId {
        if let Stmt::Expr(x) = self.ast.stmt(stmt) {
            return x;
        }
        let at = self.ast.pos(stmt).0;
        let shown = print::statement_as_value(self.ast, self.interner, stmt);
        self.syntax_error(at, format!("cannot use {shown} as value"));
        self.bad(at, at)
    }

    /// `if header then else els`
    pub fn if_stmt(&mut self, l: u32, r: u32, header: Header, then: StmtId, els: Option<StmtId>) -> StmtId {
        let cond = match (header.cond, header.semi) {
            (Some(cond), _) => self.value_of(cond),
            (None, semi) => {
                let (at, kind) = semi.unwrap_or((l, SemiKind::Semicolon));
                match kind {
                    SemiKind::Semicolon => self.syntax_error(at, "missing condition in if statement"),
                    SemiKind::Newline => self.syntax_error(at, "unexpected newline, expected { after if clause"),
                    SemiKind::Eof => self.syntax_error(at, "unexpected EOF, expected { after if clause"),
                }
                self.bad(at, at)
            }
        };
        self.stmt(Stmt::If { init: header.init, cond, then, els }, l, r, l)
    }

    /// `for init ; cond ; post body`
    pub fn for_stmt(
        &mut self,
        l: u32,
        r: u32,
        init: Option<StmtId>,
        cond: Option<StmtId>,
        post: Option<StmtId>,
        body: StmtId,
    ) -> StmtId {
        let cond = cond.map(|cond| self.value_of(cond));
        if let Some(post) = post
            && let Stmt::Define { .. } = self.ast.stmt(post)
        {
            self.syntax_error(self.ast.pos(post).0, "cannot declare in post statement of for loop");
        }
        self.stmt(Stmt::For { init, cond, post, body }, l, r, l)
    }

    /// `for lhs = range x body`
    #[allow(clippy::too_many_arguments)]
    pub fn range_stmt(
        &mut self,
        l: u32,
        r: u32,
        keyword: u32,
        lhs: List<ExprId>,
        define: bool,
        x: ExprId,
        body: StmtId,
    ) -> StmtId {
        self.stmt(Stmt::Range { lhs, define, x, range: Pos(keyword), body }, l, r, l)
    }

    /// What a switch's header says to switch on.
    pub fn guard(&mut self, tag: Option<StmtId>) -> Guard {
        let Some(stmt) = tag else { return Guard::Tag(None) };
        match self.ast.stmt(stmt) {
            Stmt::Expr(tag) => {
                if let Expr::TypeSwitchGuard { x } = self.ast.expr(tag) {
                    return Guard::Type(None, x, self.ast.pos(tag));
                }
            }
            Stmt::Define { lhs, rhs } => {
                if let (&[name], &[guard]) = (self.ast.exprs(lhs), self.ast.exprs(rhs))
                    && let (Expr::Name(_), Expr::TypeSwitchGuard { x }) = (self.ast.expr(name), self.ast.expr(guard))
                {
                    return Guard::Type(Some(name), x, self.ast.pos(guard));
                }
            }
            _ => {}
        }
        Guard::Tag(Some(self.value_of(stmt)))
    }

    /// `switch header { clauses }`
    pub fn switch_stmt(
        &mut self,
        l: u32,
        r: u32,
        (init, guard): (Option<StmtId>, Guard),
        clauses: u32,
        rbrace: u32,
    ) -> StmtId {
        let (clauses, rbrace) = (self.clause_list(clauses), Pos(rbrace));
        let stmt = match guard {
            Guard::Tag(tag) => Stmt::Switch { init, tag, clauses, rbrace },
            Guard::Type(lhs, x, guard) => Stmt::TypeSwitch { init, lhs, x, guard, clauses, rbrace },
        };
        self.stmt(stmt, l, r, l)
    }

    /// `case list : body`, or `default : body` without a list. `r` is 0 if the body is complete with its semicolons.
    pub fn case_clause(&mut self, l: u32, r: u32, (list, colon): (Option<List<ExprId>>, u32), body: u32) {
        self.clause(l, r, colon, list.unwrap_or_default(), None, list.is_none(), body);
    }

    /// `case comm : body`, or `default : body`.
    pub fn comm_clause(&mut self, l: u32, r: u32, (comm, colon): (Option<StmtId>, u32), body: u32) {
        self.clause(l, r, colon, List::EMPTY, comm, comm.is_none(), body);
    }

    #[allow(clippy::too_many_arguments)]
    fn clause(
        &mut self,
        l: u32,
        r: u32,
        colon: u32,
        cases: List<ExprId>,
        comm: Option<StmtId>,
        is_default: bool,
        body: u32,
    ) {
        let body = self.stmt_list(body);
        let end = self.ast.stmts(body).last().map_or(colon + 1, |&last| self.ast.end(last).0);
        let clause = Clause { cases, comm, is_default, body, colon: Pos(colon), span: span(l, r.max(end)) };
        let clause = self.ast.add_clause(clause);
        self.clauses.push(clause);
    }

    /// `select { clauses }`
    pub fn select_stmt(&mut self, l: u32, r: u32, clauses: u32, rbrace: u32) -> StmtId {
        let clauses = self.clause_list(clauses);
        self.stmt(Stmt::Select { clauses, rbrace: Pos(rbrace) }, l, r, l)
    }
}
