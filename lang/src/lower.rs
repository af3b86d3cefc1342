//! Lowering: checked packages to the typed program.
//!
//! [`lower`] starts from package initialisation and `main.main` and follows what it meets: a worklist of function *instances*, each
//! a declaration with concrete type arguments, or a wrapper around a method ([`methods`]). Bodies of library packages are checked
//! when they are first needed; of their variables, only those that something reachable mentions are initialised.
//!
//! Within a function ([`function`]), expressions and statements are translated node by node. Types recorded by the checker may
//! mention type parameters; [`generic`] puts in what they stand for, so that everything below sees concrete types, and operations
//! on operands of type parameters resolve themselves. Which variables live on the heap is known beforehand ([`capture`]).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::check::Checker;
use crate::diag::{Code, Diagnostic};
use crate::intern::{FastMap, FastSet, Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{Ast, Decl, ExprId};
use crate::typed::{Body, Callee, ExprKind, Func, FuncFlags, FuncId, Global, GlobalId, Program, Stmt, StmtKind};
use crate::types::{NameId, ObjId, PackageId, TypeId};

mod assign;
mod builtin;
mod call;
mod capture;
mod convert;
mod defer;
mod embedded;
mod expr;
mod function;
mod generic;
mod known;
pub mod library;
mod literal;
mod loops;
mod methods;
mod order;
mod rangefunc;
mod select;

mod source;
mod stmt;
mod switch;
pub mod unit;

use capture::Facts;
use function::{FnState, expr, stmt};
use generic::{Env, LocalTypes};

/// Type arguments nested more deeply than this mean that instantiation does not end.
const MAX_TYPE_DEPTH: u32 = 100;

/// Names a function instance.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    /// A declared function or method with type arguments (those of the receiver's type first).
    Decl(ObjId, Rc<[TypeId]>),
    /// The method of a type as a function of the receiver.
    Method(TypeId, NameId, Rc<[TypeId]>),
    /// The method of a type as a function of the data word of an interface.
    Data(TypeId, NameId),
    /// The method of a type as a closure over the receiver.
    Bound(TypeId, NameId, Rc<[TypeId]>),
}

/// Something reachable whose code is to be lowered.
enum Job {
    Func(Key, FuncId),
    /// An initialiser of package variables: the variables and the expression.
    Init(PackageId, Vec<ObjId>, ExprId),
    /// A variable that holds embedded files.
    Embedded(PackageId, ObjId),
}

/// What a function or initialiser refers to, for the order of initialisation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ref {
    Func(FuncId),
    Global(ObjId),
}

/// One lowered initialiser.
struct InitUnit {
    lhs: Vec<ObjId>,
    /// Place in the package's order of initialisation, or in the source for packages that are checked on demand.
    order: usize,
    stmts: Vec<Stmt>,
    refs: Vec<Ref>,
}

/// A package's initialisation while it is being collected.
struct PackageInit {
    state: FnState,
    units: Vec<InitUnit>,
}

/// The state of lowering a program.
pub(crate) struct Lowerer<'p> {
    prog: &'p mut Checker,
    main: PackageId,
    /// Finished functions; none while they wait or are being lowered.
    funcs: Vec<Option<Func>>,
    instances: FastMap<Key, FuncId>,
    queue: VecDeque<Job>,
    globals: Vec<Global>,
    global_ids: FastMap<ObjId, GlobalId>,
    inits: FastMap<PackageId, PackageInit>,
    /// Initialisers that have been scheduled.
    scheduled: FastSet<(PackageId, ExprId)>,
    /// References of the job being lowered, and of finished functions.
    refs: Vec<Ref>,
    func_refs: FastMap<FuncId, Vec<Ref>>,
    /// Functions being lowered, innermost last.
    fns: Vec<FnState>,
    facts: FastMap<ObjId, Rc<Facts>>,
    local_types: RefCell<LocalTypes>,
    depths: FastMap<TypeId, u32>,
    tables: methods::Tables,
    has_reflect: bool,
    made_vars: u32,
    /// Whether endless instantiation has been reported.
    endless: bool,
    /// Expressions in the place of statements, in a session's unit.
    shown: FastMap<crate::syntax::ast::StmtId, crate::check::unit::Shown>,
    /// Functions that others have replaced, in a session.
    forward: FastMap<ObjId, ObjId>,
    /// Storage of a session's variables: one declared again with the same type is the same variable.
    slots: Option<FastMap<(Symbol, TypeId), GlobalId>>,
    /// Variables that the unit declares again.
    redeclared: Vec<GlobalId>,
}

/// Lowers a program of which all user packages have been checked without errors. Gives nothing if it finds an error; it is then among
/// the checker's diagnostics.
pub fn lower(prog: &mut Checker, main: PackageId) -> Option<Program> {
    let has_reflect = prog.pkgs.iter().any(|p| p.path == "reflect");
    let lowerer = Lowerer {
        prog,
        main,
        funcs: Vec::new(),
        instances: FastMap::default(),
        queue: VecDeque::new(),
        globals: Vec::new(),
        global_ids: FastMap::default(),
        inits: FastMap::default(),
        scheduled: FastSet::default(),
        refs: Vec::new(),
        func_refs: FastMap::default(),
        fns: Vec::new(),
        facts: FastMap::default(),
        local_types: RefCell::default(),
        depths: FastMap::default(),
        tables: methods::Tables::default(),
        has_reflect,
        made_vars: 0,
        endless: false,
        shown: FastMap::default(),
        forward: FastMap::default(),
        slots: None,
        redeclared: Vec::new(),
    };
    lowerer.program()
}

impl Lowerer<'_> {
    fn program(mut self) -> Option<Program> {
        let entry = self.new_func();
        let known = self.known();
        let order = self.package_order();
        for &pkg in &order {
            if !self.package(pkg).lazy {
                self.schedule_package(pkg);
            }
        }
        let mut inits: FastMap<PackageId, Vec<FuncId>> = FastMap::default();
        for &pkg in &order {
            let objs = self.package(pkg).inits.clone();
            let objs: Vec<ObjId> = objs.into_iter().filter(|&obj| self.prog.objs[obj].name == sym::INIT).collect();
            let funcs = objs.into_iter().map(|obj| self.instance(obj, Rc::new([]), Span::NONE)).collect();
            inits.insert(pkg, funcs);
        }
        let main = self.scope_object(self.main, sym::MAIN).map(|obj| self.instance(obj, Rc::new([]), Span::NONE));
        if !self.follow() {
            return None;
        }
        self.entry(entry, None, &order, &inits, main);
        let method_tables = self.method_tables();
        if self.prog.diags.has_errors() {
            return None;
        }
        let funcs = self.funcs.drain(..).map(|f| f.unwrap_or_else(missing)).collect();
        let types = std::mem::take(&mut self.prog.types);
        Some(Program { types, funcs, globals: self.globals, entry, method_tables, known })
    }

    fn package(&self, pkg: PackageId) -> &crate::check::Package {
        &self.prog.pkgs[pkg.0 as usize]
    }

    /// The package-level object of a name.
    pub(crate) fn scope_object(&self, pkg: PackageId, name: Symbol) -> Option<ObjId> {
        self.prog.scopes[self.package(pkg).scope].lookup(name)
    }

    /// Packages in order of initialisation: sorted by path, each as soon as all that it imports are done.
    fn package_order(&self) -> Vec<PackageId> {
        let mut waiting: Vec<PackageId> = (0..self.prog.pkgs.len() as u32).map(PackageId).collect();
        waiting.retain(|&p| p != self.main && !self.package(p).fake);
        waiting.sort_by(|&a, &b| self.package(a).path.cmp(&self.package(b).path));
        let mut done: FastSet<PackageId> = FastSet::default();
        let mut order = Vec::new();
        while let Some(at) = waiting.iter().position(|&p| {
            self.package(p).imports.iter().all(|i| done.contains(i) || self.package(*i).fake || !waiting.contains(i))
        }) {
            let pkg = waiting.remove(at);
            done.insert(pkg);
            order.push(pkg);
        }
        order.push(self.main);
        order
    }

    /// Schedules all initialisers of a package that has been checked whole.
    fn schedule_package(&mut self, pkg: PackageId) {
        for init in self.package(pkg).info.init_order.clone() {
            if self.scheduled.insert((pkg, init.rhs)) {
                self.queue.push_back(Job::Init(pkg, init.lhs, init.rhs));
            }
        }
    }

    /// Lowers all that is reachable. Answers whether there is an end to it.
    fn follow(&mut self) -> bool {
        loop {
            while let Some(job) = self.queue.pop_front() {
                self.job(job);
                if self.endless {
                    return false;
                }
            }
            if !self.grow_tables() {
                return true;
            }
        }
    }

    fn job(&mut self, job: Job) {
        self.refs.clear();
        match job {
            Job::Func(key, id) => {
                match &key {
                    Key::Decl(obj, targs) => self.declared(*obj, targs.clone(), id),
                    _ => self.wrapper(&key, id),
                }
                let refs = std::mem::take(&mut self.refs);
                self.func_refs.insert(id, refs);
            }
            Job::Init(pkg, lhs, rhs) => self.initialiser(pkg, lhs, rhs),
            Job::Embedded(pkg, obj) => self.embedded(pkg, obj),
        }
    }

    /// The function for an instance, lowered in due course.
    pub(crate) fn request(&mut self, key: Key, span: Span) -> FuncId {
        if let Some(&id) = self.instances.get(&key) {
            self.refs.push(Ref::Func(id));
            return id;
        }
        let id = self.new_func();
        let targs = match &key {
            Key::Decl(_, targs) | Key::Method(_, _, targs) | Key::Bound(_, _, targs) => targs.clone(),
            Key::Data(..) => Rc::new([]),
        };
        for &t in targs.iter() {
            if generic::depth(&self.prog.types, &mut self.depths, t) > MAX_TYPE_DEPTH && !self.endless {
                self.endless = true;
                self.prog.diags.push(Diagnostic::error(Code::InvalidInstanceCycle, span, "instantiation cycle"));
            }
        }
        self.refs.push(Ref::Func(id));
        self.instances.insert(key.clone(), id);
        self.queue.push_back(Job::Func(key, id));
        id
    }

    /// The function for a declared function or method with type arguments.
    pub(crate) fn instance(&mut self, obj: ObjId, targs: Rc<[TypeId]>, span: Span) -> FuncId {
        let obj = self.forward.get(&obj).copied().unwrap_or(obj);
        self.request(Key::Decl(obj, targs), span)
    }

    /// Makes sure that an object's type is known.
    pub(crate) fn resolve(&mut self, obj: ObjId) {
        self.prog.resolve(obj);
    }

    /// The typed program's variable for a package-level variable.
    pub(crate) fn global(&mut self, obj: ObjId) -> GlobalId {
        self.refs.push(Ref::Global(obj));
        if let Some(&id) = self.global_ids.get(&obj) {
            return id;
        }
        self.resolve(obj);
        let object = &self.prog.objs[obj];
        let (span, name, pkg) = (object.span, object.name, object.pkg.unwrap_or(self.main));
        let ty = self.canonical(object.ty.unwrap_or(TypeId::INVALID));
        let slot = (name, ty);
        let known = self.slots.as_ref().filter(|_| pkg == self.main).and_then(|slots| slots.get(&slot).copied());
        if let Some(id) = known {
            self.global_ids.insert(obj, id);
            self.redeclared.push(id);
            return id;
        }
        let name = format!("{}.{}", self.pkg_path(pkg), self.prog.names.str(name));
        let id = GlobalId(self.globals.len() as u32);
        self.globals.push(Global { name, ty, span });
        if pkg == self.main
            && let Some(slots) = &mut self.slots
        {
            slots.insert(slot, id);
        }
        self.global_ids.insert(obj, id);
        if self.prog.embedded.contains_key(&obj) {
            self.queue.push_back(Job::Embedded(pkg, obj));
        }
        if self.package(pkg).lazy
            && let Some(&decl) = self.prog.decl_of.get(&obj)
        {
            let decl = &self.prog.decls[decl.0 as usize];
            if let Some(rhs) = decl.init {
                let lhs = if decl.lhs.is_empty() { vec![obj] } else { decl.lhs.clone() };
                if self.scheduled.insert((pkg, rhs)) {
                    self.queue.push_back(Job::Init(pkg, lhs, rhs));
                }
            }
        }
        id
    }

    /// Lowers a declared function.
    fn declared(&mut self, obj: ObjId, targs: Rc<[TypeId]>, id: FuncId) {
        self.prog.check_body(obj);
        let object = self.prog.objs[obj].clone();
        let (Some(info), Some(pkg)) = (object.func(), object.pkg) else { return };
        let Some(decl) = info.decl else { return };
        let ast = self.package(pkg).ast.clone();
        let Decl::Func { body, .. } = ast.decl(decl) else { return };
        let mut tparams = info.recv_tparams.clone();
        if let Some(sig) = object.ty.and_then(|t| self.types().as_signature(t)) {
            tparams.extend(sig.tparams.iter().copied());
        }
        tparams.truncate(targs.len());
        let env = Rc::new(Env::new(tparams, targs.clone()));
        let name = self.declared_name(obj, pkg, !targs.is_empty());
        let params: Vec<ObjId> = info.recv.iter().chain(&info.params).copied().collect();
        let facts = match (self.facts.get(&obj), body) {
            (Some(facts), _) => facts.clone(),
            (None, Some(body)) => {
                let facts = capture::function(self.view_of(pkg, &ast), &params, &info.results, body);
                let facts = Rc::new(facts);
                self.facts.insert(obj, facts.clone());
                facts
            }
            (None, None) => Rc::default(),
        };
        let mut state = FnState::new(id, name.clone(), pkg, ast.clone(), env, facts);
        state.span = object.span;
        state.end = object.span;
        let pkg_name = self.pkg_path(pkg);
        if pkg_name == "reflect" && is_method_access(&name) {
            self.need_all_methods();
        }
        // What a deferred call through reflection calls counts as called by defer itself.
        if pkg_name == "reflect"
            && matches!(
                name.as_str(),
                "reflect.Value.Call" | "reflect.Value.CallSlice" | "reflect.Value.call" | "reflect.invoke[...]"
            )
        {
            state.flags.wrapper = true;
        }
        let files = &self.package(pkg).files;
        state.flags.noinline =
            files.iter().flat_map(|f| &f.directives).any(|d| d.decl == Some(decl) && d.name == "noinline");
        match body {
            Some(body) => {
                state.own_labels = state.facts.labels.get(&body).cloned().unwrap_or_default();
                self.fns.push(state);
                self.declare_signature(&params, &info.results, body);
                let stmts = self.body(body);
                let state = self.fns.pop().expect("pushed above");
                self.funcs[id.index()] = Some(state.finish(&self.prog.types, pkg_name, stmts));
            }
            None => {
                self.fns.push(state);
                for &param in &params {
                    let local = self.declare(param);
                    self.cur().params.push(local);
                }
                for &result in &info.results {
                    let local = self.declare(result);
                    self.cur().results.push(local);
                }
                let state = self.fns.pop().expect("pushed above");
                let native = self.native_name(obj, pkg);
                let mut func = state.finish(&self.prog.types, pkg_name, Vec::new());
                func.body = Body::Native(native);
                self.funcs[id.index()] = Some(func);
            }
        }
    }

    /// The receiver's type name, if the function is a method, and whether it is a pointer.
    fn receiver_name(&self, obj: ObjId) -> Option<(String, bool, bool)> {
        let info = self.prog.objs[obj].func()?;
        if !info.is_method {
            return None;
        }
        let recv = self.prog.objs[info.recv?].ty?;
        let (base, pointer) = self.types().deref(recv);
        let named = self.types().as_named(base)?;
        let named = self.types().named(named);
        Some((self.prog.names.str(named.name).to_string(), pointer, !info.recv_tparams.is_empty()))
    }

    /// A declared function's name as tracebacks print it.
    fn declared_name(&mut self, obj: ObjId, pkg: PackageId, generic: bool) -> String {
        let path = self.pkg_path(pkg);
        let name = self.prog.names.str(self.prog.objs[obj].name).to_string();
        if name == "init"
            && let Some(n) =
                self.package(pkg).inits.iter().filter(|&&i| self.prog.objs[i].name == sym::INIT).position(|&i| i == obj)
        {
            return format!("{path}.init.{n}");
        }
        match self.receiver_name(obj) {
            Some((ty, pointer, of_generic)) => {
                let args = if of_generic { "[...]" } else { "" };
                if pointer { format!("{path}.(*{ty}{args}).{name}") } else { format!("{path}.{ty}{args}.{name}") }
            }
            None if generic => format!("{path}.{name}[...]"),
            None => format!("{path}.{name}"),
        }
    }

    /// The name that a native routine is registered under.
    fn native_name(&self, obj: ObjId, pkg: PackageId) -> String {
        let path = &self.package(pkg).path;
        let name = self.prog.names.str(self.prog.objs[obj].name);
        match self.receiver_name(obj) {
            Some((ty, ..)) => format!("{path}.{ty}.{name}"),
            None => format!("{path}.{name}"),
        }
    }

    /// Lowers an initialiser of package variables into its package's init function.
    fn initialiser(&mut self, pkg: PackageId, lhs: Vec<ObjId>, rhs: ExprId) {
        for &obj in &lhs {
            self.resolve(obj);
        }
        let ast = self.package(pkg).ast.clone();
        let facts = Rc::new(capture::initialiser(self.view_of(pkg, &ast), rhs));
        let mut init = match self.inits.remove(&pkg) {
            Some(init) => init,
            None => self.new_init(pkg, ast.clone()),
        };
        init.state.facts = facts;
        self.fns.push(init.state);
        let span = ast.error_span(rhs);
        let mut stmts = Vec::new();
        let blank = |this: &Self, obj: ObjId| this.prog.objs[obj].name == sym::BLANK;
        if lhs.len() == 1 {
            if blank(self, lhs[0]) {
                self.discard(rhs, &mut stmts);
            } else {
                let place = self.variable(lhs[0], span);
                let value = self.expr_to(rhs, place.ty);
                stmts.push(stmt(StmtKind::Assign(place, value), span));
            }
        } else {
            self.tuple_initialiser(&lhs, rhs, span, &mut stmts);
        }
        init.state = self.fns.pop().expect("pushed above");
        let order = match self.package(pkg).info.init_order.iter().position(|i| i.rhs == rhs) {
            // Embedded files are there before.
            Some(at) if !self.package(pkg).lazy => at + 1,
            _ => lhs.first().map_or(0, |&obj| self.prog.objs[obj].order as usize),
        };
        let mut refs = std::mem::take(&mut self.refs);
        refs.retain(|r| !matches!(r, Ref::Global(obj) if lhs.contains(obj)));
        init.units.push(InitUnit { lhs, order, stmts, refs });
        self.inits.insert(pkg, init);
    }

    fn tuple_initialiser(&mut self, lhs: &[ObjId], rhs: ExprId, span: Span, out: &mut Vec<Stmt>) {
        let value = self.comma_ok(rhs);
        let parts = self.components(value.ty);
        let mut places = Vec::new();
        let mut later = Vec::new();
        for (&obj, &part) in lhs.iter().zip(&parts) {
            if self.prog.objs[obj].name == sym::BLANK {
                places.push(None);
                continue;
            }
            let place = self.variable(obj, span);
            if place.ty == part {
                places.push(Some(place));
            } else {
                let temp = self.temp(part, span);
                out.push(stmt(StmtKind::Decl(temp, None), span));
                places.push(Some(self.read(temp, span)));
                later.push((place, temp));
            }
        }
        out.push(stmt(StmtKind::AssignTuple(places, value), span));
        for (place, temp) in later {
            let value = self.read(temp, span);
            let value = self.assign_to(value, place.ty);
            out.push(stmt(StmtKind::Assign(place, value), span));
        }
    }

    fn new_init(&mut self, pkg: PackageId, ast: Rc<Ast>) -> PackageInit {
        let id = self.new_func();
        let name = format!("{}.init", self.pkg_path(pkg));
        let state = FnState::new(id, name, pkg, ast, Rc::default(), Rc::default());
        PackageInit { state, units: Vec::new() }
    }

    /// Builds the functions that initialise packages, and the one that calls `first`, them, and then main.
    fn entry(
        &mut self,
        entry: FuncId,
        first: Option<FuncId>,
        order: &[PackageId],
        inits: &FastMap<PackageId, Vec<FuncId>>,
        main: Option<FuncId>,
    ) {
        let mut calls = Vec::from_iter(first);
        for pkg in order {
            if let Some(init) = self.inits.remove(pkg) {
                let PackageInit { state, mut units } = init;
                units.sort_by_key(|unit| unit.order);
                let stmts = if self.package(*pkg).lazy {
                    self.by_dependency(units)
                } else {
                    units.into_iter().flat_map(|unit| unit.stmts).collect()
                };
                let id = state.id;
                let path = self.pkg_path(*pkg);
                self.funcs[id.index()] = Some(state.finish(&self.prog.types, path, stmts));
                calls.push(id);
            }
            calls.extend(inits.get(pkg).into_iter().flatten().copied());
        }
        calls.extend(main);
        let body = calls
            .into_iter()
            .map(|func| {
                let call = ExprKind::Call(Callee::Static(func), Vec::new());
                stmt(StmtKind::Expr(expr(call, TypeId::EMPTY_TUPLE, Span::NONE)), Span::NONE)
            })
            .collect();
        let mut state =
            FnState::new(entry, "runtime.main".to_string(), self.main, Rc::default(), Rc::default(), Rc::default());
        state.flags = FuncFlags { wrapper: true, ..FuncFlags::default() };
        self.funcs[entry.index()] = Some(state.finish(&self.prog.types, "runtime".to_string(), body));
    }

    /// The statements of initialisers in source order, except that what one refers to, even through functions, comes before it.
    fn by_dependency(&self, units: Vec<InitUnit>) -> Vec<Stmt> {
        let mut by_var: FastMap<ObjId, usize> = FastMap::default();
        for (at, unit) in units.iter().enumerate() {
            for &obj in &unit.lhs {
                by_var.insert(obj, at);
            }
        }
        let mut units: Vec<Option<InitUnit>> = units.into_iter().map(Some).collect();
        let mut entered = vec![false; units.len()];
        let mut out = Vec::new();
        for start in 0..units.len() {
            // Depth first, with a stack of units and of what is still to be looked at for each.
            let mut stack: Vec<(usize, Vec<usize>)> = Vec::new();
            let enter =
                |at: usize, entered: &mut Vec<bool>, units: &[Option<InitUnit>]| -> Option<(usize, Vec<usize>)> {
                    if entered[at] {
                        return None;
                    }
                    entered[at] = true;
                    let refs = units[at].as_ref().map_or(&[][..], |unit| &unit.refs);
                    Some((at, self.reached_units(refs, &by_var)))
                };
            stack.extend(enter(start, &mut entered, &units));
            while let Some((at, needs)) = stack.last_mut() {
                match needs.pop() {
                    Some(need) => stack.extend(enter(need, &mut entered, &units)),
                    None => {
                        let at = *at;
                        stack.pop();
                        if let Some(unit) = units[at].take() {
                            out.extend(unit.stmts);
                        }
                    }
                }
            }
        }
        out
    }

    /// The initialisers of variables that code with these references can reach, last ones first.
    fn reached_units(&self, refs: &[Ref], by_var: &FastMap<ObjId, usize>) -> Vec<usize> {
        let mut todo: Vec<Ref> = refs.to_vec();
        let mut seen: FastSet<FuncId> = FastSet::default();
        let mut found: Vec<usize> = Vec::new();
        while let Some(r) = todo.pop() {
            match r {
                Ref::Global(obj) => found.extend(by_var.get(&obj)),
                Ref::Func(id) => {
                    if seen.insert(id) {
                        todo.extend(self.func_refs.get(&id).into_iter().flatten());
                    }
                }
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        found.dedup();
        found
    }
}

/// Whether a function of package reflect gives access to methods by name or number.
fn is_method_access(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(last, "Method" | "MethodByName" | "NumMethod") && name != "reflect.Method"
}

/// Stands for a function that could not be lowered; only after an error.
fn missing() -> Func {
    Func {
        name: String::new(),
        pkg: String::new(),
        params: Vec::new(),
        results: Vec::new(),
        captures: Vec::new(),
        locals: Vec::new(),
        body: Body::Script(Vec::new()),
        flags: FuncFlags::default(),
        span: Span::NONE,
        end: Span::NONE,
    }
}
