//! Checks that a typed program keeps its promises: types of operands, jump targets, storage of what is addressed or captured.
//!
//! For tests and debugging; a program that passed is what `vm` may rely on.

use std::collections::HashSet;

use super::*;
use crate::types::{BasicKind, ChanDir, Signature};

/// What is wrong with a program, one line each.
pub fn verify(program: &Program) -> Vec<String> {
    let mut found = Vec::new();
    for func in &program.funcs {
        let mut v = Verify {
            program,
            func,
            labels: HashSet::new(),
            gotos: HashSet::new(),
            open: Vec::new(),
            found: &mut found,
        };
        v.function();
    }
    found
}

struct Verify<'a> {
    program: &'a Program,
    func: &'a Func,
    labels: HashSet<LabelId>,
    gotos: HashSet<LabelId>,
    /// Labels that can be left, and whether they are loops.
    open: Vec<(LabelId, bool)>,
    found: &'a mut Vec<String>,
}

impl Verify<'_> {
    fn wrong(&mut self, what: impl Into<String>) {
        if self.found.len() < 1000 {
            self.found.push(format!("{}: {}", self.func.name, what.into()));
        }
    }

    fn types(&self) -> &Types {
        &self.program.types
    }

    fn same(&mut self, what: &str, want: TypeId, found: TypeId) {
        if want != found {
            let text = format!("{what}: {:?} wanted, {:?} found", self.show(want), self.show(found));
            self.wrong(text);
        }
    }

    fn show(&self, t: TypeId) -> String {
        format!("{t:?} {:?}", self.types().get(t))
    }

    fn canonical(&self, t: TypeId) -> TypeId {
        self.types().canonical(t)
    }

    fn concrete(&mut self, what: &str, t: TypeId) {
        let bad = match self.types().get(t) {
            Type::Basic(kind) => kind.is_untyped() || kind == BasicKind::Invalid,
            Type::TypeParam(_) | Type::Alias(_) | Type::Union(_) => true,
            _ => self.canonical(t) != t,
        };
        if bad {
            let text = format!("{what} has type {}", self.show(t));
            self.wrong(text);
        }
    }

    fn local_type(&mut self, id: LocalId) -> TypeId {
        match self.func.locals.get(id.index()) {
            Some(local) => local.ty,
            None => {
                self.wrong(format!("no local {}", id.0));
                TypeId::INVALID
            }
        }
    }

    fn function(&mut self) {
        for local in &self.func.locals {
            self.concrete("a local", local.ty);
        }
        if let Body::Script(stmts) = &self.func.body {
            self.block(stmts);
        }
        for label in self.gotos.difference(&self.labels.clone()) {
            self.found.push(format!("{}: goto L{} leads nowhere", self.func.name, label.0));
        }
        for (i, &p) in self.func.params.iter().enumerate() {
            if p.index() != i {
                self.wrong("parameters are not the first locals");
            }
        }
    }

    fn block(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn left(&mut self, label: LabelId, stmts: &[Stmt]) {
        self.open.push((label, false));
        self.block(stmts);
        self.open.pop();
    }

    fn place(&mut self, x: &Expr) {
        let fine = match &x.kind {
            ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Deref(_) => true,
            ExprKind::MapIndex { comma_ok, .. } => !comma_ok,
            ExprKind::Field(base, _) => self.is_place(base),
            ExprKind::Index(base, _) => self.is_slice(base.ty) || self.is_place(base),
            _ => false,
        };
        if !fine {
            self.wrong("assignment to something that is no place");
        }
        self.expr(x);
    }

    fn is_slice(&self, t: TypeId) -> bool {
        matches!(self.types().under_type(t), Type::Slice(_))
    }

    fn is_place(&self, x: &Expr) -> bool {
        match &x.kind {
            ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Deref(_) => true,
            ExprKind::Field(base, _) => self.is_place(base),
            ExprKind::Index(base, _) => self.is_slice(base.ty) || self.is_place(base),
            _ => false,
        }
    }

    fn addressable(&mut self, x: &Expr) {
        match &x.kind {
            ExprKind::Local(id) => {
                if self.func.locals.get(id.index()).is_some_and(|l| l.storage != Storage::Boxed) {
                    self.wrong("address of a variable in registers");
                }
            }
            ExprKind::Global(_) | ExprKind::Deref(_) => {}
            ExprKind::Field(base, _) => self.addressable(base),
            ExprKind::Index(base, _) if self.is_slice(base.ty) => {}
            ExprKind::Index(base, _) => self.addressable(base),
            _ => self.wrong("address of something that is no place"),
        }
    }

    fn parts(&self, t: TypeId) -> Vec<TypeId> {
        match self.types().get(t) {
            Type::Tuple(params) => params.iter().map(|p| p.ty).collect(),
            _ => vec![t],
        }
    }

    fn boolean(&mut self, x: &Expr) {
        if !self.types().is_boolean(x.ty) {
            let text = format!("a condition has type {}", self.show(x.ty));
            self.wrong(text);
        }
        self.expr(x);
    }

    fn thunk(&mut self, x: &Expr) {
        match self.types().under_type(x.ty) {
            Type::Signature(sig) if sig.params.is_empty() && sig.results.is_empty() => {}
            _ => self.wrong("go or defer of something that is no thunk"),
        }
        self.expr(x);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Expr(x) => self.expr(x),
            StmtKind::Decl(id, value) => {
                let ty = self.local_type(*id);
                if let Some(x) = value {
                    self.same("declaration", ty, x.ty);
                    self.expr(x);
                }
            }
            StmtKind::DeclTuple(ids, x) => {
                let parts = self.parts(x.ty);
                if parts.len() != ids.len() {
                    self.wrong("declaration of another number of variables");
                }
                for (id, part) in ids.iter().zip(parts) {
                    if let Some(id) = id {
                        let ty = self.local_type(*id);
                        self.same("declaration of several", ty, part);
                    }
                }
                self.expr(x);
            }
            StmtKind::Assign(place, x) => {
                self.same("assignment", place.ty, x.ty);
                self.place(place);
                self.expr(x);
            }
            StmtKind::AssignTuple(places, x) => {
                let parts = self.parts(x.ty);
                if parts.len() != places.len() {
                    self.wrong("assignment to another number of places");
                }
                for (place, part) in places.iter().zip(parts) {
                    if let Some(place) = place {
                        self.same("assignment of several", place.ty, part);
                        self.place(place);
                    }
                }
                self.expr(x);
            }
            StmtKind::AssignMany(pairs) => {
                for (place, x) in pairs {
                    if let Some(place) = place {
                        self.same("parallel assignment", place.ty, x.ty);
                        self.place(place);
                    }
                    self.expr(x);
                }
            }
            StmtKind::OpAssign(op, place, x) => {
                if !matches!(op, BinOp::Shl | BinOp::Shr) {
                    self.same("op=", place.ty, x.ty);
                }
                if let ExprKind::MapIndex { .. } = place.kind {
                    self.wrong("op= on a map element");
                }
                self.place(place);
                self.expr(x);
            }
            StmtKind::Block(stmts) => self.block(stmts),
            StmtKind::If(cond, then, els) => {
                self.boolean(cond);
                self.block(then);
                self.block(els);
            }
            StmtKind::Loop { label, cond, body, post } => {
                if let Some(cond) = cond {
                    self.boolean(cond);
                }
                self.open.push((*label, true));
                self.block(body);
                self.open.pop();
                self.block(post);
            }
            StmtKind::Breakable(label, stmts) => self.left(*label, stmts),
            StmtKind::Break(label) => {
                if !self.open.iter().any(|(l, _)| l == label) {
                    self.wrong(format!("break out of L{}, which is not around", label.0));
                }
            }
            StmtKind::Continue(label) => {
                if !self.open.iter().any(|(l, is_loop)| l == label && *is_loop) {
                    self.wrong(format!("continue of L{}, which is no loop around", label.0));
                }
            }
            StmtKind::Goto(label) => {
                self.gotos.insert(*label);
            }
            StmtKind::Label(label) => {
                if !self.labels.insert(*label) {
                    self.wrong(format!("label L{} twice", label.0));
                }
            }
            StmtKind::Switch { label, tag, arms, .. } => {
                self.expr(tag);
                self.open.push((*label, false));
                for arm in arms {
                    self.block(&arm.body);
                }
                self.open.pop();
            }
            StmtKind::Select { label, cases, default } => {
                self.open.push((*label, false));
                for case in cases {
                    match &case.comm {
                        SelectComm::Send(ch, x) => {
                            self.chan("select", ch, Some(x.ty));
                            self.expr(x);
                        }
                        SelectComm::Recv { chan, value, ok } => {
                            let want = value.map(|id| self.local_type(id));
                            self.chan("select", chan, want);
                            if let Some(id) = ok {
                                let ty = self.local_type(*id);
                                self.same("select ok", TypeId::BOOL, ty);
                            }
                        }
                    }
                    self.block(&case.body);
                }
                if let Some(body) = default {
                    self.block(body);
                }
                self.open.pop();
            }
            StmtKind::Send(ch, x) => {
                self.chan("send", ch, Some(x.ty));
                self.expr(x);
            }
            StmtKind::Go(x) | StmtKind::Defer(x) => self.thunk(x),
            StmtKind::DeferAt(token, x) => {
                self.expr(token);
                self.thunk(x);
            }
            StmtKind::Return(values) => {
                let wants: Vec<TypeId> = self.func.results.iter().map(|r| self.func.locals[r.index()].ty).collect();
                let found: Vec<TypeId> = match &values[..] {
                    [one] => self.parts(one.ty),
                    _ => values.iter().map(|x| x.ty).collect(),
                };
                if !values.is_empty() && wants != found {
                    let text = format!("return of {found:?} for {wants:?}");
                    self.wrong(text);
                }
                for x in values {
                    self.expr(x);
                }
            }
        }
    }

    fn chan(&mut self, what: &str, ch: &Expr, elem: Option<TypeId>) {
        match self.types().under_type(ch.ty) {
            Type::Chan { elem: e, .. } => {
                if let Some(elem) = elem {
                    let e = self.canonical(e);
                    self.same(what, e, elem);
                }
            }
            _ => self.wrong(format!("{what} on no channel")),
        }
        self.expr(ch);
    }

    fn signature_of(&self, func: &Func) -> (Vec<TypeId>, Vec<TypeId>) {
        let ty = |id: &LocalId| func.locals.get(id.index()).map_or(TypeId::INVALID, |l| l.ty);
        (func.params.iter().map(ty).collect(), func.results.iter().map(ty).collect())
    }

    fn call(&mut self, what: &str, params: &[TypeId], results: &[TypeId], args: &[Expr], ty: TypeId) {
        let found: Vec<TypeId> = args.iter().map(|a| a.ty).collect();
        if params != found {
            let text = format!(
                "call of {what}: arguments {:?} for {:?}",
                found.iter().map(|&t| self.show(t)).collect::<Vec<_>>(),
                params.iter().map(|&t| self.show(t)).collect::<Vec<_>>()
            );
            self.wrong(text);
        }
        let given = match results {
            [] => TypeId::EMPTY_TUPLE,
            [one] => *one,
            _ => self.canonical(self.types().tuple_of(results)),
        };
        self.same(&format!("result of {what}"), given, ty);
    }

    fn plain(&self, sig: &Signature) -> (Vec<TypeId>, Vec<TypeId>) {
        let list = |ps: &[crate::types::Param]| ps.iter().map(|p| self.canonical(p.ty)).collect();
        (list(&sig.params), list(&sig.results))
    }

    fn elem(&self, t: TypeId) -> Option<TypeId> {
        match self.types().under_type(t) {
            Type::Array { elem, .. } | Type::Slice(elem) => Some(self.canonical(elem)),
            Type::Basic(kind) if kind.is_string() => Some(TypeId::UINT8),
            _ => None,
        }
    }

    fn interface(&mut self, what: &str, t: TypeId, want: bool) {
        if self.types().is_interface(t) != want {
            let text = format!("{what} with type {}", self.show(t));
            self.wrong(text);
        }
    }

    fn integer(&mut self, what: &str, x: &Expr) {
        if !self.types().is_integer(x.ty) {
            let text = format!("{what} has type {}", self.show(x.ty));
            self.wrong(text);
        }
        self.expr(x);
    }

    fn exprs(&mut self, list: &[Expr]) {
        for x in list {
            self.expr(x);
        }
    }

    fn expr(&mut self, x: &Expr) {
        if x.ty != TypeId::EMPTY_TUPLE {
            self.concrete("an expression", x.ty);
        }
        match &x.kind {
            ExprKind::Const(c) => {
                let fits = self.types().basic(x.ty).is_some_and(|k| match c {
                    Const::Bool(_) => k.is_boolean(),
                    Const::Int(_) => k.is_integer() || k == BasicKind::UnsafePointer,
                    Const::Float(_) => k.is_float(),
                    Const::Complex(..) => k.is_complex(),
                    Const::Str(_) => k.is_string(),
                });
                if !fits {
                    let text = format!("constant {c:?} of type {}", self.show(x.ty));
                    self.wrong(text);
                }
            }
            ExprKind::Zero | ExprKind::Recover | ExprKind::DeferToken => {}
            ExprKind::Local(id) => {
                let ty = self.local_type(*id);
                self.same("variable", ty, x.ty);
            }
            ExprKind::Global(id) => {
                let ty = self.program.globals[id.index()].ty;
                self.same("global", ty, x.ty);
            }
            ExprKind::FuncValue(id) | ExprKind::Closure(id, _) => {
                let func = &self.program.funcs[id.index()];
                match self.types().under_type(x.ty) {
                    Type::Signature(sig) => {
                        let (want, found) = (self.plain(&sig), self.signature_of(func));
                        if want != found {
                            let text = format!("func value of {}: {found:?} for {want:?}", func.name);
                            self.wrong(text);
                        }
                    }
                    _ => self.wrong("func value without function type"),
                }
                if let ExprKind::Closure(_, captured) = &x.kind {
                    if captured.len() != func.captures.len() {
                        self.wrong("closure captures another number of variables");
                    }
                    for (outer, inner) in captured.iter().zip(&func.captures) {
                        let (Some(a), Some(b)) = (self.func.locals.get(outer.index()), func.locals.get(inner.index()))
                        else {
                            self.wrong("closure captures nothing");
                            continue;
                        };
                        if a.ty != b.ty || a.storage != b.storage {
                            self.wrong("captured variable differs inside");
                        }
                    }
                } else if !func.captures.is_empty() {
                    self.wrong("func value of a closure");
                }
            }
            ExprKind::Unary(_, a) => {
                self.same("unary operator", x.ty, a.ty);
                self.expr(a);
            }
            ExprKind::Binary(op, a, b) => {
                self.same("left operand", x.ty, a.ty);
                if matches!(op, BinOp::Shl | BinOp::Shr) {
                    self.integer("shift count", b);
                } else {
                    self.same("right operand", x.ty, b.ty);
                    self.expr(b);
                }
                self.expr(a);
            }
            ExprKind::Compare(_, a, b) => {
                self.same("comparison", a.ty, b.ty);
                if !self.types().is_boolean(x.ty) {
                    self.wrong("comparison without boolean type");
                }
                self.expr(a);
                self.expr(b);
            }
            ExprKind::IsNil(_, a) => self.expr(a),
            ExprKind::And(a, b) | ExprKind::Or(a, b) => {
                self.boolean(a);
                self.boolean(b);
            }
            ExprKind::Concat(list) | ExprKind::MinMax(_, list) => {
                for a in list {
                    self.same("operand", x.ty, a.ty);
                    self.expr(a);
                }
            }
            ExprKind::Convert(_, a) | ExprKind::Retype(a) => self.expr(a),
            ExprKind::ToInterface(a) => {
                self.interface("conversion to interface", x.ty, true);
                self.interface("conversion to interface of an interface", a.ty, false);
                self.expr(a);
            }
            ExprKind::InterfaceToInterface(a) => {
                self.interface("interface conversion", x.ty, true);
                self.interface("interface conversion", a.ty, true);
                self.expr(a);
            }
            ExprKind::TypeAssert { x: a, target, comma_ok } => {
                self.interface("assertion", a.ty, true);
                let found = self.parts(x.ty)[0];
                self.same("assertion", *target, found);
                if *comma_ok != matches!(self.types().get(x.ty), Type::Tuple(_)) {
                    self.wrong("assertion with the wrong number of values");
                }
                self.expr(a);
            }
            ExprKind::TypeTest(a, _) => {
                self.interface("type test", a.ty, true);
                self.expr(a);
            }
            ExprKind::Field(a, index) => {
                let field = match self.types().under_type(a.ty) {
                    Type::Struct(s) => s.fields.get(*index as usize).map(|f| f.ty),
                    _ => None,
                };
                match field {
                    Some(ty) => {
                        let ty = self.canonical(ty);
                        self.same("field", ty, x.ty);
                    }
                    None => self.wrong("field of no struct"),
                }
                self.expr(a);
            }
            ExprKind::Index(a, i) => {
                match self.elem(a.ty) {
                    Some(elem) => self.same("element", elem, x.ty),
                    None => self.wrong("index of something without elements"),
                }
                self.integer("index", i);
                self.expr(a);
            }
            ExprKind::MapIndex { map, key, .. } => {
                match self.types().under_type(map.ty) {
                    Type::Map { key: k, elem } => {
                        let (k, elem) = (self.canonical(k), self.canonical(elem));
                        self.same("map key", k, key.ty);
                        let found = self.parts(x.ty)[0];
                        self.same("map element", elem, found);
                    }
                    _ => self.wrong("map index of no map"),
                }
                self.expr(map);
                self.expr(key);
            }
            ExprKind::Slice { x: a, lo, hi, max } => {
                let fine = match self.types().under_type(a.ty) {
                    Type::Slice(_) | Type::Pointer(_) => true,
                    Type::Basic(kind) => kind.is_string(),
                    _ => false,
                };
                if !fine {
                    self.wrong("slice of something else");
                }
                self.expr(a);
                for part in [lo, hi, max].into_iter().flatten() {
                    self.integer("slice bound", part);
                }
            }
            ExprKind::Deref(a) => {
                match self.types().under_type(a.ty) {
                    Type::Pointer(elem) => {
                        let elem = self.canonical(elem);
                        self.same("dereference", elem, x.ty);
                    }
                    _ => self.wrong("dereference of no pointer"),
                }
                self.expr(a);
            }
            ExprKind::AddrOf(a) | ExprKind::New(a) => {
                match self.types().under_type(x.ty) {
                    Type::Pointer(elem) => {
                        let elem = self.canonical(elem);
                        self.same("address", elem, a.ty);
                    }
                    _ => self.wrong("address without pointer type"),
                }
                if let ExprKind::AddrOf(_) = x.kind {
                    self.addressable(a);
                }
                self.expr(a);
            }
            ExprKind::StructLit(fields) => {
                let Type::Struct(s) = self.types().under_type(x.ty) else {
                    self.wrong("struct literal of no struct");
                    return;
                };
                for (i, value) in fields {
                    match s.fields.get(*i as usize) {
                        Some(field) => {
                            let ty = self.canonical(field.ty);
                            self.same("field of a literal", ty, value.ty);
                        }
                        None => self.wrong("literal has no such field"),
                    }
                    self.expr(value);
                }
            }
            ExprKind::ArrayLit(elems) | ExprKind::SliceLit(_, elems) => {
                let elem = self.elem(x.ty).unwrap_or(TypeId::INVALID);
                for (_, value) in elems {
                    self.same("element of a literal", elem, value.ty);
                    self.expr(value);
                }
            }
            ExprKind::MapLit(pairs) => {
                let Type::Map { key, elem } = self.types().under_type(x.ty) else {
                    self.wrong("map literal of no map");
                    return;
                };
                let (key, elem) = (self.canonical(key), self.canonical(elem));
                for (k, v) in pairs {
                    self.same("key of a literal", key, k.ty);
                    self.same("value of a literal", elem, v.ty);
                    self.expr(k);
                    self.expr(v);
                }
            }
            ExprKind::Call(callee, args) => {
                match callee {
                    Callee::Static(id) => {
                        let func = &self.program.funcs[id.index()];
                        let (params, results) = self.signature_of(func);
                        self.call(&func.name, &params, &results, args, x.ty);
                        if !func.captures.is_empty() {
                            self.wrong("static call of a closure");
                        }
                    }
                    Callee::Value(f) => {
                        match self.types().under_type(f.ty) {
                            Type::Signature(sig) => {
                                let (params, results) = self.plain(&sig);
                                self.call("a func value", &params, &results, args, x.ty);
                            }
                            _ => self.wrong("call of no function"),
                        }
                        self.expr(f);
                    }
                    Callee::Interface(recv, index) => {
                        let iface = self.canonical(self.types().under(recv.ty));
                        match self.types().type_set(iface).methods.get(*index as usize) {
                            Some(method) => {
                                if let Some(sig) = self.types().as_signature(method.sig) {
                                    let (params, results) = self.plain(&sig);
                                    self.call("an interface method", &params, &results, args, x.ty);
                                }
                            }
                            None => self.wrong("no such interface method"),
                        }
                        self.expr(recv);
                    }
                }
                self.exprs(args);
            }
            ExprKind::LetTuple(ids, value, body) => {
                let parts = self.parts(value.ty);
                if parts.len() != ids.len() {
                    self.wrong("let of another number of values");
                }
                for (id, part) in ids.iter().zip(parts) {
                    let ty = self.local_type(*id);
                    self.same("let", ty, part);
                }
                self.same("let", body.ty, x.ty);
                self.expr(value);
                self.expr(body);
            }
            ExprKind::Seq(stmts, value) => {
                self.same("sequence", value.ty, x.ty);
                self.block(stmts);
                self.expr(value);
            }
            ExprKind::Recv(ch, _) => {
                let elem = self.parts(x.ty)[0];
                if matches!(self.types().under_type(ch.ty), Type::Chan { dir: ChanDir::Send, .. }) {
                    self.wrong("receive from a send-only channel");
                }
                self.chan("receive", ch, Some(elem));
            }
            ExprKind::MakeSlice(len, cap) => {
                self.integer("length", len);
                if let Some(cap) = cap {
                    self.integer("capacity", cap);
                }
            }
            ExprKind::MakeMap(n) | ExprKind::MakeChan(n) => {
                if let Some(n) = n {
                    self.integer("size", n);
                }
            }
            ExprKind::Append(s, values) => {
                self.same("append", x.ty, s.ty);
                let elem = self.elem(s.ty).unwrap_or(TypeId::INVALID);
                for v in values {
                    self.same("appended value", elem, v.ty);
                    self.expr(v);
                }
                self.expr(s);
            }
            ExprKind::AppendSlice(s, t) => {
                self.same("append", x.ty, s.ty);
                let (a, b) = (self.elem(s.ty), self.elem(t.ty));
                if a != b {
                    self.wrong("append of another kind of slice");
                }
                self.expr(s);
                self.expr(t);
            }
            ExprKind::Copy(a, b) => {
                if self.elem(a.ty) != self.elem(b.ty) {
                    self.wrong("copy of another kind of slice");
                }
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Delete(m, k) => {
                match self.types().under_type(m.ty) {
                    Type::Map { key, .. } => {
                        let key = self.canonical(key);
                        self.same("deleted key", key, k.ty);
                    }
                    _ => self.wrong("delete from no map"),
                }
                self.expr(m);
                self.expr(k);
            }
            ExprKind::Len(a) | ExprKind::Cap(a) | ExprKind::Clear(a) | ExprKind::Close(a) | ExprKind::UnsafeData(a) => {
                self.expr(a);
            }
            ExprKind::Panic(a) => {
                self.same("panic", TypeId::EMPTY_INTERFACE, a.ty);
                self.expr(a);
            }
            ExprKind::Print(_, list) => self.exprs(list),
            ExprKind::Real(a) | ExprKind::Imag(a) | ExprKind::MapIter(a) => self.expr(a),
            ExprKind::MapIterNext(id) | ExprKind::MapIterKey(id) | ExprKind::MapIterValue(id) => {
                let ty = self.local_type(*id);
                self.same("map iterator", TypeId::UNSAFE_POINTER, ty);
            }
            ExprKind::DecodeRune(s, i) => {
                self.expr(s);
                self.integer("string index", i);
            }
            ExprKind::Complex(a, b) => {
                self.same("complex", a.ty, b.ty);
                self.expr(a);
                self.expr(b);
            }
            ExprKind::UnsafeAdd(p, n) | ExprKind::UnsafeSlice(p, n) | ExprKind::UnsafeString(p, n) => {
                self.expr(p);
                self.integer("unsafe length", n);
            }
        }
    }
}
