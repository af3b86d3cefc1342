//! Expressions.

use super::Actions;
use crate::intern::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast::*;
use crate::syntax::token::{Lit, Tok};

impl Actions<'_> {
    /// An identifier.
    pub fn name(&mut self, l: u32, r: u32, name: Symbol) -> ExprId {
        self.expr(Expr::Name(name), l, r, l)
    }

    /// Something missing that has been reported.
    pub fn bad(&mut self, l: u32, r: u32) -> ExprId {
        self.expr(Expr::Bad, l, r, l)
    }

    /// A literal.
    pub fn literal(&mut self, l: u32, r: u32, lit: Lit) -> ExprId {
        self.expr(Expr::BasicLit { kind: lit.kind, value: lit.value, bad: lit.bad }, l, r, l)
    }

    /// `op x`
    pub fn sign(&mut self, l: u32, r: u32, op: BinaryOp, x: ExprId) -> ExprId {
        let op = Tok::sign_op(op);
        let x = if op == UnaryOp::Addr { self.ast.unparen(x) } else { x };
        self.expr(Expr::Unary { op, x }, l, r, l)
    }

    /// `x op y`, where `x` is all that stands to the left: finds the part of `x` that `op` applies to, on its right side.
    pub fn binary(&mut self, l: u32, r: u32, at: u32, op: BinaryOp, x: ExprId, y: ExprId) -> ExprId {
        // Precedence grows strictly along the right side, which is thus at most five long.
        let mut path = Vec::new();
        let mut place = x;
        while let Expr::Binary { op: above, y: right, .. } = self.ast.expr(place) {
            if above.precedence() >= op.precedence() {
                break;
            }
            path.push(place);
            place = right;
        }
        let start = if path.is_empty() { l } else { self.ast.span(place).lo.0 };
        let mut node = self.expr(Expr::Binary { op, x: place, y }, start, r, at);
        for &above in path.iter().rev() {
            let Expr::Binary { op, x, .. } = self.ast.expr(above) else {
                unreachable!("the path holds binary expressions")
            };
            let expr = Expr::Binary { op, x, y: node };
            self.ast.set_expr(above, expr);
            let lo = self.ast.span(above).lo;
            self.ast.set_expr_span(above, Span::new(lo, Pos(r)));
            let depth = self.depth_of_expr(expr);
            self.expr_depth[above.index() - self.first_expr] = depth;
            node = above;
        }
        self.check_depth(self.below(node), at);
        node
    }

    /// `x . sel`
    pub fn selector(&mut self, l: u32, r: u32, dot: u32, x: ExprId, sel: ExprId) -> ExprId {
        self.expr(Expr::Selector { x, sel }, l, r, dot)
    }

    /// `x [ indices ]`
    pub fn index(&mut self, l: u32, r: u32, bracket: u32, x: ExprId, indices: List<ExprId>) -> ExprId {
        self.expr(Expr::Index { x, indices }, l, r, bracket)
    }

    /// `x [ i : j : k ]`; both `j` and `k` must be there.
    #[allow(clippy::too_many_arguments)]
    pub fn full_slice(
        &mut self,
        l: u32,
        r: u32,
        bracket: u32,
        x: ExprId,
        mut index: [Option<ExprId>; 3],
        colon: u32,
        close: u32,
    ) -> ExprId {
        if index[1].is_none() {
            self.error(colon, "middle index required in 3-index slice");
            index[1] = Some(self.bad(colon, colon));
        }
        if index[2].is_none() {
            self.error(close, "final index required in 3-index slice");
            index[2] = Some(self.bad(close, close));
        }
        self.expr(Expr::Slice { x, index, full: true }, l, r, bracket)
    }

    /// `fun ( args )`
    pub fn call(&mut self, l: u32, r: u32, paren: u32, fun: ExprId, (args, dots): (List<ExprId>, bool)) -> ExprId {
        self.expr(Expr::Call { fun, args, dots }, l, r, paren)
    }

    /// `typ { elems }`
    pub fn composite(&mut self, l: u32, r: u32, brace: u32, typ: Option<ExprId>, elems: List<ExprId>) -> ExprId {
        self.expr(Expr::CompositeLit { typ, elems, rbrace: Pos(r.max(1) - 1) }, l, r, brace)
    }

    /// `x` before a `{`, where it must be able to name a type; if not (`None`), the brace is where the error is.
    pub fn literal_operand(&mut self, x: ExprId, brace: u32) -> Option<ExprId> {
        let typ = self.ast.unparen(x);
        let may_be_type = match self.ast.expr(typ) {
            Expr::Name(_) | Expr::Selector { .. } => true,
            Expr::Index { .. } => !self.is_value(typ),
            Expr::ArrayType { .. } | Expr::SliceType { .. } | Expr::StructType { .. } | Expr::MapType { .. } => true,
            _ => false,
        };
        if !may_be_type {
            return None;
        }
        if typ != x {
            self.syntax_error(brace, "cannot parenthesize type in composite literal");
        }
        Some(x)
    }

    /// Whether an expression is surely not a type.
    pub(super) fn is_value(&self, id: ExprId) -> bool {
        match self.ast.expr(id) {
            Expr::BasicLit { .. } | Expr::CompositeLit { .. } | Expr::FuncLit { .. } | Expr::Slice { .. } => true,
            Expr::TypeAssert { .. } | Expr::TypeSwitchGuard { .. } | Expr::Call { .. } => true,
            Expr::Unary { .. } | Expr::Binary { .. } => true,
            Expr::Paren(x) => self.is_value(x),
            Expr::Index { x, indices } => {
                self.is_value(x) || matches!(self.ast.exprs(indices), &[index] if self.is_value(index))
            }
            _ => false,
        }
    }
}
