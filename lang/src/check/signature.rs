//! Function types, receivers and parameters.

use crate::check::info::FuncLitInfo;
use crate::check::{Checker, Mode};
use crate::diag::Code;
use crate::intern::sym;
use crate::source::Pos;
use crate::syntax::ast::{Expr, ExprId, FieldId, List};
use crate::types::object::VarKind;
use crate::types::{BasicKind, ObjId, Object, ObjectKind, Param, ScopeId, Signature, Type, TypeId};

/// A checked function signature with the objects that it declares.
#[derive(Debug, Clone)]
pub struct FuncSig {
    /// The [`Type::Signature`].
    pub ty: TypeId,
    /// Scope of type parameters, receiver, parameters and results.
    pub scope: ScopeId,
    /// The receiver.
    pub recv: Option<ObjId>,
    /// The receiver's type parameters.
    pub recv_tparams: Vec<TypeId>,
    /// Parameters in order.
    pub params: Vec<ObjId>,
    /// Results in order.
    pub results: Vec<ObjId>,
}

/// The parts of a receiver's type expression `*Base[P, Q]`.
#[derive(Debug, Clone)]
pub(crate) struct RecvParts {
    /// Whether there is a `*`.
    pub ptr: bool,
    /// The base without type parameters.
    pub base: ExprId,
    /// The index expression's arguments.
    pub tparams: Option<List<ExprId>>,
}

impl Checker {
    /// The signature of a function literal: type, scope and the objects that it declares.
    pub(crate) fn func_lit_type(&mut self, typ: ExprId) -> (TypeId, ScopeId, FuncLitInfo) {
        let Expr::FuncType { params, results } = self.ast.expr(typ) else {
            return (TypeId::INVALID, self.env.scope, FuncLitInfo::default());
        };
        let sig = self.func_type(None, List::EMPTY, params, results);
        self.record_type_and_value(typ, Mode::TypeExpr, sig.ty, None);
        (sig.ty, sig.scope, FuncLitInfo { params: sig.params, results: sig.results })
    }

    /// Checks a function's signature and declares its receiver, type parameters, parameters and results in a new scope.
    pub fn func_type(
        &mut self,
        recv: Option<FieldId>,
        tparams: List<FieldId>,
        params: List<FieldId>,
        results: List<FieldId>,
    ) -> FuncSig {
        let scope = self.open_scope();
        self.scopes[scope].is_func = true;
        let mut sig = FuncSig {
            ty: TypeId::INVALID,
            scope,
            recv: None,
            recv_tparams: Vec::new(),
            params: Vec::new(),
            results: Vec::new(),
        };
        let mut ty = Signature::default();
        if let Some(field) = recv {
            let (obj, rtparams) = self.collect_recv(field);
            sig.recv = Some(obj);
            sig.recv_tparams = rtparams;
        }
        if !tparams.is_empty() {
            self.collect_type_params(tparams, |_, list| ty.tparams = list.to_vec());
        }
        let variadic;
        (sig.params, variadic) = self.collect_params(VarKind::Param, params);
        (sig.results, _) = self.collect_params(VarKind::Result, results);
        if let Some(field) = recv
            && let Some(obj) = sig.recv
            && let Some(name) = self.ast.field(field).name
        {
            self.declare(scope, Some(name), obj, Pos::NONE);
        }
        self.declare_params(params, &sig.params);
        self.declare_params(results, &sig.results);
        ty.params = self.param_list(&sig.params);
        ty.results = self.param_list(&sig.results);
        ty.variadic = variadic;
        sig.ty = self.types.signature(ty);
        self.close_scope();
        sig
    }

    fn param_list(&self, objs: &[ObjId]) -> Vec<Param> {
        objs.iter()
            .map(|&o| Param { name: self.objs[o].name, ty: self.objs[o].ty.unwrap_or(TypeId::INVALID) })
            .collect()
    }

    fn declare_params(&mut self, list: List<FieldId>, objs: &[ObjId]) {
        let ast = self.ast.clone();
        let scope = self.env.scope;
        for (&f, &obj) in ast.fields(list).iter().zip(objs) {
            if let Some(name) = ast.field(f).name {
                self.declare(scope, Some(name), obj, Pos::NONE);
            }
        }
    }

    /// Creates the objects of a parameter or result list, and tells whether it is variadic.
    fn collect_params(&mut self, kind: VarKind, list: List<FieldId>) -> (Vec<ObjId>, bool) {
        let ast = self.ast.clone();
        let fields = ast.fields(list);
        let mut objs = Vec::with_capacity(fields.len());
        let mut variadic = false;
        let mut previous: Option<(ExprId, TypeId)> = None;
        for (i, &f) in fields.iter().enumerate() {
            let field = ast.field(f);
            let ty = match previous {
                Some((e, ty)) if e == field.typ => ty,
                _ => {
                    let mut typ = field.typ;
                    if let Expr::DotsType { elem } = ast.expr(typ) {
                        if kind == VarKind::Param && i == fields.len() - 1 {
                            variadic = true;
                        } else {
                            self.error(typ, Code::InvalidSyntaxTree, "invalid use of ...");
                        }
                        typ = elem;
                    }
                    self.var_type(typ)
                }
            };
            previous = Some((field.typ, ty));
            let (name, span) = match field.name {
                Some(n) => (ast.name(n).unwrap_or(sym::EMPTY), ast.span(n)),
                None => (sym::EMPTY, ast.span(f)),
            };
            let mut obj = Object::new(ObjectKind::Var { kind, used: true }, name, span, Some(self.pkg));
            obj.ty = Some(ty);
            objs.push(self.objs.add(obj));
        }
        if variadic && let (Some(&last), Some(&f)) = (objs.last(), fields.last()) {
            let elem = self.objs[last].ty.unwrap_or(TypeId::INVALID);
            let ty = self.types.slice(elem);
            self.objs[last].ty = Some(ty);
            self.record_type_and_value(ast.field(f).typ, Mode::TypeExpr, ty, None);
        }
        (objs, variadic)
    }

    /// Takes a receiver's type expression apart.
    pub(crate) fn unpack_recv(&self, typ: ExprId) -> RecvParts {
        let mut base = self.ast.unparen(typ);
        let mut ptr = false;
        if let Expr::Star(x) = self.ast.expr(base) {
            ptr = true;
            base = self.ast.unparen(x);
        }
        match self.ast.expr(base) {
            Expr::Index { x, indices } => RecvParts { ptr, base: x, tparams: Some(indices) },
            _ => RecvParts { ptr, base, tparams: None },
        }
    }

    fn unpointer(&self, t: TypeId) -> TypeId {
        let mut t = t;
        while let Type::Pointer(base) = self.types.get(t) {
            t = base;
        }
        t
    }

    /// Checks a receiver; declares its type parameters, but not the receiver itself.
    fn collect_recv(&mut self, field: FieldId) -> (ObjId, Vec<TypeId>) {
        let ast = self.ast.clone();
        let f = ast.field(field);
        let RecvParts { ptr, base, tparams } = self.unpack_recv(f.typ);
        let mut recv_tparams = Vec::new();
        let mut recv_type = TypeId::INVALID;
        match tparams {
            None => {
                recv_type = self.var_type(f.typ);
                // Methods on instantiated types, reached through aliases, are not permitted.
                let mut t = self.unpointer(recv_type);
                while let Type::Alias(id) = self.types.get(t) {
                    let rhs = self.types.alias(id).rhs.get().unwrap_or(TypeId::INVALID);
                    let b = self.unpointer(rhs);
                    let generic = match self.types.get(b) {
                        Type::Named(id) => !self.types.named_tparams(id).is_empty(),
                        Type::Alias(id) => !self.types.alias(id).tparams.borrow().is_empty(),
                        _ => false,
                    };
                    if generic {
                        let msg = format!("cannot define new methods on instantiated type {}", self.ty_str(b));
                        self.error(base, Code::InvalidRecv, msg);
                        recv_type = TypeId::INVALID;
                        break;
                    }
                    t = b;
                }
            }
            Some(list) => {
                let mut base_named = None;
                let (t, cause) = self.generic_type(base);
                match self.types.get(t) {
                    Type::Named(id) => base_named = Some(id),
                    Type::Alias(_) if !self.types.is_valid(t) => {}
                    Type::Alias(_) => {
                        let msg = format!("cannot define new methods on generic alias type {}", self.ty_str(t));
                        self.error(base, Code::InvalidRecv, msg);
                    }
                    _ if !cause.is_empty() => self.error(base, Code::InvalidRecv, cause),
                    _ => {}
                }
                for &arg in ast.exprs(list) {
                    let name = match ast.expr(arg) {
                        Expr::Name(name) => name,
                        Expr::Bad => sym::BLANK,
                        _ => {
                            let msg = format!("receiver type parameter {} must be an identifier", self.expr_str(arg));
                            self.error(arg, Code::BadDecl, msg);
                            sym::BLANK
                        }
                    };
                    let is_name = ast.name(arg).is_some();
                    let tpar = self.declare_type_param(name, is_name.then_some(arg), ast.span(arg));
                    if is_name && let Type::TypeParam(id) = self.types.get(tpar) {
                        let obj = self.types.type_param(id).obj;
                        self.record_use(arg, obj);
                        self.record_type_and_value(arg, Mode::TypeExpr, tpar, None);
                    }
                    recv_tparams.push(tpar);
                }
                self.bind_type_params(&recv_tparams);
                if let Some(id) = base_named {
                    let base_tparams = self.types.named_tparams(id);
                    if recv_tparams.len() == base_tparams.len() {
                        for (&mine, &theirs) in recv_tparams.iter().zip(base_tparams.iter()) {
                            let bound = match self.types.get(theirs) {
                                Type::TypeParam(id) => self.types.type_param(id).bound.get(),
                                _ => TypeId::INVALID,
                            };
                            let bound = self.types.subst_list(bound, &base_tparams, &recv_tparams);
                            if let Type::TypeParam(id) = self.types.get(mine) {
                                self.types.type_param(id).bound.set(bound);
                            }
                            self.record_mono_canon(mine, theirs);
                        }
                    } else {
                        let n = recv_tparams.len();
                        let s = if n == 1 { "" } else { "s" };
                        let msg = format!(
                            "receiver declares {n} type parameter{s}, but receiver base type declares {}",
                            base_tparams.len()
                        );
                        self.error(base, Code::BadRecv, msg);
                    }
                    recv_type = self.instance(ast.pos(f.typ), t, &recv_tparams);
                    self.record_instance(base, &recv_tparams, recv_type);
                    if ptr && self.types.is_valid(recv_type) {
                        recv_type = self.types.pointer(recv_type);
                    }
                    self.record_recv_types(f.typ, recv_type);
                }
            }
        }
        let (name, span) = match f.name {
            Some(n) => (ast.name(n).unwrap_or(sym::EMPTY), ast.span(n)),
            None => (sym::EMPTY, ast.span(field)),
        };
        let kind = ObjectKind::Var { kind: VarKind::Receiver, used: true };
        let mut obj = Object::new(kind, name, span, Some(self.pkg));
        obj.ty = Some(recv_type);
        let recv = self.objs.add(obj);
        self.later(move |c| c.valid_recv(base, recv));
        (recv, recv_tparams)
    }

    /// Records the types of a generic receiver's parenthesised and pointer expressions.
    fn record_recv_types(&mut self, e: ExprId, t: TypeId) {
        let (mut e, mut t) = (e, t);
        loop {
            self.record_type_and_value(e, Mode::TypeExpr, t, None);
            match self.ast.expr(e) {
                Expr::Paren(x) => e = x,
                Expr::Star(x) => {
                    let Type::Pointer(base) = self.types.get(t) else { return };
                    e = x;
                    t = base;
                }
                _ => return,
            }
        }
    }

    /// Checks that methods may be declared for a receiver's type.
    fn valid_recv(&mut self, at: ExprId, recv: ObjId) {
        let ty = self.objs[recv].ty.unwrap_or(TypeId::INVALID);
        let (rtyp, _) = self.types.deref(ty);
        let actual = self.types.unalias(rtyp);
        if actual == TypeId::INVALID {
            return;
        }
        match self.types.get(actual) {
            Type::Named(id) => {
                if self.types.named(id).pkg != Some(self.pkg) {
                    let msg = format!("cannot define new methods on non-local type {}", self.ty_str(rtyp));
                    self.error(at, Code::InvalidRecv, msg);
                    return;
                }
                let cause = match self.types.under_type(actual) {
                    Type::Basic(BasicKind::UnsafePointer) => "unsafe.Pointer",
                    Type::Pointer(_) | Type::Interface(_) => "pointer or interface type",
                    _ => return,
                };
                let msg = format!("invalid receiver type {} ({cause})", self.ty_str(rtyp));
                self.error(at, Code::InvalidRecv, msg);
            }
            Type::Basic(_) => {
                let msg = format!("cannot define new methods on non-local type {}", self.ty_str(rtyp));
                self.error(at, Code::InvalidRecv, msg);
            }
            _ => {
                let msg = format!("invalid receiver type {}", self.ty_str(ty));
                self.error(at, Code::InvalidRecv, msg);
            }
        }
    }
}
