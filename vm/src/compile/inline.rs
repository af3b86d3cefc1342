//! What is known about a function's tree before it is compiled: which locals are reassigned, whether and how cheaply it
//! can be put in place of its calls. Also the tree walkers for such questions.

use std::rc::Rc;

use gol_lang::typed::{Body, Callee, Expr, ExprKind, Func, LocalId, SelectComm, Stmt, StmtKind, Storage};

/// Most tree nodes of a function that is inlined wherever it is called.
const MAX_NODES: u32 = 48;

/// Most tree nodes of a function that is inlined because it is a known closure or is given one.
const MAX_KNOWN_NODES: u32 = 160;

/// Facts for inlining.
#[derive(Clone)]
pub struct Summary {
    /// May replace its calls.
    pub inline: bool,
    /// May replace its calls where that makes func values known: it is a closure made in sight, or is given one.
    pub known: bool,
    /// Size.
    pub nodes: u32,
    /// Its only return is its last statement.
    pub tail: bool,
    /// How often each local is assigned after its declaration (saturating).
    pub assigned: Rc<[u8]>,
}

/// Sees every node of a tree, parents first; answers whether to go on below.
pub trait Visitor {
    /// An expression.
    fn expr(&mut self, e: &Expr) -> bool;
    /// A statement.
    fn stmt(&mut self, s: &Stmt) -> bool;
}

/// Calls `f` for the direct sub-expressions of `e`; statements of [`ExprKind::Seq`] are skipped.
pub fn children<'e>(e: &'e Expr, f: &mut dyn FnMut(&'e Expr)) {
    use ExprKind::*;
    match &e.kind {
        Const(_) | Zero | Local(_) | Global(_) | FuncValue(_) | Closure(..) | Recover | MapIterNext(_)
        | MapIterKey(_) | MapIterValue(_) | DeferToken => {}
        Unary(_, x)
        | IsNil(_, x)
        | Convert(_, x)
        | Retype(x)
        | ToInterface(x)
        | InterfaceToInterface(x)
        | TypeTest(x, _)
        | Field(x, _)
        | Deref(x)
        | AddrOf(x)
        | New(x)
        | Recv(x, _)
        | Len(x)
        | Cap(x)
        | Clear(x)
        | Close(x)
        | Real(x)
        | Imag(x)
        | Panic(x)
        | MapIter(x)
        | UnsafeData(x)
        | Seq(_, x) => f(x),
        TypeAssert { x, .. } => f(x),
        Binary(_, a, b)
        | Compare(_, a, b)
        | And(a, b)
        | Or(a, b)
        | Index(a, b)
        | AppendSlice(a, b)
        | Copy(a, b)
        | Delete(a, b)
        | Complex(a, b)
        | DecodeRune(a, b)
        | UnsafeAdd(a, b)
        | UnsafeSlice(a, b)
        | UnsafeString(a, b)
        | LetTuple(_, a, b) => {
            f(a);
            f(b);
        }
        MapIndex { map, key, .. } => {
            f(map);
            f(key);
        }
        Slice { x, lo, hi, max } => {
            f(x);
            for o in [lo, hi, max].into_iter().flatten() {
                f(o);
            }
        }
        Concat(xs) | MinMax(_, xs) | Print(_, xs) => xs.iter().for_each(f),
        StructLit(xs) => xs.iter().for_each(|x| f(&x.1)),
        ArrayLit(xs) | SliceLit(_, xs) => xs.iter().for_each(|x| f(&x.1)),
        MapLit(xs) => xs.iter().for_each(|(k, v)| {
            f(k);
            f(v);
        }),
        MakeSlice(a, b) => {
            f(a);
            if let Some(b) = b {
                f(b);
            }
        }
        MakeMap(a) | MakeChan(a) => {
            if let Some(a) = a {
                f(a);
            }
        }
        Append(a, xs) => {
            f(a);
            xs.iter().for_each(f);
        }
        Call(c, xs) => {
            match c {
                Callee::Static(_) => {}
                Callee::Value(x) | Callee::Interface(x, _) => f(x),
            }
            xs.iter().for_each(f);
        }
    }
}

/// Walks an expression.
pub fn walk(e: &Expr, v: &mut dyn Visitor) {
    if !v.expr(e) {
        return;
    }
    if let ExprKind::Seq(ss, _) = &e.kind {
        walk_all(ss, v);
    }
    children(e, &mut |c| walk(c, v));
}

/// Walks statements.
pub fn walk_all(ss: &[Stmt], v: &mut dyn Visitor) {
    for s in ss {
        if !v.stmt(s) {
            continue;
        }
        match &s.kind {
            StmtKind::Expr(e) | StmtKind::DeclTuple(_, e) | StmtKind::Go(e) | StmtKind::Defer(e) => walk(e, v),
            StmtKind::Decl(_, e) => {
                if let Some(e) = e {
                    walk(e, v);
                }
            }
            StmtKind::Assign(a, b) | StmtKind::OpAssign(_, a, b) | StmtKind::Send(a, b) | StmtKind::DeferAt(a, b) => {
                walk(a, v);
                walk(b, v);
            }
            StmtKind::AssignTuple(ps, e) => {
                ps.iter().flatten().for_each(|p| walk(p, v));
                walk(e, v);
            }
            StmtKind::AssignMany(ps) => {
                for (p, e) in ps {
                    if let Some(p) = p {
                        walk(p, v);
                    }
                    walk(e, v);
                }
            }
            StmtKind::Block(b) | StmtKind::Breakable(_, b) => walk_all(b, v),
            StmtKind::If(c, a, b) => {
                walk(c, v);
                walk_all(a, v);
                walk_all(b, v);
            }
            StmtKind::Loop { cond, body, post, .. } => {
                if let Some(c) = cond {
                    walk(c, v);
                }
                walk_all(body, v);
                walk_all(post, v);
            }
            StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Goto(_) | StmtKind::Label(_) => {}
            StmtKind::Switch { tag, arms, .. } => {
                walk(tag, v);
                arms.iter().for_each(|a| walk_all(&a.body, v));
            }
            StmtKind::Select { cases, default, .. } => {
                for c in cases {
                    match &c.comm {
                        SelectComm::Send(a, b) => {
                            walk(a, v);
                            walk(b, v);
                        }
                        SelectComm::Recv { chan, .. } => walk(chan, v),
                    }
                    walk_all(&c.body, v);
                }
                if let Some(d) = default {
                    walk_all(d, v);
                }
            }
            StmtKind::Return(es) => es.iter().for_each(|e| walk(e, v)),
        }
    }
}

/// The local that a place expression is (part of), if it is in registers: not through pointers or slices.
pub fn root_local(e: &Expr) -> Option<LocalId> {
    match &e.kind {
        ExprKind::Local(l) => Some(*l),
        ExprKind::Field(x, _) | ExprKind::Index(x, _) | ExprKind::Retype(x) => root_local(x),
        _ => None,
    }
}

struct Assignments(Vec<u8>);

impl Assignments {
    fn hit(&mut self, l: LocalId) {
        let n = &mut self.0[l.index()];
        *n = n.saturating_add(1);
    }
    fn place(&mut self, p: &Expr) {
        if let Some(l) = root_local(p) {
            self.hit(l);
        }
    }
}

impl Visitor for Assignments {
    fn expr(&mut self, e: &Expr) -> bool {
        if let ExprKind::AddrOf(x) = &e.kind {
            self.place(x);
        }
        true
    }
    fn stmt(&mut self, s: &Stmt) -> bool {
        match &s.kind {
            StmtKind::Assign(p, _) | StmtKind::OpAssign(_, p, _) => self.place(p),
            StmtKind::AssignTuple(ps, _) => ps.iter().flatten().for_each(|p| self.place(p)),
            StmtKind::AssignMany(ps) => ps.iter().filter_map(|p| p.0.as_ref()).for_each(|p| self.place(p)),
            StmtKind::Select { cases, .. } => {
                for c in cases {
                    if let SelectComm::Recv { value, ok, .. } = &c.comm {
                        [value, ok].into_iter().flatten().for_each(|l| self.hit(*l));
                    }
                }
            }
            _ => {}
        }
        true
    }
}

/// How often each local of `f` is assigned other than by its declaration.
pub fn assignments(f: &Func) -> Rc<[u8]> {
    let mut a = Assignments(vec![0; f.locals.len()]);
    if let Body::Script(b) = &f.body {
        walk_all(b, &mut a);
    }
    a.0.into()
}

struct Mentions(LocalId, bool);

impl Visitor for Mentions {
    fn expr(&mut self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Local(l) | ExprKind::MapIterNext(l) | ExprKind::MapIterKey(l) | ExprKind::MapIterValue(l) => {
                self.1 |= *l == self.0;
            }
            ExprKind::Closure(_, ls) => self.1 |= ls.contains(&self.0),
            _ => {}
        }
        !self.1
    }
    fn stmt(&mut self, _: &Stmt) -> bool {
        !self.1
    }
}

/// Whether `e` reads (or writes) local `l`.
pub fn mentions(e: &Expr, l: LocalId) -> bool {
    let mut m = Mentions(l, false);
    walk(e, &mut m);
    m.1
}

struct Uses {
    weights: Vec<u32>,
    depth: u32,
}

impl Uses {
    fn hit(&mut self, l: LocalId) {
        self.weights[l.index()] += if self.depth > 0 { 8 } else { 1 };
    }
}

impl Visitor for Uses {
    fn expr(&mut self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Local(l) | ExprKind::MapIterNext(l) | ExprKind::MapIterKey(l) | ExprKind::MapIterValue(l) => {
                self.hit(*l);
            }
            ExprKind::Closure(_, ls) => ls.iter().for_each(|l| self.hit(*l)),
            _ => {}
        }
        true
    }
    fn stmt(&mut self, s: &Stmt) -> bool {
        if let StmtKind::Loop { cond, body, post, .. } = &s.kind {
            self.depth += 1;
            if let Some(c) = cond {
                walk(c, self);
            }
            walk_all(body, self);
            walk_all(post, self);
            self.depth -= 1;
            return false;
        }
        true
    }
}

/// How often each local is mentioned, more for mentions in loops.
pub fn uses(f: &Func) -> Vec<u32> {
    let mut u = Uses { weights: vec![0; f.locals.len()], depth: 0 };
    if let Body::Script(b) = &f.body {
        walk_all(b, &mut u);
    }
    u.weights
}

struct Cost {
    nodes: u32,
    /// Could be put in place of a call, size aside.
    possible: bool,
    loops: bool,
    returns: u32,
}

impl Visitor for Cost {
    fn expr(&mut self, e: &Expr) -> bool {
        self.nodes += 1;
        match &e.kind {
            ExprKind::Recover | ExprKind::DeferToken => self.possible = false,
            ExprKind::MapIter(_) => self.loops = true,
            ExprKind::Call(..) => self.nodes += 6,
            ExprKind::Closure(..) => self.nodes += 4,
            ExprKind::Panic(_) => self.nodes += 2,
            _ => {}
        }
        self.possible &= self.nodes <= MAX_KNOWN_NODES;
        self.possible
    }
    fn stmt(&mut self, s: &Stmt) -> bool {
        self.nodes += 1;
        match &s.kind {
            StmtKind::Goto(_)
            | StmtKind::Label(_)
            | StmtKind::Select { .. }
            | StmtKind::Go(_)
            | StmtKind::Defer(_)
            | StmtKind::DeferAt(..) => self.possible = false,
            StmtKind::Loop { .. } => self.loops = true,
            StmtKind::Return(_) => self.returns += 1,
            StmtKind::Switch { arms, .. } => self.nodes += 2 * arms.len() as u32,
            _ => {}
        }
        self.possible &= self.nodes <= MAX_KNOWN_NODES;
        self.possible
    }
}

/// Looks at a function with a view to inlining it.
pub fn summarise(f: &Func) -> Summary {
    let no = || Summary { inline: false, known: false, nodes: 0, tail: false, assigned: Rc::new([]) };
    let Body::Script(b) = &f.body else { return no() };
    // Called once, and tracebacks end with it; or asked for: what only its frame holds must be gone after the call.
    if f.name == "main.main" || f.flags.noinline {
        return no();
    }
    if f.flags.has_defer || f.flags.has_recover {
        return no();
    }
    // A cell per call is cheaper to have in a real call's frame than to think about here.
    if f.params.iter().chain(&f.results).any(|p| f.locals[p.index()].storage == Storage::Boxed) {
        return no();
    }
    let mut c = Cost { nodes: 0, possible: true, loops: false, returns: 0 };
    walk_all(b, &mut c);
    if !c.possible {
        return no();
    }
    Summary {
        inline: !c.loops && c.nodes <= MAX_NODES && f.captures.is_empty(),
        known: !f.flags.wrapper,
        nodes: c.nodes,
        tail: c.returns == 1 && matches!(b.last().map(|s| &s.kind), Some(StmtKind::Return(_))),
        assigned: assignments(f),
    }
}
