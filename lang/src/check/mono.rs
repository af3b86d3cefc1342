//! Do all instances of generic code come to an end?
//!
//! Generic functions and types are compiled once for each list of type arguments, so the lists must be finitely many. A directed
//! graph has a vertex for each type parameter, and for each type declared inside generic code. Where type parameter P is
//! instantiated with a type that mentions Q, there is an edge Q → P, of weight 0 if the type is Q itself and 1 if it is built from Q. A
//! cycle of positive weight makes ever bigger types. (As the heaviest paths are sought, it is Bellman and Ford's algorithm.)

use crate::check::Checker;
use crate::diag::Code;
use crate::intern::FastMap;
use crate::source::Pos;
use crate::source::Span;
use crate::syntax::ast::ExprId;
use crate::types::{NamedId, ObjId, Type, TypeId};

/// The graph of one package.
#[derive(Debug, Default)]
pub(crate) struct MonoGraph {
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    /// The vertex of a type name; none if it needs no vertex.
    index: FastMap<ObjId, Option<usize>>,
    /// The type parameters that receivers declare, and those of the types that they stand for.
    canon: FastMap<TypeId, TypeId>,
}

#[derive(Debug)]
struct Vertex {
    obj: ObjId,
    /// Weight of the heaviest path to it that is known, the path's last edge, and its length.
    weight: u32,
    last: usize,
    len: usize,
}

#[derive(Debug)]
struct Edge {
    from: usize,
    to: usize,
    weight: u32,
    at: Span,
    ty: TypeId,
}

impl Checker {
    /// Notes that receiver type parameter `mine` stands for `theirs`, the parameter of the generic type.
    pub(crate) fn record_mono_canon(&mut self, mine: TypeId, theirs: TypeId) {
        self.mono.canon.insert(mine, theirs);
    }

    /// Notes an instantiation.
    pub(crate) fn record_mono(&mut self, pos: Pos, tparams: &[TypeId], targs: &[TypeId], exprs: &[ExprId]) {
        for (i, (&tpar, &targ)) in tparams.iter().zip(targs).enumerate() {
            let at = exprs.get(i).map_or(pos.span(), |&e| self.ast.span(e));
            let Some(id) = self.types.as_type_param(tpar) else { continue };
            // A cycle stays within a package.
            if self.types.type_param(id).pkg == self.pkg {
                self.mono_flow(at, tpar, targ, targ, &mut Vec::new());
            }
        }
    }

    /// Adds edges to `tpar` from everything mentioned in `t`, a part of type argument `targ`.
    fn mono_flow(&mut self, at: Span, tpar: TypeId, targ: TypeId, t: TypeId, seen: &mut Vec<TypeId>) {
        let t = self.types.unalias(t);
        match self.types.get(t) {
            Type::Basic(_) | Type::Alias(_) | Type::Union(_) => {}
            Type::TypeParam(_) => {
                let from = self.mono_tparam(t);
                self.mono_edge(from, tpar, t, targ, at);
            }
            Type::Named(id) => {
                if let Some(from) = self.mono_named(self.types.origin(id)) {
                    self.mono_edge(from, tpar, t, targ, at);
                }
                for &a in self.types.named(id).targs.iter() {
                    self.mono_flow(at, tpar, targ, a, seen);
                }
            }
            Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => {
                self.mono_flow(at, tpar, targ, e, seen);
            }
            Type::Map { key, elem } => {
                self.mono_flow(at, tpar, targ, key, seen);
                self.mono_flow(at, tpar, targ, elem, seen);
            }
            _ if seen.contains(&t) => {}
            Type::Struct(s) => {
                seen.push(t);
                s.fields.iter().for_each(|f| self.mono_flow(at, tpar, targ, f.ty, seen));
            }
            Type::Tuple(list) => list.iter().for_each(|p| self.mono_flow(at, tpar, targ, p.ty, seen)),
            Type::Signature(sig) => {
                seen.push(t);
                sig.params.iter().chain(&sig.results).for_each(|p| self.mono_flow(at, tpar, targ, p.ty, seen));
            }
            Type::Interface(_) => {
                seen.push(t);
                let set = self.types.type_set(t);
                set.methods.iter().for_each(|m| self.mono_flow(at, tpar, targ, m.sig, seen));
            }
        }
    }

    fn mono_edge(&mut self, from: usize, tpar: TypeId, part: TypeId, targ: TypeId, at: Span) {
        let to = self.mono_tparam(tpar);
        let weight = u32::from(part != self.types.unalias(targ));
        self.mono.edges.push(Edge { from, to, weight, at, ty: targ });
    }

    fn mono_vertex(&mut self, obj: ObjId) -> usize {
        self.mono.vertices.push(Vertex { obj, weight: 0, last: 0, len: 0 });
        let v = self.mono.vertices.len() - 1;
        self.mono.index.insert(obj, Some(v));
        v
    }

    fn mono_tparam(&mut self, t: TypeId) -> usize {
        let t = self.mono.canon.get(&t).copied().unwrap_or(t);
        let Some(id) = self.types.as_type_param(t) else { return 0 };
        // Renamed type parameters share the object of the declared one.
        let obj = self.types.type_param(id).obj;
        match self.mono.index.get(&obj) {
            Some(&Some(v)) => v,
            _ => self.mono_vertex(obj),
        }
    }

    /// The vertex of a type that is declared inside generic code; it depends on the type parameters around it.
    fn mono_named(&mut self, id: NamedId) -> Option<usize> {
        let named = self.types.named(id);
        let root = self.package(self.pkg).scope;
        let declared = &self.objs[named.obj];
        if named.pkg != Some(self.pkg) || declared.parent == Some(root) {
            return None;
        }
        if let Some(&known) = self.mono.index.get(&named.obj) {
            return known;
        }
        let (span, mut scope) = (declared.span, declared.parent);
        self.mono.index.insert(named.obj, None);
        let mut vertex = None;
        while let Some(s) = scope.filter(|&s| s != root) {
            let inside: Vec<ObjId> = self.scopes[s].entries().iter().map(|&(_, obj)| obj).collect();
            for obj in inside {
                let o = &self.objs[obj];
                let Some(t) = o.ty.filter(|_| o.is_type_name() && o.span.lo < span.lo) else { continue };
                if let Type::TypeParam(_) = self.types.get(t) {
                    let to = match vertex {
                        Some(v) => v,
                        None => self.mono_vertex(named.obj),
                    };
                    vertex = Some(to);
                    let from = self.mono_tparam(t);
                    self.mono.edges.push(Edge { from, to, weight: 1, at: span, ty: t });
                }
            }
            scope = self.scopes[s].parent;
        }
        vertex
    }

    /// Reports a cycle of instantiations of the package, if there is one, and forgets the graph.
    pub(crate) fn monomorph(&mut self) {
        let mut graph = std::mem::take(&mut self.mono);
        loop {
            let mut again = false;
            for (i, edge) in graph.edges.iter().enumerate() {
                let (weight, len) = (graph.vertices[edge.from].weight + edge.weight, graph.vertices[edge.from].len + 1);
                let count = graph.vertices.len();
                let to = &mut graph.vertices[edge.to];
                if weight <= to.weight {
                    continue;
                }
                to.last = i;
                to.len = len;
                if len == count {
                    self.report_instance_loop(&graph, edge.to);
                    return;
                }
                to.weight = weight;
                again = true;
            }
            if !again {
                return;
            }
        }
    }

    fn report_instance_loop(&mut self, graph: &MonoGraph, v: usize) {
        let mut v = v;
        let mut stack: Vec<usize> = Vec::new();
        while !stack.contains(&v) {
            stack.push(v);
            v = graph.edges[graph.vertices[v].last].from;
        }
        let cycle = &stack[stack.iter().position(|&s| s == v).unwrap_or(0)..];
        let mut err = self.new_error(Code::InvalidInstanceCycle);
        self.add_part(&mut err, graph.vertices[v].obj, "instantiation cycle:");
        for &v in cycle {
            let edge = &graph.edges[graph.vertices[v].last];
            let obj = graph.vertices[edge.to].obj;
            let is_tparam = self.objs[obj].ty.is_some_and(|t| self.types.is_type_param(t));
            let how = if is_tparam { "instantiated as" } else { "implicitly parameterized by" };
            let text = format!("{} {how} {}", self.obj_name(obj), self.ty_str(edge.ty));
            self.add_part(&mut err, edge.at, text);
        }
        self.report(err);
    }
}
