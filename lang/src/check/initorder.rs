//! In which order package variables are initialised.
//!
//! The graph of dependencies between package-level constants, variables and functions comes from checking: what an initialiser or
//! body mentions. Functions are eliminated from it by connecting those who refer to a function with what the function refers to.
//! Then the variable with the fewest outstanding dependencies goes first, the earlier in the source among equals; if that still has
//! dependencies, there is a cycle.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Checker;
use crate::check::info::Initializer;
use crate::diag::Code;
use crate::intern::FastMap;
use crate::types::{ObjId, ObjectKind};

#[derive(Default)]
struct Node {
    /// Who depends on it.
    pred: BTreeSet<ObjId>,
    /// What it depends on.
    succ: BTreeSet<ObjId>,
    /// How many dependencies are outstanding.
    left: usize,
}

impl Checker {
    /// Determines the order in which the variables of the current package are initialised, and reports cycles.
    pub(crate) fn init_order(&mut self) {
        let mut nodes = self.dependency_graph();
        // Constants first, then by outstanding dependencies, then by source order.
        let key =
            |check: &Checker, obj: ObjId, left: usize| (!check.objs[obj].is_const(), left, check.objs[obj].order, obj);
        let mut queue: BTreeSet<(bool, usize, u32, ObjId)> =
            nodes.iter().map(|(&obj, node)| key(self, obj, node.left)).collect();
        let mut emitted: BTreeSet<ObjId> = BTreeSet::new();
        let mut order = Vec::new();
        while let Some((_, left, _, obj)) = queue.pop_first() {
            if left > 0
                && let Some(cycle) = self.find_path(obj, obj, &mut BTreeSet::new())
            {
                self.report_init_cycle(&cycle);
            }
            let Some(node) = nodes.remove(&obj) else { continue };
            for p in node.pred {
                if let Some(pred) = nodes.get_mut(&p) {
                    queue.remove(&key(self, p, pred.left));
                    pred.left = pred.left.saturating_sub(1);
                    queue.insert(key(self, p, pred.left));
                }
            }
            if !self.objs[obj].is_var() || emitted.contains(&obj) {
                continue;
            }
            let Some(info) = self.decl_of.get(&obj).map(|d| &self.decls[d.0 as usize]) else { continue };
            let Some(rhs) = info.init else { continue };
            let lhs = if info.lhs.is_empty() { vec![obj] } else { info.lhs.clone() };
            emitted.extend(&lhs);
            order.push(Initializer { lhs, rhs });
        }
        self.info().init_order = order;
    }

    /// The objects that the declaration of `obj` refers to, in source order.
    fn deps_of(&self, obj: ObjId) -> Vec<ObjId> {
        let Some(info) = self.decl_of.get(&obj).map(|d| &self.decls[d.0 as usize]) else { return Vec::new() };
        let mut deps: Vec<ObjId> = info
            .deps
            .iter()
            .copied()
            .filter(|&d| {
                let o = &self.objs[d];
                o.pkg == Some(self.pkg)
                    && matches!(o.kind, ObjectKind::Const { .. } | ObjectKind::Var { .. } | ObjectKind::Func(_))
            })
            .collect();
        deps.sort_by_key(|&d| (self.objs[d].order, d));
        deps.dedup();
        deps
    }

    fn dependency_graph(&self) -> BTreeMap<ObjId, Node> {
        let objects: Vec<ObjId> = self
            .package(self.pkg)
            .objects
            .iter()
            .copied()
            .filter(|&o| {
                matches!(self.objs[o].kind, ObjectKind::Const { .. } | ObjectKind::Var { .. } | ObjectKind::Func(_))
            })
            .collect();
        let mut nodes: BTreeMap<ObjId, Node> = objects.iter().map(|&o| (o, Node::default())).collect();
        for &o in &objects {
            for d in self.deps_of(o) {
                if let Some(dep) = nodes.get_mut(&d) {
                    dep.pred.insert(o);
                    if let Some(node) = nodes.get_mut(&o) {
                        node.succ.insert(d);
                    }
                }
            }
        }
        let mut funcs: Vec<ObjId> = objects.into_iter().filter(|&o| self.objs[o].is_func()).collect();
        // Eliminating a function copies edges; those with many go last.
        let cost: FastMap<ObjId, usize> =
            funcs.iter().filter_map(|f| nodes.get(f).map(|n| (*f, n.pred.len() * n.succ.len()))).collect();
        funcs.sort_by_key(|f| cost.get(f).copied().unwrap_or(0));
        for f in funcs {
            let Some(node) = nodes.remove(&f) else { continue };
            for &p in &node.pred {
                let Some(pred) = nodes.get_mut(&p) else { continue };
                pred.succ.remove(&f);
                pred.succ.extend(node.succ.iter().filter(|&&s| s != f));
            }
            for &s in &node.succ {
                let Some(succ) = nodes.get_mut(&s) else { continue };
                succ.pred.remove(&f);
                succ.pred.extend(node.pred.iter().filter(|&&p| p != f));
            }
        }
        for node in nodes.values_mut() {
            node.left = node.succ.len();
        }
        nodes
    }

    /// A path of dependencies `from … to`, backwards, without repeating an object; `None` if there is none.
    fn find_path(&self, from: ObjId, to: ObjId, seen: &mut BTreeSet<ObjId>) -> Option<Vec<ObjId>> {
        // An explicit stack: chains of dependencies can be as long as the program.
        let mut stack: Vec<(ObjId, Vec<ObjId>, usize)> = vec![(from, self.deps_of(from), 0)];
        seen.insert(from);
        while let Some((_, deps, next)) = stack.last_mut() {
            let Some(&d) = deps.get(*next) else {
                stack.pop();
                continue;
            };
            *next += 1;
            if d == to {
                let mut path = vec![d];
                path.extend(stack.iter().skip(1).rev().map(|(o, ..)| *o));
                return Some(path);
            }
            if seen.insert(d) {
                let deps = self.deps_of(d);
                stack.push((d, deps, 0));
            }
        }
        None
    }

    fn report_init_cycle(&mut self, cycle: &[ObjId]) {
        let first = cycle[0];
        if let [only] = cycle {
            let message = format!("initialization cycle: {} refers to itself", self.obj_name(*only));
            self.error(*only, Code::InvalidInitCycle, message);
            return;
        }
        let mut err = self.new_error(Code::InvalidInitCycle);
        self.add_part(&mut err, first, format!("initialization cycle for {}", self.obj_name(first)));
        let mut obj = first;
        for &next in cycle.iter().rev() {
            self.add_part(&mut err, obj, format!("{} refers to {}", self.obj_name(obj), self.obj_name(next)));
            obj = next;
        }
        self.report(err);
    }
}
