//! Methods: instances, wrappers, bound methods, and the tables that interface values use.
//!
//! As in Go's linker, a method in a table is compiled only if something reachable calls a method of that name through an interface
//! (or asks `reflect` for methods by name).

use std::rc::Rc;

use super::capture::Facts;
use super::function::{FnState, Var, expr, stmt};
use super::generic::Env;
use super::{Key, Lowerer};
use crate::intern::{FastMap, FastSet, sym};
use crate::source::Span;
use crate::typed::{
    Callee, Const, DataWord, Expr, ExprKind, FuncId, LocalId, MethodEntry, MethodTable, Stmt, StmtKind, Storage,
    data_word,
};
use crate::types::lookup::{Lookup, Selected};
use crate::types::{Method, NameId, NamedId, Signature, Type, TypeId};

/// What is known of methods called through interfaces.
#[derive(Default, Clone)]
pub(crate) struct Tables {
    /// Concrete types that can be in interface values, in order of discovery.
    types: Vec<TypeId>,
    known: FastSet<TypeId>,
    /// Types whose tables have been made.
    done: usize,
    /// Methods of types in `types`, by name.
    by_name: FastMap<NameId, Vec<TypeId>>,
    /// Names of methods that some interface in use lists.
    listed: FastSet<NameId>,
    /// Names of methods that are called through an interface.
    called: FastSet<NameId>,
    /// Names new in `listed` or `called` since the tables were last looked at.
    fresh: Vec<NameId>,
    /// Interfaces whose methods are in `listed`.
    interfaces: FastSet<TypeId>,
    /// The entries made: the function is added when the name is called.
    entries: FastMap<TypeId, FastMap<NameId, (TypeId, Option<FuncId>)>>,
    /// Whether any exported method may be called.
    pub(crate) all_exported: bool,
}

impl Lowerer<'_> {
    /// Notes that values of concrete type `t` are put into interfaces.
    pub(crate) fn note_converted(&mut self, t: TypeId) {
        if self.tables.known.insert(t) {
            self.tables.types.push(t);
        }
    }

    /// Notes that interface type `t`, if it is one, is the target of a conversion or assertion.
    pub(crate) fn note_asserted(&mut self, t: TypeId) {
        if !self.types().is_interface(t) {
            self.note_converted(t);
            return;
        }
        if !self.tables.interfaces.insert(t) {
            return;
        }
        let iface = self.canonical(self.types().under(t));
        let set = self.types().type_set(iface);
        for method in &set.methods {
            if self.tables.listed.insert(method.id) {
                self.tables.fresh.push(method.id);
            }
        }
    }

    /// Notes a call of method `name` through an interface.
    pub(crate) fn note_called(&mut self, name: NameId) {
        if self.tables.called.insert(name) {
            self.tables.listed.insert(name);
            self.tables.fresh.push(name);
        }
    }

    /// Extends the tables by what was noted since the last time. Gives whether that asked for new functions.
    pub(crate) fn grow_tables(&mut self) -> bool {
        let before = self.queue.len();
        while self.tables.done < self.tables.types.len() || !self.tables.fresh.is_empty() {
            while self.tables.done < self.tables.types.len() {
                let t = self.tables.types[self.tables.done];
                self.tables.done += 1;
                self.note_parts(t);
                for name in self.method_names(t) {
                    self.tables.by_name.entry(name).or_default().push(t);
                    self.add_entry(t, name);
                }
            }
            for name in std::mem::take(&mut self.tables.fresh) {
                for t in self.tables.by_name.get(&name).cloned().unwrap_or_default() {
                    self.add_entry(t, name);
                }
            }
        }
        self.queue.len() != before
    }

    fn add_entry(&mut self, t: TypeId, name: NameId) {
        let everything = self.tables.all_exported && name.exported();
        if !everything && !self.tables.listed.contains(&name) {
            return;
        }
        if !matches!(self.tables.entries.get(&t).and_then(|e| e.get(&name)), Some((_, Some(_)))) {
            let Some((_, sig)) = self.method_signature(t, name, &none()) else { return };
            let sig = self.canonical(self.types().signature(sig));
            let func =
                if everything || self.tables.called.contains(&name) { self.table_function(t, name) } else { None };
            self.tables.entries.entry(t).or_default().insert(name, (sig, func));
        }
    }

    /// Makes every exported method of types in interfaces reachable.
    pub(crate) fn need_all_methods(&mut self) {
        if !self.tables.all_exported {
            self.tables.all_exported = true;
            let names: Vec<NameId> = self.tables.by_name.keys().copied().collect();
            self.tables.fresh.extend(names);
        }
    }

    /// Looks again at what reflection can reach, which is more than before.
    pub(crate) fn note_all_parts(&mut self) {
        for i in 0..self.tables.done {
            let t = self.tables.types[i];
            self.note_parts(t);
        }
    }

    /// A type whose tables may have been made got methods: makes the tables of all types that may have them anew.
    pub(crate) fn methods_changed(&mut self, named: NamedId) {
        let methods = self.types().named_methods(named);
        for i in 0..self.tables.done {
            let t = self.tables.types[i];
            for name in self.method_names(t) {
                if !methods.iter().any(|m| m.id == name) {
                    continue;
                }
                let types = self.tables.by_name.entry(name).or_default();
                if !types.contains(&t) {
                    types.push(t);
                }
                let Some((_, sig)) = self.method_signature(t, name, &none()) else { continue };
                let sig = self.canonical(self.types().signature(sig));
                if let Some(entries) = self.tables.entries.get_mut(&t)
                    && entries.get(&name).is_some_and(|e| e.0 != sig)
                {
                    entries.remove(&name);
                    self.instances.remove(&Key::Data(t, name));
                    self.instances.remove(&Key::Method(t, name, none()));
                }
                self.add_entry(t, name);
            }
        }
    }

    /// Types that reflection can reach from a value of type `t`.
    fn note_parts(&mut self, t: TypeId) {
        if super::generic::depth(&self.prog.types, &mut self.depths, t) > super::MAX_TYPE_DEPTH {
            return;
        }
        let mut parts = Vec::new();
        match self.under(t) {
            Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => {
                parts.push(e)
            }
            Type::Map { key, elem } => parts.extend([key, elem]),
            Type::Struct(s) => parts.extend(s.fields.iter().map(|f| f.ty)),
            _ => {}
        }
        if self.has_reflect
            && let Type::Named(_) = self.types().get(t)
        {
            parts.push(self.types().pointer(t));
        }
        for part in parts {
            let part = self.canonical(part);
            if !self.types().is_interface(part) {
                self.note_converted(part);
            }
        }
    }

    /// The names of the methods of a concrete type.
    fn method_names(&self, t: TypeId) -> Vec<NameId> {
        let types = self.types();
        let (base, _) = types.deref(t);
        let mut seen: Vec<TypeId> = Vec::new();
        let mut todo = vec![base];
        let mut names: Vec<NameId> = Vec::new();
        while let Some(t) = todo.pop() {
            if seen.contains(&t) {
                continue;
            }
            seen.push(t);
            if let Some(named) = types.as_named(t) {
                names.extend(types.named_methods(named).iter().map(|m| m.id));
            }
            match types.under_type(t) {
                Type::Struct(s) => {
                    let embedded = s.fields.iter().filter(|f| f.embedded);
                    todo.extend(embedded.map(|f| self.canonical(types.deref(f.ty).0)));
                }
                Type::Interface(_) if t != base => {
                    let set = types.type_set(self.canonical(types.under(t)));
                    names.extend(set.methods.iter().map(|m| m.id));
                }
                _ => {}
            }
        }
        names.retain(|n| n.name != sym::BLANK);
        names.sort();
        names.dedup();
        names.retain(|&n| {
            matches!(
                types.lookup(t, false, n),
                Lookup::Found { what: Selected::Method { .. } | Selected::Interface(_), .. }
            )
        });
        // Methods with type parameters of their own are in no interface.
        names.retain(|&n| match types.lookup(t, false, n) {
            Lookup::Found { what: Selected::Method { method, .. }, .. } => !self.is_generic_method(&method),
            _ => true,
        });
        names
    }

    fn is_generic_method(&self, method: &Method) -> bool {
        let object = &self.prog.objs[method.obj];
        let (Some(pkg), Some(info)) = (object.pkg, object.func()) else { return false };
        let Some(decl) = info.decl else { return false };
        match self.prog.pkgs[pkg.0 as usize].ast.decl(decl) {
            crate::syntax::ast::Decl::Func { tparams, .. } => !tparams.is_empty(),
            _ => false,
        }
    }

    /// The method tables of the finished program.
    pub(crate) fn method_tables(&mut self) -> Vec<MethodTable> {
        let mut tables = Vec::new();
        for &t in &self.tables.types {
            let Some(entries) = self.tables.entries.get(&t) else { continue };
            let mut methods: Vec<MethodEntry> = entries
                .iter()
                .map(|(name, &(sig, iface_fn))| MethodEntry {
                    name: name.name,
                    pkg: name.pkg.map(|pkg| self.prog.pkgs[pkg.0 as usize].path.clone()),
                    sig,
                    iface_fn,
                })
                .collect();
            let names = &self.prog.names;
            methods.sort_by(|a, b| (names.str(a.name), &a.pkg).cmp(&(names.str(b.name), &b.pkg)));
            tables.push(MethodTable { ty: t, methods });
        }
        tables
    }

    /// The function that an itab of `t` holds for a method: it takes the data word.
    fn table_function(&mut self, t: TypeId, name: NameId) -> Option<FuncId> {
        let found = self.find_method(t, name)?;
        let word = data_word(self.types(), t);
        if word == DataWord::Boxed || word == DataWord::Empty {
            return Some(self.request(Key::Data(t, name), Span::NONE));
        }
        let direct = match &found.what {
            Selected::Method { method, .. } if found.path.is_empty() => {
                method.ptr_recv == matches!(self.types().get(t), Type::Pointer(_))
            }
            _ => false,
        };
        match found.what {
            Selected::Method { method, owner } if direct => {
                Some(self.method_instance(&method, owner, &none(), Span::NONE))
            }
            _ => Some(self.request(Key::Method(t, name, none()), Span::NONE)),
        }
    }

    /// The instance of a declared method for a receiver type.
    pub(crate) fn method_instance(
        &mut self,
        method: &Method,
        owner: NamedId,
        targs: &Rc<[TypeId]>,
        span: Span,
    ) -> FuncId {
        let own = self.types().named(owner).targs.clone();
        let all: Rc<[TypeId]> = if own.is_empty() {
            targs.clone()
        } else {
            own.iter().map(|&t| self.canonical(t)).chain(targs.iter().copied()).collect()
        };
        self.instance(method.obj, all, span)
    }

    /// The method of a type as a function whose first parameter is the receiver.
    pub(crate) fn method_function(&mut self, recv: TypeId, name: NameId, targs: Rc<[TypeId]>, span: Span) -> FuncId {
        if let Some(found) = self.find_method(recv, name)
            && let Selected::Method { method, owner } = found.what
            && found.path.is_empty()
            && method.ptr_recv == matches!(self.types().get(recv), Type::Pointer(_))
        {
            return self.method_instance(&method, owner, &targs, span);
        }
        self.request(Key::Method(recv, name, targs), span)
    }

    /// The receiver's type after the embedded fields, and the method's signature, with concrete types.
    fn method_signature(&mut self, recv: TypeId, name: NameId, targs: &Rc<[TypeId]>) -> Option<(Selected, Signature)> {
        let found = self.find_method(recv, name)?;
        let sig = match &found.what {
            Selected::Method { method, owner } => {
                self.resolve(method.obj);
                let object = &self.prog.objs[method.obj];
                let written = self.types().as_signature(object.ty?)?;
                let mut params = object.func().map(|f| f.recv_tparams.clone()).unwrap_or_default();
                let mut args: Vec<TypeId> =
                    self.types().named(*owner).targs.iter().map(|&t| self.canonical(t)).collect();
                args.truncate(params.len());
                params.extend(written.tparams.iter().copied());
                args.extend(targs.iter().copied());
                let env = Env::new(params, args.into());
                let plain = Signature { tparams: Vec::new(), ..(*written).clone() };
                let ty = self.types().signature(plain);
                let ty = self.canon_in(&env, ty);
                (*self.signature(ty)).clone()
            }
            Selected::Interface(method) => (*self.signature(method.sig)).clone(),
            Selected::Field(_) => return None,
        };
        Some((found.what, sig))
    }

    /// `x.m` as a func value that remembers x.
    pub(crate) fn bound_method(
        &mut self,
        recv: Expr,
        name: NameId,
        targs: Rc<[TypeId]>,
        ty: TypeId,
        span: Span,
    ) -> Expr {
        let Some(found) = self.find_method(recv.ty, name) else { return expr(ExprKind::Zero, ty, span) };
        let recv = self.field_path(recv, &found.path, span);
        // What is remembered is the receiver that the method wants.
        let is_pointer = matches!(self.types().get(recv.ty), Type::Pointer(_));
        let recv = match &found.what {
            Selected::Method { method, .. } if method.ptr_recv && !is_pointer => self.addr_of(recv),
            Selected::Method { method, .. } if !method.ptr_recv && is_pointer => self.deref(recv, span),
            _ => recv,
        };
        let recv_ty = recv.ty;
        let func = self.request(Key::Bound(recv_ty, name, targs), span);
        let mut before = Vec::new();
        let (local, decl) = self.temp_for(recv);
        before.push(decl);
        if self.types().is_interface(recv_ty) {
            self.check_nil(local, &mut before, span);
        }
        super::function::seq(before, expr(ExprKind::Closure(func, vec![local]), ty, span))
    }

    /// Panics as a nil dereference does if the local is nil.
    pub(crate) fn check_nil(&mut self, local: LocalId, out: &mut Vec<Stmt>, span: Span) {
        let x = self.read(local, span);
        let test = expr(ExprKind::IsNil(true, Box::new(x)), TypeId::BOOL, span);
        let nil = expr(ExprKind::Zero, self.pointer_to(TypeId::UINT8), span);
        let fault = expr(ExprKind::Deref(Box::new(nil)), TypeId::UINT8, span);
        out.push(stmt(StmtKind::If(test, vec![stmt(StmtKind::Expr(fault), span)], Vec::new()), span));
    }

    /// Lowers a generated function around a method.
    pub(crate) fn wrapper(&mut self, key: &Key, id: FuncId) {
        let (recv_ty, name, targs) = match key {
            Key::Method(t, name, targs) | Key::Bound(t, name, targs) => (*t, *name, targs.clone()),
            Key::Data(t, name) => (*t, *name, none()),
            Key::Decl(..) => return,
        };
        let Some((what, sig)) = self.method_signature(recv_ty, name, &targs) else { return };
        let span = match &what {
            Selected::Method { method, .. } => self.prog.objs[method.obj].span,
            _ => Span::NONE,
        };
        let pkg = match self.types().as_named(self.types().deref(recv_ty).0) {
            Some(named) => self.types().named(named).pkg.unwrap_or(self.main),
            None => self.main,
        };
        let suffix = if matches!(key, Key::Bound(..)) { "-fm" } else { "" };
        let func_name = format!("{}{suffix}", self.method_name(recv_ty, name, !targs.is_empty()));
        let mut state = FnState::new(id, func_name, pkg, Rc::default(), Rc::default(), Rc::new(Facts::default()));
        state.span = span;
        state.end = span;
        state.flags.wrapper = true;
        let word = data_word(self.types(), recv_ty);
        let held = match key {
            Key::Data(..) if word == DataWord::Empty => TypeId::UINTPTR,
            Key::Data(..) => self.pointer_to(recv_ty),
            _ => recv_ty,
        };
        // Parameters are the first locals; what a bound method holds comes after them.
        let bound = matches!(key, Key::Bound(..));
        if !bound {
            let local = state.temp(held, span);
            state.params.push(local);
        }
        let mut args = Vec::new();
        for p in &sig.params {
            let local = state.add_local(sym::EMPTY, p.ty, Storage::Register, span);
            state.params.push(local);
            args.push(expr(ExprKind::Local(local), p.ty, span));
        }
        let recv_local = if bound { state.temp(held, span) } else { state.params[0] };
        if bound {
            state.captures.push((Var::Made(0), recv_local));
            state.flags.closure = true;
        }
        for r in &sig.results {
            let local = state.add_local(sym::EMPTY, r.ty, Storage::Register, span);
            state.results.push(local);
        }
        self.fns.push(state);
        let mut body = Vec::new();
        let recv = match key {
            Key::Data(..) if word == DataWord::Empty => expr(ExprKind::Zero, recv_ty, span),
            Key::Data(..) => {
                let pointer = self.read(recv_local, span);
                self.deref(pointer, span)
            }
            _ => {
                self.guard_nil_receiver(recv_local, recv_ty, name, &what, &mut body, span);
                self.read(recv_local, span)
            }
        };
        // A receiver out of an interface is no variable, so a method with pointer receiver is found only behind an embedded pointer.
        let (callee, first) = self.method_callee(recv, name, targs, span);
        let mut all: Vec<Expr> = first.into_iter().collect();
        all.extend(args);
        let results: Vec<TypeId> = sig.results.iter().map(|r| r.ty).collect();
        let ty = self.values_type(&results);
        let call = expr(ExprKind::Call(callee, all), ty, span);
        if results.is_empty() {
            body.push(stmt(StmtKind::Expr(call), span));
        } else {
            body.push(stmt(StmtKind::Return(vec![call]), span));
        }
        let state = self.fns.pop().expect("pushed above");
        let pkg = self.pkg_path(pkg);
        self.funcs[id.index()] = Some(state.finish(&self.prog.types, pkg, body));
    }

    /// In `(*T).M` made from `T.M`: a nil receiver has a panic of its own.
    fn guard_nil_receiver(
        &mut self,
        local: LocalId,
        recv: TypeId,
        name: NameId,
        what: &Selected,
        out: &mut Vec<Stmt>,
        span: Span,
    ) {
        let (Type::Pointer(base), Selected::Method { method, owner }) = (self.types().get(recv), what) else { return };
        let base = self.canonical(base);
        if method.ptr_recv || self.canonical(self.types().named(*owner).ty) != base {
            return;
        }
        let Some(func) = self.runtime_func("panicwrap") else { return };
        let pkg = self.types().named(*owner).pkg.map_or(String::new(), |p| self.pkg_path(p));
        let ty = self.prog.names.str(self.types().named(*owner).name).to_string();
        let method = self.prog.names.str(name.name);
        let text = format!("value method {pkg}.{ty}.{method} called using nil *{ty} pointer");
        let text = expr(ExprKind::Const(Const::Str(text.into_bytes().into())), TypeId::STRING, span);
        let call = expr(ExprKind::Call(Callee::Static(func), vec![text]), TypeId::EMPTY_TUPLE, span);
        let x = self.read(local, span);
        let test = expr(ExprKind::IsNil(true, Box::new(x)), TypeId::BOOL, span);
        out.push(stmt(StmtKind::If(test, vec![stmt(StmtKind::Expr(call), span)], Vec::new()), span));
    }

    /// The name of a method as tracebacks print it.
    fn method_name(&self, recv: TypeId, name: NameId, generic: bool) -> String {
        let types = self.types();
        let (base, pointer) = types.deref(recv);
        let method = self.prog.names.str(name.name);
        let generic = if generic { "[...]" } else { "" };
        match types.as_named(base) {
            Some(named) => {
                let named = types.named(named);
                let pkg = named.pkg.map_or(String::new(), |p| format!("{}.", self.pkg_path(p)));
                let args = if named.targs.is_empty() { "" } else { "[...]" };
                let ty = self.prog.names.str(named.name);
                if pointer {
                    format!("{pkg}(*{ty}{args}).{method}{generic}")
                } else {
                    format!("{pkg}{ty}{args}.{method}{generic}")
                }
            }
            None => format!("go.struct.{method}{generic}"),
        }
    }
}

/// No type arguments.
fn none() -> Rc<[TypeId]> {
    Rc::new([])
}
