//! What is to be said when a name gets a new meaning: which code and values keep the old one.

use std::collections::HashSet;

use gol_lang::check::unit::Replaced;
use gol_lang::types::{NamedId, ObjId, ObjectKind, Type, TypeId};

use super::Engine;

impl Engine {
    /// One text for each replaced name whose old meaning lives on.
    pub(super) fn notes(&self, replaced: &[Replaced]) -> Vec<String> {
        let new: HashSet<ObjId> = replaced.iter().map(|r| r.new).collect();
        let old: HashSet<ObjId> = replaced.iter().map(|r| r.old).collect();
        let kept = |obj: &ObjId| !new.contains(obj) && !old.contains(obj);
        replaced.iter().filter_map(|r| self.note(*r, &kept)).collect()
    }

    fn note(&self, r: Replaced, kept: &dyn Fn(&ObjId) -> bool) -> Option<String> {
        let objs = &self.checker.objs;
        let name = self.checker.names.str(objs[r.old].name);
        match (&objs[r.old].kind, &objs[r.new].kind) {
            _ if name == "_" => None,
            (ObjectKind::TypeName { alias: false }, _) => {
                let named = objs[r.old].ty.and_then(|t| self.checker.types.as_named(t))?;
                let users = self.list(&|obj| self.mentions(obj, named), kept)?;
                Some(format!("{users} still of the earlier {name}"))
            }
            (ObjectKind::Func(_), ObjectKind::Func(_)) if self.checker.same_function_type(r.old, r.new) => None,
            (ObjectKind::Func(_), _) => {
                let users = self.list(&|obj| self.uses(obj, r.old), kept)?;
                let ty = self.checker.ty_str(objs[r.old].ty?);
                Some(format!("{users} still calling the earlier {name}{}", ty.trim_start_matches("func")))
            }
            (ObjectKind::Var { .. }, ObjectKind::Var { .. })
                if self.checker.types.identical(objs[r.old].ty?, objs[r.new].ty?) =>
            {
                None
            }
            (ObjectKind::Var { .. } | ObjectKind::Const { .. }, _) => {
                let users = self.list(&|obj| self.uses(obj, r.old), kept)?;
                Some(format!(
                    "{users} still using the earlier {name}, of type {}",
                    self.checker.ty_str(objs[r.old].ty?)
                ))
            }
            _ => None,
        }
    }

    /// The names and methods that are declared and satisfy `wanted`, as the beginning of a sentence.
    fn list(&self, wanted: &dyn Fn(ObjId) -> bool, kept: &dyn Fn(&ObjId) -> bool) -> Option<String> {
        let mut found = Vec::new();
        for (name, obj) in self.declared() {
            if kept(&obj) && wanted(obj) {
                found.push(name.clone());
            }
            let object = &self.checker.objs[obj];
            if let (true, ObjectKind::TypeName { .. }, Some(t)) = (kept(&obj), &object.kind, object.ty)
                && let Some(named) = self.checker.types.as_named(t)
            {
                let methods =
                    self.checker.types.named_methods(named).into_iter().filter(|m| kept(&m.obj) && wanted(m.obj));
                found.extend(methods.map(|m| format!("{name}.{}", self.checker.names.str(m.id.name))));
            }
        }
        let last = found.pop()?;
        Some(if found.is_empty() { format!("{last} is") } else { format!("{} and {last} are", found.join(", ")) })
    }

    /// Whether a function's body refers to an object, or to one whose place the object had taken.
    fn uses(&self, f: ObjId, what: ObjId) -> bool {
        let objs = &self.checker.objs;
        let same = |dep: ObjId| {
            let types = objs[dep].ty.zip(objs[what].ty);
            dep == what
                || objs[dep].name == objs[what].name
                    && (self.checker.same_function_type(dep, what)
                        || objs[dep].is_var()
                            && objs[what].is_var()
                            && types.is_some_and(|(a, b)| self.checker.types.identical(a, b)))
        };
        let decl = self.checker.decl_of.get(&f).map(|d| &self.checker.decls[d.0 as usize]);
        objs[f].is_func() && decl.is_some_and(|d| d.deps.iter().any(|&dep| same(dep)))
    }

    /// Whether the type of a variable, function or type is made of a defined type.
    fn mentions(&self, obj: ObjId, named: NamedId) -> bool {
        let object = &self.checker.objs[obj];
        let Some(t) = object.ty else { return false };
        let t = if object.is_type_name() { self.checker.types.under(t) } else { t };
        self.made_of(t, named, 0)
    }

    fn made_of(&self, t: TypeId, named: NamedId, depth: u32) -> bool {
        let types = &self.checker.types;
        let part = |t: TypeId| self.made_of(t, named, depth + 1);
        if depth > 6 {
            return false;
        }
        match types.get(t) {
            Type::Named(id) => {
                let data = types.named(id);
                id == named || data.origin == Some(named) || data.targs.iter().any(|&t| part(t)) || {
                    // Through other defined types of the session, as far as they are visible in a value.
                    data.pkg == Some(self.session.pkg) && part(types.under(t))
                }
            }
            Type::Alias(_) => part(types.unalias(t)),
            Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => part(e),
            Type::Map { key, elem } => part(key) || part(elem),
            Type::Struct(s) => s.fields.iter().any(|f| part(f.ty)),
            Type::Signature(s) => s.params.iter().chain(&s.results).any(|p| part(p.ty)),
            _ => false,
        }
    }
}
