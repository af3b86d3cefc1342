//! What helps beyond a message: other places involved, and advice. Advice is given only if following it is right as far as the
//! checker can tell: a suggested name exists and is of the kind that is needed, a suggested conversion is legal.
//!
//! The message itself is always what Go's compiler says. What is set here goes with the message reported next.

use crate::check::errors::At;
use crate::check::implements::Missing;
use crate::check::{Checker, Mode, Operand};
use crate::diag::Code;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprId, UnaryOp};
use crate::types::lookup::{Lookup, Selected};
use crate::types::{ObjId, ObjectKind, PackageId, ScopeId, Type, TypeId};

/// Goes with the next message.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    pub(crate) here: Option<String>,
    pub(crate) labels: Vec<(Span, String)>,
    pub(crate) hint: Option<String>,
}

/// What asks for the type of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WantedBy {
    /// A variable that is assigned to.
    Variable(ObjId),
    /// A result of the function that returns.
    Result(ObjId),
    /// A parameter of the function that is called.
    Parameter {
        /// The function.
        fun: ExprId,
        /// Which argument.
        index: usize,
    },
}

/// What a name is to denote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    Type,
    /// A value, or the type of a conversion or composite literal.
    Any,
}

impl Checker {
    /// Says what is at the place of the next message.
    pub(crate) fn say_here(&mut self, text: impl Into<String>) {
        self.aside.here = Some(text.into());
    }

    /// Points out another place.
    pub(crate) fn point_at(&mut self, at: impl At, text: impl Into<String>) {
        let span = at.at(self);
        if span.is_known() {
            self.aside.labels.push((span, text.into()));
        }
    }

    /// Gives advice.
    pub(crate) fn advise(&mut self, text: impl Into<String>) {
        self.aside.hint = Some(text.into());
    }

    /// Points out where an object is declared, unless that is in the library.
    pub(crate) fn point_at_declaration(&mut self, obj: ObjId, text: impl Into<String>) {
        if self.objs[obj].pkg.is_some_and(|p| !self.package(p).lazy) {
            self.point_at(obj, text);
        }
    }

    /// The object that a name or selector denotes.
    pub(crate) fn denoted(&self, e: ExprId) -> Option<ObjId> {
        let e = self.ast.unparen(e);
        let info = &self.package(self.pkg).info;
        match self.ast.expr(e) {
            Expr::Name(_) => info.use_of(e),
            Expr::Selector { sel, .. } => info.use_of(sel),
            Expr::Index { x, .. } => self.denoted(x),
            _ => None,
        }
    }

    /// About a name that is not declared: one that was probably meant, or the import that is missing.
    pub(crate) fn advise_undeclared(&mut self, e: ExprId, name: &str, wanted: Wanted) {
        if let Some(path) = self.importable(e, name) {
            self.advise(format!("import {path:?}"));
        } else if let Some(alt) = self.similar_name(name, wanted) {
            let text = self.obj_name(alt);
            self.point_at_declaration(alt, format!("{text} is declared here"));
            self.advise(format!("did you mean {text}?"));
        }
    }

    /// The visible object of the needed kind whose name is most similar.
    fn similar_name(&self, name: &str, wanted: Wanted) -> Option<ObjId> {
        let fits = |obj: ObjId| match self.objs[obj].kind {
            ObjectKind::TypeName { .. } => true,
            ObjectKind::PkgName { .. } | ObjectKind::Label { .. } => false,
            ObjectKind::Nil | ObjectKind::Builtin(_) => wanted == Wanted::Any && name.len() > 3,
            _ => wanted == Wanted::Any,
        };
        let mut best: Option<(usize, ObjId)> = None;
        let mut scope = Some(self.env.scope);
        while let Some(s) = scope {
            for &(n, obj) in self.scopes[s].entries() {
                let text = self.names.str(n);
                let Some(far) = distance(name, text).filter(|_| fits(obj)) else { continue };
                if best.is_none_or(|(least, _)| far < least) {
                    best = Some((far, obj));
                }
            }
            scope = self.scopes[s].parent;
        }
        best.map(|(_, obj)| obj)
    }

    /// The library package called `name`, if it declares what is selected from the name. Among several the one with the shortest path.
    fn importable(&mut self, e: ExprId, name: &str) -> Option<String> {
        let mut paths = self.importer.packages();
        paths.retain(|p| p.rsplit('/').next() == Some(name) && !p.split('/').any(|part| part == "internal"));
        paths.sort_by_key(|p| p.len());
        let rest = &self.sources.file(self.sources.file_of(self.ast.end(e))?).text;
        let offset = self.sources.file(self.sources.file_of(self.ast.end(e))?).offset(self.ast.end(e));
        let selected = rest.get(offset..)?.strip_prefix('.')?;
        let end = selected.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(selected.len());
        let member = selected[..end].to_string();
        paths.into_iter().find(|path| {
            let from = self.package(self.pkg).path.clone();
            let Ok(source) = self.importer.import(path, &from) else { return false };
            let declared = ["func ", "type ", "var ", "const ", "\t"];
            source.files.iter().any(|f| {
                f.text.lines().any(|line| {
                    declared.iter().any(|d| {
                        line.strip_prefix(d)
                            .and_then(|rest| rest.strip_prefix(member.as_str()))
                            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                    })
                })
            })
        })
    }

    /// About something that a package does not declare.
    pub(crate) fn advise_package_member(&mut self, package: PackageId, name: &str) {
        let scope = self.package(package).scope;
        let mut near: Vec<(usize, &str)> = self.scopes[scope]
            .entries()
            .iter()
            .filter(|&&(n, _)| self.is_exported(n))
            .filter_map(|&(n, _)| Some((distance(name, self.names.str(n))?, self.names.str(n))))
            .collect();
        near.sort_unstable();
        if let Some(hint) = near.first().map(|(_, alt)| format!("did you mean {alt}?")) {
            self.advise(hint);
        }
    }

    /// About a field or method that a type lacks.
    pub(crate) fn advise_member(&mut self, t: TypeId, addressable: bool, name: &str) {
        let near = |n: crate::types::NameId| {
            let visible = n.pkg.is_none_or(|p| p == self.pkg);
            visible && distance(name, self.names.str(n.name)).is_some()
        };
        if let Lookup::Found { what, .. } = self.types.lookup_by(t, addressable, &near) {
            let (id, what) = match &what {
                Selected::Field(f) => (f.id, "field"),
                Selected::Method { method, .. } => (method.id, "method"),
                Selected::Interface(m) => (m.id, "method"),
            };
            let text = self.names.str(id.name).to_string();
            self.advise(format!("did you mean the {what} {text}?"));
        } else if let Type::Pointer(base) = self.types.under_type(t)
            && self.types.is_interface(base)
        {
            self.advise("a pointer to an interface has no methods: use the interface itself");
        }
        self.point_at_type(t);
    }

    /// Points out where a defined type (or what a pointer to it points to) is declared.
    fn point_at_type(&mut self, t: TypeId) {
        let (base, _) = self.types.deref(t);
        if let Some(id) = self.types.as_named(base) {
            let obj = self.types.named(id).obj;
            let text = format!("{} is declared here", self.obj_name(obj));
            self.point_at_declaration(obj, text);
        }
    }

    /// Points out a type parameter with what it asks for.
    pub(crate) fn point_at_type_param(&mut self, t: TypeId) {
        let Some(id) = self.types.as_type_param(t) else { return };
        let param = self.types.type_param(id);
        let (obj, name) = (param.obj, self.names.str(param.name).to_string());
        self.point_at_declaration(obj, format!("the type parameter {name}"));
    }

    /// About `x`, which cannot be assigned to a variable of type `t`.
    pub(crate) fn advise_assignment(&mut self, x: &Operand, t: TypeId, code: Code) {
        self.say_here(self.operand_type(x));
        self.point_at_wanted();
        let variable = x.expr.filter(|&e| self.ast.name(self.ast.unparen(e)).is_some());
        if let Some(obj) = variable.and_then(|e| self.denoted(e)).filter(|&o| self.objs[o].is_var()) {
            let text = format!("{} is declared here", self.obj_name(obj));
            self.point_at_declaration(obj, text);
        }
        if code == Code::InvalidIfaceAssign {
            self.advise_implementation(x, t);
        } else if x.mode != Mode::Constant && !x.is_nil() {
            self.advise_conversion(x, t);
        }
    }

    /// Points out what asks for the type.
    fn point_at_wanted(&mut self) {
        let (obj, what) = match self.wanted {
            Some(WantedBy::Variable(v)) => (v, "the variable"),
            Some(WantedBy::Result(v)) => (v, "the result"),
            Some(WantedBy::Parameter { fun, index }) => {
                let params = self.denoted(fun).and_then(|f| self.objs[f].func()).map(|f| f.params.clone());
                match params.as_deref().and_then(|p| p.get(index).or(p.last())) {
                    Some(&p) => (p, "the parameter"),
                    None => return,
                }
            }
            None => return,
        };
        if let Some(t) = self.objs[obj].ty {
            let text = format!("{what} is of type {}", self.ty_str(t));
            self.point_at_declaration(obj, text);
        }
    }

    fn operand_type(&self, x: &Operand) -> String {
        match self.types.get(x.ty) {
            Type::Basic(k) if k.is_untyped() && !x.is_nil() => format!("an {} constant", k.name()),
            Type::Basic(_) if x.is_nil() => "nil".to_string(),
            _ => format!("of type {}", self.ty_str(x.ty)),
        }
    }

    fn advise_conversion(&mut self, x: &Operand, t: TypeId) {
        let Some(text) = x.expr.map(|e| self.expr_str(e)) else { return };
        let atom = match x.expr.map(|e| self.ast.expr(e)) {
            Some(Expr::Binary { .. } | Expr::Unary { .. } | Expr::Star(_)) => format!("({text})"),
            _ => text.clone(),
        };
        let (vu, tu) = (self.types.under(x.ty), self.types.under(t));
        let ts = self.ty_str(t);
        let converts = {
            let numeric = |c: &Checker, t| c.types.all_numeric(t);
            let bytes = |c: &Checker, t| match c.types.get(t) {
                Type::Slice(e) => {
                    [TypeId::UINT8, TypeId::INT32].iter().any(|&b| c.types.identical(c.types.under(e), b))
                }
                _ => false,
            };
            let string = |t| t == TypeId::STRING;
            numeric(self, vu) && numeric(self, tu)
                || string(vu) && bytes(self, tu)
                || bytes(self, vu) && string(tu)
                || self.types.identical(vu, tu)
        };
        if self.types.is_type_param(x.ty) || self.types.is_type_param(t) {
            return;
        }
        if converts && !self.types.is_interface(vu) {
            let typ = if ts.starts_with(['*', '<']) || ts.starts_with("func") { format!("({ts})") } else { ts };
            self.advise(format!("convert it: {typ}({text})"));
        } else if vu == TypeId::STRING && self.types.all_integer(tu) {
            self.advise(format!("strconv.Atoi({text}) reads a number from a string"));
        } else if self.types.all_integer(vu) && tu == TypeId::STRING {
            self.advise(format!("strconv.Itoa({text}) writes a number in decimal"));
        } else if self.types.is_interface(vu) && self.implements(t, x.ty, false).is_ok() {
            self.advise(format!("assert the type: {atom}.({ts})"));
        } else if matches!(self.types.get(vu), Type::Pointer(e) if self.types.identical(e, t)) {
            self.advise(format!("dereference it: *{atom}"));
        } else if matches!(self.types.get(tu), Type::Pointer(e) if self.types.identical(e, x.ty)) && self.has_address(x)
        {
            self.advise(format!("take its address: &{atom}"));
        } else if let Type::Signature(s) = self.types.get(vu)
            && let ([], [result]) = (&s.params[..], &s.results[..])
            && self.types.identical(result.ty, t)
        {
            self.advise(format!("call it: {atom}()"));
        }
    }

    /// Whether `&` may be applied.
    fn has_address(&self, x: &Operand) -> bool {
        let literal = x.expr.is_some_and(|e| matches!(self.ast.expr(self.ast.unparen(e)), Expr::CompositeLit { .. }));
        x.mode == Mode::Variable || literal
    }

    /// About a type that does not implement an interface: the method that is missing or different.
    fn advise_implementation(&mut self, x: &Operand, t: TypeId) {
        let Some(Missing { method, .. }) = self.missing_method(x.ty, t, true) else { return };
        let name = self.names.str(method.id.name).to_string();
        if let Some(id) = self.types.as_named(t) {
            let obj = self.types.named(id).obj;
            let text = format!("{} requires {}", self.obj_name(obj), self.func_str(&name, method.sig, false));
            self.point_at_declaration(obj, text);
        }
        match self.types.lookup_impl(x.ty, true, &|n| n == method.id) {
            Lookup::Found { what: found @ Selected::Method { method: m, .. }, .. } => {
                let sig = self.method_sig(&found);
                if self.types.identical(sig, method.sig) {
                    self.point_at_declaration(m.obj, format!("{name} has a pointer receiver"));
                    if let Some(e) = x.expr.filter(|_| self.has_address(x)) {
                        let text = self.expr_str(e);
                        self.advise(format!("take its address: &{text}"));
                    }
                } else {
                    let found = self.func_str(&name, sig, false);
                    self.point_at_declaration(m.obj, format!("found {found}"));
                }
            }
            Lookup::NotFound => {
                let base = self.types.deref(x.ty).0;
                if let Type::Pointer(e) = self.types.under_type(x.ty)
                    && self.types.is_interface(e)
                {
                    let text = x.expr.map_or_else(String::new, |e| self.expr_str(e));
                    self.advise(format!("use the interface itself: *{text}"));
                } else if self.types.as_named(base).is_some() {
                    self.point_at_type(base);
                }
            }
            _ => {}
        }
    }

    /// About operands whose types differ.
    pub(crate) fn advise_mismatch(&mut self, x: &Operand, y: &Operand) {
        self.say_here(self.operand_type(x));
        let text = self.operand_type(y);
        self.point_at(y, text);
        let (xu, yu) = (self.types.under(x.ty), self.types.under(y.ty));
        let typed = |c: &Checker, t: TypeId| !c.types.is_untyped(t) && !c.types.is_type_param(t);
        let numeric = self.types.all_numeric(xu) && self.types.all_numeric(yu);
        if numeric && typed(self, x.ty) && typed(self, y.ty) {
            let Some((a, b)) = x.expr.zip(y.expr) else { return };
            // Towards the wider type, or that of the constant's partner.
            let wide = |c: &Checker, t| c.types.sizeof(t);
            let (e, to) = if wide(self, yu) > wide(self, xu) { (a, y.ty) } else { (b, x.ty) };
            let (text, to) = (self.expr_str(e), self.ty_str(to));
            self.advise(format!("convert one of them: {to}({text})"));
        }
    }

    /// About an unused variable: it may hide the one that was meant.
    pub(crate) fn advise_unused(&mut self, var: ObjId) {
        let name = self.objs[var].name;
        let text = self.obj_name(var);
        let outside = self.objs[var].parent.and_then(|s| self.scopes[s].parent);
        let at = self.objs[var].span.lo;
        let mut scope = outside;
        while let Some(s) = scope {
            if let Some(outer) = self.scopes[s].lookup(name)
                && self.objs[outer].is_var()
                && self.objs[outer].pkg == Some(self.pkg)
                && (self.objs[outer].order > 0 || self.objs[outer].span.lo < at)
            {
                self.point_at_declaration(outer, format!("the outer {text}"));
                self.advise(format!("this declares another {text}; to set the outer one, use = instead of :="));
                return;
            }
            scope = self.scopes[s].parent.filter(|&p| p != ScopeId::UNIVERSE);
        }
        self.advise(format!("remove it, or write _ = {text} to keep it for now"));
    }

    /// About a value that is computed for nothing.
    pub(crate) fn advise_unused_value(&mut self, x: &Operand) {
        let Some(e) = x.expr else { return };
        match self.ast.expr(self.ast.unparen(e)) {
            Expr::Binary { op, x: l, y } if op.as_str() == "==" => {
                let (l, y) = (self.expr_str(l), self.expr_str(y));
                self.advise(format!("to assign, write {l} = {y}"));
            }
            Expr::Call { fun, args, .. } if self.ast.name(fun).is_some_and(|n| self.names.str(n) == "append") => {
                let is_variable = |&e: &ExprId| {
                    matches!(self.ast.expr(e), Expr::Name(_) | Expr::Selector { .. } | Expr::Index { .. })
                };
                let Some(&first) = self.ast.exprs(args).first().filter(|&e| is_variable(e)) else { return };
                let (first, call) = (self.expr_str(first), self.expr_str(e));
                self.advise(format!("assign the result: {first} = {call}"));
            }
            Expr::Unary { op: UnaryOp::Recv, .. } => {}
            _ => {
                if let Type::Signature(s) = self.types.under_type(x.ty)
                    && s.params.is_empty()
                    && x.mode != Mode::TypeExpr
                {
                    let text = self.expr_str(e);
                    self.advise(format!("call it: {text}()"));
                }
            }
        }
    }

    /// About a call with the wrong number of arguments or results: points out the function.
    pub(crate) fn point_at_function(&mut self, fun: ExprId) {
        if let Some(obj) = self.denoted(fun).filter(|&o| self.objs[o].is_func())
            && let Some(t) = self.objs[obj].ty
        {
            let text = format!("declared here as {}", self.func_str(&self.obj_name(obj), t, false));
            self.point_at_declaration(obj, text);
        }
    }

    /// About an import that cannot be found.
    pub(crate) fn advise_import(&mut self, path: &str) {
        let mut near: Vec<(usize, String)> =
            self.importer.packages().into_iter().filter_map(|p| Some((distance(path, &p)?, p))).collect();
        near.sort();
        if let Some((_, alt)) = near.first() {
            self.advise(format!("did you mean {alt:?}?"));
        }
    }
}

/// How many letters have to be changed, put in, left out or swapped with their neighbours to make `b` of `a`, case not counted; none
/// if that is too many for a slip.
fn distance(a: &str, b: &str) -> Option<usize> {
    if a == b || b == "_" || b.is_empty() {
        return None;
    }
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = match a.len().min(b.len()) {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j - 1] + same).min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    let least = rows[a.len()][b.len()];
    (least <= most).then_some(least)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn slips() {
        assert_eq!(distance("Pritnln", "Println"), Some(1));
        assert_eq!(distance("lenght", "length"), Some(1));
        assert_eq!(distance("println", "Println"), Some(0));
        assert_eq!(distance("count", "counter"), None);
        assert_eq!(distance("x", "y"), None);
        assert_eq!(distance("abc", "abc"), None);
        assert_eq!(distance("value", "values"), Some(1));
    }
}
