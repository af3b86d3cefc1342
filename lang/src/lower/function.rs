//! The function being lowered: its variables, labels, and what its closures capture.
//!
//! Function literals and the bodies of ranges over functions are functions of their own, lowered while the enclosing one waits: the
//! stack [`Lowerer::fns`](super::Lowerer) holds them all. A variable that is not found in the innermost function is looked for in
//! the one around it, which makes every function between a capturing one.

use std::rc::Rc;

use super::Lowerer;
use super::capture::Facts;
use super::generic::Env;
use crate::intern::{FastMap, FastSet, Symbol};
use crate::source::Span;
use crate::syntax::ast::Ast;
use crate::typed::{
    Body, Const, Expr, ExprKind, Func, FuncFlags, FuncId, LabelId, Local, LocalId, Stmt, StmtKind, Storage,
};
use crate::types::{ObjId, PackageId, TypeId, Types};

/// What a local of the typed program stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Var {
    /// A declared variable.
    Obj(ObjId),
    /// A result of the nearest declared function or function literal.
    Result(u32),
    /// A variable made by lowering, by number.
    Made(u32),
    /// The token that names the frame of the nearest declared function or function literal for `defer`.
    DeferToken,
}

/// What `break`, `continue` and labels can refer to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The label in the source.
    pub(crate) name: Option<Symbol>,
    /// Where `break` goes; none for a labelled statement that is no block.
    pub(crate) breaks: LabelId,
    /// Whether an unlabelled `break` means this.
    pub(crate) plain_break: bool,
    /// Whether `continue` is possible.
    pub(crate) is_loop: bool,
}

/// A way out of the body of a range over a function that its iterator must first return for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Return from the function at this level of the stack, whose results have been set.
    Return(usize),
    /// A `break`, `continue` or `goto` in the function at this level.
    Break(usize, LabelId),
    Continue(usize, LabelId),
    Goto(usize, LabelId),
    /// `break` or `continue` of the range over a function whose body is the function at this level.
    RangeBreak(usize),
    RangeContinue(usize),
}

/// What is particular about the body of a range over a function.
#[derive(Debug)]
pub(crate) struct RangeBody {
    /// The loop's label.
    pub(crate) name: Option<Symbol>,
    /// Holds the loop's state.
    pub(crate) state: Var,
    /// Holds what to do when the iterator has returned; shared by nested loops.
    pub(crate) next: Var,
    /// The ways out found so far, with their codes.
    pub(crate) exits: Vec<(Exit, i64)>,
}

/// A function while it is being lowered.
pub(crate) struct FnState {
    pub(crate) id: FuncId,
    pub(crate) name: String,
    pub(crate) pkg: PackageId,
    pub(crate) ast: Rc<Ast>,
    pub(crate) env: Rc<Env>,
    pub(crate) facts: Rc<Facts>,
    pub(crate) locals: Vec<Local>,
    pub(crate) params: Vec<LocalId>,
    pub(crate) results: Vec<LocalId>,
    pub(crate) captures: Vec<(Var, LocalId)>,
    pub(crate) vars: FastMap<Var, LocalId>,
    labels: u32,
    named_labels: FastMap<Symbol, LabelId>,
    /// Labels declared in this body itself, not in functions inside it.
    pub(crate) own_labels: Rc<FastSet<Symbol>>,
    pub(crate) targets: Vec<Target>,
    pub(crate) range: Option<RangeBody>,
    /// Highest code given to an exit from a range over a function.
    pub(crate) exit_codes: i64,
    /// Function literals, range bodies and thunks so far, for their names.
    pub(crate) literals: u32,
    pub(crate) ranges: u32,
    pub(crate) thunks: u32,
    /// Statements to be executed at entry.
    pub(crate) prologue: Vec<Stmt>,
    pub(crate) flags: FuncFlags,
    pub(crate) is_literal: bool,
    pub(crate) span: Span,
    pub(crate) end: Span,
}

impl FnState {
    /// A function without variables yet.
    pub(crate) fn new(
        id: FuncId,
        name: String,
        pkg: PackageId,
        ast: Rc<Ast>,
        env: Rc<Env>,
        facts: Rc<Facts>,
    ) -> FnState {
        FnState {
            id,
            name,
            pkg,
            ast,
            env,
            facts,
            locals: Vec::new(),
            params: Vec::new(),
            results: Vec::new(),
            captures: Vec::new(),
            vars: FastMap::default(),
            labels: 0,
            named_labels: FastMap::default(),
            own_labels: Rc::default(),
            targets: Vec::new(),
            range: None,
            exit_codes: 0,
            literals: 0,
            ranges: 0,
            thunks: 0,
            prologue: Vec::new(),
            flags: FuncFlags::default(),
            is_literal: false,
            span: Span::NONE,
            end: Span::NONE,
        }
    }

    /// A new local.
    pub(crate) fn add_local(&mut self, name: Symbol, ty: TypeId, storage: Storage, span: Span) -> LocalId {
        self.locals.push(Local { name, ty, storage, span });
        LocalId(self.locals.len() as u32 - 1)
    }

    /// A new temporary.
    pub(crate) fn temp(&mut self, ty: TypeId, span: Span) -> LocalId {
        self.add_local(crate::intern::sym::EMPTY, ty, Storage::Register, span)
    }

    /// A new jump target.
    pub(crate) fn label(&mut self) -> LabelId {
        self.labels += 1;
        LabelId(self.labels - 1)
    }

    /// The jump target of a label of the source that `goto` refers to.
    pub(crate) fn named_label(&mut self, name: Symbol) -> LabelId {
        if let Some(&label) = self.named_labels.get(&name) {
            return label;
        }
        let label = self.label();
        self.named_labels.insert(name, label);
        label
    }

    /// The finished function.
    pub(crate) fn finish(mut self, types: &Types, pkg: String, mut body: Vec<Stmt>) -> Func {
        super::order::function(types, &mut self.locals, &mut body);
        let body = if self.prologue.is_empty() {
            body
        } else {
            let mut all = std::mem::take(&mut self.prologue);
            all.extend(body);
            all
        };
        Func {
            name: self.name,
            pkg,
            params: self.params,
            results: self.results,
            captures: self.captures.iter().map(|&(_, local)| local).collect(),
            locals: self.locals,
            body: Body::Script(body),
            flags: self.flags,
            span: self.span,
            end: self.end,
        }
    }
}

impl Lowerer<'_> {
    /// The innermost function.
    pub(crate) fn cur(&mut self) -> &mut FnState {
        self.fns.last_mut().expect("a function is being lowered")
    }

    /// The innermost function.
    pub(crate) fn cur_ref(&self) -> &FnState {
        self.fns.last().expect("a function is being lowered")
    }

    /// The syntax tree that the innermost function is in.
    pub(crate) fn ast(&self) -> Rc<Ast> {
        self.cur_ref().ast.clone()
    }

    /// The level in the stack of the nearest declared function or function literal.
    pub(crate) fn real_level(&self) -> usize {
        let inner = self.fns.len() - 1;
        (0..=inner).rev().find(|&level| self.fns[level].range.is_none()).unwrap_or(0)
    }

    /// The local that stands for `var` in the innermost function, captured from enclosing ones if need be.
    pub(crate) fn var(&mut self, var: Var) -> Option<LocalId> {
        self.var_at(self.fns.len() - 1, var)
    }

    fn var_at(&mut self, level: usize, var: Var) -> Option<LocalId> {
        // Find the function that has it, then hand it down through those between.
        let mut owner = level;
        loop {
            if self.fns[owner].vars.contains_key(&var) {
                break;
            }
            if owner == 0 {
                return None;
            }
            owner -= 1;
        }
        let mut id = self.fns[owner].vars[&var];
        for at in owner + 1..=level {
            let local = &self.fns[at - 1].locals[id.index()];
            let (name, ty, storage, span) = (local.name, local.ty, local.storage, local.span);
            let state = &mut self.fns[at];
            id = state.add_local(name, ty, storage, span);
            state.vars.insert(var, id);
            state.captures.push((var, id));
        }
        Some(id)
    }

    /// A variable made by lowering, declared in the innermost function, that functions inside it can refer to.
    pub(crate) fn made_var(&mut self, ty: TypeId, storage: Storage, span: Span) -> (Var, LocalId) {
        self.made_vars += 1;
        let var = Var::Made(self.made_vars);
        let state = self.cur();
        let id = state.add_local(crate::intern::sym::EMPTY, ty, storage, span);
        state.vars.insert(var, id);
        (var, id)
    }

    /// Declares the local for a variable of the source in the innermost function.
    pub(crate) fn declare(&mut self, obj: ObjId) -> LocalId {
        let (name, span, ty) = {
            let object = &self.prog.objs[obj];
            (object.name, object.span, object.ty.unwrap_or(TypeId::INVALID))
        };
        let ty = self.canon(ty);
        let state = self.cur();
        let storage = if state.facts.boxed.contains(&obj) { Storage::Boxed } else { Storage::Register };
        let id = state.add_local(name, ty, storage, span);
        state.vars.insert(Var::Obj(obj), id);
        id
    }

    /// Whether a variable of the source never changes after its declaration, so that it can be read later instead of now.
    pub(crate) fn is_stable(&self, obj: ObjId) -> bool {
        let facts = &self.cur_ref().facts;
        !facts.boxed.contains(&obj) && !facts.changed.contains(&obj) && !self.is_package_var(obj)
    }

    /// A new temporary of the innermost function.
    pub(crate) fn temp(&mut self, ty: TypeId, span: Span) -> LocalId {
        self.cur().temp(ty, span)
    }

    /// A temporary, and the statement that sets it.
    pub(crate) fn temp_for(&mut self, value: Expr) -> (LocalId, Stmt) {
        let (ty, span) = (value.ty, value.span);
        let id = self.temp(ty, span);
        (id, Stmt { kind: StmtKind::Decl(id, Some(value)), span })
    }

    /// Evaluates `value` now, before what follows, by pushing a statement, and gives what to write for it afterwards. Constants stay.
    pub(crate) fn hold(&mut self, value: Expr, before: &mut Vec<Stmt>) -> Expr {
        if matches!(value.kind, ExprKind::Const(_) | ExprKind::Zero | ExprKind::FuncValue(_)) {
            return value;
        }
        let (ty, span) = (value.ty, value.span);
        let (id, stmt) = self.temp_for(value);
        before.push(stmt);
        expr(ExprKind::Local(id), ty, span)
    }

    /// A read of a local of the innermost function.
    pub(crate) fn read(&self, id: LocalId, span: Span) -> Expr {
        expr(ExprKind::Local(id), self.cur_ref().locals[id.index()].ty, span)
    }

    /// Takes the innermost function, a literal or range body, from the stack, finishes it, and gives the expression that makes its closure.
    pub(crate) fn close_function(&mut self, body: Vec<Stmt>, ty: TypeId, span: Span) -> Expr {
        let state = self.fns.pop().expect("a function is being lowered");
        self.close_state(state, body, ty, span)
    }

    /// Like [`Lowerer::close_function`] for a state that is no longer on the stack.
    pub(crate) fn close_state(&mut self, mut state: FnState, body: Vec<Stmt>, ty: TypeId, span: Span) -> Expr {
        let id = state.id;
        let captured: Vec<LocalId> = state
            .captures
            .iter()
            .map(|&(var, _)| self.cur_ref().vars.get(&var).copied().unwrap_or(LocalId(0)))
            .collect();
        state.flags.closure = !captured.is_empty();
        let closure = state.flags.closure;
        let pkg = self.pkg_path(state.pkg);
        self.funcs[id.index()] = Some(state.finish(&self.prog.types, pkg, body));
        let kind = if closure { ExprKind::Closure(id, captured) } else { ExprKind::FuncValue(id) };
        expr(kind, ty, span)
    }
}

/// An expression.
pub(crate) fn expr(kind: ExprKind, ty: TypeId, span: Span) -> Expr {
    Expr { kind, ty, span }
}

/// A statement.
pub(crate) fn stmt(kind: StmtKind, span: Span) -> Stmt {
    Stmt { kind, span }
}

/// A constant `int`.
pub(crate) fn int(n: i64, span: Span) -> Expr {
    expr(ExprKind::Const(Const::Int(n)), TypeId::INT, span)
}

/// A constant `bool`.
pub(crate) fn boolean(b: bool, span: Span) -> Expr {
    expr(ExprKind::Const(Const::Bool(b)), TypeId::BOOL, span)
}

/// `statements; value`, or the value alone if there are none.
pub(crate) fn seq(stmts: Vec<Stmt>, value: Expr) -> Expr {
    if stmts.is_empty() {
        return value;
    }
    let (ty, span) = (value.ty, value.span);
    expr(ExprKind::Seq(stmts, Box::new(value)), ty, span)
}
