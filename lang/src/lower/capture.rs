//! Which variables live on the heap: one walk over a function before it is lowered.
//!
//! A variable is boxed if its address is taken (explicitly, by slicing an array, or by calling a method with pointer receiver), or
//! if a function literal uses it and it changes after its declaration. All others can be captured by value. The body of a range
//! over a function counts as a function literal, and a `return` in it assigns to the results of the function around it.
//!
//! The variables of a three-clause loop are new in each iteration; the post statement works on the copy for the next one, so
//! that a loop variable changed only there can still be captured by value in the body.

use std::rc::Rc;

use super::source::View;
use crate::intern::{FastMap, FastSet, Symbol};
use crate::syntax::ast::*;
use crate::types::{ObjId, Type};

/// What is known of the variables of a declared function, or of a package variable's initialiser, with all that is nested in it.
#[derive(Default, Debug)]
pub(crate) struct Facts {
    /// Variables that live on the heap.
    pub(crate) boxed: FastSet<ObjId>,
    /// Variables that change after their declaration, in a way that the text shows.
    pub(crate) changed: FastSet<ObjId>,
    /// Bodies whose result variables a nested function sets or reads while they change: all of their results are boxed.
    pub(crate) boxed_results: FastSet<StmtId>,
    /// Labels declared in each function body or range body itself.
    pub(crate) labels: FastMap<StmtId, Rc<FastSet<Symbol>>>,
    /// Labels that some `goto` names.
    pub(crate) gotos: FastSet<Symbol>,
}

/// A function, literal, or range body on the way down.
struct Scope {
    /// Its body.
    body: Option<StmtId>,
    /// Whether it is the body of a range over a function.
    range: bool,
    /// Named results.
    results: Vec<ObjId>,
    labels: FastSet<Symbol>,
}

struct Walk<'a> {
    view: View<'a>,
    facts: Facts,
    scopes: Vec<Scope>,
    /// The scope that declares each variable.
    owner: FastMap<ObjId, usize>,
    captured: FastSet<ObjId>,
    addressed: FastSet<ObjId>,
    /// Loop variables assigned to in their loop's post statement.
    posted: FastSet<ObjId>,
    /// Variables of the loops whose post statement is being walked.
    post_vars: Vec<ObjId>,
    /// Whether a loop's header is being walked.
    in_header: u32,
    header_captured: FastSet<ObjId>,
}

/// Walks a function's body. `params` are its receiver, parameters and results.
pub(crate) fn function(view: View<'_>, params: &[ObjId], results: &[ObjId], body: StmtId) -> Facts {
    let mut walk = Walk::new(view);
    walk.enter(Some(body), false, results.to_vec());
    for &obj in params.iter().chain(results) {
        walk.declare(obj);
    }
    walk.stmt(body);
    walk.leave();
    walk.finish()
}

/// Walks the initialiser of a package variable.
pub(crate) fn initialiser(view: View<'_>, x: ExprId) -> Facts {
    let mut walk = Walk::new(view);
    walk.enter(None, false, Vec::new());
    walk.expr(x);
    walk.leave();
    walk.finish()
}

impl<'a> Walk<'a> {
    fn new(view: View<'a>) -> Walk<'a> {
        Walk {
            view,
            facts: Facts::default(),
            scopes: Vec::new(),
            owner: FastMap::default(),
            captured: FastSet::default(),
            addressed: FastSet::default(),
            posted: FastSet::default(),
            post_vars: Vec::new(),
            in_header: 0,
            header_captured: FastSet::default(),
        }
    }

    fn finish(mut self) -> Facts {
        for &obj in &self.captured {
            let header = self.header_captured.contains(&obj) && self.posted.contains(&obj);
            if header || self.facts.changed.contains(&obj) {
                self.facts.boxed.insert(obj);
            }
        }
        self.facts.boxed.extend(self.addressed.iter().copied());
        self.facts.changed.extend(self.posted.iter().copied());
        self.facts.changed.extend(self.addressed.iter().copied());
        self.facts
    }

    fn enter(&mut self, body: Option<StmtId>, range: bool, results: Vec<ObjId>) {
        self.scopes.push(Scope { body, range, results, labels: FastSet::default() });
    }

    fn leave(&mut self) {
        let Some(scope) = self.scopes.pop() else { return };
        if let Some(body) = scope.body {
            self.facts.labels.insert(body, Rc::new(scope.labels));
        }
    }

    fn declare(&mut self, obj: ObjId) {
        self.owner.insert(obj, self.scopes.len() - 1);
    }

    fn used(&mut self, obj: ObjId) {
        if self.owner.get(&obj).is_some_and(|&owner| owner + 1 != self.scopes.len()) {
            self.captured.insert(obj);
            if self.in_header > 0 {
                self.header_captured.insert(obj);
            }
        }
    }

    fn name(&mut self, id: ExprId) {
        if let Some(obj) = self.view.use_of(id) {
            self.used(obj);
        } else {
            self.declare_name(id);
        }
    }

    fn declare_name(&mut self, id: ExprId) {
        if let Some(obj) = self.view.def_of(id) {
            self.declare(obj);
        }
    }

    /// The variable that an addressable expression is part of, if no pointer lies between.
    fn root(&self, id: ExprId) -> Option<ObjId> {
        let mut id = id;
        loop {
            match self.view.ast.expr(id) {
                Expr::Paren(x) => id = x,
                Expr::Name(_) => return self.view.use_of(id).or_else(|| self.view.def_of(id)),
                Expr::Selector { x, .. } => {
                    if self.view.selects_through_pointer(id) {
                        return None;
                    }
                    id = x;
                }
                Expr::Index { x, .. } => {
                    if !self.view.is_array(x) {
                        return None;
                    }
                    id = x;
                }
                _ => return None,
            }
        }
    }

    fn address(&mut self, id: ExprId) {
        if let Some(obj) = self.root(id) {
            self.addressed.insert(obj);
        }
    }

    fn assigned(&mut self, id: ExprId) {
        let Some(obj) = self.root(id) else { return };
        if self.post_vars.contains(&obj) && self.owner.get(&obj) == Some(&(self.scopes.len() - 1)) {
            self.posted.insert(obj);
        } else {
            self.facts.changed.insert(obj);
        }
    }

    fn exprs(&mut self, list: List<ExprId>) {
        for i in 0..list.len() {
            let id = self.view.ast.exprs(list)[i];
            self.expr(id);
        }
    }

    fn expr(&mut self, id: ExprId) {
        match self.view.ast.expr(id) {
            Expr::Name(_) => self.name(id),
            Expr::CompositeLit { typ: _, elems, .. } => {
                let keyed_struct = self.view.is_struct_literal(id);
                for i in 0..elems.len() {
                    let elem = self.view.ast.exprs(elems)[i];
                    match self.view.ast.expr(elem) {
                        Expr::KeyValue { value, .. } if keyed_struct => self.expr(value),
                        _ => self.expr(elem),
                    }
                }
            }
            Expr::KeyValue { key, value } => {
                self.expr(key);
                self.expr(value);
            }
            Expr::FuncLit { typ, body } => self.literal(typ, body),
            Expr::Paren(x) | Expr::Star(x) | Expr::TypeAssert { x, .. } | Expr::TypeSwitchGuard { x } => self.expr(x),
            Expr::Selector { x, .. } => {
                if self.view.takes_receiver_address(id) {
                    self.address(x);
                }
                self.expr(x);
            }
            Expr::Index { x, indices } => {
                self.expr(x);
                self.exprs(indices);
            }
            Expr::Slice { x, index, .. } => {
                if self.view.is_array(x) {
                    self.address(x);
                }
                self.expr(x);
                for part in index.into_iter().flatten() {
                    self.expr(part);
                }
            }
            Expr::Call { fun, args, .. } => {
                self.expr(fun);
                self.exprs(args);
            }
            Expr::Unary { op, x } => {
                if op == UnaryOp::Addr {
                    self.address(x);
                }
                self.expr(x);
            }
            Expr::Binary { x, y, .. } => {
                // Long chains lean to the left; descend without recursion.
                let mut spine = vec![y];
                let mut left = x;
                while let Expr::Binary { x, y, .. } = self.view.ast.expr(left) {
                    spine.push(y);
                    left = x;
                }
                self.expr(left);
                while let Some(y) = spine.pop() {
                    self.expr(y);
                }
            }
            Expr::Bad
            | Expr::BasicLit { .. }
            | Expr::ArrayType { .. }
            | Expr::SliceType { .. }
            | Expr::DotsType { .. }
            | Expr::StructType { .. }
            | Expr::FuncType { .. }
            | Expr::InterfaceType { .. }
            | Expr::MapType { .. }
            | Expr::ChanType { .. } => {}
        }
    }

    fn literal(&mut self, typ: ExprId, body: StmtId) {
        let Expr::FuncType { params, results } = self.view.ast.expr(typ) else { return };
        let named: Vec<ObjId> = self
            .view
            .ast
            .fields(results)
            .iter()
            .filter_map(|&field| self.view.ast.field(field).name)
            .filter_map(|name| self.view.def_of(name))
            .collect();
        self.enter(Some(body), false, named.clone());
        for i in 0..params.len() {
            let field = self.view.ast.fields(params)[i];
            if let Some(name) = self.view.ast.field(field).name {
                self.declare_name(name);
            }
        }
        for obj in named {
            self.declare(obj);
        }
        let header = std::mem::take(&mut self.in_header);
        self.in_header = header;
        self.stmt(body);
        self.leave();
    }

    fn block(&mut self, list: List<StmtId>) {
        for i in 0..list.len() {
            let id = self.view.ast.stmts(list)[i];
            self.stmt(id);
        }
    }

    fn opt_stmt(&mut self, id: Option<StmtId>) {
        if let Some(id) = id {
            self.stmt(id);
        }
    }

    fn stmt(&mut self, id: StmtId) {
        match self.view.ast.stmt(id) {
            Stmt::Empty | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Fallthrough => {}
            Stmt::Goto(label) => {
                if let Some(name) = self.view.ast.name(label) {
                    self.facts.gotos.insert(name);
                }
            }
            Stmt::Labeled { label, stmt } => {
                if let (Some(name), Some(scope)) = (self.view.ast.name(label), self.scopes.last_mut()) {
                    scope.labels.insert(name);
                }
                self.stmt(stmt);
            }
            Stmt::Block { list, .. } => self.block(list),
            Stmt::Expr(x) | Stmt::Go(x) | Stmt::Defer(x) => self.expr(x),
            Stmt::Send { chan, value } => {
                self.expr(chan);
                self.expr(value);
            }
            Stmt::Decl(decls) => {
                for i in 0..decls.len() {
                    let decl = self.view.ast.decls(decls)[i];
                    if let Decl::Var { names, values, .. } = self.view.ast.decl(decl) {
                        self.exprs(values);
                        for j in 0..names.len() {
                            let name = self.view.ast.exprs(names)[j];
                            self.declare_name(name);
                        }
                    }
                }
            }
            Stmt::Assign { lhs, rhs } => {
                self.exprs(rhs);
                for i in 0..lhs.len() {
                    let x = self.view.ast.exprs(lhs)[i];
                    self.expr(x);
                    self.assigned(x);
                }
            }
            Stmt::Define { lhs, rhs } => {
                self.exprs(rhs);
                for i in 0..lhs.len() {
                    let x = self.view.ast.exprs(lhs)[i];
                    if self.view.def_of(x).is_some() {
                        self.declare_name(x);
                    } else {
                        self.expr(x);
                        self.assigned(x);
                    }
                }
            }
            Stmt::OpAssign { lhs, rhs, .. } => {
                self.expr(rhs);
                self.expr(lhs);
                self.assigned(lhs);
            }
            Stmt::IncDec { x, .. } => {
                self.expr(x);
                self.assigned(x);
            }
            Stmt::Return(values) => {
                self.exprs(values);
                if !values.is_empty() {
                    self.returned();
                }
            }
            Stmt::If { init, cond, then, els } => {
                self.opt_stmt(init);
                self.expr(cond);
                self.stmt(then);
                self.opt_stmt(els);
            }
            Stmt::For { init, cond, post, body } => self.for_loop(init, cond, post, body),
            Stmt::Range { lhs, define, x, body, .. } => self.range(lhs, define, x, body),
            Stmt::Switch { init, tag, clauses, .. } => {
                self.opt_stmt(init);
                if let Some(tag) = tag {
                    self.expr(tag);
                }
                for i in 0..clauses.len() {
                    let clause = self.view.ast.clause(self.view.ast.clauses(clauses)[i]);
                    self.exprs(clause.cases);
                    self.block(clause.body);
                }
            }
            Stmt::TypeSwitch { init, x, clauses, .. } => {
                self.opt_stmt(init);
                self.expr(x);
                for i in 0..clauses.len() {
                    let id = self.view.ast.clauses(clauses)[i];
                    if let Some(obj) = self.view.clause_var(id) {
                        self.declare(obj);
                    }
                    self.block(self.view.ast.clause(id).body);
                }
            }
            Stmt::Select { clauses, .. } => {
                for i in 0..clauses.len() {
                    let clause = self.view.ast.clause(self.view.ast.clauses(clauses)[i]);
                    self.opt_stmt(clause.comm);
                    self.block(clause.body);
                }
            }
        }
    }

    /// A return with values changes the results of the nearest function; from a range body it does so from another function.
    fn returned(&mut self) {
        let Some(level) = self.scopes.iter().rposition(|scope| !scope.range) else { return };
        let results = self.scopes[level].results.clone();
        self.facts.changed.extend(results);
        if level + 1 != self.scopes.len()
            && let Some(body) = self.scopes[level].body
        {
            self.facts.boxed_results.insert(body);
        }
    }

    fn for_loop(&mut self, init: Option<StmtId>, cond: Option<ExprId>, post: Option<StmtId>, body: StmtId) {
        self.in_header += 1;
        self.opt_stmt(init);
        if let Some(cond) = cond {
            self.expr(cond);
        }
        let mark = self.post_vars.len();
        if let Some(Stmt::Define { lhs, .. }) = init.map(|init| self.view.ast.stmt(init)) {
            let vars: Vec<ObjId> = self.view.ast.exprs(lhs).iter().filter_map(|&name| self.view.def_of(name)).collect();
            self.post_vars.extend(vars);
        }
        self.opt_stmt(post);
        self.post_vars.truncate(mark);
        self.in_header -= 1;
        self.stmt(body);
    }

    fn range(&mut self, lhs: List<ExprId>, define: bool, x: ExprId, body: StmtId) {
        self.expr(x);
        let is_func = matches!(self.view.core_type(x), Some(Type::Signature(_)));
        if is_func {
            self.enter(Some(body), true, Vec::new());
        }
        for i in 0..lhs.len() {
            let var = self.view.ast.exprs(lhs)[i];
            if define {
                self.declare_name(var);
            } else {
                self.expr(var);
                self.assigned(var);
            }
        }
        self.stmt(body);
        if is_func {
            self.leave();
        }
    }
}
