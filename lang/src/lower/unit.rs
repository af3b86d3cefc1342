//! Lowering a session, unit by unit.
//!
//! What one unit made reachable stays: functions, variables and method tables are numbered once, and a later unit adds to them. Its
//! entry function initialises what became reachable with it, then runs its statements.
//!
//! A function declared anew with the same type takes the place of the old one: calls name functions by number, and the unit says
//! which old numbers are to mean which new function ([`Increment::patches`]).

use std::cell::RefCell;
use std::rc::Rc;

use super::function::{FnState, expr, stmt};
use super::generic::LocalTypes;
use super::methods::Tables;
use super::{Key, Lowerer, capture, missing};
use crate::check::Checker;
use crate::check::unit::{Replaced, Session, Shown, Unit};
use crate::intern::{FastMap, FastSet, Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{ExprId, StmtId};
use crate::typed::{
    Body, Callee, Const, Expr, ExprKind, Func, FuncId, Global, GlobalId, Known, Program, Stmt, StmtKind,
};
use crate::types::{ObjId, PackageId, TypeId};

/// Path of the package whose functions show values.
pub const SHOW_PACKAGE: &str = "internal/repl";

/// What is kept from unit to unit.
#[derive(Default)]
pub struct Kept {
    pub(super) funcs: Vec<Func>,
    instances: FastMap<Key, FuncId>,
    globals: Vec<Global>,
    global_ids: FastMap<ObjId, GlobalId>,
    scheduled: FastSet<(PackageId, ExprId)>,
    facts: FastMap<ObjId, Rc<capture::Facts>>,
    local_types: LocalTypes,
    depths: FastMap<TypeId, u32>,
    tables: Tables,
    made_vars: u32,
    has_reflect: bool,
    /// Packages whose `init` functions and checked initialisers have been used.
    pub(super) started: FastSet<PackageId>,
    pub(super) known: Option<Known>,
    /// Functions that others have replaced, by the latest of these.
    forward: FastMap<ObjId, ObjId>,
    /// Storage of variables by name and type.
    slots: FastMap<(Symbol, TypeId), GlobalId>,
    /// Where the values of variables are kept that a unit declares again, until it is over.
    backups: FastMap<GlobalId, GlobalId>,
    /// How to take back the unit lowered last.
    undo: Option<Undo>,
}

/// What a unit changes that must be as before if it comes to nothing.
struct Undo {
    first: FuncId,
    tables: Tables,
    forward: FastMap<ObjId, ObjId>,
}

/// What a unit adds to the program.
pub struct Increment {
    /// The whole program, with the unit. Bodies of functions of earlier units may be missing. [`Kept::take_back`] wants it back.
    pub program: Program,
    /// The first function that is new.
    pub first: FuncId,
    /// Old functions and the new ones to be run in their place.
    pub patches: Vec<(FuncId, FuncId)>,
    /// Gives variables that the unit declares again their old values; to be run if it comes to nothing.
    pub restore: Option<FuncId>,
}

impl Kept {
    /// Lowers a unit, and at first what every program needs. Gives nothing if it finds an error; it is then among the checker's
    /// diagnostics. `replaced` says which names the unit gives a new meaning.
    pub fn lower(
        &mut self,
        prog: &mut Checker,
        session: Session,
        unit: Option<&Unit>,
        replaced: &[Replaced],
    ) -> Option<Increment> {
        let first = FuncId(self.funcs.len() as u32);
        let undo = (self.scheduled.clone(), self.started.clone(), self.globals.len());
        self.undo = Some(Undo { first, tables: self.tables.clone(), forward: self.forward.clone() });
        let has_reflect = prog.pkgs.iter().any(|p| p.path == "reflect");
        let mut lowerer = self.lend(prog, session.pkg, has_reflect);
        lowerer.shown = unit.map(|u| u.shown.clone()).unwrap_or_default();
        lowerer.slots = Some(std::mem::take(&mut self.slots));
        let done = lowerer.unit(self.known.take(), unit, replaced, &mut self.started, &mut self.backups);
        let (mut funcs, globals) = self.regain(lowerer);
        let (known, done) = done;
        self.known = Some(known.clone());
        let Some((entry, patches, restore, method_tables)) = done else {
            funcs.truncate(first.index());
            self.funcs = funcs.into_iter().flatten().collect();
            self.globals = globals;
            (self.scheduled, self.started) = (undo.0, undo.1);
            self.globals.truncate(undo.2);
            self.roll_back();
            let count = undo.2;
            self.global_ids.retain(|_, id| id.index() < count);
            self.slots.retain(|_, id| id.index() < count);
            self.backups.retain(|_, id| id.index() < count);
            return None;
        };
        let program = Program {
            types: std::mem::take(&mut prog.types),
            funcs: funcs.into_iter().map(|f| f.unwrap_or_else(missing)).collect(),
            globals,
            entry,
            method_tables,
            known,
        };
        Some(Increment { program, first, patches, restore })
    }

    /// A lowerer that goes on where the last one left off; [`Kept::regain`] wants it back.
    pub(super) fn lend<'p>(&mut self, prog: &'p mut Checker, main: PackageId, has_reflect: bool) -> Lowerer<'p> {
        let mut lowerer = Lowerer {
            prog,
            main,
            funcs: std::mem::take(&mut self.funcs).into_iter().map(Some).collect(),
            instances: std::mem::take(&mut self.instances),
            queue: Default::default(),
            globals: std::mem::take(&mut self.globals),
            global_ids: std::mem::take(&mut self.global_ids),
            inits: FastMap::default(),
            scheduled: std::mem::take(&mut self.scheduled),
            refs: Vec::new(),
            func_refs: FastMap::default(),
            fns: Vec::new(),
            facts: std::mem::take(&mut self.facts),
            local_types: RefCell::new(std::mem::take(&mut self.local_types)),
            depths: std::mem::take(&mut self.depths),
            tables: std::mem::take(&mut self.tables),
            has_reflect,
            made_vars: self.made_vars,
            endless: false,
            shown: FastMap::default(),
            forward: std::mem::take(&mut self.forward),
            slots: None,
            redeclared: Vec::new(),
        };
        if has_reflect && !std::mem::replace(&mut self.has_reflect, true) {
            lowerer.note_all_parts();
        }
        lowerer
    }

    /// Takes back what was lent to a lowerer, and answers its functions and variables.
    pub(super) fn regain(&mut self, lowerer: Lowerer<'_>) -> (Vec<Option<Func>>, Vec<Global>) {
        self.instances = lowerer.instances;
        self.forward = lowerer.forward;
        self.slots = lowerer.slots.unwrap_or_default();
        self.global_ids = lowerer.global_ids;
        self.scheduled = lowerer.scheduled;
        self.facts = lowerer.facts;
        self.local_types = lowerer.local_types.into_inner();
        self.depths = lowerer.depths;
        self.tables = lowerer.tables;
        self.made_vars = lowerer.made_vars;
        (lowerer.funcs, lowerer.globals)
    }

    /// Takes back what [`Kept::lower`] lent out, except for the bodies of functions that nobody will look at again.
    pub fn take_back(&mut self, prog: &mut Checker, program: Program, keep_body: impl Fn(FuncId) -> bool) {
        prog.types = program.types;
        self.globals = program.globals;
        self.funcs = program.funcs;
        for (i, f) in self.funcs.iter_mut().enumerate() {
            if let Body::Script(body) = &mut f.body
                && !body.is_empty()
                && !keep_body(FuncId(i as u32))
            {
                *body = Vec::new();
                // Callers look at parameters and results only.
                let shown = f.params.iter().chain(&f.results).map(|l| l.index() + 1).max().unwrap_or(0);
                f.locals.truncate(shown);
                f.captures = Vec::new();
            }
        }
    }

    /// Takes a number that the back end wants for a function of its own.
    pub fn reserve(&mut self) -> FuncId {
        self.funcs.push(missing());
        FuncId(self.funcs.len() as u32 - 1)
    }

    /// Takes back the unit lowered last, which came to nothing when it ran. What became reachable with it must not be used by
    /// others, as it may mention what the unit declared; it is lowered again when it is next wanted.
    pub fn roll_back(&mut self) {
        if let Some(Undo { first, tables, forward }) = self.undo.take() {
            self.tables = tables;
            self.forward = forward;
            self.instances.retain(|_, id| *id < first);
        }
    }

    /// Variables, by their objects.
    pub fn global(&self, obj: ObjId) -> Option<GlobalId> {
        self.global_ids.get(&obj).copied()
    }
}

type Done = (FuncId, Vec<(FuncId, FuncId)>, Option<FuncId>, Vec<crate::typed::MethodTable>);

impl Lowerer<'_> {
    fn unit(
        &mut self,
        known: Option<Known>,
        unit: Option<&Unit>,
        replaced: &[Replaced],
        started: &mut FastSet<PackageId>,
        backups: &mut FastMap<GlobalId, GlobalId>,
    ) -> (Known, Option<Done>) {
        let entry = self.new_func();
        let known = match known {
            Some(known) => known,
            None => self.known(),
        };
        let order = self.package_order();
        let mut inits: FastMap<PackageId, Vec<FuncId>> = FastMap::default();
        for &pkg in &order {
            let objs: Vec<ObjId> = if pkg == self.main {
                unit.map(|u| u.inits.clone()).unwrap_or_default()
            } else if started.insert(pkg) {
                if !self.package(pkg).lazy {
                    self.schedule_package(pkg);
                }
                let objs = self.package(pkg).inits.clone();
                objs.into_iter().filter(|&obj| self.prog.objs[obj].name == sym::INIT).collect()
            } else {
                continue;
            };
            let funcs = objs.into_iter().map(|obj| self.instance(obj, Rc::new([]), Span::NONE)).collect();
            inits.insert(pkg, funcs);
        }
        let patches = self.patches(replaced);
        if let Some(unit) = unit {
            for named in unit.extended() {
                self.methods_changed(named);
            }
        }
        self.refs.clear();
        let (body, restore) = match unit.and_then(|u| u.block) {
            Some(block) => {
                let (body, restore) = self.unit_body(block, backups);
                (Some(body), restore)
            }
            None => (None, None),
        };
        if !self.follow() {
            return (known, None);
        }
        self.entry(entry, None, &order, &inits, body);
        let tables = self.method_tables();
        if self.prog.diags.has_errors() {
            return (known, None);
        }
        (known, Some((entry, patches, restore, tables)))
    }

    /// The function that runs a unit's statements.
    fn unit_body(&mut self, block: StmtId, backups: &mut FastMap<GlobalId, GlobalId>) -> (FuncId, Option<FuncId>) {
        let id = self.new_func();
        let had_shown = !self.shown.is_empty();
        let main = self.main;
        let ast = self.package(main).ast.clone();
        let facts = Rc::new(capture::function(self.view_of(main, &ast), &[], &[], block));
        let mut state = FnState::new(id, "main.main".into(), main, ast.clone(), Rc::default(), facts.clone());
        state.own_labels = facts.labels.get(&block).cloned().unwrap_or_default();
        state.span = ast.span(block);
        self.fns.push(state);
        self.declare_signature(&[], &[], block);
        let mut stmts = self.body(block);
        let single =
            matches!(ast.stmt(block), crate::syntax::ast::Stmt::Block { list, .. } if ast.stmts(list).len() == 1);
        // The value of a lone expression is kept once it is there: nothing can fail after that.
        let lone = single && had_shown;
        let redeclared = if lone { Vec::new() } else { std::mem::take(&mut self.redeclared) };
        let mut save = Vec::new();
        let mut back = Vec::new();
        for global in redeclared {
            let (ty, span) = (self.globals[global.index()].ty, self.globals[global.index()].span);
            let backup = *backups.entry(global).or_insert_with(|| {
                let name = format!("{} before", self.globals[global.index()].name);
                self.globals.push(Global { name, ty, span });
                GlobalId(self.globals.len() as u32 - 1)
            });
            let place = |id: GlobalId| expr(ExprKind::Global(id), ty, span);
            let assign = |to: Expr, from: Expr| stmt(StmtKind::Assign(to, from), span);
            save.push(assign(place(backup), place(global)));
            stmts.push(assign(place(backup), expr(ExprKind::Zero, ty, span)));
            back.push(assign(place(global), place(backup)));
            back.push(assign(place(backup), expr(ExprKind::Zero, ty, span)));
        }
        save.append(&mut stmts);
        let state = self.fns.pop().expect("pushed above");
        self.funcs[id.index()] = Some(state.finish(&self.prog.types, "main".into(), save));
        if back.is_empty() {
            return (id, None);
        }
        let restore = self.new_func();
        let state = FnState::new(restore, "main.restore".into(), main, ast.clone(), Rc::default(), Rc::default());
        self.funcs[restore.index()] = Some(state.finish(&self.prog.types, "main".into(), back));
        (id, Some(restore))
    }

    /// Functions in use whose declarations are replaced by ones of the same type, and what replaces them. Whoever asks for one of
    /// them from now on gets the replacement.
    fn patches(&mut self, replaced: &[Replaced]) -> Vec<(FuncId, FuncId)> {
        let mut patches = Vec::new();
        for r in replaced {
            if !self.prog.objs[r.new].is_func() || !self.prog.same_function_type(r.old, r.new) {
                continue;
            }
            for new in self.forward.values_mut() {
                if *new == r.old {
                    *new = r.new;
                }
            }
            self.forward.insert(r.old, r.new);
            let mut found: Vec<(Rc<[TypeId]>, FuncId)> = Vec::new();
            for (key, &id) in &self.instances {
                if let Key::Decl(obj, targs) = key
                    && self.forward.get(obj) == Some(&r.new)
                {
                    found.push((targs.clone(), id));
                }
            }
            found.sort_by_key(|f| f.1);
            for (targs, id) in found {
                patches.push((id, self.instance(r.new, targs, Span::NONE)));
            }
        }
        patches
    }

    /// Lowers an expression in the place of a statement, whose value is to be shown. Answers whether it is one.
    pub(crate) fn show(&mut self, id: StmtId, out: &mut Vec<Stmt>) -> bool {
        if self.shown.is_empty() || self.cur_ref().pkg != self.main {
            return false;
        }
        let Some(shown) = self.shown.remove(&id) else { return false };
        let Shown { expr: e, ty, keep, text } = shown;
        let span = self.ast().error_span(e);
        if let Some(text) = text {
            self.call_shower("Text", vec![string(&text, span)], span, out);
        } else if let Some(keep) = keep {
            let place = self.variable(keep, span);
            let value = self.expr_to(e, place.ty);
            out.push(stmt(StmtKind::Assign(place, value), span));
            let value = self.variable(keep, span);
            self.show_value(value, span, out);
        } else {
            let value = self.expr(e);
            let parts = self.components(value.ty);
            let locals: Vec<_> = parts.iter().map(|&t| Some(self.temp(t, span))).collect();
            out.push(stmt(StmtKind::DeclTuple(locals.clone(), value), span));
            for local in locals.into_iter().flatten() {
                let value = self.read(local, span);
                self.show_value(value, span, out);
            }
        }
        self.call_shower("End", vec![string(&ty, span)], span, out);
        true
    }

    fn show_value(&mut self, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let any = self.canonical(TypeId::ANY);
        let value = self.assign_to(value, any);
        self.call_shower("Value", vec![value], span, out);
    }

    fn call_shower(&mut self, name: &str, args: Vec<Expr>, span: Span, out: &mut Vec<Stmt>) {
        let pkg = self.prog.pkgs.iter().position(|p| p.path == SHOW_PACKAGE).map(|at| PackageId(at as u32));
        let Some(obj) = pkg.zip(self.prog.names.lookup(name)).and_then(|(p, n)| self.scope_object(p, n)) else {
            return;
        };
        let func = self.instance(obj, Rc::new([]), span);
        let call = expr(ExprKind::Call(Callee::Static(func), args), TypeId::EMPTY_TUPLE, span);
        out.push(stmt(StmtKind::Expr(call), span));
    }
}

fn string(text: &str, span: Span) -> Expr {
    expr(ExprKind::Const(Const::Str(text.as_bytes().into())), TypeId::STRING, span)
}
