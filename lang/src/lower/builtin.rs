//! Calls of predeclared functions, those of package unsafe included.

use super::Lowerer;
use super::function::{expr, int, seq, stmt};
use crate::source::Span;
use crate::syntax::ast::{Expr as Node, ExprId, List};
use crate::typed::{Expr, ExprKind, StmtKind};
use crate::types::lookup::Lookup;
use crate::types::universe::BuiltinId;
use crate::types::{Type, TypeId};

impl Lowerer<'_> {
    /// A call of a predeclared function whose result is not constant.
    pub(crate) fn builtin(&mut self, id: ExprId, builtin: BuiltinId, args: List<ExprId>, dots: bool) -> Expr {
        use BuiltinId::*;
        let ast = self.ast();
        let span = ast.error_span(id);
        let args: Vec<ExprId> = ast.exprs(args).to_vec();
        // A call of several values can stand for all arguments of some of them.
        if let [arg] = args[..]
            && let Some(parts) = self.tuple_call(arg)
        {
            return self.builtin_of_tuple(id, builtin, arg, parts, span);
        }
        let unit = TypeId::EMPTY_TUPLE;
        match builtin {
            Append => self.append(id, &args, dots, span),
            Len | Cap => {
                let x = self.expr(args[0]);
                self.length(x, builtin == Cap, span)
            }
            Clear => {
                let x = Box::new(self.expr(args[0]));
                expr(ExprKind::Clear(x), unit, span)
            }
            Close => {
                let x = Box::new(self.expr(args[0]));
                expr(ExprKind::Close(x), unit, span)
            }
            Complex => {
                let ty = self.ty(id);
                let part = self.complex_part(ty);
                let re = Box::new(self.expr_to(args[0], part));
                let im = Box::new(self.expr_to(args[1], part));
                expr(ExprKind::Complex(re, im), ty, span)
            }
            Real | Imag => {
                let ty = self.ty(id);
                let x = Box::new(self.expr(args[0]));
                let kind = if builtin == Real { ExprKind::Real(x) } else { ExprKind::Imag(x) };
                expr(kind, ty, span)
            }
            Copy => {
                let dst = Box::new(self.expr(args[0]));
                let src = Box::new(self.expr(args[1]));
                expr(ExprKind::Copy(dst, src), TypeId::INT, span)
            }
            Delete => {
                let m = self.expr(args[0]);
                let key = match self.under(m.ty) {
                    Type::Map { key, .. } => self.canonical(key),
                    _ => TypeId::INVALID,
                };
                let key = Box::new(self.expr_to(args[1], key));
                expr(ExprKind::Delete(Box::new(m), key), unit, span)
            }
            Make => {
                let ty = self.ty(args[0]);
                let mut sizes = args[1..].iter();
                let first = sizes.next().map(|&n| Box::new(self.integer(n)));
                let second = sizes.next().map(|&n| Box::new(self.integer(n)));
                let kind = match self.under(ty) {
                    Type::Map { .. } => ExprKind::MakeMap(first),
                    Type::Chan { .. } => ExprKind::MakeChan(first),
                    _ => ExprKind::MakeSlice(first.unwrap_or_else(|| Box::new(int(0, span))), second),
                };
                expr(kind, ty, span)
            }
            Max | Min => {
                let ty = self.ty(id);
                let mut values: Vec<Expr> = args.iter().map(|&x| self.expr_to(x, ty)).collect();
                match values.len() {
                    1 => values.remove(0),
                    _ => expr(ExprKind::MinMax(builtin == Max, values), ty, span),
                }
            }
            New => {
                let ty = self.ty(id);
                let elem = self.pointer_elem(ty).unwrap_or(TypeId::INVALID);
                let value =
                    if self.is_type(args[0]) { expr(ExprKind::Zero, elem, span) } else { self.expr_to(args[0], elem) };
                expr(ExprKind::New(Box::new(value)), ty, span)
            }
            Panic => {
                let any = self.any();
                let x = Box::new(self.expr_to(args[0], any));
                expr(ExprKind::Panic(x), unit, span)
            }
            Print | Println => {
                let values: Vec<Expr> = args.iter().map(|&x| self.printed(x)).collect();
                expr(ExprKind::Print(builtin == Println, values), unit, span)
            }
            Recover => {
                self.cur().flags.has_recover = true;
                expr(ExprKind::Recover, self.any(), span)
            }
            Add => {
                let p = Box::new(self.expr(args[0]));
                let n = Box::new(self.integer(args[1]));
                expr(ExprKind::UnsafeAdd(p, n), self.ty(id), span)
            }
            Slice => {
                let p = Box::new(self.expr(args[0]));
                let n = Box::new(self.integer(args[1]));
                expr(ExprKind::UnsafeSlice(p, n), self.ty(id), span)
            }
            String => {
                let p = Box::new(self.expr(args[0]));
                let n = Box::new(self.integer(args[1]));
                expr(ExprKind::UnsafeString(p, n), self.ty(id), span)
            }
            SliceData | StringData => {
                let x = Box::new(self.expr(args[0]));
                expr(ExprKind::UnsafeData(x), self.ty(id), span)
            }
            // Constant except in generic functions.
            Sizeof => {
                let t = self.ty(args[0]);
                self.size(self.types().sizeof(t), id, span)
            }
            Alignof => {
                let t = self.ty(args[0]);
                self.size(self.types().alignof(t), id, span)
            }
            Offsetof => {
                let offset = self.offset(args[0]);
                self.size(offset, id, span)
            }
        }
    }

    /// `any`.
    pub(crate) fn any(&self) -> TypeId {
        self.canonical(TypeId::ANY)
    }

    fn size(&mut self, n: i64, id: ExprId, span: Span) -> Expr {
        let mut x = int(n, span);
        x.ty = self.ty(id);
        x
    }

    fn offset(&mut self, id: ExprId) -> i64 {
        let ast = self.ast();
        let Node::Selector { x, .. } = ast.expr(ast.unparen(id)) else { return 0 };
        let Some(selection) = self.info().selections.get(&ast.unparen(id)).cloned() else { return 0 };
        let mut t = self.ty(x);
        let mut offset = 0;
        for &index in &selection.index {
            if let Some(elem) = self.pointer_elem(t) {
                t = elem;
                offset = 0;
            }
            let Type::Struct(s) = self.under(t) else { return offset };
            offset += self.types().field_offsets(&s).get(index as usize).copied().unwrap_or(0);
            t = s.fields.get(index as usize).map_or(TypeId::INVALID, |f| self.canonical(f.ty));
        }
        offset
    }

    fn complex_part(&self, ty: TypeId) -> TypeId {
        if self.types().sizeof(ty) == 8 { TypeId::FLOAT32 } else { TypeId::FLOAT64 }
    }

    /// `len(x)` or `cap(x)` of an evaluated operand.
    pub(crate) fn length(&mut self, x: Expr, cap: bool, span: Span) -> Expr {
        let array = match self.under(x.ty) {
            Type::Array { len, .. } => Some(len),
            Type::Pointer(base) => match self.under(base) {
                Type::Array { len, .. } => Some(len),
                _ => None,
            },
            _ => None,
        };
        if let Some(len) = array {
            let len = int(len, span);
            return match x.kind {
                ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Zero => len,
                _ => seq(vec![stmt(StmtKind::Expr(x), span)], len),
            };
        }
        let x = Box::new(x);
        expr(if cap { ExprKind::Cap(x) } else { ExprKind::Len(x) }, TypeId::INT, span)
    }

    fn append(&mut self, id: ExprId, args: &[ExprId], dots: bool, span: Span) -> Expr {
        let ty = self.ty(id);
        let s = self.expr_to(args[0], ty);
        if dots {
            let mut t = self.expr(args[1]);
            if t.ty == TypeId::UNTYPED_NIL {
                t.ty = ty;
            }
            return expr(ExprKind::AppendSlice(Box::new(s), Box::new(t)), ty, span);
        }
        let elem = self.elem(ty);
        let values: Vec<Expr> = args[1..].iter().map(|&x| self.expr_to(x, elem)).collect();
        if values.is_empty() {
            return s;
        }
        expr(ExprKind::Append(Box::new(s), values), ty, span)
    }

    /// An operand of print: constants that fit no smaller type are printed as 64-bit integers or floats.
    fn printed(&mut self, id: ExprId) -> Expr {
        let span = self.ast().error_span(id);
        if self.is_nil(id) {
            return expr(ExprKind::Zero, TypeId::UNSAFE_POINTER, span);
        }
        self.expr(id)
    }

    fn builtin_of_tuple(
        &mut self,
        id: ExprId,
        builtin: BuiltinId,
        arg: ExprId,
        parts: Vec<TypeId>,
        span: Span,
    ) -> Expr {
        let value = self.expr(arg);
        let locals: Vec<_> = parts.iter().map(|&t| self.temp(t, span)).collect();
        let mut values: Vec<Expr> = locals.iter().map(|&local| self.read(local, span)).collect();
        let unit = TypeId::EMPTY_TUPLE;
        let (kind, ty) = match builtin {
            BuiltinId::Append => {
                let ty = self.ty(id);
                let first = values.remove(0);
                let first = self.assign_to(first, ty);
                let elem = self.elem(ty);
                let rest = values.into_iter().map(|v| self.assign_to(v, elem)).collect();
                (ExprKind::Append(Box::new(first), rest), ty)
            }
            BuiltinId::Complex => {
                let ty = self.ty(id);
                let part = self.complex_part(ty);
                let im = values.pop().map(|v| self.assign_to(v, part));
                let re = values.pop().map(|v| self.assign_to(v, part));
                match (re, im) {
                    (Some(re), Some(im)) => (ExprKind::Complex(Box::new(re), Box::new(im)), ty),
                    _ => (ExprKind::Zero, ty),
                }
            }
            BuiltinId::Copy if values.len() == 2 => {
                let src = values.remove(1);
                let dst = values.remove(0);
                (ExprKind::Copy(Box::new(dst), Box::new(src)), TypeId::INT)
            }
            BuiltinId::Delete if values.len() == 2 => {
                let key = values.remove(1);
                let m = values.remove(0);
                let key = match self.under(m.ty) {
                    Type::Map { key: want, .. } => {
                        let want = self.canonical(want);
                        self.assign_to(key, want)
                    }
                    _ => key,
                };
                (ExprKind::Delete(Box::new(m), Box::new(key)), unit)
            }
            BuiltinId::Print | BuiltinId::Println => (ExprKind::Print(builtin == BuiltinId::Println, values), unit),
            BuiltinId::Max | BuiltinId::Min => {
                let ty = self.ty(id);
                (ExprKind::MinMax(builtin == BuiltinId::Max, values), ty)
            }
            BuiltinId::Add | BuiltinId::Slice | BuiltinId::String if values.len() == 2 => {
                let n = Box::new(values.remove(1));
                let p = Box::new(values.remove(0));
                let kind = match builtin {
                    BuiltinId::Add => ExprKind::UnsafeAdd(p, n),
                    BuiltinId::Slice => ExprKind::UnsafeSlice(p, n),
                    _ => ExprKind::UnsafeString(p, n),
                };
                (kind, self.ty(id))
            }
            _ => (ExprKind::Zero, self.ty(id)),
        };
        let body = expr(kind, ty, span);
        expr(ExprKind::LetTuple(locals, Box::new(value), Box::new(body)), ty, span)
    }

    /// Path of field indices for a key of a struct literal, which may name a promoted field.
    pub(crate) fn literal_field(&self, t: TypeId, name: crate::types::NameId) -> Vec<u32> {
        match self.types().lookup(t, true, name) {
            Lookup::Found { index, .. } => index,
            _ => Vec::new(),
        }
    }
}
