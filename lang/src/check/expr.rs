//! Expressions: dispatch by kind, unary and binary operators.

use std::rc::Rc;

use crate::check::{Checker, Mode, Operand};
use crate::constant::{self, Value};
use crate::diag::Code;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, UnaryOp};
use crate::types::{ChanDir, Type, TypeId};

/// Which contexts an expression is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprKind {
    /// A conversion: not a statement.
    Conversion,
    /// An expression: not a statement.
    Expression,
    /// A call or receive: may be a statement.
    Statement,
}

/// The function-typed variable that a generic function is assigned to, from which its type arguments can be inferred.
#[derive(Debug, Clone)]
pub struct Target {
    /// The function type.
    pub sig: TypeId,
    /// What the variable is, for messages.
    pub desc: String,
}

/// What [`Checker::exclude`] refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclude {
    /// Calls without results only.
    NoValue,
    /// Everything but values.
    NonValues,
}

impl Checker {
    /// The target for an assignment to a variable of type `ty`; none unless it is of function type.
    pub fn new_target(&self, ty: Option<TypeId>, desc: &str) -> Option<Target> {
        let u = self.types.common_under(ty?).ok()?;
        match self.types.get(u) {
            Type::Signature(_) => Some(Target { sig: u, desc: desc.to_string() }),
            _ => None,
        }
    }

    /// Checks an expression that must be a single value.
    pub fn expr(&mut self, target: Option<&Target>, x: &mut Operand, e: ExprId) {
        self.raw_expr(target, x, e, None, false);
        self.exclude(x, Exclude::NonValues);
        self.single_value(x);
    }

    /// Like [`Checker::expr`]; the value may be a generic function.
    pub fn generic_expr(&mut self, x: &mut Operand, e: ExprId, hint: Option<TypeId>) {
        self.raw_expr(None, x, e, hint, true);
        self.exclude(x, Exclude::NonValues);
        self.single_value(x);
    }

    /// Like [`Checker::expr`]; `hint` is the type of the composite literal's element that `e` is.
    pub fn expr_with_hint(&mut self, x: &mut Operand, e: ExprId, hint: TypeId) {
        self.raw_expr(None, x, e, Some(hint), false);
        self.exclude(x, Exclude::NonValues);
        self.single_value(x);
    }

    /// Checks an expression of any number of values. With `allow_comma_ok`, an expression that may yield a second, boolean value gives
    /// both; the second result says whether that happened. In error, the first operand is invalid.
    pub fn multi_expr(&mut self, e: ExprId, allow_comma_ok: bool) -> (Vec<Operand>, bool) {
        let mut x = Operand::new();
        self.raw_expr(None, &mut x, e, None, false);
        self.exclude(&mut x, Exclude::NonValues);
        let span = self.ast.span(e);
        if x.is_valid()
            && let Type::Tuple(params) = self.types.get(x.ty)
        {
            let list = params
                .iter()
                .enumerate()
                .map(|(i, p)| Operand {
                    dummy: Some(Rc::new((span, nth(i + 1, "function result")))),
                    ..Operand::value(None, p.ty)
                })
                .collect();
            return (list, false);
        }
        if allow_comma_ok && matches!(x.mode, Mode::MapIndex | Mode::CommaOk) {
            let ok = Operand {
                dummy: Some(Rc::new((span, "ok value of (comma, ok) expression".to_string()))),
                ..Operand::value(None, TypeId::UNTYPED_BOOL)
            };
            return (vec![x, ok], true);
        }
        (vec![x], false)
    }

    /// Checks an expression or type.
    pub fn expr_or_type(&mut self, x: &mut Operand, e: ExprId, allow_generic: bool) {
        self.raw_expr(None, x, e, None, allow_generic);
        self.exclude(x, Exclude::NoValue);
        self.single_value(x);
    }

    /// Refuses operands that are no values (or have none).
    pub fn exclude(&mut self, x: &mut Operand, what: Exclude) {
        let (code, msg) = match (x.mode, what) {
            (Mode::NoValue, Exclude::NonValues) => (Code::TooManyValues, "used as value"),
            (Mode::NoValue, Exclude::NoValue) => (Code::TooManyValues, "used as value or type"),
            (Mode::Builtin, Exclude::NonValues) => (Code::UncalledBuiltin, "must be called"),
            (Mode::TypeExpr, Exclude::NonValues) => (Code::NotAnExpr, "is not an expression"),
            _ => return,
        };
        let msg = format!("{} {msg}", self.op_str(x));
        self.error(&*x, code, msg);
        x.invalidate();
    }

    /// Refuses operands of several values.
    pub fn single_value(&mut self, x: &mut Operand) {
        if x.mode == Mode::Value && matches!(self.types.get(x.ty), Type::Tuple(_)) {
            let msg = format!("multiple-value {} in single-value context", self.op_str(x));
            self.error(&*x, Code::TooManyValues, msg);
            x.invalidate();
        }
    }

    /// Checks an expression or type of any kind. A generic function is instantiated from `target` if that is given; otherwise generic
    /// operands are refused unless `allow_generic`. `hint` is the type of the literal element that `e` is.
    pub fn raw_expr(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand,
        e: ExprId,
        hint: Option<TypeId>,
        allow_generic: bool,
    ) -> ExprKind {
        let kind = self.expr_internal(target, x, e, hint);
        if !allow_generic {
            self.non_generic(target, x);
        }
        self.record(x);
        kind
    }

    /// Refuses generic operands, or instantiates a generic function from the target.
    pub(crate) fn non_generic(&mut self, target: Option<&Target>, x: &mut Operand) {
        if !x.is_valid() || x.mode == Mode::NoValue {
            return;
        }
        let what = match self.types.get(x.ty) {
            Type::Alias(_) | Type::Named(_) if self.types.is_generic(x.ty) => "type",
            Type::Signature(s) if !s.tparams.is_empty() => {
                if target.is_some()
                    && let Some(e) = x.expr
                {
                    let pos = self.ast.pos(e);
                    self.func_inst(target, pos, x, None, true);
                    return;
                }
                "function"
            }
            _ => return,
        };
        let msg = format!("cannot use generic {what} {} without instantiation", self.op_expr_str(x));
        self.error(&*x, Code::WrongTypeArgCount, msg);
        x.invalidate();
        x.ty = TypeId::INVALID;
    }

    fn expr_internal(&mut self, target: Option<&Target>, x: &mut Operand, e: ExprId, hint: Option<TypeId>) -> ExprKind {
        x.invalidate();
        x.ty = TypeId::INVALID;
        x.dummy = None;
        let kind = self.expr_by_kind(target, x, e, hint);
        match kind {
            Some(kind) => {
                x.expr = Some(e);
                kind
            }
            None => {
                x.invalidate();
                x.expr = Some(e);
                ExprKind::Statement // avoids an error about an unused value
            }
        }
    }

    /// Gives none for an expression in error.
    fn expr_by_kind(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand,
        e: ExprId,
        hint: Option<TypeId>,
    ) -> Option<ExprKind> {
        let valid = |x: &Operand| x.is_valid().then_some(ExprKind::Expression);
        match self.ast.expr(e) {
            Expr::Bad => None,
            Expr::Name(name) => {
                self.ident(x, e, name, false);
                Some(ExprKind::Expression)
            }
            Expr::DotsType { .. } => {
                self.error(e, Code::InvalidSyntaxTree, "invalid use of ...");
                None
            }
            Expr::BasicLit { kind, value, bad } => {
                if bad {
                    return None;
                }
                self.basic_lit(x, e, kind, value);
                valid(x)
            }
            Expr::FuncLit { .. } => {
                self.func_lit(x, e);
                valid(x)
            }
            Expr::CompositeLit { .. } => {
                self.composite_lit(x, e, hint);
                valid(x)
            }
            Expr::Paren(inner) => {
                // Inference of type arguments does not look through parentheses.
                let kind = self.raw_expr(None, x, inner, None, false);
                Some(kind)
            }
            Expr::Selector { x: base, sel } => {
                self.selector(x, e, base, sel, false);
                Some(ExprKind::Expression)
            }
            Expr::Index { .. } => {
                if self.index_expr(x, e) {
                    let pos = self.ast.pos(e);
                    self.func_inst(target, pos, x, Some(e), true);
                }
                valid(x)
            }
            Expr::Slice { .. } => {
                self.slice_expr(x, e);
                valid(x)
            }
            Expr::TypeAssert { x: operand, typ } => self.type_assert(x, e, operand, typ),
            Expr::TypeSwitchGuard { x: operand } => {
                self.error(e, Code::InvalidSyntaxTree, "use of .(type) outside type switch");
                self.use_exprs(&[operand]);
                None
            }
            Expr::Call { .. } => Some(self.call_expr(x, e)),
            Expr::Star(inner) => self.star(x, inner),
            Expr::Unary { op, x: inner } => {
                self.unary(x, e, op, inner);
                if !x.is_valid() {
                    return None;
                }
                Some(if op == UnaryOp::Recv { ExprKind::Statement } else { ExprKind::Expression })
            }
            Expr::Binary { .. } => {
                self.binary_chain(x, e);
                valid(x)
            }
            Expr::KeyValue { .. } => {
                self.error(e, Code::InvalidSyntaxTree, "no key:value expected");
                None
            }
            Expr::ArrayType { .. }
            | Expr::SliceType { .. }
            | Expr::StructType { .. }
            | Expr::FuncType { .. }
            | Expr::InterfaceType { .. }
            | Expr::MapType { .. }
            | Expr::ChanType { .. } => {
                x.mode = Mode::TypeExpr;
                x.ty = self.typ(e);
                Some(ExprKind::Expression)
            }
        }
    }

    fn type_assert(&mut self, x: &mut Operand, e: ExprId, operand: ExprId, typ: ExprId) -> Option<ExprKind> {
        self.expr(None, x, operand);
        if !x.is_valid() {
            return None;
        }
        if self.types.is_type_param(x.ty) {
            let msg =
                format!("invalid operation: cannot use type assertion on type parameter value {}", self.op_str(x));
            self.error(&*x, Code::InvalidAssert, msg);
            return None;
        }
        if !self.types.is_interface(x.ty) {
            let msg = format!("invalid operation: {} is not an interface", self.op_str(x));
            self.error(&*x, Code::InvalidAssert, msg);
            return None;
        }
        let t = self.var_type(typ);
        if !self.types.is_valid(t) || !self.check_complete(t) {
            return None;
        }
        self.type_assertion(e, x, t, false);
        x.mode = Mode::CommaOk;
        x.ty = t;
        Some(ExprKind::Expression)
    }

    /// Checks that `x`, an interface value, may hold a `t`. `e` is the assertion or the case of a type switch.
    pub fn type_assertion(&mut self, e: ExprId, x: &Operand, t: TypeId, type_switch: bool) {
        let Err(cause) = self.assertable_to(x.ty, t) else { return };
        let (e_str, t_str) = (self.expr_str(e), self.ty_str(t));
        let msg = if type_switch {
            format!(
                "impossible type switch case: {e_str}\n\t{} cannot have dynamic type {t_str} {cause}",
                self.op_str(x)
            )
        } else {
            format!("impossible type assertion: {e_str}\n\t{t_str} does not implement {} {cause}", self.ty_str(x.ty))
        };
        self.error(e, Code::ImpossibleAssert, msg);
    }

    /// `*inner`: a pointer type or an indirection.
    fn star(&mut self, x: &mut Operand, inner: ExprId) -> Option<ExprKind> {
        self.expr_or_type(x, inner, false);
        match x.mode {
            Mode::Invalid => return None,
            Mode::TypeExpr => {
                self.valid_var_type(inner, x.ty);
                x.ty = self.types.pointer(x.ty);
            }
            _ => {
                let mut base: Option<TypeId> = None;
                for (_, u) in self.types.typeset(x.ty) {
                    let Some(Type::Pointer(b)) = u.map(|u| self.types.get(u)) else {
                        let msg = format!("invalid operation: cannot indirect {}", self.op_str(x));
                        self.error(&*x, Code::InvalidIndirection, msg);
                        return None;
                    };
                    if base.is_some_and(|base| !self.types.identical(base, b)) {
                        let msg =
                            format!("invalid operation: pointers of {} must have identical base types", self.op_str(x));
                        self.error(&*x, Code::InvalidIndirection, msg);
                        return None;
                    }
                    base = Some(b);
                }
                let base = base?;
                if !self.check_complete(base) {
                    return None;
                }
                x.mode = Mode::Variable;
                x.ty = base;
            }
        }
        Some(ExprKind::Expression)
    }

    fn unary(&mut self, x: &mut Operand, e: ExprId, op: UnaryOp, inner: ExprId) {
        self.expr(None, x, inner);
        if !x.is_valid() {
            return;
        }
        let mut op = op;
        match op {
            UnaryOp::Addr => {
                let literal = matches!(self.ast.expr(self.ast.unparen(inner)), Expr::CompositeLit { .. });
                if !literal && x.mode != Mode::Variable {
                    let msg = format!("invalid operation: cannot take address of {}", self.op_str(x));
                    self.error(&*x, Code::UnaddressableOperand, msg);
                    x.invalidate();
                    return;
                }
                x.mode = Mode::Value;
                x.ty = self.types.pointer(x.ty);
                return;
            }
            UnaryOp::Recv => {
                if let Some(elem) = self.chan_elem(x, true)
                    && self.check_complete(elem)
                {
                    x.mode = Mode::CommaOk;
                    x.ty = elem;
                    self.env.has_call_or_recv = true;
                    return;
                }
                x.invalidate();
                return;
            }
            UnaryOp::Tilde => {
                if !self.types.all_integer(x.ty) {
                    self.error(e, Code::UndefinedOp, "cannot use ~ outside of interface or type constraint");
                    x.invalidate();
                    return;
                }
                self.error(
                    e,
                    Code::UndefinedOp,
                    "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)",
                );
                op = UnaryOp::Xor;
            }
            _ => {}
        }
        let defined = match op {
            UnaryOp::Plus | UnaryOp::Neg => self.types.all_numeric(x.ty),
            UnaryOp::Xor => self.types.all_integer(x.ty),
            _ => self.types.all_boolean(x.ty),
        };
        if !defined {
            self.undefined_op(x, op.as_str());
            return;
        }
        if x.mode == Mode::Constant {
            if x.val.is_unknown() {
                return;
            }
            let bits = if self.types.is_unsigned(x.ty) { self.types.sizeof(x.ty) as u32 * 8 } else { 0 };
            x.val = constant::unary_op(op, &x.val, bits);
            x.expr = Some(e);
            self.overflow(x);
            return;
        }
        x.mode = Mode::Value;
    }

    fn undefined_op(&mut self, x: &mut Operand, op: &str) {
        let msg = format!("invalid operation: operator {op} not defined on {}", self.op_str(x));
        self.error(&*x, Code::UndefinedOp, msg);
        x.invalidate();
    }

    /// The element type of the channel `x` that is received from (or sent to); reports and gives none if that is not possible.
    pub fn chan_elem(&mut self, x: &Operand, recv: bool) -> Option<TypeId> {
        let mut cause = None;
        for (t, u) in self.types.typeset(x.ty) {
            let Some((t, u)) = t.zip(u) else {
                cause = Some("no specific channel type".to_string());
                break;
            };
            match self.types.get(u) {
                Type::Chan { dir: ChanDir::Send, .. } if recv => {
                    cause = Some(format!("send-only channel {}", self.ty_str(t)));
                    break;
                }
                Type::Chan { dir: ChanDir::Recv, .. } if !recv => {
                    cause = Some(format!("receive-only channel {}", self.ty_str(t)));
                    break;
                }
                Type::Chan { .. } => {}
                _ => {
                    cause = Some(format!("non-channel {}", self.ty_str(t)));
                    break;
                }
            }
        }
        let cause = match cause {
            Some(cause) => cause,
            None => match self.types.common_under(x.ty) {
                Ok(u) => match self.types.get(u) {
                    Type::Chan { elem, .. } => return Some(elem),
                    _ => String::new(),
                },
                Err(no) => self.no_common_under(no),
            },
        };
        let (code, what) = if recv { (Code::InvalidReceive, "receive from") } else { (Code::InvalidSend, "send to") };
        let x_str = self.op_str(x);
        let msg = if self.types.is_type_param(x.ty) {
            format!("invalid operation: cannot {what} {x_str}: {cause}")
        } else {
            format!("invalid operation: cannot {what} {cause} {x_str}")
        };
        self.error(x, code, msg);
        None
    }

    /// Why types have no common underlying type, in words.
    pub fn no_common_under(&self, no: crate::types::predicates::NoCommonUnder) -> String {
        use crate::types::predicates::NoCommonUnder::*;
        match no {
            NoSpecificType => "no specific type".to_string(),
            ChanElems(a, b) => {
                format!("channels {} and {} have different element types", self.ty_str(a), self.ty_str(b))
            }
            ChanDirs(a, b) => format!("channels {} and {} have conflicting directions", self.ty_str(a), self.ty_str(b)),
            Different(a, b) => format!("{} and {} have different underlying types", self.ty_str(a), self.ty_str(b)),
        }
    }

    /// Checks a binary expression. Chains of operators lean to the left and may be long, so the left spine is walked in a loop.
    fn binary_chain(&mut self, x: &mut Operand, e: ExprId) {
        let mut spine = Vec::new();
        let mut left = e;
        while let Expr::Binary { op, x: lhs, y: rhs } = self.ast.expr(left) {
            spine.push((left, op, rhs));
            left = lhs;
        }
        self.expr(None, x, left);
        while let Some((e, op, rhs)) = spine.pop() {
            self.binary_rest(x, Some(e), left, rhs, op);
            left = e;
            if spine.is_empty() {
                return; // the caller finishes the outermost operation
            }
            // What raw_expr does for the operand of the next operation. A constant string that goes on growing by literals is not
            // kept: only the longest is needed, and keeping each would take space quadratic in their number.
            x.expr = Some(e);
            let grows = spine.last().is_some_and(|&(_, _, rhs)| matches!(self.ast.expr(rhs), Expr::BasicLit { .. }));
            if x.mode != Mode::Constant || x.val.as_str().is_none() || !grows {
                self.record(x);
            }
        }
    }

    /// Checks `lhs op rhs`. `e` is the binary expression; none for an assignment operation.
    pub fn binary(&mut self, x: &mut Operand, e: Option<ExprId>, lhs: ExprId, rhs: ExprId, op: BinaryOp) {
        self.expr(None, x, lhs);
        self.binary_rest(x, e, lhs, rhs, op);
    }

    /// Checks `x op rhs` where `x` is the operand of `lhs`.
    fn binary_rest(&mut self, x: &mut Operand, e: Option<ExprId>, lhs: ExprId, rhs: ExprId, op: BinaryOp) {
        let mut y = Operand::new();
        self.expr(None, &mut y, rhs);
        if !x.is_valid() {
            return;
        }
        if !y.is_valid() {
            x.invalidate();
            x.expr = y.expr;
            return;
        }
        if op.is_shift() {
            self.shift(x, &mut y, e, op);
            return;
        }
        self.match_binary_operands(x, &mut y);
        if !x.is_valid() {
            return;
        }
        if op.is_comparison() {
            self.comparison(x, &mut y, op, false);
            return;
        }
        if !self.types.identical(x.ty, y.ty) {
            if self.types.is_valid(x.ty) && self.types.is_valid(y.ty) {
                let (xt, yt) = (self.ty_str(x.ty), self.ty_str(y.ty));
                let what = match e {
                    Some(e) => self.expr_str(e),
                    None => format!("{} {}= {}", self.expr_str(lhs), op.as_str(), self.expr_str(rhs)),
                };
                let msg = format!("invalid operation: {what} (mismatched types {xt} and {yt})");
                self.advise_mismatch(x, &y);
                self.error(&*x, Code::MismatchedTypes, msg);
            }
            x.invalidate();
            return;
        }
        let defined = match op {
            BinaryOp::Add => self.types.all_numeric_or_string(x.ty),
            BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => self.types.all_numeric(x.ty),
            BinaryOp::AndAnd | BinaryOp::OrOr => self.types.all_boolean(x.ty),
            _ => self.types.all_integer(x.ty),
        };
        if !defined {
            self.undefined_op(x, op.as_str());
            return;
        }
        if matches!(op, BinaryOp::Div | BinaryOp::Rem) && y.mode == Mode::Constant {
            let zero = (x.mode == Mode::Constant || self.types.all_integer(x.ty)) && y.val.sign() == 0;
            let zero = zero
                || x.mode == Mode::Constant && self.types.is_complex(x.ty) && {
                    let square = |v: Value| constant::binary_op(&v, BinaryOp::Mul, &v, false);
                    square(y.val.real()).sign() == 0 && square(y.val.imag()).sign() == 0
                };
            if zero {
                self.error(&y, Code::DivByZero, "invalid operation: division by zero");
                x.invalidate();
                return;
            }
        }
        if x.mode == Mode::Constant && y.mode == Mode::Constant {
            if x.val.is_unknown() || y.val.is_unknown() {
                x.val = Value::Unknown;
                return;
            }
            if op != BinaryOp::Add || !constant::append(&mut x.val, &y.val) {
                let integer = op == BinaryOp::Div && self.types.is_integer(x.ty);
                x.val = constant::binary_op(&x.val, op, &y.val, integer);
            }
            if e.is_some() {
                x.expr = e;
            }
            self.overflow(x);
            return;
        }
        x.mode = Mode::Value;
    }

    /// Converts untyped operands so that the types of both match, if they may.
    pub fn match_binary_operands(&mut self, x: &mut Operand, y: &mut Operand) {
        if self.may_convert(x, y) {
            self.convert_untyped(x, y.ty);
            if !x.is_valid() {
                return;
            }
            self.convert_untyped(y, x.ty);
            if !y.is_valid() {
                x.invalidate();
            }
        }
    }

    fn may_convert(&self, x: &Operand, y: &Operand) -> bool {
        let t = &self.types;
        if t.is_typed(x.ty) && t.is_typed(y.ty) {
            return false;
        }
        if t.all_numeric(x.ty) != t.all_numeric(y.ty) {
            return false;
        }
        if t.is_non_type_param_interface(x.ty) || t.is_non_type_param_interface(y.ty) {
            return true;
        }
        if t.all_boolean(x.ty) != t.all_boolean(y.ty) || t.all_string(x.ty) != t.all_string(y.ty) {
            return false;
        }
        if x.is_nil() {
            return t.has_nil(y.ty);
        }
        if y.is_nil() {
            return t.has_nil(x.ty);
        }
        let pointer = |ty| matches!(t.under_type(ty), Type::Pointer(_));
        !pointer(x.ty) && !pointer(y.ty)
    }

    /// Checks expressions only so that their names count as used; gives whether all are free of errors.
    pub fn use_exprs(&mut self, list: &[ExprId]) -> bool {
        let mut ok = true;
        for &e in list {
            ok &= self.use_expr(e, false);
        }
        ok
    }

    /// Like [`Checker::use_exprs`] for the left-hand side of an assignment: a variable standing alone does not count as used.
    pub fn use_lhs(&mut self, list: &[ExprId]) -> bool {
        let mut ok = true;
        for &e in list {
            ok &= self.use_expr(e, true);
        }
        ok
    }

    fn use_expr(&mut self, e: ExprId, lhs: bool) -> bool {
        let mut x = Operand { mode: Mode::Value, ..Operand::new() };
        match self.ast.expr(self.ast.unparen(e)) {
            Expr::Name(crate::intern::sym::BLANK) => {}
            Expr::Name(name) => {
                let var = if lhs { self.lookup(name).filter(|&v| self.is_local_var_of_package(v)) } else { None };
                let used = var.map(|v| self.var_used(v));
                let inner = self.ast.unparen(e);
                self.expr_or_type(&mut x, inner, true);
                if let (Some(v), Some(used)) = (var, used) {
                    self.set_var_used(v, used);
                }
            }
            _ => {
                self.raw_expr(None, &mut x, e, None, true);
            }
        }
        x.is_valid()
    }
}

/// "1st function result" and so on.
pub fn nth(n: usize, what: &str) -> String {
    let suffix = match n {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{n}{suffix} {what}")
}
