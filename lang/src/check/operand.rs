//! Operands: expressions being checked, with what is known about them so far.

use std::rc::Rc;

use crate::check::Checker;
pub use crate::check::info::Mode;
use crate::constant::Value;
use crate::source::Span;
use crate::syntax::ast::ExprId;
use crate::types::universe::BuiltinId;
use crate::types::{BasicKind, Type, TypeId};

/// An expression with its mode, type and constant value.
#[derive(Debug, Clone)]
pub struct Operand {
    /// What it stands for.
    pub mode: Mode,
    /// The expression; none for operands that have no expression of their own (see `dummy`).
    pub expr: Option<ExprId>,
    /// Place and description of an operand without expression, such as "2nd function result".
    pub dummy: Option<Rc<(Span, String)>>,
    /// Its type.
    pub ty: TypeId,
    /// Its value, if constant.
    pub val: Value,
    /// Which predeclared function, in mode [`Mode::Builtin`].
    pub id: Option<BuiltinId>,
}

impl Default for Operand {
    fn default() -> Operand {
        Operand { mode: Mode::Invalid, expr: None, dummy: None, ty: TypeId::INVALID, val: Value::Unknown, id: None }
    }
}

impl Operand {
    /// An operand to be filled in.
    pub fn new() -> Operand {
        Operand::default()
    }

    /// A value of a type.
    pub fn value(expr: Option<ExprId>, ty: TypeId) -> Operand {
        Operand { mode: Mode::Value, expr, ty, ..Operand::default() }
    }

    /// Whether it is not in error.
    pub fn is_valid(&self) -> bool {
        self.mode != Mode::Invalid
    }

    /// Marks it as in error, which has been reported.
    pub fn invalidate(&mut self) {
        self.mode = Mode::Invalid;
    }

    /// Whether it is `nil`.
    pub fn is_nil(&self) -> bool {
        self.mode == Mode::NilValue
    }

    /// Whether it is a constant.
    pub fn is_const(&self) -> bool {
        self.mode == Mode::Constant
    }
}

impl Mode {
    /// The mode as messages call it.
    pub fn text(self) -> &'static str {
        match self {
            Mode::Invalid => "invalid operand",
            Mode::NoValue => "no value",
            Mode::Builtin => "built-in",
            Mode::TypeExpr => "type",
            Mode::Constant => "constant",
            Mode::Variable => "variable",
            Mode::MapIndex => "map index expression",
            Mode::Value => "value",
            Mode::NilValue => "nil",
            Mode::CommaOk => "comma, ok expression",
        }
    }
}

impl Checker {
    /// The operand as messages describe it: expression, kind, value and type.
    pub fn op_str(&self, x: &Operand) -> String {
        if x.mode == Mode::NilValue {
            return match x.ty {
                TypeId::INVALID => "nil (with invalid type)".into(),
                TypeId::UNTYPED_NIL => "nil".into(),
                t => format!("nil (of type {})", self.ty_str(t)),
            };
        }
        let expr = match x.expr {
            Some(e) => self.expr_str(e),
            None if x.dummy.is_some() => x.dummy.as_ref().map_or(String::new(), |d| d.1.clone()),
            None => match x.mode {
                Mode::Builtin => x.id.map_or(String::new(), |id| id.name().to_string()),
                Mode::TypeExpr => self.ty_str(x.ty),
                Mode::Constant => x.val.to_string(),
                _ => String::new(),
            },
        };
        let mut out = String::new();
        if !expr.is_empty() {
            out.push_str(&expr);
            out.push_str(" (");
        }
        let mut has_type = false;
        match x.mode {
            Mode::Invalid | Mode::NoValue | Mode::Builtin | Mode::TypeExpr => {}
            _ => match self.types.get(x.ty) {
                Type::Basic(k) if k.is_untyped() => {
                    out.push_str(k.name());
                    out.push(' ');
                }
                _ => has_type = true,
            },
        }
        out.push_str(x.mode.text());
        if x.mode == Mode::Constant {
            let value = x.val.to_string();
            if value != expr {
                out.push(' ');
                out.push_str(&value);
            }
        }
        if has_type {
            if self.types.is_valid(x.ty) {
                out.push_str(" of ");
                if self.types.is_generic(x.ty) {
                    out.push_str("generic ");
                }
                let tparam = self.types.as_type_param(x.ty);
                if tparam.is_none()
                    && let Type::Named(_) | Type::Alias(_) = self.types.get(x.ty)
                {
                    match self.composite_kind(x.ty) {
                        "" => {
                            if let Some(k) = self.types.basic(x.ty) {
                                out.push_str(if k == BasicKind::UnsafePointer { "Pointer" } else { k.name() });
                                out.push(' ');
                            }
                        }
                        kind => {
                            out.push_str(kind);
                            out.push(' ');
                        }
                    }
                }
                out.push_str("type ");
                out.push_str(&self.ty_str(x.ty));
                if let Some(id) = tparam {
                    out.push_str(" constrained by ");
                    out.push_str(&self.ty_str(self.types.type_param(id).bound.get()));
                    if self.types.has_empty_type_set(x.ty) {
                        out.push_str(" with empty type set");
                    }
                }
            } else {
                out.push_str(" with invalid type");
            }
        }
        if !expr.is_empty() {
            out.push(')');
        }
        out
    }

    /// The text of the operand's expression alone.
    pub fn op_expr_str(&self, x: &Operand) -> String {
        match (x.expr, &x.dummy) {
            (Some(e), _) => self.expr_str(e),
            (None, Some(d)) => d.1.clone(),
            (None, None) => self.op_str(x),
        }
    }

    /// The kind of a composite type ("array", "slice" …); empty for basic types.
    pub fn composite_kind(&self, t: TypeId) -> &'static str {
        match self.types.under_type(t) {
            Type::Basic(_) => "",
            Type::Array { .. } => "array",
            Type::Slice(_) => "slice",
            Type::Struct(_) => "struct",
            Type::Pointer(_) => "pointer",
            Type::Signature(_) => "func",
            Type::Interface(_) => "interface",
            Type::Map { .. } => "map",
            Type::Chan { .. } => "chan",
            Type::Tuple(_) => "tuple",
            Type::Union(_) => "union",
            Type::Named(_) | Type::Alias(_) | Type::TypeParam(_) => "",
        }
    }
}
