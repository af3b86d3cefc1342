//! Index and slice expressions.

use crate::check::Checker;
use crate::check::operand::{Mode, Operand};
use crate::constant::Value;
use crate::diag::Code;
use crate::syntax::ast::{Expr, ExprId};
use crate::types::{BasicKind, Type, TypeId};

/// What indexing a type yields.
struct Indexed {
    /// Length of arrays and constant strings.
    len: Option<i64>,
    /// Key type of maps.
    key: Option<TypeId>,
    elem: TypeId,
    /// Whether elements are variables: of slices, through pointers, of addressable arrays.
    mode: Mode,
}

impl Checker {
    /// Checks an index expression. If it is the instantiation of a generic function, the result is true and `x` the function,
    /// which the caller must instantiate.
    pub(crate) fn index_expr(&mut self, x: &mut Operand, e: ExprId) -> bool {
        let ast = self.ast.clone();
        let Expr::Index { x: base, indices } = ast.expr(e) else { return false };
        let indices = ast.exprs(indices);
        self.expr_or_type(x, base, true);
        match x.mode {
            Mode::Invalid => {
                self.use_exprs(indices);
                return false;
            }
            Mode::TypeExpr => {
                x.invalidate();
                x.ty = self.var_type(e);
                if self.types.is_valid(x.ty) {
                    x.mode = Mode::TypeExpr;
                }
                return false;
            }
            Mode::Value if self.types.as_signature(x.ty).is_some_and(|sig| !sig.tparams.is_empty()) => return true,
            _ => {}
        }
        self.non_generic(None, x);
        if !x.is_valid() {
            return false;
        }
        if !self.check_complete(x.ty) {
            x.invalidate();
            return false;
        }
        let inner = match self.types.under_type(x.ty) {
            Type::Pointer(base) => Some(base),
            Type::Map { elem, .. } => Some(elem),
            _ => None,
        };
        if inner.is_some_and(|t| !self.check_complete(t)) {
            x.invalidate();
            return false;
        }
        let Some(indexed) = self.indexed(x) else {
            let message = format!("cannot index {}", self.op_str(x));
            self.error(ast.pos(e), Code::NonIndexableOperand, message);
            self.use_exprs(indices);
            x.invalidate();
            return false;
        };
        // More than one index is an error; go on with the first.
        if let Some(&second) = indices.get(1) {
            self.error(second, Code::InvalidIndex, "invalid operation: more than one index");
        }
        let Some(&index) = indices.first() else {
            x.invalidate();
            return false;
        };
        if let Some(key) = indexed.key {
            let mut k = Operand::new();
            self.generic_expr(&mut k, index, None);
            self.assignment(&mut k, Some(key), "map index");
            // The element type is known even if the index is wrong.
            x.mode = Mode::MapIndex;
            x.ty = indexed.elem;
            x.expr = Some(e);
            return false;
        }
        x.mode = indexed.mode;
        x.ty = indexed.elem;
        self.index(index, indexed.len);
        false
    }

    /// What indexing `x` yields; `None` if it cannot be indexed.
    fn indexed(&self, x: &Operand) -> Option<Indexed> {
        if !self.types.is_type_param(x.ty) {
            return self.indexed_by(x, self.types.under(x.ty));
        }
        let mut all: Option<Indexed> = None;
        for (_, u) in self.types.typeset(x.ty) {
            let one = self.indexed_by(x, u?)?;
            let Some(all) = &mut all else {
                all = Some(one);
                continue;
            };
            let same_key = match (all.key, one.key) {
                (None, None) => true,
                (Some(a), Some(b)) => self.types.identical(a, b),
                _ => false,
            };
            if !same_key || !self.types.identical(all.elem, one.elem) {
                return None;
            }
            all.len = match (all.len, one.len) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            if one.mode == Mode::Value {
                all.mode = Mode::Value;
            }
        }
        all
    }

    fn indexed_by(&self, x: &Operand, u: TypeId) -> Option<Indexed> {
        let plain = |elem, mode| Some(Indexed { len: None, key: None, elem, mode });
        match self.types.get(u) {
            // Indexing a constant string gives a byte that is no constant.
            Type::Basic(k) if k.is_string() => {
                let len = if x.mode == Mode::Constant { x.val.as_str().map(|s| s.len() as i64) } else { None };
                Some(Indexed { len, key: None, elem: TypeId::BYTE, mode: Mode::Value })
            }
            Type::Array { len, elem } => {
                let mode = if x.mode == Mode::Variable { Mode::Variable } else { Mode::Value };
                Some(Indexed { len: (len >= 0).then_some(len), key: None, elem, mode })
            }
            Type::Pointer(base) => match self.types.under_type(base) {
                Type::Array { len, elem } => {
                    Some(Indexed { len: (len >= 0).then_some(len), key: None, elem, mode: Mode::Variable })
                }
                _ => None,
            },
            Type::Slice(elem) => plain(elem, Mode::Variable),
            Type::Map { key, elem } => Some(Indexed { len: None, key: Some(key), elem, mode: Mode::MapIndex }),
            _ => None,
        }
    }

    /// Checks a slice expression.
    pub(crate) fn slice_expr(&mut self, x: &mut Operand, e: ExprId) {
        let ast = self.ast.clone();
        let Expr::Slice { x: base, index, full } = ast.expr(e) else { return };
        self.expr(None, x, base);
        if !x.is_valid() {
            let indices: Vec<ExprId> = index.into_iter().flatten().collect();
            self.use_exprs(&indices);
            return;
        }
        let Some(u) = self.sliced_type(x) else {
            x.invalidate();
            return;
        };
        if let Type::Pointer(base) = self.types.under_type(x.ty)
            && !self.check_complete(base)
        {
            x.invalidate();
            return;
        }
        let mut length = None;
        match self.types.get(u) {
            Type::Basic(k) if k.is_string() => {
                if full {
                    let at = index[2].unwrap_or(e);
                    self.error(at, Code::InvalidSliceExpr, "invalid operation: 3-index slice of string");
                    x.invalidate();
                    return;
                }
                if x.mode == Mode::Constant {
                    length = x.val.as_str().map(|s| s.len() as i64);
                }
                if self.types.is_untyped(x.ty) {
                    x.ty = TypeId::STRING;
                }
            }
            Type::Array { len, elem } => {
                length = (len >= 0).then_some(len);
                if x.mode != Mode::Variable {
                    let message = format!("cannot slice unaddressable value {}", self.op_str(x));
                    self.error(&*x, Code::NonSliceableOperand, message);
                    x.invalidate();
                    return;
                }
                x.ty = self.types.slice(elem);
            }
            Type::Slice(_) => {}
            other => {
                let array = match other {
                    Type::Pointer(base) => match self.types.under_type(base) {
                        Type::Array { len, elem } => Some((len, elem)),
                        _ => None,
                    },
                    _ => None,
                };
                let Some((len, elem)) = array else {
                    let message = format!("cannot slice {}", self.op_str(x));
                    self.error(&*x, Code::NonSliceableOperand, message);
                    x.invalidate();
                    return;
                };
                length = (len >= 0).then_some(len);
                x.ty = self.types.slice(elem);
            }
        }
        x.mode = Mode::Value;
        if full && (index[1].is_none() || index[2].is_none()) {
            x.invalidate(); // the parser has complained
            return;
        }
        // Known values of the indices. What is left out is 0 at the beginning and the length elsewhere.
        let mut known: [Option<i64>; 3] = [None; 3];
        for (i, &expr) in index.iter().enumerate() {
            known[i] = match expr {
                Some(expr) => self.index(expr, length.map(|n| n + 1)).and_then(|(_, v)| v),
                None if i == 0 => Some(0),
                None => length,
            };
        }
        for i in 0..2 {
            let Some(lo) = known[i].filter(|&v| v > 0) else { continue };
            for j in i + 1..3 {
                if let (Some(hi), Some(at)) = (known[j].filter(|&hi| hi < lo), index[j]) {
                    self.error(at, Code::SwappedSliceIndices, format!("invalid slice indices: {hi} < {lo}"));
                    return;
                }
            }
        }
    }

    /// The underlying type that all specific types of `x` share, where strings count as byte slices; reports if there is none.
    fn sliced_type(&mut self, x: &Operand) -> Option<TypeId> {
        let mut common: Option<(TypeId, TypeId)> = None;
        let mut has_string = false;
        for (t, u) in self.types.typeset(x.ty) {
            let (Some(t), Some(mut u)) = (t, u) else {
                let message = format!("cannot slice {}: no specific type in {}", self.op_str(x), self.ty_str(x.ty));
                self.error(x, Code::NonSliceableOperand, message);
                return None;
            };
            if self.types.is_string(u) {
                u = TypeId::BYTES;
                has_string = true;
            }
            match common {
                None => common = Some((t, u)),
                Some((_, cu)) if self.types.identical(cu, u) => {}
                Some((ct, _)) => {
                    let message = format!(
                        "cannot slice {}: {} and {} have different underlying types",
                        self.op_str(x),
                        self.ty_str(ct),
                        self.ty_str(t)
                    );
                    self.error(x, Code::NonSliceableOperand, message);
                    return None;
                }
            }
        }
        if has_string {
            // An untyped string stays untyped for now.
            return Some(if self.types.is_type_param(x.ty) { TypeId::STRING } else { self.types.under(x.ty) });
        }
        common.map(|(_, u)| u)
    }

    /// Checks an index, which must be below `max` if that is known. `None` if it is not valid; otherwise its type and, if constant,
    /// its value.
    pub(crate) fn index(&mut self, index: ExprId, max: Option<i64>) -> Option<(TypeId, Option<i64>)> {
        let mut x = Operand::new();
        self.expr(None, &mut x, index);
        if !self.is_valid_index(&mut x, Code::InvalidIndex, "index", false) {
            return None;
        }
        if x.mode != Mode::Constant {
            return Some((x.ty, None));
        }
        let v = x.val.as_i64()?;
        if let Some(max) = max.filter(|&max| v >= max) {
            let message = format!("invalid argument: index {v} out of bounds [0:{max}]");
            self.error(&x, Code::InvalidIndex, message);
            return None;
        }
        Some((x.ty, Some(v)))
    }

    /// Checks that `x` can be an index, size or length; an untyped constant becomes an int.
    pub(crate) fn is_valid_index(&mut self, x: &mut Operand, code: Code, what: &str, allow_negative: bool) -> bool {
        if !x.is_valid() {
            return false;
        }
        self.convert_untyped(x, TypeId::INT);
        if !x.is_valid() {
            return false;
        }
        if !self.types.all_integer(x.ty) {
            let message = format!("invalid argument: {what} {} must be integer", self.op_str(x));
            self.error(&*x, code, message);
            return false;
        }
        if x.mode == Mode::Constant {
            if !allow_negative && x.val.sign() < 0 {
                let message = format!("invalid argument: {what} {} must not be negative", self.op_str(x));
                self.error(&*x, code, message);
                return false;
            }
            match crate::check::consts::representable_const(&x.val, BasicKind::Int) {
                Some(val) => x.val = val,
                None => {
                    let message = format!("invalid argument: {what} {} overflows int", self.op_str(x));
                    self.error(&*x, code, message);
                    return false;
                }
            }
        }
        !matches!(x.val, Value::Unknown) || x.mode != Mode::Constant
    }
}
