//! Order of evaluation, where the language leaves it open, as Go's compiler has it.
//!
//! The language orders calls, receives and the like among each other, but not the reading of a variable relative to a call that
//! changes it: in `x + f()` the typed tree reads `x` first. Go's compiler moves calls (and everything else that it carries out by
//! calling its runtime) in front of the statement, into temporaries, in order; what remains, plain reads of memory included, is
//! evaluated afterwards. Programs have come to rely on it, so the same is done here, but only where it can be told: in statements
//! where a read of memory comes before a call.

use super::function::{expr, stmt};
use crate::typed::{
    Callee, ConvKind, DataWord, Expr, ExprKind, Local, LocalId, SelectComm, Stmt, StmtKind, Storage, data_word,
};
use crate::types::{Type, TypeId, Types};

/// Puts the statements of a function in order.
pub(crate) fn function(types: &Types, locals: &mut Vec<Local>, body: &mut Vec<Stmt>) {
    Order { types, locals, needed: false }.block(body);
}

/// Puts values in order that are evaluated one after the other, for new variables. Gives what comes before them.
pub(crate) fn values(types: &Types, locals: &mut Vec<Local>, values: &mut [Expr]) -> Vec<Stmt> {
    let mut order = Order { types, locals, needed: false };
    let mut acc = Effect::default();
    for x in values.iter_mut() {
        order.scan_part(Part::Value(x), &mut acc);
    }
    let needed = order.needed;
    order.apply(needed, |this, out| {
        for x in values.iter_mut() {
            this.extract(x, out);
        }
    })
}

struct Order<'a> {
    types: &'a Types,
    locals: &'a mut Vec<Local>,
    /// Whether a read of memory came before a call in what was scanned last.
    needed: bool,
}

/// What evaluating an expression amounts to for what comes after it.
#[derive(Clone, Copy, Default)]
struct Effect {
    /// Reads memory in a way that is left to the end of the statement.
    reads: bool,
    /// Calls something.
    calls: bool,
}

impl Order<'_> {
    fn block(&mut self, stmts: &mut Vec<Stmt>) {
        let mut at = 0;
        while at < stmts.len() {
            let before = self.stmt(&mut stmts[at]);
            let count = before.len();
            if count > 0 {
                stmts.splice(at..at, before);
            }
            at += count + 1;
        }
    }

    /// Orders one statement; gives what comes before it.
    fn stmt(&mut self, s: &mut Stmt) -> Vec<Stmt> {
        match &mut s.kind {
            StmtKind::Decl(_, None)
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Goto(_)
            | StmtKind::Label(_) => Vec::new(),
            StmtKind::Expr(x) | StmtKind::Decl(_, Some(x)) | StmtKind::DeclTuple(_, x) => self.root(x),
            StmtKind::Go(x) | StmtKind::Defer(x) | StmtKind::DeferAt(_, x) => self.root(x),
            StmtKind::Assign(place, x) => {
                let effect = self.scan_list([Part::Place(place), Part::Value(x)]);
                self.apply(effect, |this, out| {
                    this.extract_place(place, out);
                    this.extract(x, out);
                })
            }
            StmtKind::OpAssign(_, place, x) => {
                let effect = self.scan_list([Part::Update(place), Part::Value(x)]);
                self.apply(effect, |this, out| {
                    this.extract_place(place, out);
                    this.extract(x, out);
                })
            }
            StmtKind::AssignMany(pairs) => {
                let mut acc = Effect::default();
                self.needed = false;
                for place in pairs.iter_mut().filter_map(|(place, _)| place.as_mut()) {
                    self.scan_part(Part::Place(place), &mut acc);
                }
                for (_, x) in pairs.iter_mut() {
                    self.scan_part(Part::Value(x), &mut acc);
                }
                let needed = self.needed;
                self.apply(needed, |this, out| {
                    for place in pairs.iter_mut().filter_map(|(place, _)| place.as_mut()) {
                        this.extract_place(place, out);
                    }
                    for (_, x) in pairs.iter_mut() {
                        this.extract(x, out);
                    }
                })
            }
            StmtKind::AssignTuple(places, x) => {
                let mut acc = Effect::default();
                self.needed = false;
                for place in places.iter_mut().flatten() {
                    self.scan_part(Part::Place(place), &mut acc);
                }
                self.scan_part(Part::Value(x), &mut acc);
                if !self.needed {
                    return Vec::new();
                }
                let mut out = Vec::new();
                for place in places.iter_mut().flatten() {
                    self.extract_place(place, &mut out);
                }
                self.extract_parts(x, &mut out);
                // The places are determined after the call.
                let span = s.span;
                let mut temps = Vec::new();
                let mut pairs = Vec::new();
                for place in places.drain(..) {
                    match place {
                        Some(place) => {
                            let temp = self.temp(place.ty, span);
                            temps.push(Some(temp));
                            let value = expr(ExprKind::Local(temp), place.ty, span);
                            pairs.push((Some(place), value));
                        }
                        None => temps.push(None),
                    }
                }
                let value = std::mem::replace(x, expr(ExprKind::Zero, TypeId::EMPTY_TUPLE, span));
                out.push(stmt(StmtKind::DeclTuple(temps, value), span));
                s.kind = StmtKind::AssignMany(pairs);
                out
            }
            StmtKind::Return(values) => match &mut values[..] {
                [] => Vec::new(),
                [one] => self.root(one),
                _ => {
                    let mut acc = Effect::default();
                    self.needed = false;
                    for x in values.iter_mut() {
                        self.scan_part(Part::Value(x), &mut acc);
                    }
                    let needed = self.needed;
                    self.apply(needed, |this, out| {
                        for x in values.iter_mut() {
                            this.extract(x, out);
                        }
                    })
                }
            },
            StmtKind::Send(ch, x) => {
                let effect = self.scan_list([Part::Value(ch), Part::Value(x)]);
                self.apply(effect, |this, out| {
                    this.extract(ch, out);
                    this.extract(x, out);
                })
            }
            StmtKind::Block(stmts) | StmtKind::Breakable(_, stmts) => {
                self.block(stmts);
                Vec::new()
            }
            StmtKind::If(cond, then, els) => {
                self.block(then);
                self.block(els);
                self.root(cond)
            }
            StmtKind::Loop { cond, body, post, .. } => {
                if let Some(cond) = cond {
                    self.inside(cond);
                }
                self.block(body);
                self.block(post);
                Vec::new()
            }
            StmtKind::Switch { tag, arms, .. } => {
                for arm in arms {
                    self.block(&mut arm.body);
                }
                self.root(tag)
            }
            StmtKind::Select { cases, default, .. } => {
                for case in cases {
                    match &mut case.comm {
                        SelectComm::Send(ch, x) => {
                            self.inside(ch);
                            self.inside(x);
                        }
                        SelectComm::Recv { chan, .. } => self.inside(chan),
                    }
                    self.block(&mut case.body);
                }
                if let Some(body) = default {
                    self.block(body);
                }
                Vec::new()
            }
        }
    }

    fn apply(&mut self, needed: bool, extract: impl FnOnce(&mut Self, &mut Vec<Stmt>)) -> Vec<Stmt> {
        let mut out = Vec::new();
        if needed {
            extract(self, &mut out);
        }
        out
    }

    /// Orders the only expression of a statement; its own value needs no temporary.
    fn root(&mut self, x: &mut Expr) -> Vec<Stmt> {
        self.needed = false;
        self.scan(x);
        let needed = self.needed;
        self.apply(needed, |this, out| this.extract_parts(x, out))
    }

    /// Orders an expression that nothing can be put in front of.
    fn inside(&mut self, x: &mut Expr) {
        let needed = self.needed;
        let before = self.root(x);
        self.needed = needed;
        if !before.is_empty() {
            let (ty, span) = (x.ty, x.span);
            let value = std::mem::replace(x, expr(ExprKind::Zero, ty, span));
            *x = expr(ExprKind::Seq(before, Box::new(value)), ty, span);
        }
    }

    fn scan_list<'e, const N: usize>(&mut self, parts: [Part<'e>; N]) -> bool {
        let mut acc = Effect::default();
        self.needed = false;
        for part in parts {
            self.scan_part(part, &mut acc);
        }
        self.needed
    }

    fn scan_part(&mut self, part: Part<'_>, acc: &mut Effect) {
        let effect = match part {
            Part::Value(x) => self.scan(x),
            Part::Place(x) => self.scan_place(x),
            Part::Update(x) => {
                let effect = self.scan_place(x);
                Effect { reads: effect.reads || self.is_memory(x), ..effect }
            }
        };
        self.join(acc, effect);
    }

    fn join(&mut self, acc: &mut Effect, next: Effect) {
        if acc.reads && next.calls {
            self.needed = true;
        }
        acc.reads |= next.reads;
        acc.calls |= next.calls;
    }

    /// Whether reading a place reads memory that a call can change.
    fn is_memory(&self, x: &Expr) -> bool {
        match &x.kind {
            ExprKind::Local(id) => self.locals[id.index()].storage == Storage::Boxed,
            ExprKind::Global(_) | ExprKind::Deref(_) => true,
            ExprKind::Field(base, _) => self.is_memory(base),
            ExprKind::Index(base, _) => {
                !matches!(self.types.under_type(base.ty), Type::Array { .. }) || self.is_memory(base)
            }
            _ => false,
        }
    }

    /// The operands of a place, not the place itself.
    fn scan_place(&mut self, x: &mut Expr) -> Effect {
        let mut acc = Effect::default();
        match &mut x.kind {
            ExprKind::Local(_) | ExprKind::Global(_) => {}
            ExprKind::Field(base, _) => return self.scan_place(base),
            ExprKind::Index(base, index) => {
                let effect = if matches!(self.types.under_type(base.ty), Type::Array { .. }) {
                    self.scan_place(base)
                } else {
                    self.scan(base)
                };
                self.join(&mut acc, effect);
                let effect = self.scan(index);
                self.join(&mut acc, effect);
            }
            ExprKind::MapIndex { map, key, .. } => {
                let effect = self.scan(map);
                self.join(&mut acc, effect);
                let effect = self.scan(key);
                self.join(&mut acc, effect);
            }
            ExprKind::Deref(p) => return self.scan(p),
            _ => return self.scan(x),
        }
        acc
    }

    /// Whether gc computes this kind of node where it stands, rather than at the end of the statement.
    fn is_computed(&self, x: &Expr) -> bool {
        match &x.kind {
            ExprKind::Call(..)
            | ExprKind::Recv(..)
            | ExprKind::Append(..)
            | ExprKind::AppendSlice(..)
            | ExprKind::Copy(..)
            | ExprKind::Slice { .. }
            | ExprKind::MinMax(..)
            | ExprKind::MakeSlice(..)
            | ExprKind::MakeMap(_)
            | ExprKind::MakeChan(_)
            | ExprKind::MapLit(_)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Len(_)
            | ExprKind::Cap(_)
            | ExprKind::Complex(..)
            | ExprKind::Real(_)
            | ExprKind::Imag(_)
            | ExprKind::Recover => true,
            ExprKind::TypeAssert { target, .. } => data_word(self.types, *target) != DataWord::Pointer,
            ExprKind::Convert(kind, _) => matches!(kind, ConvKind::StringToBytes | ConvKind::StringToRunes),
            _ => false,
        }
    }

    fn scan(&mut self, x: &mut Expr) -> Effect {
        let mut acc = Effect::default();
        match &mut x.kind {
            ExprKind::Local(id) => {
                acc.reads = self.locals[id.index()].storage == Storage::Boxed;
            }
            ExprKind::Global(_) => acc.reads = true,
            ExprKind::AddrOf(place) => return self.scan_place(place),
            ExprKind::And(a, b) | ExprKind::Or(a, b) => {
                // The right operand is taken care of by itself.
                self.inside(b);
                let left = self.scan(a);
                let needed = self.needed;
                let right = self.scan(b);
                self.needed = needed;
                acc.calls = left.calls || right.calls;
            }
            ExprKind::MapLit(pairs) => {
                // Entries are made one after the other.
                for (k, v) in pairs {
                    for part in [k, v] {
                        self.inside(part);
                        let needed = self.needed;
                        acc.calls |= self.scan(part).calls;
                        self.needed = needed;
                    }
                }
            }
            ExprKind::Seq(stmts, value) => {
                self.block_inside(stmts);
                acc.calls = true;
                let effect = self.scan(value);
                self.join(&mut acc, effect);
            }
            ExprKind::LetTuple(_, value, body) => {
                let effect = self.scan(value);
                self.join(&mut acc, effect);
                acc.calls = true;
                let effect = self.scan(body);
                self.join(&mut acc, effect);
            }
            _ => {
                let mut effects = Vec::new();
                parts(x, &mut |part| effects.push(self.scan(part)));
                for effect in effects {
                    self.join(&mut acc, effect);
                }
                match &x.kind {
                    ExprKind::Call(..) | ExprKind::Recv(..) => acc.calls = true,
                    ExprKind::Deref(_) => acc.reads = true,
                    ExprKind::Index(base, _) if !matches!(self.types.under_type(base.ty), Type::Array { .. }) => {
                        acc.reads = true;
                    }
                    _ => {}
                }
            }
        }
        if self.is_computed(x) {
            acc.reads = false;
        }
        acc
    }

    fn block_inside(&mut self, stmts: &mut Vec<Stmt>) {
        let needed = self.needed;
        self.block(stmts);
        self.needed = needed;
    }

    fn temp(&mut self, ty: TypeId, span: crate::source::Span) -> LocalId {
        self.locals.push(Local { name: crate::intern::sym::EMPTY, ty, storage: Storage::Register, span });
        LocalId(self.locals.len() as u32 - 1)
    }

    /// Moves what is computed in place to the front, in order.
    fn extract(&mut self, x: &mut Expr, out: &mut Vec<Stmt>) {
        self.extract_parts(x, out);
        if self.is_computed(x) && !matches!(self.types.get(x.ty), Type::Tuple(_)) {
            let (ty, span) = (x.ty, x.span);
            let temp = self.temp(ty, span);
            let value = std::mem::replace(x, expr(ExprKind::Local(temp), ty, span));
            out.push(stmt(StmtKind::Decl(temp, Some(value)), span));
        }
    }

    fn extract_parts(&mut self, x: &mut Expr, out: &mut Vec<Stmt>) {
        match &mut x.kind {
            ExprKind::AddrOf(place) => self.extract_place(place, out),
            ExprKind::And(a, _) | ExprKind::Or(a, _) => self.extract(a, out),
            ExprKind::Seq(stmts, value) => {
                out.append(stmts);
                let value = std::mem::replace(&mut **value, expr(ExprKind::Zero, x.ty, x.span));
                *x = value;
                self.extract_parts(x, out);
            }
            ExprKind::LetTuple(locals, value, body) => {
                self.extract_parts(value, out);
                let span = x.span;
                let locals = locals.iter().map(|&local| Some(local)).collect();
                let value = std::mem::replace(&mut **value, expr(ExprKind::Zero, TypeId::EMPTY_TUPLE, span));
                out.push(stmt(StmtKind::DeclTuple(locals, value), span));
                let body = std::mem::replace(&mut **body, expr(ExprKind::Zero, x.ty, span));
                *x = body;
                self.extract_parts(x, out);
            }
            _ => parts(x, &mut |part| self.extract(part, out)),
        }
    }

    fn extract_place(&mut self, x: &mut Expr, out: &mut Vec<Stmt>) {
        match &mut x.kind {
            ExprKind::Local(_) | ExprKind::Global(_) => {}
            ExprKind::Field(base, _) => self.extract_place(base, out),
            ExprKind::Index(base, index) => {
                if matches!(self.types.under_type(base.ty), Type::Array { .. }) {
                    self.extract_place(base, out);
                } else {
                    self.extract(base, out);
                }
                self.extract(index, out);
            }
            ExprKind::MapIndex { map, key, .. } => {
                self.extract(map, out);
                self.extract(key, out);
            }
            ExprKind::Deref(p) => self.extract(p, out),
            _ => self.extract(x, out),
        }
    }
}

/// An expression of a statement.
enum Part<'a> {
    Value(&'a mut Expr),
    /// Assigned to.
    Place(&'a mut Expr),
    /// Read, then assigned to.
    Update(&'a mut Expr),
}

/// The operands of a node in order of evaluation. Nodes with parts of their own rules have been dealt with.
fn parts(x: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    match &mut x.kind {
        ExprKind::Const(_)
        | ExprKind::Zero
        | ExprKind::Local(_)
        | ExprKind::Global(_)
        | ExprKind::FuncValue(_)
        | ExprKind::Closure(..)
        | ExprKind::Recover
        | ExprKind::MapIterNext(_)
        | ExprKind::MapIterKey(_)
        | ExprKind::MapIterValue(_)
        | ExprKind::DeferToken
        | ExprKind::Seq(..)
        | ExprKind::LetTuple(..)
        | ExprKind::MapLit(_)
        | ExprKind::And(..)
        | ExprKind::Or(..) => {}
        ExprKind::Unary(_, a)
        | ExprKind::IsNil(_, a)
        | ExprKind::Convert(_, a)
        | ExprKind::Retype(a)
        | ExprKind::ToInterface(a)
        | ExprKind::InterfaceToInterface(a)
        | ExprKind::TypeAssert { x: a, .. }
        | ExprKind::TypeTest(a, _)
        | ExprKind::Field(a, _)
        | ExprKind::Deref(a)
        | ExprKind::AddrOf(a)
        | ExprKind::New(a)
        | ExprKind::Recv(a, _)
        | ExprKind::Len(a)
        | ExprKind::Cap(a)
        | ExprKind::Clear(a)
        | ExprKind::Close(a)
        | ExprKind::Real(a)
        | ExprKind::Imag(a)
        | ExprKind::Panic(a)
        | ExprKind::MapIter(a)
        | ExprKind::UnsafeData(a) => f(a),
        ExprKind::Binary(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Index(a, b)
        | ExprKind::MapIndex { map: a, key: b, .. }
        | ExprKind::AppendSlice(a, b)
        | ExprKind::Copy(a, b)
        | ExprKind::Delete(a, b)
        | ExprKind::Complex(a, b)
        | ExprKind::DecodeRune(a, b)
        | ExprKind::UnsafeAdd(a, b)
        | ExprKind::UnsafeSlice(a, b)
        | ExprKind::UnsafeString(a, b) => {
            f(a);
            f(b);
        }
        ExprKind::Concat(list) | ExprKind::MinMax(_, list) | ExprKind::Print(_, list) => list.iter_mut().for_each(f),
        ExprKind::Slice { x, lo, hi, max } => {
            f(x);
            for part in [lo, hi, max].into_iter().flatten() {
                f(part);
            }
        }
        ExprKind::StructLit(fields) => fields.iter_mut().for_each(|(_, x)| f(x)),
        ExprKind::ArrayLit(elems) | ExprKind::SliceLit(_, elems) => elems.iter_mut().for_each(|(_, x)| f(x)),
        ExprKind::Call(callee, args) => {
            match callee {
                Callee::Static(_) => {}
                Callee::Value(g) => f(g),
                Callee::Interface(recv, _) => f(recv),
            }
            args.iter_mut().for_each(f);
        }
        ExprKind::MakeSlice(len, cap) => {
            f(len);
            if let Some(cap) = cap {
                f(cap);
            }
        }
        ExprKind::MakeMap(n) | ExprKind::MakeChan(n) => {
            if let Some(n) = n {
                f(n);
            }
        }
        ExprKind::Append(s, values) => {
            f(s);
            values.iter_mut().for_each(f);
        }
    }
}
