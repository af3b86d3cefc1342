//! Sizes, alignments and offsets as constants: `unsafe.Sizeof`, `Alignof`, `Offsetof`.

use crate::check::info::SelectionKind;
use crate::check::operand::{Mode, Operand};
use crate::check::{Checker, Selection};
use crate::constant::Value;
use crate::diag::Code;
use crate::syntax::ast::{Expr, ExprId};
use crate::types::lookup::{Lookup, Selected};
use crate::types::universe::BuiltinId;
use crate::types::{NamedId, Type, TypeId};

impl Checker {
    /// `unsafe.Sizeof` and `unsafe.Alignof`.
    pub(crate) fn size_align(&mut self, x: &mut Operand, id: BuiltinId) -> bool {
        self.assignment(x, None, &format!("argument to unsafe.{}", id.name()));
        if !x.is_valid() {
            return false;
        }
        if self.has_var_size(x.ty) {
            x.mode = Mode::Value;
        } else {
            let size = if id == BuiltinId::Sizeof { self.types.sizeof(x.ty) } else { self.types.alignof(x.ty) };
            if size < 0 {
                let message = format!("{} is too large", self.op_str(x));
                self.error(&*x, Code::TypeTooLarge, message);
                return false;
            }
            x.mode = Mode::Constant;
            x.val = Value::Int(size);
        }
        x.ty = TypeId::UINTPTR;
        true
    }

    /// `unsafe.Offsetof`: the operand is a field, which is not evaluated.
    pub(crate) fn offsetof(&mut self, x: &mut Operand, arg: ExprId) -> bool {
        let ast = self.ast.clone();
        let inner = ast.unparen(arg);
        let Expr::Selector { x: base_expr, sel } = ast.expr(inner) else {
            let message = format!("invalid argument: {} is not a selector expression", self.expr_str(arg));
            self.error(arg, Code::BadOffsetofSyntax, message);
            self.use_exprs(&[arg]);
            return false;
        };
        self.expr(None, x, base_expr);
        if !x.is_valid() {
            return false;
        }
        let base = self.types.deref_struct_ptr(x.ty);
        let Some(name) = ast.name(sel) else { return false };
        let text = self.names.str(name).to_string();
        let (field, index) = match self.types.lookup(base, false, self.id(name)) {
            Lookup::Found { what: Selected::Field(f), index, indirect: false } => (f, index),
            Lookup::Found { what: Selected::Field(_), .. } => {
                let message =
                    format!("invalid argument: field {text} is embedded via a pointer in {}", self.ty_str(base));
                self.error(&*x, Code::InvalidOffsetof, message);
                return false;
            }
            Lookup::Found { .. } | Lookup::PointerReceiver => {
                let message = format!("invalid argument: {} is a method value", self.expr_str(arg));
                self.error(arg, Code::InvalidOffsetof, message);
                return false;
            }
            _ => {
                let message = format!("invalid argument: {} has no single field {text}", self.ty_str(base));
                self.error(&*x, Code::MissingFieldOrMethod, message);
                return false;
            }
        };
        let mode = if x.mode == Mode::Variable { Mode::Variable } else { Mode::Value };
        self.record_type_and_value(inner, mode, field.ty, None);
        let selection = Selection {
            kind: SelectionKind::Field,
            recv: base,
            ty: field.ty,
            what: Selected::Field(field),
            index: index.clone(),
            indirect: false,
        };
        self.record_selection(inner, sel, selection);
        if self.has_var_size(base) {
            x.mode = Mode::Value;
        } else {
            let mut offset: i64 = 0;
            let mut t = base;
            for &i in &index {
                let Some(s) = self.types.as_struct(t) else { break };
                let at = self.types.field_offsets(&s).get(i as usize).copied().unwrap_or(-1);
                offset = if at < 0 || offset < 0 { -1 } else { offset.checked_add(at).unwrap_or(-1) };
                t = s.fields.get(i as usize).map_or(TypeId::INVALID, |f| f.ty);
            }
            if offset < 0 {
                let message = format!("{} is too large", self.op_str(x));
                self.error(&*x, Code::TypeTooLarge, message);
                return false;
            }
            x.mode = Mode::Constant;
            x.val = Value::Int(offset);
        }
        x.ty = TypeId::UINTPTR;
        true
    }

    /// Whether the size of `t` depends on type parameters (or cannot be told, because `t` is in the middle of its declaration, which
    /// is reported).
    fn has_var_size(&mut self, t: TypeId) -> bool {
        self.var_size(t, &mut Vec::new())
    }

    fn var_size(&mut self, t: TypeId, path: &mut Vec<NamedId>) -> bool {
        match self.types.actual(t) {
            Type::Named(id) => {
                if path.contains(&id) || !self.check_complete(t) {
                    return true;
                }
                path.push(id);
                let obj = self.types.named(id).obj;
                let shown = !self.obj_path_index.contains_key(&obj);
                if shown {
                    self.push_obj(obj);
                }
                let u = self.types.under(t);
                let result = self.var_size(u, path);
                if shown {
                    self.pop_obj();
                }
                path.pop();
                result
            }
            Type::Array { elem, .. } => self.var_size(elem, path),
            Type::Struct(s) => s.fields.iter().any(|f| self.var_size(f.ty, path)),
            Type::TypeParam(_) => true,
            _ => false,
        }
    }
}
