//! Expressions as text, the way Go's compiler shows them in messages: on one line, bodies abbreviated to `…`.

use super::ast::*;
use crate::intern::Interner;

/// An expression or type as messages show it.
pub fn expr_string(ast: &Ast, interner: &Interner, id: ExprId) -> String {
    let mut printer = Printer { ast, interner, out: String::new() };
    printer.expr(id);
    printer.out
}

/// Expressions separated by commas.
pub fn exprs_string(ast: &Ast, interner: &Interner, list: &[ExprId]) -> String {
    let mut printer = Printer { ast, interner, out: String::new() };
    printer.exprs(list);
    printer.out
}

/// A simple statement where a value was expected: `assignment x = y`, or its text.
pub fn statement_as_value(ast: &Ast, interner: &Interner, id: StmtId) -> String {
    let mut printer = Printer { ast, interner, out: String::new() };
    match ast.stmt(id) {
        Stmt::Assign { lhs, rhs } => {
            printer.out.push_str("assignment ");
            printer.emphasized(ast.exprs(lhs));
            printer.out.push_str(" = ");
            printer.emphasized(ast.exprs(rhs));
        }
        _ => printer.simple_stmt(id),
    }
    printer.out
}

struct Printer<'a> {
    ast: &'a Ast,
    interner: &'a Interner,
    out: String,
}

impl Printer<'_> {
    fn exprs(&mut self, list: &[ExprId]) {
        for (index, &x) in list.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.expr(x);
        }
    }

    fn emphasized(&mut self, list: &[ExprId]) {
        match list {
            &[x] if matches!(self.ast.expr(x), Expr::Binary { .. }) => {
                self.out.push('(');
                self.expr(x);
                self.out.push(')');
            }
            _ => self.exprs(list),
        }
    }

    fn simple_stmt(&mut self, id: StmtId) {
        match self.ast.stmt(id) {
            Stmt::Expr(x) => self.expr(x),
            Stmt::Send { chan, value } => self.infix(chan, "<-", value),
            Stmt::IncDec { x, inc } => {
                self.expr(x);
                self.out.push_str(if inc { "++" } else { "--" });
            }
            Stmt::OpAssign { op, lhs, rhs } => self.infix(lhs, &format!("{}=", op.as_str()), rhs),
            Stmt::Assign { lhs, rhs } => {
                self.exprs(self.ast.exprs(lhs));
                self.out.push_str(" = ");
                self.exprs(self.ast.exprs(rhs));
            }
            Stmt::Define { lhs, rhs } => {
                self.exprs(self.ast.exprs(lhs));
                self.out.push_str(" := ");
                self.exprs(self.ast.exprs(rhs));
            }
            _ => self.out.push_str("statement"),
        }
    }

    fn infix(&mut self, x: ExprId, op: &str, y: ExprId) {
        self.expr(x);
        self.out.push(' ');
        self.out.push_str(op);
        self.out.push(' ');
        self.expr(y);
    }

    fn optional(&mut self, id: Option<ExprId>) {
        if let Some(id) = id {
            self.expr(id);
        }
    }

    fn expr(&mut self, id: ExprId) {
        match self.ast.expr(id) {
            Expr::Bad => self.out.push_str("<bad expr>"),
            Expr::Name(name) | Expr::BasicLit { value: name, .. } => self.out.push_str(self.interner.str(name)),
            Expr::CompositeLit { typ, elems, .. } => {
                self.optional(typ);
                self.out.push_str(if elems.is_empty() { "{}" } else { "{…}" });
            }
            Expr::KeyValue { key, value } => {
                self.expr(key);
                self.out.push_str(": ");
                self.expr(value);
            }
            Expr::FuncLit { typ, body } => {
                self.expr(typ);
                let empty = matches!(self.ast.stmt(body), Stmt::Block { list, .. } if list.is_empty());
                self.out.push_str(if empty { " {}" } else { " {…}" });
            }
            Expr::Paren(x) => {
                self.out.push('(');
                self.expr(x);
                self.out.push(')');
            }
            Expr::Selector { x, sel } => {
                self.expr(x);
                self.out.push('.');
                self.expr(sel);
            }
            Expr::Index { x, indices } => {
                self.expr(x);
                self.out.push('[');
                self.exprs(self.ast.exprs(indices));
                self.out.push(']');
            }
            Expr::Slice { x, index, .. } => {
                self.expr(x);
                self.out.push('[');
                self.optional(index[0]);
                self.out.push(':');
                self.optional(index[1]);
                if index[2].is_some() {
                    self.out.push(':');
                    self.optional(index[2]);
                }
                self.out.push(']');
            }
            Expr::TypeAssert { x, typ } => {
                self.expr(x);
                self.out.push_str(".(");
                self.expr(typ);
                self.out.push(')');
            }
            Expr::TypeSwitchGuard { x } => {
                self.expr(x);
                self.out.push_str(".(type)");
            }
            Expr::Call { fun, args, dots } => {
                self.expr(fun);
                self.out.push('(');
                self.exprs(self.ast.exprs(args));
                self.out.push_str(if dots { "...)" } else { ")" });
            }
            Expr::Star(x) => {
                self.out.push('*');
                self.expr(x);
            }
            Expr::Unary { op, x } => {
                self.out.push_str(op.as_str());
                self.expr(x);
            }
            Expr::Binary { op, x, y } => self.infix(x, op.as_str(), y),
            Expr::ArrayType { len, elem } => {
                self.out.push('[');
                match len {
                    Some(len) => self.expr(len),
                    None => self.out.push_str("..."),
                }
                self.out.push(']');
                self.expr(elem);
            }
            Expr::SliceType { elem } => {
                self.out.push_str("[]");
                self.expr(elem);
            }
            Expr::DotsType { elem } => {
                self.out.push_str("...");
                self.expr(elem);
            }
            Expr::StructType { fields } => {
                self.out.push_str("struct{");
                self.struct_fields(fields);
                self.out.push('}');
            }
            Expr::FuncType { .. } => {
                self.out.push_str("func");
                self.signature(id);
            }
            Expr::InterfaceType { elems } => {
                self.out.push_str("interface{");
                for (index, &elem) in self.ast.fields(elems).iter().enumerate() {
                    if index > 0 {
                        self.out.push_str("; ");
                    }
                    let field = self.ast.field(elem);
                    match field.name {
                        Some(name) => {
                            self.expr(name);
                            self.signature(field.typ);
                        }
                        None => self.expr(field.typ),
                    }
                }
                self.out.push('}');
            }
            Expr::MapType { key, value } => {
                self.out.push_str("map[");
                self.expr(key);
                self.out.push(']');
                self.expr(value);
            }
            Expr::ChanType { dir, elem } => self.chan_type(dir, elem),
        }
    }

    fn chan_type(&mut self, dir: ChanDir, elem: ExprId) {
        self.out.push_str(match dir {
            ChanDir::Both => "chan ",
            ChanDir::Send => "chan<- ",
            ChanDir::Recv => "<-chan ",
        });
        let ambiguous = matches!(self.ast.expr(elem), Expr::ChanType { dir: ChanDir::Recv, .. });
        if dir == ChanDir::Both && ambiguous {
            self.out.push('(');
            self.expr(elem);
            self.out.push(')');
        } else {
            self.expr(elem);
        }
    }

    fn struct_fields(&mut self, fields: List<FieldId>) {
        let fields = self.ast.fields(fields);
        for (index, &id) in fields.iter().enumerate() {
            let field = self.ast.field(id);
            if let Some(name) = field.name {
                self.expr(name);
                let next = fields.get(index + 1).map(|&next| self.ast.field(next));
                if next.is_some_and(|next| next.name.is_some() && next.typ == field.typ) {
                    self.out.push_str(", ");
                    continue;
                }
                self.out.push(' ');
            }
            self.expr(field.typ);
            if let Some(tag) = field.tag {
                self.out.push(' ');
                self.expr(tag);
            }
            if index + 1 < fields.len() {
                self.out.push_str("; ");
            }
        }
    }

    fn signature(&mut self, id: ExprId) {
        let Expr::FuncType { params, results } = self.ast.expr(id) else { return };
        self.params(params);
        match self.ast.fields(results) {
            [] => {}
            &[only] if self.ast.field(only).name.is_none() => {
                self.out.push(' ');
                self.expr(self.ast.field(only).typ);
            }
            _ => {
                self.out.push(' ');
                self.params(results);
            }
        }
    }

    fn params(&mut self, list: List<FieldId>) {
        let fields = self.ast.fields(list);
        self.out.push('(');
        for (index, &id) in fields.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            let field = self.ast.field(id);
            if let Some(name) = field.name {
                self.expr(name);
                let next = fields.get(index + 1).map(|&next| self.ast.field(next));
                if next.is_some_and(|next| next.name.is_some() && next.typ == field.typ) {
                    continue;
                }
                self.out.push(' ');
            }
            self.expr(field.typ);
        }
        self.out.push(')');
    }
}
