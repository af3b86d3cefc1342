//! Expressions.

use super::Lowerer;
use super::function::{Var, boolean, expr};
use crate::syntax::ast::{BinaryOp, Expr as Ast, ExprId, UnaryOp};
use crate::typed::{BinOp, CmpOp, ConvKind, Expr, ExprKind, StmtKind, UnOp};
use crate::types::{ObjectKind, Type, TypeId};

impl Lowerer<'_> {
    /// An expression of one value, with its own type.
    pub(crate) fn expr(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(id);
        if let Some(value) = self.value_of(id) {
            let ty = self.ty(id);
            return self.constant(&value, ty, span);
        }
        match ast.expr(id) {
            Ast::Paren(x) => self.expr(x),
            Ast::Name(_) => self.name(id),
            Ast::CompositeLit { .. } => self.composite(id),
            Ast::FuncLit { .. } => self.func_lit(id),
            Ast::Selector { .. } => self.selector(id),
            Ast::Index { .. } => self.index(id),
            Ast::Slice { x, index, .. } => self.slice_expr(id, x, index),
            Ast::TypeAssert { x, .. } => {
                let target = self.ty(id);
                let x = Box::new(self.expr(x));
                self.note_asserted(target);
                expr(ExprKind::TypeAssert { x, target, comma_ok: false }, target, span)
            }
            Ast::Call { .. } => self.call(id),
            Ast::Star(x) => {
                let x = self.expr(x);
                self.deref(x, span)
            }
            Ast::Unary { op, x } => self.unary(id, op, x),
            Ast::Binary { op, .. } => self.binary(id, op),
            // Types and malformed nodes do not occur where a value is wanted.
            _ => expr(ExprKind::Zero, self.ty(id), span),
        }
    }

    /// An expression converted to `target` as in an assignment.
    pub(crate) fn expr_to(&mut self, id: ExprId, target: TypeId) -> Expr {
        let span = self.ast().error_span(id);
        if let Some(value) = self.value_of(id)
            && self.types().basic(target).is_some()
        {
            return self.constant(&value, target, span);
        }
        let x = self.expr(id);
        self.assign_to(x, target)
    }

    /// `*x`.
    pub(crate) fn deref(&mut self, x: Expr, span: crate::source::Span) -> Expr {
        let elem = self.pointer_elem(x.ty).unwrap_or(TypeId::INVALID);
        expr(ExprKind::Deref(Box::new(x)), elem, span)
    }

    /// `&x`.
    pub(crate) fn addr_of(&mut self, x: Expr) -> Expr {
        let (ty, span) = (self.pointer_to(x.ty), x.span);
        expr(ExprKind::AddrOf(Box::new(x)), ty, span)
    }

    fn name(&mut self, id: ExprId) -> Expr {
        let span = self.ast().error_span(id);
        let Some(obj) = self.object_of(id) else { return expr(ExprKind::Zero, self.ty(id), span) };
        match &self.prog.objs[obj].kind {
            ObjectKind::Var { .. } => self.variable(obj, span),
            ObjectKind::Func(_) => {
                let targs = self.type_args(id);
                let func = self.instance(obj, targs, span);
                let ty = self.ty(id);
                expr(ExprKind::FuncValue(func), ty, span)
            }
            _ => expr(ExprKind::Zero, self.ty(id), span),
        }
    }

    /// A read of a variable of the source.
    pub(crate) fn variable(&mut self, obj: crate::types::ObjId, span: crate::source::Span) -> Expr {
        if let Some(local) = self.var(Var::Obj(obj)) {
            return self.read(local, span);
        }
        let global = self.global(obj);
        expr(ExprKind::Global(global), self.globals[global.index()].ty, span)
    }

    fn unary(&mut self, id: ExprId, op: UnaryOp, x: ExprId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(id);
        let ty = self.ty(id);
        let op = match op {
            UnaryOp::Plus | UnaryOp::Tilde => return self.expr_to(x, ty),
            UnaryOp::Addr => {
                let inner = ast.unparen(x);
                if let Ast::CompositeLit { .. } = ast.expr(inner) {
                    let elem = self.pointer_elem(ty).unwrap_or(TypeId::INVALID);
                    let value = self.composite_of(inner, elem);
                    return expr(ExprKind::New(Box::new(value)), ty, span);
                }
                let place = self.expr(x);
                return expr(ExprKind::AddrOf(Box::new(place)), ty, span);
            }
            UnaryOp::Recv => {
                let ch = self.expr(x);
                let elem = self.chan_elem(ch.ty);
                let value = expr(ExprKind::Recv(Box::new(ch), false), elem, span);
                return self.assign_to(value, ty);
            }
            UnaryOp::Neg => UnOp::Neg,
            UnaryOp::Not => UnOp::LogicalNot,
            UnaryOp::Xor => UnOp::Not,
        };
        let x = self.expr_to(x, ty);
        expr(ExprKind::Unary(op, Box::new(x)), ty, span)
    }

    fn binary(&mut self, id: ExprId, op: BinaryOp) -> Expr {
        if op.is_comparison() {
            return self.comparison(id);
        }
        if op.is_shift() {
            let Ast::Binary { x, y, .. } = self.ast().expr(id) else { unreachable!("a shift is binary") };
            let (ty, span) = (self.ty(id), self.ast().error_span(id));
            let x = self.expr_to(x, ty);
            let y = self.shift_count(y);
            return expr(ExprKind::Binary(arithmetic(op), Box::new(x), Box::new(y)), ty, span);
        }
        let ty = self.ty(id);
        let string = op == BinaryOp::Add && self.types().is_string(ty);
        // Chains lean to the left: descend along them without recursion.
        let ast = self.ast();
        let mut spine = Vec::new();
        let mut at = id;
        loop {
            match ast.expr(at) {
                Ast::Binary { op, x, y }
                    if !op.is_comparison() && !op.is_shift() && self.value_of(at).is_none() && self.ty(at) == ty =>
                {
                    spine.push((at, op, y));
                    at = x;
                }
                Ast::Paren(x) if string => at = x,
                _ => break,
            }
        }
        let first = self.expr_to(at, ty);
        if string {
            let span = ast.error_span(id);
            let mut parts = vec![first];
            while let Some((_, _, y)) = spine.pop() {
                match self.expr_to(y, ty) {
                    Expr { kind: ExprKind::Concat(more), .. } => parts.extend(more),
                    part => parts.push(part),
                }
            }
            return expr(ExprKind::Concat(parts), ty, span);
        }
        let mut value = first;
        while let Some((at, op, y)) = spine.pop() {
            let span = ast.error_span(at);
            let y = self.expr_to(y, ty);
            let (x, y) = (Box::new(value), Box::new(y));
            let kind = match op {
                BinaryOp::AndAnd => ExprKind::And(x, y),
                BinaryOp::OrOr => ExprKind::Or(x, y),
                _ => ExprKind::Binary(arithmetic(op), x, y),
            };
            value = expr(kind, ty, span);
        }
        value
    }

    /// The right operand of a shift: any integer type.
    pub(crate) fn shift_count(&mut self, id: ExprId) -> Expr {
        let span = self.ast().error_span(id);
        if let Some(value) = self.value_of(id) {
            let ty = self.ty(id);
            let ty = if self.types().is_integer(ty) { ty } else { TypeId::UINT };
            return self.constant(&value, ty, span);
        }
        self.expr(id)
    }

    fn comparison(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let Ast::Binary { op, x, y } = ast.expr(id) else { unreachable!("a comparison is binary") };
        let (ty, span) = (self.ty(id), ast.error_span(id));
        let op = match op {
            BinaryOp::Eq => CmpOp::Eq,
            BinaryOp::Ne => CmpOp::Ne,
            BinaryOp::Lt => CmpOp::Lt,
            BinaryOp::Le => CmpOp::Le,
            BinaryOp::Gt => CmpOp::Gt,
            _ => CmpOp::Ge,
        };
        let (x_nil, y_nil) = (self.is_nil(x), self.is_nil(y));
        if x_nil || y_nil {
            if x_nil && y_nil {
                return boolean(op == CmpOp::Eq, span);
            }
            let operand = self.expr(if x_nil { y } else { x });
            return expr(ExprKind::IsNil(op == CmpOp::Eq, Box::new(operand)), ty, span);
        }
        let (x, y) = self.same_type(x, y);
        expr(ExprKind::Compare(op, Box::new(x), Box::new(y)), ty, span)
    }

    /// Two operands of a comparison, converted to one type.
    fn same_type(&mut self, x: ExprId, y: ExprId) -> (Expr, Expr) {
        let (tx, ty) = (self.ty(x), self.ty(y));
        let common = if tx == ty || self.comparison_type(tx, ty) { tx } else { ty };
        if self.value_of(x).is_some() && self.value_of(y).is_none() && !self.types().is_interface(ty) {
            return (self.expr_to(x, ty), self.expr(y));
        }
        if self.value_of(y).is_some() && !self.types().is_interface(tx) {
            return (self.expr(x), self.expr_to(y, tx));
        }
        (self.expr_to(x, common), self.expr_to(y, common))
    }

    /// Whether values of type `y` are converted to `x` to be compared, rather than the other way round.
    fn comparison_type(&self, x: TypeId, y: TypeId) -> bool {
        let types = self.types();
        match (types.is_interface(x), types.is_interface(y)) {
            (true, false) => true,
            (false, true) => false,
            // Of two interfaces, the one with fewer methods can hold both.
            (true, true) => types.type_set(x).methods.len() <= types.type_set(y).methods.len(),
            (false, false) => true,
        }
    }

    /// `x == y` for two lowered operands, of which one may be an interface.
    pub(crate) fn equal(&mut self, x: Expr, y: Expr, span: crate::source::Span) -> Expr {
        let (tx, ty) = (x.ty, y.ty);
        let common = if tx == ty || self.comparison_type(tx, ty) { tx } else { ty };
        let x = self.assign_to(x, common);
        let y = self.assign_to(y, common);
        expr(ExprKind::Compare(CmpOp::Eq, Box::new(x), Box::new(y)), TypeId::BOOL, span)
    }

    fn index(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(id);
        let Ast::Index { x, indices } = ast.expr(id) else { unreachable!("called for an index expression") };
        if let Some(name) = self.instantiated_name(x) {
            return self.function_value(x, name, self.ty(id));
        }
        let Some(&index) = ast.exprs(indices).first() else { return expr(ExprKind::Zero, self.ty(id), span) };
        let base = self.expr(x);
        let under = self.under(base.ty);
        match under {
            Type::Map { key, elem } => {
                let (key, elem) = (self.canonical(key), self.canonical(elem));
                let key = Box::new(self.expr_to(index, key));
                expr(ExprKind::MapIndex { map: Box::new(base), key, comma_ok: false }, elem, span)
            }
            Type::Pointer(array) => {
                let array = self.canonical(array);
                let elem = self.elem(array);
                let base = expr(ExprKind::Deref(Box::new(base)), array, span);
                let index = self.integer(index);
                expr(ExprKind::Index(Box::new(base), Box::new(index)), elem, span)
            }
            _ => {
                let elem = self.elem(base.ty);
                let index = self.integer(index);
                expr(ExprKind::Index(Box::new(base), Box::new(index)), elem, span)
            }
        }
    }

    /// An index, length or capacity: any integer type; constants become `int`.
    pub(crate) fn integer(&mut self, id: ExprId) -> Expr {
        let span = self.ast().error_span(id);
        if let Some(value) = self.value_of(id) {
            let ty = self.ty(id);
            let ty = if self.types().is_integer(ty) { ty } else { TypeId::INT };
            return self.constant(&value, ty, span);
        }
        self.expr(id)
    }

    fn slice_expr(&mut self, id: ExprId, x: ExprId, index: [Option<ExprId>; 3]) -> Expr {
        let span = self.ast().error_span(id);
        let ty = self.ty(id);
        let mut base = self.expr(x);
        if let Type::Array { .. } = self.under(base.ty) {
            base = self.addr_of(base);
        }
        let mut parts = index.map(|part| part.map(|part| Box::new(self.integer(part)))).into_iter();
        let mut next = || parts.next().flatten();
        let (lo, hi, max) = (next(), next(), next());
        expr(ExprKind::Slice { x: Box::new(base), lo, hi, max }, ty, span)
    }

    /// An expression in a place that takes two values: `v, ok = x`. Gives an expression of a tuple type.
    pub(crate) fn comma_ok(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let id = ast.unparen(id);
        let span = ast.error_span(id);
        let tuple = |this: &Self, elem| this.tuple(&[elem, TypeId::BOOL]);
        match ast.expr(id) {
            Ast::TypeAssert { x, typ } => {
                let target = self.ty(typ);
                let x = Box::new(self.expr(x));
                self.note_asserted(target);
                expr(ExprKind::TypeAssert { x, target, comma_ok: true }, tuple(self, target), span)
            }
            Ast::Index { x, indices } => {
                let base = self.expr(x);
                let Type::Map { key, elem } = self.under(base.ty) else {
                    return expr(ExprKind::Zero, tuple(self, TypeId::INT), span);
                };
                let (key, elem) = (self.canonical(key), self.canonical(elem));
                let index = ast.exprs(indices)[0];
                let key = Box::new(self.expr_to(index, key));
                expr(ExprKind::MapIndex { map: Box::new(base), key, comma_ok: true }, tuple(self, elem), span)
            }
            Ast::Unary { op: UnaryOp::Recv, x } => {
                let ch = self.expr(x);
                let elem = self.chan_elem(ch.ty);
                expr(ExprKind::Recv(Box::new(ch), true), tuple(self, elem), span)
            }
            _ => self.expr(id),
        }
    }

    /// Evaluates an expression for its effects only.
    pub(crate) fn discard(&mut self, id: ExprId, out: &mut Vec<crate::typed::Stmt>) {
        if self.value_of(id).is_some() || self.is_nil(id) {
            return;
        }
        let x = self.expr(id);
        let span = x.span;
        out.push(crate::typed::Stmt { kind: StmtKind::Expr(x), span });
    }

    /// `string(x)`-like helper: a conversion node.
    pub(crate) fn converted(&mut self, kind: ConvKind, x: Expr, ty: TypeId) -> Expr {
        let span = x.span;
        expr(ExprKind::Convert(kind, Box::new(x)), ty, span)
    }
}

/// The typed program's operator for an arithmetic operator of the source.
pub(crate) fn arithmetic(op: BinaryOp) -> BinOp {
    match op {
        BinaryOp::Sub => BinOp::Sub,
        BinaryOp::Mul => BinOp::Mul,
        BinaryOp::Div => BinOp::Div,
        BinaryOp::Rem => BinOp::Rem,
        BinaryOp::And => BinOp::And,
        BinaryOp::Or => BinOp::Or,
        BinaryOp::Xor => BinOp::Xor,
        BinaryOp::AndNot => BinOp::AndNot,
        BinaryOp::Shl => BinOp::Shl,
        BinaryOp::Shr => BinOp::Shr,
        _ => BinOp::Add,
    }
}
