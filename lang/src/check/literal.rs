//! Function literals and composite literals.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::check::Checker;
use crate::check::operand::{Mode, Operand};
use crate::check::stmt::FuncBody;
use crate::check::switch::{ConstKey, const_key};
use crate::diag::Code;
use crate::syntax::ast::{Expr, ExprId};
use crate::types::lookup::{Lookup, Selected};
use crate::types::{NameId, Struct, Type, TypeId};

impl Checker {
    /// Checks a function literal; its body is checked at the end of the statement.
    pub(crate) fn func_lit(&mut self, x: &mut Operand, e: ExprId) {
        let ast = self.ast.clone();
        let Expr::FuncLit { typ, body } = ast.expr(e) else { return };
        let (sig, scope, lit) = self.func_lit_type(typ);
        let results: Rc<[_]> = lit.results.clone().into();
        self.info().func_lits.insert(e, lit);
        let (decl, iota) = (self.env.decl, self.env.iota.clone());
        self.later(move |check| check.func_body(FuncBody { decl, scope, sig, results, body, iota }));
        x.mode = Mode::Value;
        x.ty = sig;
    }

    /// Checks a composite literal. `hint` is the element type of the literal that it is an element of.
    pub(crate) fn composite_lit(&mut self, x: &mut Operand, e: ExprId, hint: Option<TypeId>) {
        let ast = self.ast.clone();
        let Expr::CompositeLit { typ: type_expr, elems, .. } = ast.expr(e) else { return };
        let elems = ast.exprs(elems);
        let mut open_array = None;
        let (ty, base) = match type_expr {
            Some(t) => match ast.expr(t) {
                Expr::ArrayType { len: None, elem } => {
                    let elem = self.var_type(elem);
                    open_array = Some(elem);
                    let ty = self.types.array(-1, elem);
                    (ty, ty)
                }
                _ => {
                    let ty = self.typ(t);
                    (ty, ty)
                }
            },
            None => match hint {
                Some(hint) => {
                    // An omitted *T means &T.
                    let base = match self.types.core(hint).map(|u| self.types.get(u)) {
                        Some(Type::Pointer(base)) => base,
                        _ => hint,
                    };
                    (hint, base)
                }
                None => {
                    self.error(e, Code::UntypedLit, "missing type in composite literal");
                    (TypeId::INVALID, TypeId::INVALID)
                }
            },
        };
        if !self.check_complete(base) {
            x.invalidate();
            return;
        }
        let mut ty = ty;
        let core = self.types.core(base);
        match core.map(|u| self.types.get(u)) {
            Some(Type::Struct(s)) => self.struct_lit(x, e, elems, base, &s),
            Some(Type::Array { len, elem }) => {
                let n = self.indexed_elements(elems, elem, (len >= 0).then_some(len));
                if len < 0 {
                    // The literal says how long the array is.
                    ty = self.types.array(n, elem);
                    if open_array.is_some()
                        && let Some(t) = type_expr
                    {
                        self.record_type_and_value(t, Mode::TypeExpr, ty, None);
                    }
                }
            }
            Some(Type::Slice(elem)) => {
                self.indexed_elements(elems, elem, None);
            }
            Some(Type::Map { key, elem }) => self.map_lit(x, elems, key, elem),
            other => {
                let values: Vec<ExprId> = elems
                    .iter()
                    .map(|&e| match ast.expr(e) {
                        Expr::KeyValue { value, .. } => value,
                        _ => e,
                    })
                    .collect();
                for v in values {
                    self.use_exprs(&[v]);
                }
                if core.is_none_or(|u| !u.is_invalid()) {
                    let qualifier = if type_expr.is_none() && hint.is_some() { " element" } else { "" };
                    let cause = if other.is_none() { " (no common underlying type)" } else { "" };
                    let message = format!("invalid composite literal{qualifier} type {}{cause}", self.ty_str(ty));
                    self.error(e, Code::InvalidLit, message);
                    x.invalidate();
                    return;
                }
            }
        }
        x.mode = Mode::Value;
        x.ty = ty;
    }

    fn struct_lit(&mut self, x: &mut Operand, e: ExprId, elems: &[ExprId], base: TypeId, s: &Struct) {
        let ast = self.ast.clone();
        let Some(&first) = elems.first() else { return };
        if let Expr::KeyValue { .. } = ast.expr(first) {
            self.keyed_struct_lit(x, elems, base, s);
            return;
        }
        for (i, &e) in elems.iter().enumerate() {
            if let Expr::KeyValue { .. } = ast.expr(e) {
                self.error(e, Code::MixedStructLit, "mixture of field:value and value elements in struct literal");
                continue;
            }
            let Some(field) = s.fields.get(i) else {
                self.generic_expr(x, e, None);
                let message = format!("too many values in struct literal of type {}", self.ty_str(base));
                self.error(&*x, Code::InvalidStructLit, message);
                break;
            };
            self.generic_expr(x, e, None);
            if self.foreign(field.id) {
                let message = format!(
                    "implicit assignment to unexported field {} in struct literal of type {}",
                    self.names.str(field.id.name),
                    self.ty_str(base)
                );
                self.error(&*x, Code::UnexportedLitField, message);
                continue;
            }
            self.assignment(x, Some(field.ty), "struct literal");
        }
        if elems.len() < s.fields.len() {
            let hint = if s.fields.iter().any(|f| self.foreign(f.id)) {
                " (type has unexported fields - use key:value pairs)"
            } else {
                ""
            };
            let Expr::CompositeLit { rbrace, .. } = ast.expr(e) else { return };
            let message = format!("too few values in struct literal of type {}{hint}", self.ty_str(base));
            self.error(rbrace, Code::InvalidStructLit, message);
        }
    }

    /// Whether a name is not accessible in the current package.
    fn foreign(&self, id: NameId) -> bool {
        id.pkg.is_some_and(|p| p != self.pkg)
    }

    fn keyed_struct_lit(&mut self, x: &mut Operand, elems: &[ExprId], base: TypeId, s: &Struct) {
        let ast = self.ast.clone();
        let struct_ty = self.types.strukt(s.fields.clone());
        // Paths of the fields seen, with their names.
        let mut visited: Vec<(Vec<u32>, String)> = Vec::new();
        for &e in elems {
            let Expr::KeyValue { key, value } = ast.expr(e) else {
                self.error(e, Code::MixedStructLit, "mixture of field:value and value elements in struct literal");
                continue;
            };
            self.generic_expr(x, value, None);
            let Some(name) = ast.name(key) else {
                let message = format!("invalid field name {} in struct literal", self.expr_str(key));
                self.error(e, Code::InvalidLitField, message);
                continue;
            };
            let text = self.names.str(name).to_string();
            let (field, index, indirect) = match self.types.lookup(struct_ty, false, self.id(name)) {
                Lookup::Found { what: Selected::Field(f), index, indirect } => (f, index, indirect),
                Lookup::Found { .. } => {
                    self.error(key, Code::MissingLitField, format!("{text} is not a field"));
                    continue;
                }
                _ => {
                    let alt = self.lookup_fold(struct_ty, false, &text);
                    let message = self.lookup_error(base, name, alt.as_ref(), true);
                    self.error(key, Code::MissingLitField, message);
                    continue;
                }
            };
            if index.len() > 1 {
                let path: Vec<String> =
                    self.types.field_path(struct_ty, &index).iter().map(|&n| self.names.str(n).to_string()).collect();
                let what =
                    format!("use of promoted field {} in struct literal of type {}", path.join("."), self.ty_str(base));
                if !self.verify_version(key, (1, 27), &what) {
                    continue;
                }
            }
            if indirect {
                let message = format!("invalid implicit pointer indirection to reach {text}");
                self.error(key, Code::InvalidLitField, message);
                continue;
            }
            self.info().field_keys.insert(key, index.clone());
            self.assignment(x, Some(field.ty), "struct literal");
            let clash = visited.iter().find(|(path, _)| path.starts_with(&index) || index.starts_with(path));
            if let Some((path, alt)) = clash {
                let message = if *path == index {
                    format!("duplicate field name {text} in struct literal")
                } else if path.len() < index.len() {
                    format!("cannot specify promoted field {text} and enclosing embedded field {alt}")
                } else {
                    format!("cannot specify embedded field {text} and enclosed promoted field {alt}")
                };
                self.error(e, Code::DuplicateLitField, message);
            } else {
                visited.push((index, text));
            }
        }
    }

    fn map_lit(&mut self, x: &mut Operand, elems: &[ExprId], key: TypeId, elem: TypeId) {
        let ast = self.ast.clone();
        // In a map of interfaces, equal constants of different types are different keys.
        let by_type = self.types.is_non_type_param_interface(key);
        let mut visited: HashMap<ConstKey, Vec<TypeId>> = HashMap::new();
        for &e in elems {
            let Expr::KeyValue { key: k, value } = ast.expr(e) else {
                self.error(e, Code::MissingLitKey, "missing key in map literal");
                continue;
            };
            self.generic_expr(x, k, Some(key));
            self.assignment(x, Some(key), "map literal");
            if !x.is_valid() {
                continue;
            }
            if x.mode == Mode::Constant
                && let Some(seen) = const_key(&x.val).map(|k| visited.entry(k).or_default())
            {
                let duplicate = seen.iter().any(|&t| !by_type || self.types.identical(t, x.ty));
                seen.push(x.ty);
                if duplicate {
                    let message = format!("duplicate key {} in map literal", x.val);
                    self.error(&*x, Code::DuplicateLitKey, message);
                    continue;
                }
            }
            self.generic_expr(x, value, Some(elem));
            self.assignment(x, Some(elem), "map literal");
        }
    }

    /// Checks the elements of an array or slice literal, and gives its length: the largest index plus one.
    fn indexed_elements(&mut self, elems: &[ExprId], elem: TypeId, length: Option<i64>) -> i64 {
        let ast = self.ast.clone();
        let mut visited: HashSet<i64> = HashSet::new();
        let (mut index, mut max) = (0i64, 0i64);
        for &e in elems {
            let mut valid = false;
            let mut value = e;
            if let Expr::KeyValue { key, value: v } = ast.expr(e) {
                value = v;
                match self.index(key, length) {
                    Some((_, Some(i))) => {
                        index = i;
                        valid = true;
                    }
                    Some((_, None)) => {
                        let message = format!("index {} must be integer constant", self.expr_str(key));
                        self.error(e, Code::InvalidLitIndex, message);
                    }
                    None => {}
                }
            } else if let Some(length) = length.filter(|&n| index >= n) {
                let message = format!("index {index} is out of bounds (>= {length})");
                self.error(e, Code::OversizeArrayLit, message);
            } else {
                valid = true;
            }
            if valid && !visited.insert(index) {
                let message = format!("duplicate index {index} in array or slice literal");
                self.error(e, Code::DuplicateLitKey, message);
            }
            index = index.saturating_add(1);
            max = max.max(index);
            let mut x = Operand::new();
            self.generic_expr(&mut x, value, Some(elem));
            self.assignment(&mut x, Some(elem), "array or slice literal");
        }
        max
    }
}
