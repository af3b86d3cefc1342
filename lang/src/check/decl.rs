//! Declarations: what constants, variables, types and functions turn out to be.

use crate::check::stmt::FuncBody;
use crate::check::{Checker, DeclRef, Env, Operand};
use crate::constant::Value;
use crate::diag::Code;
use crate::intern::{Symbol, sym};
use crate::source::{Pos, Span};
use crate::syntax::ast::{BinaryOp, Decl, DeclId, Expr, ExprId, FieldId, List, UnaryOp};
use crate::types::object::VarKind;
use crate::types::{Interface, ObjId, Object, ObjectKind, ScopeId, Type, TypeId};

/// The default clause: what surrounds nothing in particular.
type SetTypeParams<'a> = &'a mut dyn FnMut(&mut Checker, &[TypeId]);

impl Checker {
    /// The scope and object that a name denotes here.
    pub fn lookup_scope(&self, name: Symbol) -> Option<(ScopeId, ObjId)> {
        let mut scope = Some(self.env.scope);
        while let Some(s) = scope {
            if let Some(obj) = self.scopes[s].lookup(name) {
                return Some((s, obj));
            }
            scope = self.scopes[s].parent;
        }
        None
    }

    /// The object that a name denotes here.
    pub fn lookup(&self, name: Symbol) -> Option<ObjId> {
        self.lookup_scope(name).map(|(_, obj)| obj)
    }

    /// Declares `obj` in a scope and records its identifier; reports a name that is declared there already.
    pub fn declare(&mut self, scope: ScopeId, name: Option<ExprId>, obj: ObjId, scope_pos: Pos) {
        let text = self.objs[obj].name;
        if text != sym::BLANK && text != sym::EMPTY {
            if let Some(alt) = self.scopes[scope].insert(text, obj) {
                let mut err = self.new_error(Code::DuplicateDecl);
                self.add_part(&mut err, obj, format!("{} redeclared in this block", self.obj_name(obj)));
                self.add_alt_decl(&mut err, alt);
                self.report(err);
                return;
            }
            self.objs[obj].scope_pos = scope_pos.0;
            self.promote(scope, obj);
        }
        if self.objs[obj].parent.is_none() {
            self.objs[obj].parent = Some(scope);
        }
        if let Some(name) = name {
            self.record_def(name, Some(obj));
        }
    }

    /// Whether a variable's value is used somewhere.
    pub fn var_used(&self, obj: ObjId) -> bool {
        matches!(self.objs[obj].kind, ObjectKind::Var { used: true, .. })
    }

    /// Sets whether a variable's value is used.
    pub fn set_var_used(&mut self, obj: ObjId, value: bool) {
        if let ObjectKind::Var { used, .. } = &mut self.objs[obj].kind {
            *used = value;
        }
    }

    /// Marks a variable of the current package as used.
    pub(crate) fn mark_used(&mut self, obj: ObjId) {
        if self.objs[obj].pkg == Some(self.pkg) {
            self.set_var_used(obj, true);
        }
    }

    pub(crate) fn is_local_var_of_package(&self, obj: ObjId) -> bool {
        self.objs[obj].is_var() && self.objs[obj].pkg == Some(self.pkg)
    }

    /// Notes that the declaration being checked refers to a package-level object or method.
    pub(crate) fn add_decl_dep(&mut self, obj: ObjId) {
        let Some(from) = self.env.decl else { return };
        if self.objs[obj].pkg == Some(self.pkg) && (self.decl_of.contains_key(&obj) || self.is_session_var(obj)) {
            self.decls[from.0 as usize].deps.insert(obj);
        }
    }

    /// Puts an object whose declaration is being checked on the path.
    pub(crate) fn push_obj(&mut self, obj: ObjId) {
        self.obj_path.push(obj);
        self.obj_path_index.insert(obj, self.obj_path.len() - 1);
    }

    pub(crate) fn pop_obj(&mut self) {
        if let Some(obj) = self.obj_path.pop() {
            self.obj_path_index.remove(&obj);
        }
    }

    /// Determines the type of a package-level object (and the value of a constant), unless it is known. An object whose declaration is
    /// being checked is part of a cycle, which may be valid.
    pub fn obj_decl(&mut self, obj: ObjId) {
        if let Some(&start) = self.obj_path_index.get(&obj) {
            let valid = self.valid_cycle(start);
            let o = &mut self.objs[obj];
            match o.kind {
                ObjectKind::Func(_) => {
                    o.ty.get_or_insert_with(|| self.types.signature(Default::default()));
                }
                ObjectKind::Const { .. } | ObjectKind::Var { .. } if o.ty.is_none() || !valid => {
                    o.ty = Some(TypeId::INVALID);
                }
                _ if !valid => o.ty = Some(TypeId::INVALID),
                _ => {}
            }
            return;
        }
        if self.objs[obj].ty.is_some() {
            return;
        }
        let Some(&decl) = self.decl_of.get(&obj) else { return };
        let Some(pkg) = self.objs[obj].pkg else { return };
        self.push_obj(obj);
        let previous = self.enter(pkg);
        let info = self.decls[decl.0 as usize].clone();
        let env = Env::at_file(info.file.unwrap_or(ScopeId::UNIVERSE), info.version);
        let outer = std::mem::replace(&mut self.env, env);
        match self.objs[obj].kind {
            ObjectKind::Const { .. } => {
                self.env.decl = Some(decl);
                self.const_decl(obj, info.vtyp, info.init, info.inherited);
            }
            ObjectKind::Var { .. } => {
                self.env.decl = Some(decl);
                self.var_decl(obj, &info.lhs, info.vtyp, info.init);
            }
            ObjectKind::TypeName { .. } => {
                if let Some(d) = info.decl {
                    self.type_decl(obj, d);
                }
                self.collect_methods(obj);
            }
            ObjectKind::Func(_) => {
                if let Some(d) = info.decl {
                    self.func_decl(obj, decl, d);
                }
            }
            _ => {}
        }
        self.env = outer;
        self.leave(previous);
        self.pop_obj();
    }

    /// Checks the declaration of one constant.
    pub(crate) fn const_decl(&mut self, obj: ObjId, typ: Option<ExprId>, init: Option<ExprId>, inherited: bool) {
        let iota = match &mut self.objs[obj].kind {
            ObjectKind::Const { value } => std::mem::replace(value, Value::Unknown),
            _ => return,
        };
        let outer_iota = self.env.iota.replace(iota);
        let outer_pos = self.env.err_pos.take();
        self.const_value(obj, typ, init, inherited);
        self.env.iota = outer_iota;
        self.env.err_pos = outer_pos;
    }

    fn const_value(&mut self, obj: ObjId, typ: Option<ExprId>, init: Option<ExprId>, inherited: bool) {
        if let Some(e) = typ {
            let t = self.typ(e);
            if !self.types.is_const_type(t) {
                if self.types.is_valid(self.types.under(t)) {
                    let msg = format!("invalid constant type {}", self.ty_str(t));
                    self.error(e, Code::InvalidConstType, msg);
                }
                self.objs[obj].ty = Some(TypeId::INVALID);
                return;
            }
            self.objs[obj].ty = Some(t);
        }
        let mut x = Operand::new();
        if let Some(e) = init {
            if inherited {
                // Positions in a repeated initialiser are those of another constant.
                self.env.err_pos = Some(self.objs[obj].span);
            }
            self.expr(None, &mut x, e);
        }
        self.init_const(obj, &mut x);
    }

    /// Checks the declaration of one variable; `lhs` are all variables of an n:1 declaration.
    pub(crate) fn var_decl(&mut self, obj: ObjId, lhs: &[ObjId], typ: Option<ExprId>, init: Option<ExprId>) {
        if let Some(e) = typ {
            let t = self.var_type(e);
            self.objs[obj].ty = Some(t);
        }
        let Some(init) = init else {
            if typ.is_none() {
                self.objs[obj].ty = Some(TypeId::INVALID);
            }
            return;
        };
        if lhs.len() <= 1 {
            let mut x = Operand::new();
            let ty = self.objs[obj].ty;
            let name = self.obj_name(obj);
            let target = self.new_target(ty, &name);
            self.expr(target.as_ref(), &mut x, init);
            self.init_var(obj, &mut x, "variable declaration");
            return;
        }
        if typ.is_some() {
            let ty = self.objs[obj].ty;
            for &v in lhs {
                self.objs[v].ty = ty;
            }
        }
        self.init_vars(lhs, &[init], None);
    }

    /// Checks the declaration of a type.
    pub(crate) fn type_decl(&mut self, obj: ObjId, decl: DeclId) {
        let Decl::Type { tparams, alias, typ, .. } = self.ast.decl(decl) else { return };
        self.later(move |c| {
            let t = c.objs[obj].ty.unwrap_or(TypeId::INVALID);
            if let Some(id) = c.types.as_named(t) {
                c.valid_type(id);
            }
        });
        let (name, pkg) = (self.objs[obj].name, self.objs[obj].pkg);
        if alias {
            if !tparams.is_empty() {
                self.verify_version(decl, (1, 23), "generic type alias");
            } else {
                self.verify_version(decl, (1, 9), "type alias");
            }
            let (id, ty) = self.types.new_alias(name, pkg, obj);
            if let ObjectKind::TypeName { alias } = &mut self.objs[obj].kind {
                *alias = true;
            }
            if self.objs[obj].ty.is_none() {
                self.objs[obj].ty = Some(ty);
            }
            let data = self.types.alias(id);
            self.types.open_aliases.set(self.types.open_aliases.get() + 1);
            if !tparams.is_empty() {
                self.open_scope();
                let set = data.clone();
                self.collect_type_params(tparams, move |_, list| *set.tparams.borrow_mut() = list.into());
            }
            let mut rhs = self.declared_type(typ, Some(obj));
            if self.types.is_type_param(rhs) && data.tparams.borrow().contains(&rhs) {
                self.error(
                    typ,
                    Code::MisplacedTypeParam,
                    "cannot use type parameter declared in alias declaration as RHS",
                );
                rhs = TypeId::INVALID;
            }
            if data.rhs.get().is_none() {
                data.rhs.set(Some(rhs));
            }
            self.types.open_aliases.set(self.types.open_aliases.get() - 1);
            if !tparams.is_empty() {
                self.close_scope();
            }
            return;
        }
        let (id, ty) = self.types.new_named(name, pkg, obj);
        let data = self.types.named(id);
        if self.env.func.is_some() {
            self.local_types += 1;
            data.local.set(self.local_types);
        }
        if self.objs[obj].ty.is_none() {
            self.objs[obj].ty = Some(ty);
        }
        if !tparams.is_empty() {
            self.open_scope();
            let set = data.clone();
            self.collect_type_params(tparams, move |_, list| *set.tparams.borrow_mut() = list.into());
        }
        let mut rhs = self.declared_type(typ, Some(obj));
        if self.types.is_type_param(rhs) {
            self.error(typ, Code::MisplacedTypeParam, "cannot use a type parameter as RHS in type declaration");
            rhs = TypeId::INVALID;
        }
        if data.rhs.get().is_none() {
            data.rhs.set(Some(rhs));
        }
        if !tparams.is_empty() {
            self.close_scope();
        }
    }

    /// Creates a type parameter and declares its name in the current scope.
    pub(crate) fn declare_type_param(&mut self, name: Symbol, expr: Option<ExprId>, span: Span) -> TypeId {
        let obj = Object::new(ObjectKind::TypeName { alias: false }, name, span, Some(self.pkg));
        let obj = self.objs.add(obj);
        let (_, ty) = self.types.new_type_param(name, self.pkg, obj);
        self.objs[obj].ty = Some(ty);
        let scope = self.env.scope;
        self.declare(scope, expr, obj, Pos::NONE);
        ty
    }

    /// Numbers type parameters that belong together.
    pub(crate) fn bind_type_params(&mut self, list: &[TypeId]) {
        for (i, &t) in list.iter().enumerate() {
            if let Type::TypeParam(id) = self.types.get(t) {
                self.types.type_param(id).index.set(i as u32);
            }
        }
    }

    /// Declares type parameters, hands them to `set`, and then checks their constraints, which may refer to what is being declared.
    pub(crate) fn collect_type_params(&mut self, list: List<FieldId>, mut set: impl FnMut(&mut Checker, &[TypeId])) {
        let ast = self.ast.clone();
        let fields = ast.fields(list);
        let mut tparams = Vec::with_capacity(fields.len());
        for &f in fields {
            let field = ast.field(f);
            let name = field.name.and_then(|n| ast.name(n)).unwrap_or(sym::BLANK);
            let span = field.name.map_or(ast.span(f), |n| ast.span(n));
            tparams.push(self.declare_type_param(name, field.name, span));
        }
        self.bind_type_params(&tparams);
        let set: SetTypeParams<'_> = &mut set;
        set(self, &tparams);
        let outer = std::mem::replace(&mut self.env.in_tparam_list, true);
        let mut previous: Option<(ExprId, TypeId)> = None;
        for (&f, &t) in fields.iter().zip(&tparams) {
            let typ = ast.field(f).typ;
            let bound = match previous {
                Some((e, bound)) if e == typ => bound,
                _ => {
                    let mut bound = self.bound(typ);
                    if self.types.is_type_param(bound) {
                        self.error(typ, Code::MisplacedTypeParam, "cannot use a type parameter as constraint");
                        bound = TypeId::INVALID;
                    }
                    bound
                }
            };
            previous = Some((typ, bound));
            if let Type::TypeParam(id) = self.types.get(t) {
                self.types.type_param(id).bound.set(bound);
            }
        }
        self.env.in_tparam_list = outer;
    }

    /// A type parameter's constraint. A bare `~T` or `A|B` stands for an interface around it.
    fn bound(&mut self, e: ExprId) -> TypeId {
        match self.ast.expr(e) {
            Expr::Unary { op: UnaryOp::Tilde, .. } | Expr::Binary { op: BinaryOp::Or, .. } => {
                let embedded = self.parse_union(e);
                let t = self.types.interface(Interface {
                    embeddeds: vec![embedded],
                    implicit: true,
                    ..Interface::default()
                });
                let span = self.ast.span(e);
                self.later(move |c| c.check_type_set(t, &[], &[span]));
                t
            }
            _ => self.typ(e),
        }
    }

    /// Attaches the methods declared for a type name to its type.
    pub(crate) fn collect_methods(&mut self, obj: ObjId) {
        let Some(methods) = self.methods.remove(&obj) else { return };
        let base = self.objs[obj].ty.and_then(|t| self.types.as_named(t));
        if base.is_some() {
            self.later(move |c| c.check_field_uniqueness(obj));
        }
        let mut seen: crate::intern::FastMap<Symbol, ObjId> = Default::default();
        for m in methods {
            let name = self.objs[m].name;
            if let Some(&alt) = seen.get(&name) {
                let place = self.sources.location(self.objs[alt].span.lo);
                let msg = format!("method {}.{} already declared at {place}", self.obj_name(obj), self.names.str(name));
                self.point_at(alt, "the other declaration");
                self.error(m, Code::DuplicateMethod, msg);
                continue;
            }
            seen.insert(name, m);
            if let Some(base) = base {
                let pkg = self.objs[m].pkg.unwrap_or(self.pkg);
                let method = crate::types::Method {
                    id: self.name_id(name, pkg),
                    obj: m,
                    ptr_recv: self.objs[m].func().is_some_and(|f| f.ptr_recv),
                };
                self.types.named(base).methods.borrow_mut().push(method);
            }
        }
    }

    /// Reports fields and methods of the same name.
    fn check_field_uniqueness(&mut self, obj: ObjId) {
        let Some(base) = self.objs[obj].ty.and_then(|t| self.types.as_named(t)) else { return };
        let Type::Struct(s) = self.types.under_type(self.types.named(base).ty) else { return };
        let methods = self.types.named_methods(base);
        for f in &s.fields {
            if f.id.name == sym::BLANK {
                continue;
            }
            if let Some(m) = methods.iter().find(|m| m.id == f.id) {
                let name = self.names.str(f.id.name).to_string();
                let mut err = self.new_error(Code::DuplicateFieldAndMethod);
                self.add_part(&mut err, m.obj, format!("field and method with the same name {name}"));
                if let Some(span) = self.field_span(obj, f.id.name) {
                    self.add_part(&mut err, span, format!("other declaration of {name}"));
                }
                self.report(err);
            }
        }
    }

    /// Where a struct type's declaration declares a field.
    fn field_span(&self, obj: ObjId, name: Symbol) -> Option<Span> {
        let decl = self.decls[self.decl_of.get(&obj)?.0 as usize].decl?;
        let Decl::Type { typ, .. } = self.ast.decl(decl) else { return None };
        let Expr::StructType { fields } = self.ast.expr(self.ast.unparen(typ)) else { return None };
        self.ast.fields(fields).iter().find_map(|&f| {
            let field = self.ast.field(f);
            let n = field.name.or_else(|| self.embedded_name(field.typ))?;
            (self.ast.name(n) == Some(name)).then(|| self.ast.span(n))
        })
    }

    /// Checks the declaration of a function or method; its body is checked later.
    fn func_decl(&mut self, obj: ObjId, decl: DeclRef, d: DeclId) {
        let Decl::Func { recv, tparams, typ, body, .. } = self.ast.decl(d) else { return };
        let Expr::FuncType { params, results } = self.ast.expr(typ) else { return };
        // A signature that mentions the function itself (in an array length) sees a function without parameters.
        self.objs[obj].ty = Some(self.types.signature(Default::default()));
        let sig = self.func_type(recv, tparams, params, results);
        self.objs[obj].ty = Some(sig.ty);
        let package = self.package(self.pkg);
        let (lazy, unread) = (package.lazy, package.bodies.contains_key(&d));
        if let Some(f) = self.objs[obj].func_mut() {
            f.recv = sig.recv;
            f.recv_tparams = sig.recv_tparams;
            f.params = sig.params;
            f.results = sig.results;
            f.scope = Some(sig.scope);
            f.body_done = body.is_none() && !unread;
        }
        match body {
            Some(_) if lazy => {}
            Some(_) => self.later(move |c| c.schedule_body(obj, decl)),
            None if !tparams.is_empty() && !unread => {
                self.soft_error(self.ast.pos(d), Code::BadDecl, "generic function is missing function body");
            }
            None => {}
        }
    }

    /// Reports the functions of the current package without body. As in Go's compiler, only if that is all that is wrong.
    pub(crate) fn missing_bodies(&mut self) {
        for obj in self.package(self.pkg).objects.clone() {
            let Some(d) = self.objs[obj].func().and_then(|f| f.decl) else { continue };
            if let Decl::Func { body: None, .. } = self.ast.decl(d)
                && !self.is_linknamed(d)
            {
                self.error(self.ast.pos(d), Code::BadDecl, "missing function body");
            }
        }
    }

    fn is_linknamed(&self, d: DeclId) -> bool {
        let files = &self.package(self.pkg).files;
        files.iter().any(|f| f.directives.iter().any(|x| x.name == "linkname" && x.decl.is_none_or(|y| y == d)))
    }

    /// Checks the body of a function whose signature is known.
    pub(crate) fn schedule_body(&mut self, obj: ObjId, decl: DeclRef) {
        let Some(f) = self.objs[obj].func_mut() else { return };
        if std::mem::replace(&mut f.body_done, true) {
            return;
        }
        let (Some(scope), Some(d)) = (f.scope, f.decl) else { return };
        let results = f.results.clone().into();
        let Decl::Func { body: Some(body), .. } = self.ast.decl(d) else { return };
        let sig = self.objs[obj].ty.unwrap_or(TypeId::INVALID);
        let version = self.env.version;
        self.env.version = self.decls[decl.0 as usize].version;
        self.func_body(FuncBody { decl: Some(decl), scope, sig, results, body, iota: None });
        self.env.version = version;
    }

    /// Reports a mismatch between the numbers of names and initialisers.
    pub(crate) fn arity(&mut self, at: Span, names: &[ExprId], inits: &[ExprId], is_const: bool, inherited: bool) {
        let (l, r) = (names.len(), inits.len());
        if l < r {
            let extra = inits[l];
            if inherited {
                let place = self.sources.location(self.ast.pos(extra));
                self.error(at, Code::WrongAssignCount, format!("extra init expr at {place}"));
            } else {
                let msg = format!("extra init expr {}", self.expr_str(extra));
                self.error(extra, Code::WrongAssignCount, msg);
            }
        } else if l > r && (is_const || r != 1) {
            let name = names[r];
            let msg = format!("missing init expr for {}", self.expr_str(name));
            self.error(name, Code::WrongAssignCount, msg);
        }
    }

    /// Checks the declarations of a declaration statement.
    pub fn decl_stmt(&mut self, list: List<DeclId>) {
        let ast = self.ast.clone();
        for &d in ast.decls(list) {
            let mark = self.delayed_mark();
            let end = ast.end(d);
            let scope = self.env.scope;
            match ast.decl(d) {
                Decl::Const { names, typ, values, iota, inherit } => {
                    let names = ast.exprs(names);
                    let (typ, values, inherited) = match inherit.map(|i| ast.decl(i)) {
                        Some(Decl::Const { typ, values, .. }) => (typ, values, true),
                        _ => (typ, values, false),
                    };
                    let values = ast.exprs(values);
                    let mut objs = Vec::new();
                    for (i, &n) in names.iter().enumerate() {
                        let kind = ObjectKind::Const { value: Value::Int(i64::from(iota)) };
                        let name = ast.name(n).unwrap_or(sym::BLANK);
                        let obj = self.objs.add(Object::new(kind, name, ast.span(n), Some(self.pkg)));
                        self.const_decl(obj, typ, values.get(i).copied(), inherited);
                        objs.push(obj);
                    }
                    self.arity(ast.span(d), names, values, true, inherited);
                    self.process_delayed(mark);
                    for (&n, obj) in names.iter().zip(objs) {
                        self.declare(scope, Some(n), obj, end);
                    }
                }
                Decl::Var { names, typ, values } => {
                    let names = ast.exprs(names);
                    let values = ast.exprs(values);
                    let objs: Vec<ObjId> = names
                        .iter()
                        .map(|&n| {
                            let kind = ObjectKind::Var { kind: VarKind::LocalVar, used: false };
                            let name = ast.name(n).unwrap_or(sym::BLANK);
                            self.objs.add(Object::new(kind, name, ast.span(n), Some(self.pkg)))
                        })
                        .collect();
                    for (i, &obj) in objs.iter().enumerate() {
                        if values.len() == names.len() {
                            self.var_decl(obj, &[], typ, values.get(i).copied());
                        } else if values.len() == 1 {
                            self.var_decl(obj, &objs, typ, values.first().copied());
                            break; // all variables have got their types
                        } else {
                            self.var_decl(obj, &[], typ, values.get(i).copied());
                        }
                    }
                    if typ.is_none() || !values.is_empty() {
                        self.arity(ast.span(d), names, values, false, false);
                    }
                    self.process_delayed(mark);
                    for (&n, obj) in names.iter().zip(objs) {
                        self.declare(scope, Some(n), obj, end);
                    }
                }
                Decl::Type { name: n, .. } => {
                    let name = ast.name(n).unwrap_or(sym::BLANK);
                    let kind = ObjectKind::TypeName { alias: false };
                    let obj = self.objs.add(Object::new(kind, name, ast.span(n), Some(self.pkg)));
                    self.declare(scope, Some(n), obj, ast.start(n));
                    self.push_obj(obj);
                    self.type_decl(obj, d);
                    self.pop_obj();
                }
                Decl::Import { .. } | Decl::Func { .. } => {
                    self.error(d, Code::InvalidSyntaxTree, "unexpected declaration");
                }
            }
        }
    }
}
