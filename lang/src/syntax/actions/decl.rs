//! Files and declarations.

use super::{Actions, span};
use crate::diag::Code;
use crate::intern::sym;
use crate::source::Pos;
use crate::syntax::ast::*;

impl Actions<'_> {
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
}
