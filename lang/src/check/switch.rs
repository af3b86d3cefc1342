//! Expression switches and type switches.

use std::collections::HashMap;
use std::rc::Rc;

use crate::check::Checker;
use crate::check::operand::{Mode, Operand};
use crate::constant::{Kind, Value};
use crate::diag::Code;
use crate::intern::sym;
use crate::source::Pos;
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, ClauseId, Expr, ExprId, List};
use crate::types::{ObjId, ObjectKind, TypeId};

/// A constant as far as duplicate cases and keys are concerned.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum ConstKey {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(u64),
    Complex(u64, u64),
    Str(Vec<u8>),
    /// Anything else, by its text.
    Other(String),
}

/// The key of a constant; `None` if it is not known.
pub(crate) fn const_key(val: &Value) -> Option<ConstKey> {
    // A float that is integral counts as that integer, as an untyped 1.0 does.
    let int = |v: &Value| v.as_i64().map(ConstKey::Int).or_else(|| v.as_u64().map(ConstKey::Uint));
    let bits = |v: &Value| v.to_f64().map(|f| if f == 0.0 { 0 } else { f.to_bits() });
    match val.kind() {
        Kind::Unknown => None,
        Kind::Bool => val.as_bool().map(ConstKey::Bool),
        Kind::String => val.as_str().map(|s| ConstKey::Str(s.to_vec())),
        Kind::Int => Some(int(val).unwrap_or_else(|| ConstKey::Other(val.to_string()))),
        Kind::Float => Some(
            int(&val.to_int())
                .or_else(|| bits(val).map(ConstKey::Float))
                .unwrap_or_else(|| ConstKey::Other(val.to_string())),
        ),
        Kind::Complex => {
            let (re, im) = (val.real(), val.imag());
            match (bits(&re), bits(&im)) {
                (Some(re), Some(im)) => Some(ConstKey::Complex(re, im)),
                _ => Some(ConstKey::Other(val.to_string())),
            }
        }
    }
}

impl Checker {
    /// Checks `switch tag { clauses }`; the initialisation is done and the scope is open.
    pub(crate) fn switch_stmt(&mut self, tag: Option<ExprId>, clauses: List<ClauseId>, rbrace: Pos) {
        let ast = self.ast.clone();
        let clauses = ast.clauses(clauses);
        let mut x = Operand::new();
        match tag {
            Some(tag) => {
                self.expr(None, &mut x, tag);
                self.assignment(&mut x, None, "switch expression");
                if x.is_valid() && !self.types.comparable(x.ty) && !self.types.has_nil(x.ty) {
                    let message =
                        format!("cannot switch on {} ({} is not comparable)", self.op_str(&x), self.ty_str(x.ty));
                    self.error(&x, Code::InvalidExprSwitch, message);
                    x.invalidate();
                }
            }
            None => {
                // A missing tag means true.
                let at = clauses.first().map_or(rbrace, |&c| ast.pos(c));
                x = Operand { mode: Mode::Constant, ty: TypeId::BOOL, val: Value::Bool(true), ..Operand::new() };
                x.dummy = Some(Rc::new((at.span(), "true".to_string())));
            }
        }
        self.multiple_defaults(clauses);
        let mut seen: HashMap<ConstKey, Vec<(TypeId, Span)>> = HashMap::new();
        for &c in clauses {
            let clause = ast.clause(c);
            self.case_values(&x, ast.exprs(clause.cases), &mut seen);
            self.block(clause.body);
        }
    }

    fn case_values(&mut self, x: &Operand, values: &[ExprId], seen: &mut HashMap<ConstKey, Vec<(TypeId, Span)>>) {
        for &e in values {
            let mut v = Operand::new();
            self.expr(None, &mut v, e);
            if !x.is_valid() || !v.is_valid() {
                continue;
            }
            self.convert_untyped(&mut v, x.ty);
            if !v.is_valid() {
                continue;
            }
            // With v on the left, errors are reported at the case.
            let (mut res, mut tag) = (v.clone(), x.clone());
            self.comparison(&mut res, &mut tag, BinaryOp::Eq, true);
            if !res.is_valid() || v.mode != Mode::Constant {
                continue;
            }
            // As in Go's compiler, only numbers and strings are checked for duplicates.
            let Some(key) = const_key(&v.val)
                .filter(|k| !matches!(k, ConstKey::Bool(_) | ConstKey::Complex(..) | ConstKey::Other(_)))
            else {
                continue;
            };
            let same = seen.entry(key).or_default();
            match same.iter().find(|(t, _)| self.types.identical(v.ty, *t)) {
                Some(&(_, previous)) => {
                    let mut err = self.new_error(Code::DuplicateCase);
                    self.add_part(&mut err, e, format!("duplicate case {} in expression switch", self.op_str(&v)));
                    self.add_part(&mut err, previous, "previous case");
                    self.report(err);
                }
                None => same.push((v.ty, self.ast.error_span(e))),
            }
        }
    }

    /// Whether an expression is the predeclared nil.
    fn is_nil_expr(&self, e: ExprId) -> bool {
        match self.ast.expr(self.ast.unparen(e)) {
            Expr::Name(name) => self.lookup(name).is_some_and(|obj| matches!(self.objs[obj].kind, ObjectKind::Nil)),
            _ => false,
        }
    }

    /// Checks `switch lhs := x.(type) { clauses }`; the initialisation is done and the scope is open.
    pub(crate) fn type_switch_stmt(&mut self, lhs: Option<ExprId>, guard: ExprId, clauses: List<ClauseId>) {
        let ast = self.ast.clone();
        let clauses = ast.clauses(clauses);
        let mut lhs = lhs;
        if let Some(e) = lhs {
            if ast.name(e) == Some(sym::BLANK) {
                self.soft_error(e, Code::NoNewVar, "no new variable on left side of :=");
                lhs = None;
            } else {
                self.info().set_def(e, None); // each clause declares its own variable
            }
        }
        let mut x = Operand::new();
        self.expr(None, &mut x, guard);
        if x.is_valid() {
            let problem = if self.types.is_type_param(x.ty) {
                Some(format!("cannot use type switch on type parameter value {}", self.op_str(&x)))
            } else if !self.types.is_interface(x.ty) {
                Some(format!("{} is not an interface", self.op_str(&x)))
            } else {
                None
            };
            if let Some(message) = problem {
                self.error(&x, Code::InvalidTypeSwitch, message);
                x.invalidate();
            }
        }
        self.multiple_defaults(clauses);
        let mut vars: Vec<ObjId> = Vec::new();
        let mut seen: Vec<(Option<TypeId>, ExprId)> = Vec::new();
        for &c in clauses {
            let clause = ast.clause(c);
            let t = self.case_types(&x, ast.exprs(clause.cases), &mut seen);
            self.open_scope();
            if let Some(e) = lhs
                && let Some(name) = ast.name(e)
            {
                let obj = self.new_local(name, ast.span(e), Some(t));
                self.declare(self.env.scope, None, obj, clause.colon);
                self.info().clause_vars.insert(c, obj);
                vars.push(obj);
            }
            self.stmt_list(clause.body);
            self.close_scope();
        }
        // The clauses' variables count as one: it must be used in some clause.
        if let Some(e) = lhs {
            let used = vars.iter().any(|&v| matches!(self.objs[v].kind, ObjectKind::Var { used: true, .. }));
            for v in vars {
                self.set_var_used(v, true);
            }
            if !used {
                let message = format!("{} declared and not used", self.expr_str(e));
                self.soft_error(e, Code::UnusedVar, message);
            }
        }
    }

    /// Checks the types of a case; gives the type of the clause's variable.
    fn case_types(&mut self, x: &Operand, types: &[ExprId], seen: &mut Vec<(Option<TypeId>, ExprId)>) -> TypeId {
        let mut last = None;
        for &e in types {
            let t = if self.is_nil_expr(e) {
                let mut dummy = Operand::new();
                self.expr(None, &mut dummy, e);
                None
            } else {
                let t = self.var_type(e);
                last = Some(t);
                if !self.types.is_valid(t) {
                    continue;
                }
                Some(t)
            };
            last = t;
            let previous = seen.iter().find(|(s, _)| match (t, s) {
                (None, None) => true,
                (Some(t), &Some(s)) => self.types.identical(t, s),
                _ => false,
            });
            if let Some(&(_, other)) = previous {
                let text = t.map_or_else(|| "nil".to_string(), |t| self.ty_str(t));
                let mut err = self.new_error(Code::DuplicateCase);
                self.add_part(&mut err, e, format!("duplicate case {text} in type switch"));
                self.add_part(&mut err, other, "previous case");
                self.report(err);
                continue;
            }
            seen.push((t, e));
            if let Some(t) = t
                && x.is_valid()
            {
                self.type_assertion(e, x, t, true);
            }
        }
        match (types, last) {
            ([_], Some(t)) => t,
            _ if x.is_valid() => x.ty,
            _ => TypeId::INVALID,
        }
    }
}
