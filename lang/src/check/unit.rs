//! Units: package main checked piece by piece, as a session types it in.
//!
//! A session has one package and one flat scope of names. Each input is a *unit*: declarations and statements, checked in a scope of
//! its own inside the session's. If all goes well, [`Checker::commit_unit`] moves the unit's names into the session's scope,
//! where they take the place of earlier ones; code checked before keeps the objects that it was checked with. Otherwise
//! [`Checker::drop_unit`] forgets the unit.
//!
//! Variables declared by a unit's statements are package variables whose names are visible from the next statement on, and in
//! the bodies of all functions of the unit. An expression in the place of a statement is legal: its value is to be shown.

use std::rc::Rc;

use crate::check::{Checker, Env, FileSource, FuncEnv, GO_VERSION, Operand};
use crate::diag::Code;
use crate::intern::{FastMap, Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{Ast, Decl, DeclId, Expr, ExprId, Stmt, StmtId};
use crate::syntax::{Dialect, parse};
use crate::types::object::VarKind;
use crate::types::{Method, NamedId, ObjId, Object, ObjectKind, PackageId, ScopeId, Type, TypeId};

use super::consts::representable_const;
use super::expr::ExprKind;
use super::info::Mode;

/// The package that a session types in, and its names.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// The package.
    pub pkg: PackageId,
    /// What is declared now.
    pub scope: ScopeId,
}

/// The unit being checked.
#[derive(Debug)]
pub(crate) struct Current {
    /// Scope of its declarations.
    pub(crate) scope: ScopeId,
    shown: FastMap<StmtId, Shown>,
    last: Option<ObjId>,
    /// The expression checked last, if the unit is there only to find out about it.
    probe: Option<Probe>,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Its mode.
    pub mode: Mode,
    /// Its type.
    pub ty: TypeId,
    /// The type as text.
    pub text: String,
}

/// An expression statement whose value is to be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The expression.
    pub expr: ExprId,
    /// Its type as text.
    pub ty: String,
    /// The variable that keeps the value under the name `_`; none for several values.
    pub keep: Option<ObjId>,
    /// What to show instead of a value: `nil`, and constants that fit no type.
    pub text: Option<String>,
}

/// One input after its check.
#[derive(Debug)]
pub struct Unit {
    /// The statements, as a block; none if there are only declarations.
    pub block: Option<StmtId>,
    /// The unit's names.
    pub scope: ScopeId,
    /// Functions and methods declared.
    pub funcs: Vec<ObjId>,
    /// Functions `init` declared.
    pub inits: Vec<ObjId>,
    /// Statements whose value is to be shown.
    pub shown: FastMap<StmtId, Shown>,
    /// Whether there are no errors.
    pub ok: bool,
    /// Whether the first error is that the text ends too early.
    pub incomplete: bool,
    /// Methods declared on types of earlier units, with the methods that the type had before.
    methods: Vec<(NamedId, Vec<Method>)>,
    last: Option<ObjId>,
}

/// A name that got a new meaning.
#[derive(Debug, Clone, Copy)]
pub struct Replaced {
    /// What it meant.
    pub old: ObjId,
    /// What it means now.
    pub new: ObjId,
}

impl Unit {
    /// Types of earlier units that got methods.
    pub fn extended(&self) -> impl Iterator<Item = NamedId> + '_ {
        self.methods.iter().map(|(named, _)| *named)
    }
}

impl Checker {
    /// Makes the package of a session.
    pub fn open_session(&mut self) -> Session {
        let pkg = self.add_package("main".into(), Ast::new(), Vec::new(), false, GO_VERSION);
        self.pkgs[pkg.0 as usize].name = sym::MAIN;
        let session = Session { pkg, scope: self.package(pkg).scope };
        self.session = Some(session);
        session
    }

    /// What an expression is in the session. What is wrong with it is among the diagnostics.
    pub fn probe(&mut self, session: Session, text: &str) -> Option<Probe> {
        let errors = self.diags.error_count();
        let source = FileSource { name: "expression".into(), text: text.into(), dialect: Dialect::Script };
        let none = Probe { mode: Mode::Invalid, ty: TypeId::INVALID, text: String::new() };
        let (unit, found) = self.checked_unit(session, &source, Some(none));
        if unit.ok {
            self.drop_unit(&unit);
        }
        found.filter(|p| self.diags.error_count() == errors && p.mode != Mode::Invalid)
    }

    /// Parses and checks an input. What is wrong with it is among the diagnostics.
    pub fn check_unit(&mut self, session: Session, source: &FileSource) -> Unit {
        self.checked_unit(session, source, None).0
    }

    fn checked_unit(&mut self, session: Session, source: &FileSource, probe: Option<Probe>) -> (Unit, Option<Probe>) {
        let Session { pkg, scope: names } = session;
        let at = pkg.0 as usize;
        let errors = self.diags.error_count();
        let file = self.sources.add(source.name.as_str(), source.text.as_str());
        self.script_files.insert(file);
        let mut ast = Rc::unwrap_or_clone(std::mem::take(&mut self.pkgs[at].ast));
        let mark = ast.checkpoint();
        let mut node = parse(&mut ast, &mut self.names, &mut self.sources, file, source.dialect, &mut self.diags);
        let mut unit = Unit {
            block: None,
            scope: names,
            funcs: Vec::new(),
            inits: Vec::new(),
            shown: FastMap::default(),
            ok: false,
            incomplete: node.incomplete,
            methods: Vec::new(),
            last: None,
        };
        if node.has_errors {
            ast.rollback(mark);
            self.pkgs[at].ast = Rc::new(ast);
            return (unit, None);
        }
        let (decls, block) = split(&mut ast, node.script, node.eof.span(), node.decls);
        node.decls = decls;
        unit.block = block;
        unit.scope = self.scopes.add(names);
        let p = &mut self.pkgs[at];
        p.info.reserve(ast.expr_count());
        p.ast = Rc::new(ast);
        p.scope = unit.scope;
        p.files = Rc::new([node]);
        p.file_scopes.clear();
        p.pkg_names.clear();
        p.objects.clear();
        p.inits.clear();
        p.failed = false;
        self.unit = Some(Current { scope: unit.scope, shown: FastMap::default(), last: None, probe });
        let previous = self.enter(pkg);
        let outer = std::mem::replace(&mut self.env, Env::at_file(unit.scope, GO_VERSION));
        let first = self.objs.len();
        self.collect_objects();
        self.direct_cycles(pkg);
        self.adopt_methods(&mut unit);
        self.unit_types();
        self.process_delayed(0);
        self.package_objects();
        if let Some(block) = unit.block {
            self.unit_block(block);
        }
        self.process_delayed(0);
        self.record_untyped();
        if self.diags.error_count() == errors {
            self.monomorph();
        }
        if self.diags.error_count() == errors {
            self.missing_bodies();
            self.check_limits(pkg, first);
            self.check_frames();
        }
        self.env = outer;
        self.leave(previous);
        let mut found = None;
        if let Some(current) = self.unit.take() {
            found = current.probe;
            unit.shown = current.shown;
            unit.last = current.last;
        }
        let p = &mut self.pkgs[at];
        p.scope = names;
        unit.inits = std::mem::take(&mut p.inits);
        let objects = std::mem::take(&mut p.objects);
        unit.funcs = objects.into_iter().filter(|&obj| self.objs[obj].is_func()).collect();
        unit.ok = self.diags.error_count() == errors;
        if !unit.ok {
            self.drop_unit(&unit);
        }
        (unit, found)
    }

    /// The names of the session that a unit gives another meaning.
    pub fn replacements(&self, session: Session, unit: &Unit) -> Vec<Replaced> {
        let mut replaced = Vec::new();
        let last = unit.last.map(|last| (sym::BLANK, last));
        for (name, new) in self.scopes[unit.scope].entries().iter().copied().chain(last) {
            let old = self.scopes[session.scope].lookup(name);
            replaced.extend(old.map(|old| Replaced { old, new }));
        }
        for (named, before) in &unit.methods {
            for new in self.types.named(*named).methods.borrow().iter() {
                let old = before.iter().find(|old| old.id == new.id && old.obj != new.obj);
                replaced.extend(old.map(|old| Replaced { old: old.obj, new: new.obj }));
            }
        }
        replaced
    }

    /// Makes the names of a unit those of the session.
    pub fn commit_unit(&mut self, session: Session, unit: &Unit) {
        let last = unit.last.map(|last| (sym::BLANK, last));
        for (name, new) in self.scopes[unit.scope].entries().to_vec().into_iter().chain(last) {
            self.scopes[session.scope].replace(name, new);
            self.objs[new].parent = Some(session.scope);
        }
    }

    /// Whether a function or method can take the place of another: they have the same type, and the same kind of receiver.
    pub fn same_function_type(&self, old: ObjId, new: ObjId) -> bool {
        let (a, b) = (&self.objs[old], &self.objs[new]);
        let (Some(f), Some(g), Some(t), Some(u)) = (a.func(), b.func(), a.ty, b.ty) else { return false };
        if f.is_method != g.is_method || f.ptr_recv != g.ptr_recv || f.recv_tparams.len() != g.recv_tparams.len() {
            return false;
        }
        let t = if f.recv_tparams.is_empty() { t } else { self.types.subst_list(t, &f.recv_tparams, &g.recv_tparams) };
        self.types.identical(t, u)
    }

    /// Undoes what checking a unit changed outside of it.
    pub fn drop_unit(&mut self, unit: &Unit) {
        for (named, before) in &unit.methods {
            *self.types.named(*named).methods.borrow_mut() = before.clone();
        }
        // Those of other packages still wait for their types to be needed.
        let own = self.session.map(|s| s.pkg);
        self.methods.retain(|&base, _| self.objs[base].pkg != own);
        self.forget_fake_packages();
    }

    /// The package-level object of a name: of the current package, or of the session around the current unit.
    pub(crate) fn package_lookup(&self, name: Symbol) -> Option<ObjId> {
        let scope = self.package(self.pkg).scope;
        self.scopes[scope].lookup(name).or_else(|| {
            let session = self.session.filter(|s| s.pkg == self.pkg)?;
            self.scopes[session.scope].lookup(name)
        })
    }

    /// Gives methods declared for types of earlier units to these.
    fn adopt_methods(&mut self, unit: &mut Unit) {
        let mut bases: Vec<ObjId> = self.methods.keys().copied().filter(|&base| self.objs[base].ty.is_some()).collect();
        bases.sort_unstable();
        for base in bases {
            let Some(named) = self.objs[base].ty.and_then(|t| self.types.as_named(t)) else { continue };
            let before = std::mem::take(&mut *self.types.named(named).methods.borrow_mut());
            // As if the type had no methods yet, so that repetition within the unit is found; then the old ones join.
            self.collect_methods(base);
            let data = self.types.named(named);
            let mut methods = data.methods.borrow_mut();
            let new = std::mem::take(&mut *methods);
            let kept = before.iter().filter(|m| !new.iter().any(|n| n.id == m.id)).cloned();
            *methods = kept.chain(new.iter().cloned()).collect();
            drop(methods);
            unit.methods.push((named, before));
        }
    }

    /// Checks the declarations of types.
    fn unit_types(&mut self) {
        for obj in self.package(self.pkg).objects.clone() {
            if self.objs[obj].is_type_name() {
                self.obj_decl(obj);
            }
        }
    }

    fn unit_block(&mut self, block: StmtId) {
        let Stmt::Block { list, .. } = self.ast.stmt(block) else { return };
        let sig = self.types.signature(Default::default());
        self.env.func = Some(FuncEnv { sig, results: Rc::new([]) });
        self.env.panics = Rc::default();
        let first = self.objs.len();
        self.check_branches(block);
        self.stmt_list(list);
        self.unused_vars(first);
    }

    /// Whether statements of the unit itself are being checked, not of blocks in it.
    pub(crate) fn at_unit_level(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| unit.scope == self.env.scope)
    }

    /// Whether an object is a variable that a session's statement declared.
    pub(crate) fn is_session_var(&self, obj: ObjId) -> bool {
        self.session.is_some_and(|s| self.objs[obj].pkg == Some(s.pkg))
            && matches!(self.objs[obj].kind, ObjectKind::Var { kind: VarKind::PackageVar, .. })
    }

    /// Makes a variable declared by a unit's statement a package variable.
    pub(crate) fn promote(&mut self, scope: ScopeId, obj: ObjId) {
        if self.unit.as_ref().is_some_and(|unit| unit.scope == scope)
            && let ObjectKind::Var { kind, .. } = &mut self.objs[obj].kind
        {
            *kind = VarKind::PackageVar;
        }
    }

    /// An expression in the place of a statement.
    pub(crate) fn show_stmt(&mut self, s: StmtId, e: ExprId) {
        let mut x = Operand::new();
        let kind = self.raw_expr(None, &mut x, e, None, false);
        if self.unit.as_ref().is_some_and(|u| u.probe.is_some()) {
            let text = if x.mode == Mode::NoValue { String::new() } else { self.ty_str(x.ty) };
            let found = Probe { mode: x.mode, ty: x.ty, text };
            if let Some(unit) = &mut self.unit {
                unit.probe = Some(found);
            }
            return;
        }
        match x.mode {
            Mode::Invalid | Mode::NoValue => return,
            Mode::Builtin => {
                let message = format!("{} must be called", self.op_str(&x));
                self.error(&x, Code::UncalledBuiltin, message);
                return;
            }
            Mode::TypeExpr => {
                let message = format!("{} is not an expression", self.op_str(&x));
                self.error(&x, Code::NotAnExpr, message);
                return;
            }
            _ if kind == ExprKind::Statement && self.prints(e) => return,
            _ => {}
        }
        let mut shown = Shown { expr: e, ty: String::new(), keep: None, text: None };
        if matches!(self.types.get(x.ty), Type::Tuple(_)) {
            shown.ty = self.ty_str(x.ty);
        } else if x.is_nil() {
            (shown.ty, shown.text) = ("untyped nil".into(), Some("nil".into()));
        } else if let Some(text) = self.unfitting(&x) {
            (shown.ty, shown.text) = (self.ty_str(x.ty), Some(text));
        } else {
            self.assignment(&mut x, None, "assignment");
            if !x.is_valid() {
                return;
            }
            shown.ty = self.ty_str(x.ty);
            let mut obj = Object::new(
                ObjectKind::Var { kind: VarKind::PackageVar, used: true },
                sym::BLANK,
                self.ast.span(e),
                Some(self.pkg),
            );
            obj.ty = Some(x.ty);
            let obj = self.objs.add(obj);
            shown.keep = Some(obj);
        }
        if let Some(unit) = &mut self.unit {
            unit.last = shown.keep.or(unit.last);
            unit.shown.insert(s, shown);
        }
    }

    /// The text of an untyped constant that its default type cannot hold.
    fn unfitting(&self, x: &Operand) -> Option<String> {
        if x.mode != Mode::Constant || !self.types.is_untyped(x.ty) {
            return None;
        }
        let Type::Basic(kind) = self.types.get(self.types.default_type(x.ty)) else { return None };
        match representable_const(&x.val, kind) {
            Some(_) => None,
            None => Some(x.val.to_string()),
        }
    }

    /// Whether an expression calls one of fmt's printing functions, whose results nobody wants to see.
    fn prints(&self, e: ExprId) -> bool {
        let ast = &self.ast;
        let Expr::Call { fun, .. } = ast.expr(ast.unparen(e)) else { return false };
        let Expr::Selector { sel, .. } = ast.expr(ast.unparen(fun)) else { return false };
        let Some(obj) = self.package(self.pkg).info.use_of(sel) else { return false };
        let (Some(pkg), name) = (self.objs[obj].pkg, self.names.str(self.objs[obj].name)) else { return false };
        let path = self.package(pkg).path.as_str();
        path == "fmt" && (name.starts_with("Print") || name.starts_with("Fprint"))
    }
}

/// Takes apart an input: the declarations of types, constants, functions and imports, and everything that is done in order.
fn split(
    ast: &mut Ast,
    script: bool,
    end: Span,
    list: crate::syntax::ast::List<DeclId>,
) -> (crate::syntax::ast::List<DeclId>, Option<StmtId>) {
    let mut decls = Vec::new();
    let mut stmts = Vec::new();
    for d in ast.decls(list).to_vec() {
        match ast.decl(d) {
            // The parser makes a function of a script's statements; it has no name in the text.
            Decl::Func { recv: None, name, body: Some(body), .. }
                if script && ast.span(name).lo == ast.span(name).hi =>
            {
                if let Stmt::Block { list, .. } = ast.stmt(body) {
                    stmts.extend_from_slice(ast.stmts(list));
                }
            }
            Decl::Var { .. } => {
                let one = ast.add_list(&[d]);
                let (span, pos) = (ast.span(d), ast.pos(d));
                stmts.push(ast.add_stmt(Stmt::Decl(one), span, pos));
            }
            _ => decls.push(d),
        }
    }
    stmts.sort_by_key(|&s| ast.start(s));
    let decls = ast.add_list(&decls);
    if stmts.is_empty() {
        return (decls, None);
    }
    let span = Span::new(ast.start(stmts[0]), end.hi);
    let list = ast.add_list(&stmts);
    let block = ast.add_stmt(Stmt::Block { list, rbrace: end.hi }, span, span.lo);
    (decls, Some(block))
}
