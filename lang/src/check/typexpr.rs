//! Type expressions and identifiers.

use crate::check::advise::Wanted;
use crate::check::consts::representable_const;
use crate::check::{Checker, Mode, Operand};
use crate::constant::Kind;
use crate::diag::Code;
use crate::intern::{Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprId, List};
use crate::types::object::VarKind;
use crate::types::{BasicKind, ObjId, ObjectKind, Type, TypeId};

impl Checker {
    /// Checks identifier `e`. With `want_type` it must denote a type.
    pub(crate) fn ident(&mut self, x: &mut Operand, e: ExprId, name: Symbol, want_type: bool) {
        x.invalidate();
        x.expr = Some(e);
        let Some((scope, obj)) = self.lookup_scope(name) else {
            if name == sym::BLANK {
                self.error(e, Code::InvalidBlank, "cannot use _ as value or type");
            } else {
                let text = self.names.str(name).to_string();
                let wanted = if want_type { Wanted::Type } else { Wanted::Any };
                self.advise_undeclared(e, &text, wanted);
                let mut err = self.new_error(Code::UndeclaredName);
                self.add_part(&mut err, e, format!("undefined: {text}"));
                err.hint = self.undefined_hint(e, name);
                self.report(err);
            }
            return;
        };
        self.record_use(e, obj);
        let got_type = self.objs[obj].is_type_name();
        if !got_type && want_type {
            let msg = format!("{} ({}) is not a type", self.names.str(name), self.object_kind(obj));
            self.point_at_declaration(obj, "declared here");
            self.error(e, Code::NotAType, msg);
            self.mark_used(obj);
            return;
        }
        let local = self.objs[obj].pkg == Some(self.pkg);
        if self.objs[obj].ty.is_none() || got_type && want_type && local {
            self.obj_decl(obj);
        }
        let ty = self.objs[obj].ty.unwrap_or(TypeId::INVALID);
        if let Some(&import) = self.dot_imports.get(&(scope, name))
            && let ObjectKind::PkgName { used, .. } = &mut self.objs[import].kind
        {
            *used = true;
        }
        match &self.objs[obj].kind {
            ObjectKind::PkgName { .. } => {
                let msg = format!("use of package {} not in selector", self.names.str(name));
                self.error(e, Code::InvalidPkgUse, msg);
                return;
            }
            ObjectKind::Const { value } => {
                let value = value.clone();
                self.add_decl_dep(obj);
                if !self.types.is_valid(ty) {
                    return;
                }
                if obj == self.universe.iota {
                    match self.env.iota.clone() {
                        Some(iota) => x.val = iota,
                        None => {
                            self.error(e, Code::InvalidIota, "cannot use iota outside constant declaration");
                            return;
                        }
                    }
                } else {
                    x.val = value;
                }
                x.mode = Mode::Constant;
            }
            ObjectKind::TypeName { .. } => x.mode = Mode::TypeExpr,
            ObjectKind::Var { .. } => {
                self.mark_used(obj);
                self.add_decl_dep(obj);
                if !self.types.is_valid(ty) {
                    return;
                }
                x.mode = Mode::Variable;
            }
            ObjectKind::Func(_) => {
                self.add_decl_dep(obj);
                x.mode = Mode::Value;
            }
            ObjectKind::Builtin(id) => {
                x.id = Some(*id);
                x.mode = Mode::Builtin;
            }
            ObjectKind::Nil => x.mode = Mode::NilValue,
            ObjectKind::Label { .. } => return,
        }
        x.ty = ty;
    }

    /// What an object is, in words.
    pub fn object_kind(&self, obj: ObjId) -> &'static str {
        match &self.objs[obj].kind {
            ObjectKind::PkgName { .. } => "package name",
            ObjectKind::Const { .. } => "constant",
            ObjectKind::TypeName { .. } => {
                let ty = self.objs[obj].ty;
                match ty.map(|t| self.types.get(t)) {
                    Some(Type::Alias(_)) => "type alias",
                    Some(Type::TypeParam(_)) => "type parameter",
                    _ => "defined type",
                }
            }
            ObjectKind::Var { kind, .. } => match kind {
                VarKind::PackageVar => "package-level variable",
                VarKind::LocalVar => "local variable",
                VarKind::Receiver => "receiver",
                VarKind::Param => "parameter",
                VarKind::Result => "result variable",
            },
            ObjectKind::Func(f) if f.is_method => "method",
            ObjectKind::Func(_) => "function",
            ObjectKind::Label { .. } => "label",
            ObjectKind::Builtin(_) => "built-in function",
            ObjectKind::Nil => "untyped nil",
        }
    }

    /// Checks a type expression; the type must not be generic.
    pub fn typ(&mut self, e: ExprId) -> TypeId {
        self.declared_type(e, None)
    }

    /// Checks the type expression of a variable: the type must be neither generic nor a constraint interface.
    pub fn var_type(&mut self, e: ExprId) -> TypeId {
        let t = self.declared_type(e, None);
        self.valid_var_type(e, t);
        t
    }

    /// Reports a constraint interface as the type of a variable, once types are complete.
    pub fn valid_var_type(&mut self, e: ExprId, t: TypeId) {
        // Most types cannot be interfaces: no need to remember them.
        match self.types.get(t) {
            Type::Named(_) | Type::Alias(_) | Type::Interface(_) => {}
            _ => return,
        }
        if self.types.is_type_param(t) {
            return;
        }
        self.later(move |c| {
            let u = c.types.under(t);
            if !matches!(c.types.get(u), Type::Interface(_)) {
                return;
            }
            let set = c.types.type_set(u);
            if !set.is_method_set() {
                let why = if set.comparable {
                    "interface is (or embeds) comparable"
                } else {
                    "interface contains type constraints"
                };
                let msg = format!("cannot use type {} outside a type constraint: {why}", c.ty_str(t));
                c.soft_error(e, Code::MisplacedConstraintIface, msg);
            }
        });
    }

    /// Checks the type expression of the declaration of type name `def`, if given.
    pub fn declared_type(&mut self, e: ExprId, def: Option<ObjId>) -> TypeId {
        let mut t = self.type_internal(e, def);
        if self.types.is_generic(t) {
            let msg = format!("cannot use generic type {} without instantiation", self.ty_str(t));
            self.error(e, Code::WrongTypeArgCount, msg);
            t = TypeId::INVALID;
        }
        self.record_type_and_value(e, Mode::TypeExpr, t, None);
        t
    }

    /// Checks a type expression that must be a generic type. If it is another valid type, the result is invalid and a cause is given.
    pub fn generic_type(&mut self, e: ExprId) -> (TypeId, String) {
        let mut t = self.type_internal(e, None);
        let mut cause = String::new();
        if self.types.is_valid(t) && !self.types.is_generic(t) {
            cause = format!("{} is not a generic type", self.ty_str(t));
            t = TypeId::INVALID;
        }
        self.record_type_and_value(e, Mode::TypeExpr, t, None);
        (t, cause)
    }

    fn named_type(&mut self, x: &Operand) -> TypeId {
        match x.mode {
            Mode::TypeExpr => return x.ty,
            Mode::Invalid => {}
            Mode::NoValue => {
                let msg = format!("{} used as type", self.op_str(x));
                self.error(x, Code::NotAType, msg);
            }
            _ => {
                let msg = format!("{} is not a type", self.op_str(x));
                self.error(x, Code::NotAType, msg);
            }
        }
        TypeId::INVALID
    }

    fn type_internal(&mut self, e: ExprId, def: Option<ObjId>) -> TypeId {
        match self.ast.expr(e) {
            Expr::Bad => {}
            Expr::Name(name) => {
                let mut x = Operand::new();
                self.ident(&mut x, e, name, true);
                return self.named_type(&x);
            }
            Expr::Selector { x: base, sel } => {
                let mut x = Operand::new();
                self.selector(&mut x, e, base, sel, true);
                return self.named_type(&x);
            }
            Expr::Index { x, indices } => return self.instantiated_type(x, indices),
            Expr::Paren(x) => return self.declared_type(x, def),
            Expr::ArrayType { len, elem } => {
                let n = match len {
                    Some(len) => self.array_length(len),
                    None => {
                        self.error(
                            e,
                            Code::BadDotDotDotSyntax,
                            "invalid use of [...] array (outside a composite literal)",
                        );
                        -1
                    }
                };
                let elem = self.var_type(elem);
                if n >= 0 {
                    return self.types.array(n, elem);
                }
            }
            Expr::SliceType { elem } => {
                let elem = self.var_type(elem);
                return self.types.slice(elem);
            }
            Expr::DotsType { .. } => self.error(e, Code::InvalidSyntaxTree, "invalid use of ..."),
            Expr::StructType { fields } => return self.struct_type(fields),
            Expr::Star(base) => {
                let base = self.var_type(base);
                // A pointer to an invalid type is of no use and leads to more errors.
                return if self.types.is_valid(base) { self.types.pointer(base) } else { TypeId::INVALID };
            }
            Expr::FuncType { params, results } => return self.func_type(None, List::EMPTY, params, results).ty,
            Expr::InterfaceType { elems } => return self.interface_type(elems),
            Expr::MapType { key, value } => {
                let k = self.var_type(key);
                let v = self.var_type(value);
                self.later(move |c| {
                    if !c.types.comparable(k) {
                        let why = if c.types.is_type_param(k) { " (missing comparable constraint)" } else { "" };
                        let msg = format!("invalid map key type {}{why}", c.ty_str(k));
                        c.error(key, Code::IncomparableMapKey, msg);
                    }
                });
                return self.types.map(k, v);
            }
            Expr::ChanType { dir, elem } => {
                let elem = self.var_type(elem);
                return self.types.chan(dir, elem);
            }
            _ => {
                let msg = format!("{} is not a type", self.expr_str(e));
                self.error(e, Code::NotAType, msg);
                self.use_exprs(&[e]);
            }
        }
        TypeId::INVALID
    }

    /// `x[indices]`
    fn instantiated_type(&mut self, x: ExprId, indices: List<ExprId>) -> TypeId {
        let ast = self.ast.clone();
        let list = ast.exprs(indices);
        let (gtyp, cause) = self.generic_type(x);
        if !cause.is_empty() {
            let msg = format!("invalid operation: {}[{}] ({cause})", self.expr_str(x), self.expr_list_str(list));
            self.error(x, Code::NotAGenericType, msg);
        }
        if !self.types.is_valid(gtyp) {
            return gtyp;
        }
        let Some(targs) = self.type_list(list) else { return TypeId::INVALID };
        let pos = self.ast.pos(x);
        let inst = self.instance(pos, gtyp, &targs);
        if !self.types.is_valid(inst) {
            return TypeId::INVALID;
        }
        let list: Vec<ExprId> = list.to_vec();
        // The type parameters of a type that is being declared may not be complete yet.
        self.later(move |c| {
            c.record_instance(x, &targs, inst);
            let (name, tparams) = match c.types.get(gtyp) {
                Type::Alias(id) => {
                    let a = c.types.alias(id);
                    (a.name, a.tparams.borrow().clone())
                }
                Type::Named(id) => (c.types.named(id).name, c.types.named_tparams(id)),
                _ => return,
            };
            let name = c.names.str(name).to_string();
            if c.validate_targ_len(pos, &name, tparams.len(), targs.len()) {
                match c.verify(&tparams, &targs) {
                    Err((i, msg)) => {
                        let at = list.get(i).map_or(pos.span(), |&a| Span::new(c.ast.start(a), c.ast.end(a)));
                        c.point_at_type_param(tparams[i]);
                        c.soft_error(at, Code::InvalidTypeArg, msg);
                    }
                    Ok(()) => c.record_mono(pos, &tparams, &targs, &list),
                }
            }
        });
        inst
    }

    /// The constant value of an array length; negative if it is in error.
    pub fn array_length(&mut self, e: ExprId) -> i64 {
        if let Expr::Name(name) = self.ast.expr(e) {
            match self.lookup(name) {
                None => {
                    let msg = format!("undefined array length {} or missing type constraint", self.names.str(name));
                    self.error(e, Code::InvalidArrayLen, msg);
                    return -1;
                }
                Some(obj) if !self.objs[obj].is_const() => {
                    let msg = format!("invalid array length {}", self.names.str(name));
                    self.error(e, Code::InvalidArrayLen, msg);
                    return -1;
                }
                Some(_) => {}
            }
        }
        let mut x = Operand::new();
        self.expr(None, &mut x, e);
        if x.mode != Mode::Constant {
            if x.is_valid() {
                let msg = format!("array length {} must be constant", self.op_str(&x));
                self.error(&x, Code::InvalidArrayLen, msg);
            }
            return -1;
        }
        if self.types.is_untyped(x.ty) || self.types.is_integer(x.ty) {
            let v = x.val.to_int();
            if v.kind() == Kind::Int
                && representable_const(&v, BasicKind::Int).is_some()
                && let Some(n) = v.as_i64().filter(|&n| n >= 0)
            {
                return n;
            }
        }
        let text = self.op_str(&x);
        let msg = if self.types.is_integer(x.ty) {
            format!("invalid array length {text}")
        } else {
            format!("array length {text} must be integer")
        };
        self.error(&x, Code::InvalidArrayLen, msg);
        -1
    }

    /// The types that the expressions denote; none if one is in error.
    pub fn type_list(&mut self, list: &[ExprId]) -> Option<Vec<TypeId>> {
        let types: Vec<TypeId> = list.iter().map(|&e| self.var_type(e)).collect();
        types.iter().all(|&t| self.types.is_valid(t)).then_some(types)
    }
}
