//! Cycles: declarations that refer to themselves, and types that contain themselves.

use crate::check::Checker;
use crate::diag::Code;
use crate::intern::{FastMap, FastSet};
use crate::source::Pos;
use crate::syntax::ast::{Decl, Expr};
use crate::types::{NamedId, ObjId, ObjectKind, PackageId, Type, TypeId};

/// An object on a cycle, and its name in messages if that is not the object's own (instances of generic types).
#[derive(Debug, Clone)]
pub(crate) struct Link {
    obj: ObjId,
    name: Option<String>,
    /// Where the instance is written.
    at: Option<Pos>,
}

/// The types that contain the one looked at, outermost first.
#[derive(Debug, Default)]
struct Nest {
    list: Vec<NamedId>,
    set: FastSet<NamedId>,
}

impl Nest {
    fn contains(&self, id: NamedId) -> bool {
        self.set.contains(&id)
    }

    fn push(&mut self, id: NamedId) {
        self.list.push(id);
        self.set.insert(id);
    }

    fn pop(&mut self) {
        if let Some(id) = self.list.pop() {
            self.set.remove(&id);
        }
    }
}

impl Checker {
    fn links(objs: &[ObjId]) -> Vec<Link> {
        objs.iter().map(|&obj| Link { obj, name: None, at: None }).collect()
    }

    /// Whether the cycle of objects from `start` of the path on is permitted; reports it if not.
    pub(crate) fn valid_cycle(&mut self, start: usize) -> bool {
        let cycle = self.obj_path[start..].to_vec();
        let (mut values, mut defs) = (0, 0);
        for &obj in &cycle {
            match self.objs[obj].kind {
                ObjectKind::Const { .. } | ObjectKind::Var { .. } => values += 1,
                ObjectKind::TypeName { .. } => {
                    let generic = self.objs[obj].ty.is_some_and(|t| self.types.is_generic(t));
                    if self.env.in_tparam_list && generic {
                        return true; // through a type parameter list
                    }
                    if !self.is_alias_decl(obj) {
                        defs += 1;
                    }
                }
                _ => {}
            }
        }
        // Cycles among values alone are found when ordering initialisation. Those among types need a defined type.
        if values == cycle.len() || values == 0 && defs > 0 {
            return true;
        }
        let links = Checker::links(&cycle);
        let first = self.first_in_source(&links);
        self.cycle_error(&links, first);
        false
    }

    /// Whether a type name is declared as an alias.
    pub(crate) fn is_alias_decl(&self, obj: ObjId) -> bool {
        match self.objs[obj].ty {
            Some(t) => matches!(self.types.get(t), Type::Alias(_)),
            None => matches!(self.objs[obj].kind, ObjectKind::TypeName { alias: true }),
        }
    }

    fn first_in_source(&self, cycle: &[Link]) -> usize {
        (0..cycle.len()).min_by_key(|&i| self.objs[cycle[i].obj].span.lo).unwrap_or(0)
    }

    fn link_name(&self, link: &Link) -> String {
        if let Some(name) = &link.name {
            return name.clone();
        }
        let name = self.obj_name(link.obj);
        match self.objs[link.obj].pkg.map(|p| self.qualifier(p)) {
            Some(q) if !q.is_empty() => format!("{q}.{name}"),
            _ => name,
        }
    }

    /// Reports a cycle of declarations, beginning with the one at `start`.
    pub(crate) fn cycle_error(&mut self, cycle: &[Link], start: usize) {
        let obj = cycle[start].obj;
        let is_type = self.objs[obj].is_type_name();
        // A broken alias is made valid, to avoid more errors.
        if is_type && let Some(Type::Alias(id)) = self.objs[obj].ty.map(|t| self.types.get(t)) {
            self.types.alias(id).rhs.set(Some(TypeId::INVALID));
        }
        let name = self.link_name(&cycle[start]);
        let at = |check: &Checker, link: &Link| link.at.map_or(check.objs[link.obj].span, Pos::span);
        let first = at(self, &cycle[start]);
        if cycle.len() == 1 {
            let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration" };
            self.error(first, Code::InvalidDeclCycle, format!("{what}: {name} refers to itself"));
            return;
        }
        let mut err = self.new_error(Code::InvalidDeclCycle);
        let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration of" };
        self.add_part(&mut err, first, format!("{what} {name}"));
        let n = cycle.len();
        for i in 0..n {
            let (from, to) = (&cycle[(start + i) % n], &cycle[(start + i + 1) % n]);
            let text = format!("{} refers to {}", self.link_name(from), self.link_name(to));
            self.add_part(&mut err, at(self, from), text);
        }
        self.report(err);
    }

    /// Whether `t` has an underlying type already; reports a cycle if its declaration is being checked.
    pub fn check_complete(&mut self, t: TypeId) -> bool {
        let mut t = t;
        for _ in 0..10_000 {
            let (obj, rhs) = match self.types.get(t) {
                Type::Alias(id) => (self.types.alias(id).obj, self.types.alias(id).rhs.get()),
                Type::Named(id) => {
                    let n = self.types.named(id);
                    if n.origin.is_some() {
                        // An instance is as complete as the generic type.
                        let o = self.types.named(self.types.origin(id));
                        (o.obj, o.rhs.get())
                    } else {
                        (n.obj, n.rhs.get())
                    }
                }
                _ => return true,
            };
            if let Some(&start) = self.obj_path_index.get(&obj)
                && rhs.is_none()
            {
                let links = Checker::links(&self.obj_path[start..]);
                let first = self.first_in_source(&links);
                self.cycle_error(&links, first);
                return false;
            }
            match rhs {
                Some(rhs) => t = rhs,
                None => return true,
            }
        }
        true
    }

    /// Reports type declarations whose right-hand sides are nothing but a circle of names.
    pub(crate) fn direct_cycles(&mut self, pkg: PackageId) {
        let objects = self.package(pkg).objects.clone();
        let scope = self.package(pkg).scope;
        // Place on the current path, or none if done.
        let mut state: FastMap<ObjId, Option<usize>> = FastMap::default();
        for first in objects {
            if !self.objs[first].is_type_name() {
                continue;
            }
            let mut path: Vec<ObjId> = Vec::new();
            let mut tname = first;
            loop {
                match state.get(&tname) {
                    Some(None) => break,
                    Some(&Some(start)) => {
                        self.objs[tname].ty = Some(TypeId::INVALID);
                        let links = Checker::links(&path[start..]);
                        let at = self.first_in_source(&links);
                        self.cycle_error(&links, at);
                        break;
                    }
                    None => {}
                }
                state.insert(tname, Some(path.len()));
                path.push(tname);
                let Some(decl) = self.decl_of.get(&tname).and_then(|d| self.decls[d.0 as usize].decl) else { break };
                let Decl::Type { typ, .. } = self.ast.decl(decl) else { break };
                let Expr::Name(name) = self.ast.expr(typ) else { break };
                match self.scopes[scope].lookup(name) {
                    Some(obj) if self.objs[obj].is_type_name() => tname = obj,
                    _ => break,
                }
            }
            for obj in path {
                state.insert(obj, None);
            }
        }
    }

    /// Reports a type that contains itself, so that its size would be infinite.
    pub(crate) fn valid_type(&mut self, id: NamedId) {
        let ty = self.types.named(id).ty;
        self.valid_type0(ty, &mut Nest::default(), &mut Vec::new());
    }

    /// `nest` are the types that contain `t`; `path` are all types on the way, for the message.
    fn valid_type0(&mut self, t: TypeId, nest: &mut Nest, path: &mut Vec<NamedId>) -> bool {
        match self.types.actual(t) {
            Type::Array { elem, .. } => self.valid_type0(elem, nest, path),
            Type::Struct(s) => s.fields.iter().all(|f| self.valid_type0(f.ty, nest, path)),
            Type::Union(terms) => terms.iter().all(|term| self.valid_type0(term.ty, nest, path)),
            Type::Interface(i) => i.embeddeds.iter().all(|&e| self.valid_type0(e, nest, path)),
            Type::Named(id) => {
                if self.valid_types.contains(&id) {
                    return true;
                }
                let instance = self.types.named(id).origin.is_some();
                if nest.contains(id) || instance && nest.list.iter().any(|&n| self.types.identical_named(n, id)) {
                    let origin = self.types.origin(id);
                    if self.types.named(origin).pkg != Some(self.pkg) {
                        return true;
                    }
                    self.types.set_invalid(origin);
                    self.types.set_invalid(id);
                    let start = path.iter().position(|&p| self.types.identical_named(p, id)).unwrap_or(0);
                    let links: Vec<Link> = path[start..]
                        .iter()
                        .map(|&p| {
                            let n = self.types.named(p);
                            Link {
                                obj: n.obj,
                                name: n.origin.map(|_| self.ty_str(n.ty)),
                                at: self.inst_pos.get(&n.ty).copied(),
                            }
                        })
                        .collect();
                    self.cycle_error(&links, 0);
                    return false;
                }
                let Some(rhs) = self.types.named(self.types.origin(id)).rhs.get() else { return true };
                nest.push(id);
                path.push(id);
                let ok = self.valid_type0(rhs, nest, path);
                nest.pop();
                path.pop();
                // The validity of a type without type arguments depends on nothing else.
                if ok && self.types.named(id).targs.is_empty() && self.types.named_tparams(id).is_empty() {
                    self.valid_types.insert(id);
                }
                ok
            }
            Type::TypeParam(_) => {
                let t = self.types.unalias(t);
                let Some(&inst) = nest.list.last() else { return true };
                let tparams = self.types.named_tparams(inst);
                let targs = self.types.named(inst).targs.clone();
                if let Some(i) = tparams.iter().position(|&p| p == t)
                    && let Some(&targ) = targs.get(i)
                {
                    // The argument is to be valid where the instance stands, which the instance does not contain.
                    nest.pop();
                    let ok = self.valid_type0(targ, nest, path);
                    nest.push(inst);
                    return ok;
                }
                true
            }
            _ => true,
        }
    }
}
