//! Inference of type arguments.
//!
//! 1. Typed function arguments are unified with the parameters they are passed to.
//! 2. Type parameters are unified with the core types of their constraints, and their methods with the constraints' methods, as
//!    long as that yields something new.
//! 3. Type parameters still unknown take the default type of the untyped constants passed for them.
//!
//! The result may mention type parameters that are themselves solved; they are substituted until nothing changes. Types that refer
//! to themselves that way are given up.

use std::collections::HashSet;

use crate::check::Checker;
use crate::check::errors::At;
use crate::check::operand::Operand;
use crate::check::subst::SubstMap;
use crate::check::unify::{Mode, Unifier};
use crate::source::{Pos, Span};
use crate::types::{Term, Type, TypeId, Types};

/// An inference failure: where, and what to say.
pub(crate) struct InferError {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// What infers: the type parameters and the call.
pub(crate) struct Inference<'x> {
    /// Where the call is reported.
    pub(crate) pos: Pos,
    /// The type parameters to solve for. They must not occur in the argument types: rename them first.
    pub(crate) tparams: &'x [TypeId],
    /// Type arguments that are given; a prefix, or with gaps.
    pub(crate) targs: Vec<Option<TypeId>>,
    /// Types of the function parameters, one an argument.
    pub(crate) params: Vec<TypeId>,
    /// The arguments.
    pub(crate) args: &'x [Operand],
    /// When a generic function is assigned to a variable: how the variable is described. The variable plays the argument.
    pub(crate) reverse: Option<&'x str>,
}

impl Checker {
    /// Infers the type arguments; an error may have been reported before, then there is none to report.
    pub(crate) fn infer(&mut self, call: Inference<'_>) -> Result<Vec<TypeId>, Option<InferError>> {
        let tparams = call.tparams;
        let n = tparams.len();
        let mut targs = call.targs;
        targs.resize(n, None);
        if targs.iter().all(Option::is_some) {
            return Ok(targs.into_iter().flatten().collect());
        }
        if call.args.iter().any(|a| !a.is_valid()) {
            return Err(None);
        }
        // Parameters whose type arguments are given are matched by assignment, not by unification.
        let given = SubstMap::partial(tparams, &targs);
        let params: Vec<TypeId> = call.params.iter().map(|&p| self.types.subst(p, &given)).collect();
        let mut u = Unifier::new(tparams, &targs, self.allow_version((1, 21)));

        // 1. Function arguments.
        let mut untyped: Vec<usize> = Vec::new();
        for (i, arg) in call.args.iter().enumerate() {
            let par = params[i];
            if !self.types.mentions_any(par, tparams) && !self.types.mentions_any(arg.ty, tparams) {
                continue;
            }
            if !self.types.is_untyped(arg.ty) {
                if !u.unify(self, par, arg.ty, Mode::ASSIGN) {
                    return Err(Some(self.mismatch(&u, tparams, par, arg, call.reverse)));
                }
            } else if matches!(self.types.get(par), Type::TypeParam(_)) && !arg.is_nil() {
                untyped.push(i);
            }
        }

        // 2. Constraints.
        loop {
            let before = u.unknowns();
            for (i, &tpar) in tparams.iter().enumerate() {
                let tx = u.at(i);
                if let Some((core, single)) = core_term(&self.types, tpar) {
                    match tx {
                        Some(tx) if !u.unify(self, tx, core.ty, Mode::INEXACT) => {
                            let message = self.not_satisfied(tpar, tx);
                            return Err(Some(InferError { span: call.pos.span(), message }));
                        }
                        None if single && !core.tilde => u.set(i, core.ty),
                        _ => {}
                    }
                }
                if let Some(tx) = tx
                    && !self.types.mentions_any(tx, tparams)
                {
                    let constraint = self.types.under(tpar);
                    let mut same = |check: &mut Checker, x, y| u.unify(check, x, y, Mode::EXACT);
                    if let Some(missing) = self.missing_method_with(tx, constraint, true, &mut same)
                        && !self.has_invalid_embedded_fields(tx, &mut Vec::new())
                    {
                        let message = format!("{} {}", self.not_satisfied(tpar, tx), missing.cause);
                        return Err(Some(InferError { span: call.pos.span(), message }));
                    }
                }
            }
            if u.unknowns() == before {
                break;
            }
        }

        // 3. Untyped constants.
        let mut largest: Vec<(usize, TypeId)> = Vec::new();
        for i in untyped {
            let Some(p) = tparams.iter().position(|&t| t == params[i]) else { continue };
            if u.at(p).is_some() {
                continue;
            }
            let arg = &call.args[i];
            match largest.iter_mut().find(|(q, _)| *q == p) {
                None => largest.push((p, arg.ty)),
                Some((_, max)) => match self.types.max_type(*max, arg.ty) {
                    Some(m) => *max = m,
                    None => {
                        let (a, b, c) = (self.ty_str(*max), self.ty_str(arg.ty), self.ty_str(params[i]));
                        let message = format!("mismatched types {a} and {b} (cannot infer {c})");
                        return Err(Some(InferError { span: At::at(&arg, self), message }));
                    }
                },
            }
        }
        for (p, t) in largest {
            u.set(p, self.types.default_type(t));
        }

        // Simplify.
        let mut inferred = u.inferred();
        kill_cycles(&self.types, tparams, &mut inferred);
        let mut dirty: Vec<usize> = (0..n).filter(|&i| inferred[i].is_some() && targs[i].is_none()).collect();
        while !dirty.is_empty() {
            let map = SubstMap::partial(tparams, &inferred);
            dirty.retain(|&i| {
                let Some(t0) = inferred[i] else { return false };
                let mut t1 = self.types.subst(t0, &map);
                if t1 == t0 {
                    return false;
                }
                // A generic function argument that has been solved is not generic any more.
                if let Type::Signature(sig) = self.types.get(t1)
                    && !sig.tparams.is_empty()
                    && !self.types.mentions_any(t1, tparams)
                {
                    let mut plain = (*sig).clone();
                    plain.tparams.clear();
                    t1 = self.types.signature(plain);
                }
                inferred[i] = Some(t1);
                true
            });
        }
        for (i, t) in inferred.iter().enumerate() {
            if t.is_none_or(|t| self.types.mentions_any(t, tparams)) {
                let Some(id) = self.types.as_type_param(tparams[i]) else { continue };
                let tp = self.types.type_param(id);
                let declared = self.sources.location(self.objs[tp.obj].span.lo);
                let message = format!("cannot infer {} (declared at {declared})", self.names.str(tp.name));
                self.point_at_type_param(tparams[i]);
                return Err(Some(InferError { span: call.pos.span(), message }));
            }
        }
        Ok(inferred.into_iter().flatten().collect())
    }

    fn not_satisfied(&self, tpar: TypeId, tx: TypeId) -> String {
        let bound = self.types.as_type_param(tpar).map_or(TypeId::INVALID, |id| self.types.type_param(id).bound.get());
        format!("{} (type {}) does not satisfy {}", self.ty_str(tpar), self.ty_str(tx), self.ty_str(bound))
    }

    fn mismatch(
        &self,
        u: &Unifier,
        tparams: &[TypeId],
        tpar: TypeId,
        arg: &Operand,
        reverse: Option<&str>,
    ) -> InferError {
        let span = At::at(&arg, self);
        let expr = match reverse {
            Some(desc) => desc.to_string(),
            None => arg.expr.map_or_else(String::new, |e| self.expr_str(e)),
        };
        let (targ, par) = (self.ty_str(arg.ty), self.ty_str(tpar));
        let inferred = u.inferred();
        if inferred.iter().all(Option::is_none) {
            let names = self.tparam_names(tparams);
            return InferError {
                span,
                message: format!("type {targ} of {expr} does not match {par} (cannot infer {names})"),
            };
        }
        let solved = self.types.subst(tpar, &SubstMap::partial(tparams, &inferred));
        let message = if solved == tpar {
            format!("type {targ} of {expr} does not match {par}")
        } else if reverse.is_some() {
            format!("inferred type {} for {par} does not match type {targ} of {expr}", self.ty_str(solved))
        } else {
            format!("type {targ} of {expr} does not match inferred type {} for {par}", self.ty_str(solved))
        };
        InferError { span, message }
    }

    /// `P`, `P and Q`, `P, Q, and R`.
    fn tparam_names(&self, tparams: &[TypeId]) -> String {
        let names: Vec<String> = tparams.iter().map(|&t| self.ty_str(t)).collect();
        match &names[..] {
            [] => String::new(),
            [p] => p.clone(),
            [p, q] => format!("{p} and {q}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        }
    }
}

/// The single term of a type parameter's constraint (and true), or its core type with a tilde if any term has one.
fn core_term(types: &Types, tpar: TypeId) -> Option<(Term, bool)> {
    let terms = types.terms(tpar)?;
    if let [single] = terms[..] {
        return Some((single, true));
    }
    let ty = types.core(tpar)?;
    Some((Term { tilde: terms.iter().any(|t| t.tilde), ty }, false))
}

/// Gives up type parameters whose inferred types contain themselves, through others perhaps.
fn kill_cycles(types: &Types, tparams: &[TypeId], inferred: &mut [Option<TypeId>]) {
    let mut finder = CycleFinder { types, tparams, inferred, seen: HashSet::new() };
    for &t in tparams {
        finder.walk(t);
    }
}

struct CycleFinder<'x> {
    types: &'x Types,
    tparams: &'x [TypeId],
    inferred: &'x mut [Option<TypeId>],
    seen: HashSet<TypeId>,
}

impl CycleFinder<'_> {
    fn walk(&mut self, t: TypeId) {
        let types = self.types;
        let t = types.unalias(t);
        if !self.seen.insert(t) {
            if let Some(i) = self.tparams.iter().position(|&p| p == t) {
                self.inferred[i] = None;
            }
            return;
        }
        match types.get(t) {
            Type::Basic(_) | Type::Alias(_) => {}
            Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => {
                self.walk(e)
            }
            Type::Map { key, elem } => {
                self.walk(key);
                self.walk(elem);
            }
            Type::Struct(s) => s.fields.iter().for_each(|f| self.walk(f.ty)),
            Type::Tuple(list) => list.iter().for_each(|p| self.walk(p.ty)),
            Type::Signature(sig) => sig.params.iter().chain(&sig.results).for_each(|p| self.walk(p.ty)),
            Type::Interface(i) => {
                i.methods.iter().for_each(|m| self.walk(m.sig));
                i.embeddeds.iter().for_each(|&e| self.walk(e));
            }
            Type::Union(terms) => terms.iter().for_each(|x| self.walk(x.ty)),
            Type::Named(id) => types.named(id).targs.clone().iter().for_each(|&a| self.walk(a)),
            Type::TypeParam(_) => {
                if let Some(i) = self.tparams.iter().position(|&p| p == t)
                    && let Some(u) = self.inferred[i]
                {
                    self.walk(u);
                }
            }
        }
        self.seen.remove(&t);
    }
}
