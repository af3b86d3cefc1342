//! Calls of predeclared functions and of those in package unsafe.

use crate::check::Checker;
use crate::check::expr::Exclude;
use crate::check::operand::{Mode, Operand};
use crate::constant::{self, Value};
use crate::diag::Code;
use crate::syntax::ast::{BinaryOp, ChanDir, Expr, ExprId};
use crate::types::universe::BuiltinId;
use crate::types::{BasicKind, Param, Signature, Type, TypeId};

impl Checker {
    /// Checks a call of predeclared function `id`; gives whether it is valid, with the result in `x`.
    pub(crate) fn builtin(&mut self, x: &mut Operand, call: ExprId, id: BuiltinId) -> bool {
        let ast = self.ast.clone();
        let Expr::Call { fun, args: arg_list, dots } = ast.expr(call) else { return false };
        let arg_list = ast.exprs(arg_list);
        let name = id.name();
        if dots && id != BuiltinId::Append {
            let message = format!("invalid operation: invalid use of ... with built-in {name}");
            self.error(call, Code::InvalidDotDotDot, message);
            self.use_exprs(arg_list);
            return false;
        }
        // len and cap of an array are constant unless the argument contains calls or receives.
        let outer_calls = self.env.has_call_or_recv;
        let is_len = matches!(id, BuiltinId::Len | BuiltinId::Cap);
        if is_len {
            self.env.has_call_or_recv = false;
        }
        let lazy = matches!(id, BuiltinId::Make | BuiltinId::New | BuiltinId::Offsetof);
        let mut args = Vec::new();
        if !lazy {
            args = self.expr_list(arg_list);
            if args.iter().any(|a| !a.is_valid()) {
                if is_len {
                    self.env.has_call_or_recv = outer_calls;
                }
                return false;
            }
            if let Some(first) = args.first() {
                *x = first.clone();
            }
        }
        let nargs = if lazy { arg_list.len() } else { args.len() };
        let (min, more) = id.arity();
        if nargs < min || !more && nargs > min {
            let qualifier = if nargs < min { "not enough" } else { "too many" };
            let message = format!(
                "invalid operation: {qualifier} arguments for {} (expected {min}, found {nargs})",
                self.expr_str(call)
            );
            self.error(call, Code::WrongArgCount, message);
            if is_len {
                self.env.has_call_or_recv = outer_calls;
            }
            return false;
        }
        self.record_builtin(fun, id);
        match id {
            BuiltinId::Append => self.append(x, call, dots, &mut args),
            BuiltinId::Cap | BuiltinId::Len => {
                let ok = self.len_cap(x, id);
                self.env.has_call_or_recv = outer_calls;
                ok
            }
            BuiltinId::Clear => self.clear(x, fun),
            BuiltinId::Close => self.close(x),
            BuiltinId::Complex => self.complex(x, call, &mut args),
            BuiltinId::Copy => self.copy(x, &mut args),
            BuiltinId::Delete => self.delete(x, &mut args),
            BuiltinId::Imag | BuiltinId::Real => self.real_imag(x, id),
            BuiltinId::Make => self.make(x, call, arg_list),
            BuiltinId::Max | BuiltinId::Min => self.min_max(x, fun, id, &mut args),
            BuiltinId::New => self.new_call(x, fun, arg_list[0]),
            BuiltinId::Panic => {
                if self.env.func.as_ref().is_some_and(|f| !f.results.is_empty()) {
                    self.env.panics.borrow_mut().insert(call);
                }
                self.assignment(x, Some(TypeId::EMPTY_INTERFACE), "argument to panic");
                self.no_value(x)
            }
            BuiltinId::Print | BuiltinId::Println => {
                for a in &mut args {
                    self.assignment(a, None, &format!("argument to built-in {name}"));
                    if !a.is_valid() {
                        return false;
                    }
                }
                x.mode = Mode::NoValue;
                x.ty = TypeId::EMPTY_TUPLE;
                true
            }
            BuiltinId::Recover => self.value(x, TypeId::EMPTY_INTERFACE),
            BuiltinId::Add => {
                self.verify_version(fun, (1, 17), "unsafe.Add");
                self.assignment(x, Some(TypeId::UNSAFE_POINTER), "argument to unsafe.Add");
                x.is_valid()
                    && self.is_valid_index(&mut args[1], Code::InvalidUnsafeAdd, "length", true)
                    && self.value(x, TypeId::UNSAFE_POINTER)
            }
            BuiltinId::Alignof | BuiltinId::Sizeof => self.size_align(x, id),
            BuiltinId::Offsetof => self.offsetof(x, arg_list[0]),
            BuiltinId::Slice => {
                self.verify_version(fun, (1, 17), "unsafe.Slice");
                let Some(Type::Pointer(base)) = self.types.core(x.ty).map(|u| self.types.get(u)) else {
                    let message = format!("invalid argument: {} is not a pointer", self.op_str(x));
                    self.error(&*x, Code::InvalidUnsafeSlice, message);
                    return false;
                };
                self.is_valid_index(&mut args[1], Code::InvalidUnsafeSlice, "length", false)
                    && self.value(x, self.types.slice(base))
            }
            BuiltinId::SliceData => {
                self.verify_version(fun, (1, 20), "unsafe.SliceData");
                let Some(Type::Slice(elem)) = self.types.core(x.ty).map(|u| self.types.get(u)) else {
                    let message = format!("invalid argument: {} is not a slice", self.op_str(x));
                    self.error(&*x, Code::InvalidUnsafeSliceData, message);
                    return false;
                };
                self.value(x, self.types.pointer(elem))
            }
            BuiltinId::String => {
                self.verify_version(fun, (1, 20), "unsafe.String");
                let byte_ptr = self.types.pointer(TypeId::BYTE);
                self.assignment(x, Some(byte_ptr), "argument to unsafe.String");
                x.is_valid()
                    && self.is_valid_index(&mut args[1], Code::InvalidUnsafeString, "length", false)
                    && self.value(x, TypeId::STRING)
            }
            BuiltinId::StringData => {
                self.verify_version(fun, (1, 20), "unsafe.StringData");
                self.assignment(x, Some(TypeId::STRING), "argument to unsafe.StringData");
                x.is_valid() && self.value(x, self.types.pointer(TypeId::BYTE))
            }
        }
    }

    fn value(&self, x: &mut Operand, t: TypeId) -> bool {
        x.mode = Mode::Value;
        x.ty = t;
        true
    }

    fn no_value(&self, x: &mut Operand) -> bool {
        if !x.is_valid() {
            return false;
        }
        x.mode = Mode::NoValue;
        x.ty = TypeId::EMPTY_TUPLE;
        true
    }

    fn append(&mut self, x: &mut Operand, call: ExprId, dots: bool, args: &mut [Operand]) -> bool {
        let elem = match self.slice_elem(x) {
            Ok(elem) => elem,
            Err(why) => {
                self.error(&*x, Code::InvalidAppend, format!("invalid append: {why}"));
                return false;
            }
        };
        // Bytes may be appended from a string.
        if args.len() == 2 && dots && self.assignable_to(x, TypeId::BYTES).is_ok() {
            let mut has_string = false;
            let all = self.types.typeset(args[1].ty).into_iter().all(|(_, u)| {
                let Some(u) = u else { return false };
                match self.types.get(u) {
                    Type::Slice(e) => self.types.identical(e, TypeId::BYTE),
                    Type::Basic(k) if k.is_string() => {
                        has_string = true;
                        true
                    }
                    _ => false,
                }
            });
            if all && has_string {
                let y = args[1].clone();
                if self.types.is_untyped(y.ty)
                    && let Some(e) = y.expr
                {
                    let t = self.types.default_type(y.ty);
                    self.update_expr_type(e, t, true);
                }
                x.mode = Mode::Value;
                return true;
            }
        }
        let blank = |ty| Param { name: crate::intern::sym::EMPTY, ty };
        let sig = Signature {
            tparams: Vec::new(),
            params: vec![blank(x.ty), blank(self.types.slice(elem))],
            results: vec![blank(x.ty)],
            variadic: true,
        };
        self.builtin_arguments(call, sig, args);
        x.mode = Mode::Value;
        true
    }

    /// The element type of a slice operand, or of all slices in its type set.
    fn slice_elem(&self, x: &Operand) -> Result<TypeId, String> {
        let mut elem: Option<TypeId> = None;
        for (_, u) in self.types.typeset(x.ty) {
            let Some(Type::Slice(e)) = u.map(|u| self.types.get(u)) else {
                return Err(if x.is_nil() {
                    "argument must be a slice; have untyped nil".into()
                } else {
                    format!("argument must be a slice; have {}", self.op_str(x))
                });
            };
            match elem {
                Some(elem) if !self.types.identical(elem, e) => {
                    return Err(format!(
                        "mismatched slice element types {} and {} in {}",
                        self.ty_str(elem),
                        self.ty_str(e),
                        self.op_str(x)
                    ));
                }
                Some(_) => {}
                None => elem = Some(e),
            }
        }
        elem.ok_or_else(|| format!("argument must be a slice; have {}", self.op_str(x)))
    }

    fn len_cap(&mut self, x: &mut Operand, id: BuiltinId) -> bool {
        let is_len = id == BuiltinId::Len;
        let u = self.array_ptr_deref(self.types.under(x.ty));
        let has_len = |u: TypeId| match self.types.get(u) {
            Type::Basic(k) => k.is_string() && is_len,
            Type::Array { .. } | Type::Slice(_) | Type::Chan { .. } => true,
            Type::Map { .. } => is_len,
            _ => false,
        };
        let mut val = None;
        let ok = match self.types.get(u) {
            Type::Basic(k) if k.is_string() && is_len => {
                if x.mode == Mode::Constant {
                    val = Some(x.val.as_str().map_or(Value::Unknown, |s| Value::Int(s.len() as i64)));
                }
                true
            }
            Type::Array { len, .. } => {
                if !self.env.has_call_or_recv {
                    val = Some(if len >= 0 { Value::Int(len) } else { Value::Unknown });
                }
                true
            }
            Type::Interface(_) => {
                self.types.is_type_param(x.ty)
                    && self.types.under_is(x.ty, |u| u.is_some_and(|u| has_len(self.array_ptr_deref(u))))
            }
            _ => has_len(u),
        };
        if !ok {
            if !self.types.under(x.ty).is_invalid() {
                let code = if is_len { Code::InvalidLen } else { Code::InvalidCap };
                let message = format!("invalid argument: {} for built-in {}", self.op_str(x), id.name());
                self.error(&*x, code, message);
            }
            return false;
        }
        x.mode = if val.is_some() { Mode::Constant } else { Mode::Value };
        x.ty = TypeId::INT;
        x.val = val.unwrap_or(Value::Unknown);
        true
    }

    fn clear(&mut self, x: &mut Operand, fun: ExprId) -> bool {
        self.verify_version(fun, (1, 21), "clear");
        let ok = self
            .types
            .under_is(x.ty, |u| matches!(u.map(|u| self.types.get(u)), Some(Type::Map { .. } | Type::Slice(_))));
        if !ok {
            let message = format!(
                "invalid argument: cannot clear {}: argument must be (or constrained by) map or slice",
                self.op_str(x)
            );
            self.error(&*x, Code::InvalidClear, message);
            return false;
        }
        self.no_value(x)
    }

    fn close(&mut self, x: &mut Operand) -> bool {
        let mut problem = None;
        self.types.under_is(x.ty, |u| {
            problem = match u.map(|u| self.types.get(u)) {
                Some(Type::Chan { dir: ChanDir::Recv, .. }) => Some("receive-only channel"),
                Some(Type::Chan { .. }) => None,
                _ => Some("non-channel"),
            };
            problem.is_none()
        });
        if let Some(what) = problem {
            let message = format!("invalid operation: cannot close {what} {}", self.op_str(x));
            self.error(&*x, Code::InvalidClose, message);
            return false;
        }
        self.no_value(x)
    }

    fn complex(&mut self, x: &mut Operand, call: ExprId, args: &mut [Operand]) -> bool {
        let mut y = args[1].clone();
        match (self.types.is_untyped(x.ty), self.types.is_untyped(y.ty)) {
            (false, false) => {}
            (true, false) => self.convert_untyped(x, y.ty),
            (false, true) => self.convert_untyped(&mut y, x.ty),
            (true, true) => {
                if x.mode == Mode::Constant && y.mode == Mode::Constant {
                    for z in [&mut *x, &mut y] {
                        if self.types.is_numeric(z.ty) && z.val.imag().sign() == 0 {
                            z.ty = TypeId::UNTYPED_FLOAT;
                        }
                    }
                } else {
                    // An untyped value that is no constant contains a shift, which no float can be.
                    self.convert_untyped(x, TypeId::FLOAT64);
                    self.convert_untyped(&mut y, TypeId::FLOAT64);
                }
            }
        }
        if !x.is_valid() || !y.is_valid() {
            return false;
        }
        if !self.types.identical(x.ty, y.ty) {
            let message = format!(
                "invalid operation: {} (mismatched types {} and {})",
                self.expr_str(call),
                self.ty_str(x.ty),
                self.ty_str(y.ty)
            );
            self.error(&*x, Code::InvalidComplex, message);
            return false;
        }
        let Some(t) = self.apply_type_func(x, BuiltinId::Complex) else {
            let message =
                format!("invalid argument: arguments have type {}, expected floating-point", self.ty_str(x.ty));
            self.error(&*x, Code::InvalidComplex, message);
            return false;
        };
        if x.mode == Mode::Constant && y.mode == Mode::Constant {
            x.val = match (x.val.to_float(), y.val.to_float()) {
                (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
                (re, im) => Value::complex(re, im),
            };
        } else {
            x.mode = Mode::Value;
        }
        x.ty = t;
        true
    }

    fn copy(&mut self, x: &mut Operand, args: &mut [Operand]) -> bool {
        let dst = match self.slice_elem(x) {
            Ok(elem) => elem,
            Err(why) => {
                self.error(&*x, Code::InvalidCopy, format!("invalid copy: {why}"));
                return false;
            }
        };
        let y = args[1].clone();
        let bytes = self.assignable_to(x, TypeId::BYTES).is_ok()
            && self.types.typeset(y.ty).into_iter().all(|(_, u)| {
                u.is_some_and(|u| match self.types.get(u) {
                    Type::Slice(e) => self.types.identical(e, TypeId::BYTE),
                    Type::Basic(k) => k.is_string(),
                    _ => false,
                })
            });
        if !bytes {
            let src = match self.slice_elem(&y) {
                Ok(elem) => elem,
                Err(_) if self.types.all_string(y.ty) => TypeId::BYTE,
                Err(why) => {
                    self.error(&y, Code::InvalidCopy, format!("invalid copy: {why}"));
                    return false;
                }
            };
            if !self.types.identical(dst, src) {
                let message = format!(
                    "invalid copy: arguments {} and {} have different element types {} and {}",
                    self.op_str(x),
                    self.op_str(&y),
                    self.ty_str(dst),
                    self.ty_str(src)
                );
                self.error(&*x, Code::InvalidCopy, message);
                return false;
            }
        }
        if self.types.is_untyped(y.ty)
            && let Some(e) = y.expr
        {
            let t = self.types.default_type(y.ty);
            self.update_expr_type(e, t, true);
        }
        self.value(x, TypeId::INT)
    }

    fn delete(&mut self, x: &mut Operand, args: &mut [Operand]) -> bool {
        let mut key: Option<TypeId> = None;
        let mut problem = None;
        self.types.under_is(x.ty, |u| {
            match u.map(|u| self.types.get(u)) {
                Some(Type::Map { key: k, .. }) => {
                    if key.is_some_and(|key| !self.types.identical(k, key)) {
                        problem = Some(format!("maps of {} must have identical key types", self.op_str(x)));
                    }
                    key = Some(k);
                }
                _ => problem = Some(format!("{} is not a map", self.op_str(x))),
            }
            problem.is_none()
        });
        if let Some(problem) = problem {
            self.error(&*x, Code::InvalidDelete, format!("invalid argument: {problem}"));
            return false;
        }
        *x = args[1].clone();
        self.assignment(x, key, "argument to delete");
        self.no_value(x)
    }

    fn real_imag(&mut self, x: &mut Operand, id: BuiltinId) -> bool {
        if self.types.is_untyped(x.ty) {
            if x.mode == Mode::Constant {
                if self.types.is_numeric(x.ty) {
                    x.ty = TypeId::UNTYPED_COMPLEX;
                }
            } else {
                self.convert_untyped(x, TypeId::COMPLEX128);
                if !x.is_valid() {
                    return false;
                }
            }
        }
        let Some(t) = self.apply_type_func(x, id) else {
            let code = if id == BuiltinId::Real { Code::InvalidReal } else { Code::InvalidImag };
            let message = format!("invalid argument: argument has type {}, expected complex type", self.ty_str(x.ty));
            self.error(&*x, code, message);
            return false;
        };
        if x.mode == Mode::Constant {
            x.val = if id == BuiltinId::Real { x.val.real() } else { x.val.imag() };
        } else {
            x.mode = Mode::Value;
        }
        x.ty = t;
        true
    }

    /// The result type of `complex`, `real` or `imag` for an argument type; `None` if it does not fit. Type parameters are refused
    /// with an error of their own, as in Go's compiler.
    fn apply_type_func(&mut self, x: &Operand, id: BuiltinId) -> Option<TypeId> {
        let result = |t: TypeId| {
            let kind = self.types.basic(t)?;
            Some(match (id, kind) {
                (BuiltinId::Complex, BasicKind::Float32) => TypeId::COMPLEX64,
                (BuiltinId::Complex, BasicKind::Float64) => TypeId::COMPLEX128,
                (BuiltinId::Complex, BasicKind::UntypedFloat) => TypeId::UNTYPED_COMPLEX,
                (BuiltinId::Real | BuiltinId::Imag, BasicKind::Complex64) => TypeId::FLOAT32,
                (BuiltinId::Real | BuiltinId::Imag, BasicKind::Complex128) => TypeId::FLOAT64,
                (BuiltinId::Real | BuiltinId::Imag, BasicKind::UntypedComplex) => TypeId::UNTYPED_FLOAT,
                _ => return None,
            })
        };
        if !self.types.is_type_param(x.ty) {
            return result(x.ty);
        }
        let results: Vec<TypeId> = self.types.terms(x.ty)?.iter().map(|t| result(t.ty)).collect::<Option<_>>()?;
        let code = match id {
            BuiltinId::Real => Code::InvalidReal,
            BuiltinId::Imag => Code::InvalidImag,
            _ => Code::InvalidComplex,
        };
        let message = format!(
            "{} not supported as argument to built-in {} for go1.18 (see go.dev/issue/50937)",
            self.op_str(x),
            id.name()
        );
        self.soft_error(x, code, message);
        results.first().copied()
    }

    fn make(&mut self, x: &mut Operand, call: ExprId, args: &[ExprId]) -> bool {
        let t = self.var_type(args[0]);
        if !self.types.is_valid(t) {
            return false;
        }
        let refused = self.types.typeset(t).into_iter().find_map(|(_, u)| match u.map(|u| self.types.get(u)) {
            Some(Type::Slice(_) | Type::Map { .. } | Type::Chan { .. }) => None,
            None => Some("no specific type".to_string()),
            Some(_) => Some("type must be slice, map, or channel".to_string()),
        });
        let common = match refused {
            Some(why) => Err(why),
            None => self.types.common_under(t).map_err(|why| self.no_common_under(why)),
        };
        let u = match common {
            Ok(u) => u,
            Err(why) => {
                let message = format!("invalid argument: cannot make {}: {why}", self.expr_str(args[0]));
                self.error(args[0], Code::InvalidMake, message);
                return false;
            }
        };
        let min = if matches!(self.types.get(u), Type::Slice(_)) { 2 } else { 1 };
        if args.len() < min || min + 1 < args.len() {
            let message = format!(
                "invalid operation: {} expects {min} or {} arguments; found {}",
                self.expr_str(call),
                min + 1,
                args.len()
            );
            self.error(call, Code::WrongArgCount, message);
            return false;
        }
        let sizes: Vec<i64> = args[1..].iter().filter_map(|&a| self.index(a, None).and_then(|(_, v)| v)).collect();
        if let [len, cap] = sizes[..]
            && len > cap
        {
            self.error(args[1], Code::SwappedMakeArgs, "invalid argument: length and capacity swapped");
        }
        self.value(x, t)
    }

    fn min_max(&mut self, x: &mut Operand, fun: ExprId, id: BuiltinId, args: &mut [Operand]) -> bool {
        let name = id.name();
        self.verify_version(fun, (1, 21), &format!("built-in {name}"));
        let op = if id == BuiltinId::Max { BinaryOp::Gt } else { BinaryOp::Lt };
        for (i, a) in args.iter_mut().enumerate() {
            if !self.types.all_ordered(a.ty) {
                let message = format!("invalid argument: {} cannot be ordered", self.op_str(a));
                self.error(&*a, Code::InvalidMinMaxOperand, message);
                return false;
            }
            if i == 0 {
                continue;
            }
            self.match_binary_operands(x, a);
            if !x.is_valid() {
                return false;
            }
            if !self.types.identical(x.ty, a.ty) {
                let what = a.expr.map_or_else(String::new, |e| self.expr_str(e));
                let message = format!(
                    "invalid argument: mismatched types {} (previous argument) and {} (type of {what})",
                    self.ty_str(x.ty),
                    self.ty_str(a.ty)
                );
                self.error(&*a, Code::MismatchedTypes, message);
                return false;
            }
            if x.mode == Mode::Constant && a.mode == Mode::Constant {
                if constant::compare(&a.val, op, &x.val) {
                    *x = a.clone();
                }
            } else {
                x.mode = Mode::Value;
            }
        }
        if x.mode != Mode::Constant {
            x.mode = Mode::Value;
            self.assignment(x, Some(TypeId::EMPTY_INTERFACE), &format!("argument to built-in {name}"));
            if !x.is_valid() {
                return false;
            }
        }
        for a in args.iter() {
            if let Some(e) = a.expr {
                self.update_expr_type(e, x.ty, true);
            }
        }
        true
    }

    /// `new(T)` or, since Go 1.26, `new(expr)`.
    fn new_call(&mut self, x: &mut Operand, fun: ExprId, arg: ExprId) -> bool {
        self.expr_or_type(x, arg, false);
        if x.mode == Mode::Builtin {
            self.exclude(x, Exclude::NonValues);
        }
        match x.mode {
            Mode::Invalid => return false,
            Mode::TypeExpr => self.valid_var_type(arg, x.ty),
            _ => {
                if self.types.is_untyped(x.ty) {
                    self.assignment(x, None, "argument to new");
                    if !x.is_valid() {
                        return false;
                    }
                }
                let what = format!("new({})", self.expr_str(arg));
                self.verify_version(fun, (1, 26), &what);
            }
        }
        let t = self.types.pointer(x.ty);
        self.value(x, t)
    }
}
