//! Expressions as messages print them: on one line, function bodies and literal elements shortened to `…`.

use crate::check::Checker;
use crate::syntax::ast::{Ast, ChanDir, Expr, ExprId, FieldId, List};

impl Checker {
    /// The text of an expression of the current package.
    pub fn expr_str(&self, e: ExprId) -> String {
        let mut out = String::new();
        self.write_expr(&mut out, e);
        out
    }

    /// The texts of several expressions, separated by commas.
    pub fn expr_list_str(&self, list: &[ExprId]) -> String {
        list.iter().map(|&e| self.expr_str(e)).collect::<Vec<_>>().join(", ")
    }

    fn write_list(&self, out: &mut String, list: List<ExprId>) {
        for (i, &e) in self.ast.exprs(list).iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.write_expr(out, e);
        }
    }

    fn write_expr(&self, out: &mut String, e: ExprId) {
        let ast: &Ast = &self.ast;
        match ast.expr(e) {
            Expr::Bad => out.push_str("<bad expr>"),
            Expr::Name(name) => out.push_str(self.names.str(name)),
            Expr::BasicLit { value, .. } => out.push_str(self.names.str(value)),
            Expr::CompositeLit { typ, elems, .. } => {
                if let Some(t) = typ {
                    self.write_expr(out, t);
                }
                out.push_str(if elems.is_empty() { "{}" } else { "{…}" });
            }
            Expr::KeyValue { key, value } => {
                self.write_expr(out, key);
                out.push_str(": ");
                self.write_expr(out, value);
            }
            Expr::FuncLit { typ, body } => {
                self.write_expr(out, typ);
                let empty = match ast.stmt(body) {
                    crate::syntax::ast::Stmt::Block { list, .. } => list.is_empty(),
                    _ => false,
                };
                out.push_str(if empty { " {}" } else { " {…}" });
            }
            Expr::Paren(x) => {
                out.push('(');
                self.write_expr(out, x);
                out.push(')');
            }
            Expr::Selector { x, sel } => {
                self.write_expr(out, x);
                out.push('.');
                self.write_expr(out, sel);
            }
            Expr::Index { x, indices } => {
                self.write_expr(out, x);
                out.push('[');
                self.write_list(out, indices);
                out.push(']');
            }
            Expr::Slice { x, index, .. } => {
                self.write_expr(out, x);
                out.push('[');
                if let Some(i) = index[0] {
                    self.write_expr(out, i);
                }
                out.push(':');
                if let Some(j) = index[1] {
                    self.write_expr(out, j);
                }
                if let Some(k) = index[2] {
                    out.push(':');
                    self.write_expr(out, k);
                }
                out.push(']');
            }
            Expr::TypeAssert { x, typ } => {
                self.write_expr(out, x);
                out.push_str(".(");
                self.write_expr(out, typ);
                out.push(')');
            }
            Expr::TypeSwitchGuard { x } => {
                self.write_expr(out, x);
                out.push_str(".(type)");
            }
            Expr::Call { fun, args, dots } => {
                self.write_expr(out, fun);
                out.push('(');
                self.write_list(out, args);
                if dots {
                    out.push_str("...");
                }
                out.push(')');
            }
            Expr::Star(x) => {
                out.push('*');
                self.write_expr(out, x);
            }
            Expr::Unary { op, x } => {
                out.push_str(op.as_str());
                self.write_expr(out, x);
            }
            Expr::Binary { op, x, y } => {
                // Long chains of operators lean to the left: walk them without recursion.
                let mut chain = vec![(op, y)];
                let mut left = x;
                while let Expr::Binary { op, x, y } = ast.expr(left) {
                    chain.push((op, y));
                    left = x;
                }
                self.write_expr(out, left);
                for (op, y) in chain.into_iter().rev() {
                    out.push(' ');
                    out.push_str(op.as_str());
                    out.push(' ');
                    self.write_expr(out, y);
                }
            }
            Expr::ArrayType { len, elem } => {
                out.push('[');
                match len {
                    Some(n) => self.write_expr(out, n),
                    None => out.push_str("..."),
                }
                out.push(']');
                self.write_expr(out, elem);
            }
            Expr::SliceType { elem } => {
                out.push_str("[]");
                self.write_expr(out, elem);
            }
            Expr::DotsType { elem } => {
                out.push_str("...");
                self.write_expr(out, elem);
            }
            Expr::StructType { fields } => {
                out.push_str("struct{");
                let list = ast.fields(fields);
                for (i, &f) in list.iter().enumerate() {
                    let field = ast.field(f);
                    if i > 0 {
                        out.push_str(if field.name.is_some() && ast.field(list[i - 1]).typ == field.typ {
                            ", "
                        } else {
                            "; "
                        });
                    }
                    let shared =
                        list.get(i + 1).is_some_and(|&g| ast.field(g).typ == field.typ && field.name.is_some());
                    if let Some(n) = field.name {
                        self.write_expr(out, n);
                        if shared {
                            continue;
                        }
                        out.push(' ');
                    }
                    self.write_expr(out, field.typ);
                    if let Some(tag) = field.tag {
                        out.push(' ');
                        self.write_expr(out, tag);
                    }
                }
                out.push('}');
            }
            Expr::FuncType { params, results } => {
                out.push_str("func");
                self.write_signature(out, params, results);
            }
            Expr::InterfaceType { elems } => {
                out.push_str("interface{");
                for (i, &f) in ast.fields(elems).iter().enumerate() {
                    if i > 0 {
                        out.push_str("; ");
                    }
                    let field = ast.field(f);
                    match (field.name, ast.expr(field.typ)) {
                        (Some(n), Expr::FuncType { params, results }) => {
                            self.write_expr(out, n);
                            self.write_signature(out, params, results);
                        }
                        _ => self.write_expr(out, field.typ),
                    }
                }
                out.push('}');
            }
            Expr::MapType { key, value } => {
                out.push_str("map[");
                self.write_expr(out, key);
                out.push(']');
                self.write_expr(out, value);
            }
            Expr::ChanType { dir, elem } => {
                out.push_str(match dir {
                    ChanDir::Both => "chan ",
                    ChanDir::Send => "chan<- ",
                    ChanDir::Recv => "<-chan ",
                });
                let parens =
                    dir == ChanDir::Both && matches!(ast.expr(elem), Expr::ChanType { dir: ChanDir::Recv, .. });
                if parens {
                    out.push('(');
                }
                self.write_expr(out, elem);
                if parens {
                    out.push(')');
                }
            }
        }
    }

    fn write_signature(&self, out: &mut String, params: List<FieldId>, results: List<FieldId>) {
        self.write_params(out, params);
        match self.ast.fields(results) {
            [] => {}
            &[only] if self.ast.field(only).name.is_none() => {
                out.push(' ');
                self.write_expr(out, self.ast.field(only).typ);
            }
            _ => {
                out.push(' ');
                self.write_params(out, results);
            }
        }
    }

    fn write_params(&self, out: &mut String, params: List<FieldId>) {
        out.push('(');
        let list = self.ast.fields(params);
        for (i, &f) in list.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let field = self.ast.field(f);
            if let Some(n) = field.name {
                self.write_expr(out, n);
                if list.get(i + 1).is_some_and(|&g| {
                    let next = self.ast.field(g);
                    next.name.is_some() && next.typ == field.typ
                }) {
                    continue;
                }
                out.push(' ');
            }
            self.write_expr(out, field.typ);
        }
        out.push(')');
    }
}
