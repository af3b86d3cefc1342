//! Unification: makes two types equal by finding out what the type parameters in them stand for.
//!
//! The unifier solves for a given list of *bound* type parameters. Each has a slot holding the type inferred for it; joined
//! parameters share a slot. A unification that fails may leave slots set: the whole inference fails then.
//!
//! Unless exactness is asked for, a defined type and a type literal unify if the underlying type does, channel directions are
//! ignored, and an interface unifies with a type that has its methods. Whether the inferred types really fit is decided later, when
//! the function is instantiated and the arguments are assigned.

use crate::check::Checker;
use crate::types::lookup::Selected;
use crate::types::{ChanDir, IMethod, Type, TypeId, Types};

/// Deeper than this, unification gives up.
const DEPTH_LIMIT: u32 = 100;

/// How types are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mode {
    /// The types take part in an assignment: inexact at the top, exact in their elements.
    assign: bool,
    /// The types must be identical.
    exact: bool,
}

impl Mode {
    pub(crate) const INEXACT: Mode = Mode { assign: false, exact: false };
    pub(crate) const ASSIGN: Mode = Mode { assign: true, exact: false };
    pub(crate) const EXACT: Mode = Mode { assign: false, exact: true };

    fn element(self) -> Mode {
        Mode { exact: self.exact || self.assign, ..self }
    }
}

/// The type parameters being solved for and what is known of them.
pub(crate) struct Unifier {
    tparams: Vec<TypeId>,
    /// Slot of each type parameter.
    slot: Vec<usize>,
    types: Vec<Option<TypeId>>,
    depth: u32,
    /// Whether methods that interfaces share take part (Go 1.21).
    interfaces: bool,
    /// Pairs of interfaces being compared, to end recursion.
    pairs: Vec<(TypeId, TypeId)>,
}

impl Unifier {
    pub(crate) fn new(tparams: &[TypeId], targs: &[Option<TypeId>], interfaces: bool) -> Unifier {
        let types = (0..tparams.len()).map(|i| targs.get(i).copied().flatten()).collect();
        let slot = (0..tparams.len()).collect();
        Unifier { tparams: tparams.to_vec(), slot, types, depth: 0, interfaces, pairs: Vec::new() }
    }

    /// What is known of the `i`th type parameter.
    pub(crate) fn at(&self, i: usize) -> Option<TypeId> {
        self.types[self.slot[i]]
    }

    /// Sets the `i`th type parameter, and those joined with it.
    pub(crate) fn set(&mut self, i: usize, t: TypeId) {
        self.types[self.slot[i]] = Some(t);
    }

    /// How many type parameters are unknown.
    pub(crate) fn unknowns(&self) -> usize {
        self.slot.iter().filter(|&&s| self.types[s].is_none()).count()
    }

    /// What is known of all type parameters.
    pub(crate) fn inferred(&self) -> Vec<Option<TypeId>> {
        (0..self.tparams.len()).map(|i| self.at(i)).collect()
    }

    /// The index of `t` if it is one of the type parameters solved for.
    fn bound(&self, types: &Types, t: TypeId) -> Option<usize> {
        types.as_type_param(t)?;
        let t = types.unalias(t);
        self.tparams.iter().position(|&p| p == t)
    }

    fn join(&mut self, x: usize, y: usize) -> bool {
        let (sx, sy) = (self.slot[x], self.slot[y]);
        if sx == sy {
            return true;
        }
        let (from, to) = match (self.types[sx], self.types[sy]) {
            (Some(_), Some(_)) => return false,
            (Some(_), None) => (sy, sx),
            _ => (sx, sy),
        };
        self.slot.iter_mut().filter(|s| **s == from).for_each(|s| *s = to);
        true
    }

    /// Tries to make `x` and `y` equal.
    pub(crate) fn unify(&mut self, check: &mut Checker, x: TypeId, y: TypeId, mode: Mode) -> bool {
        self.nify(check, x, y, mode)
    }

    fn nify(&mut self, check: &mut Checker, x: TypeId, y: TypeId, mode: Mode) -> bool {
        if x == y || check.types.unalias(x) == check.types.unalias(y) {
            return true;
        }
        if self.depth >= DEPTH_LIMIT {
            return false;
        }
        self.depth += 1;
        let result = self.nify_different(check, x, y, mode);
        self.depth -= 1;
        result
    }

    fn nify_different(&mut self, check: &mut Checker, x: TypeId, y: TypeId, mode: Mode) -> bool {
        let (mut x, mut y) = (x, y);
        // If there is a defined type, have one in y; if there is a bound type parameter, have one in x.
        if check.types.as_named(x).is_some() || self.bound(&check.types, y).is_some() {
            std::mem::swap(&mut x, &mut y);
        }
        if !mode.exact
            && check.types.as_named(y).is_some()
            && check.types.is_type_lit(x)
            && !(self.interfaces && check.types.as_interface(x).is_some())
        {
            y = check.types.under(y);
            if x == y || check.types.unalias(x) == check.types.unalias(y) {
                return true;
            }
        }
        match (self.bound(&check.types, x), self.bound(&check.types, y)) {
            (Some(px), Some(py)) => {
                if self.join(px, py) {
                    return true;
                }
                return match (self.at(px), self.at(py)) {
                    (Some(x), Some(y)) => self.nify(check, x, y, mode),
                    _ => true,
                };
            }
            (Some(px), None) => {
                let Some(x) = self.at(px) else {
                    self.set(px, y);
                    return true;
                };
                return self.nify(check, x, y, mode) && self.settle(&check.types, px, x, y, mode);
            }
            _ => {}
        }
        if self.interfaces && !mode.exact {
            let (xi, yi) = (plain_interface(&check.types, x), plain_interface(&check.types, y));
            match (xi, yi) {
                (Some(xi), Some(yi)) => return self.nify_interfaces(check, xi, yi, true),
                (Some(i), None) => return self.nify_methods(check, i, y),
                (None, Some(i)) => return self.nify_methods(check, i, x),
                (None, None) => {}
            }
        }
        // Any type parameter left is not solved for; have it in x.
        if check.types.as_type_param(y).is_some() {
            std::mem::swap(&mut x, &mut y);
        }
        let element = mode.element();
        match (check.types.actual(x), check.types.actual(y)) {
            (Type::Basic(a), Type::Basic(b)) => a == b,
            (Type::Array { len: n, elem: a }, Type::Array { len: m, elem: b }) => {
                (n < 0 || m < 0 || n == m) && self.nify(check, a, b, element)
            }
            (Type::Slice(a), Type::Slice(b)) | (Type::Pointer(a), Type::Pointer(b)) => self.nify(check, a, b, element),
            (Type::Struct(a), Type::Struct(b)) => {
                a.fields.len() == b.fields.len()
                    && a.fields.iter().zip(&b.fields).all(|(f, g)| {
                        f.embedded == g.embedded
                            && f.tag == g.tag
                            && f.id == g.id
                            && self.nify(check, f.ty, g.ty, element)
                    })
            }
            (Type::Tuple(a), Type::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(p, q)| self.nify(check, p.ty, q.ty, mode))
            }
            (Type::Signature(a), Type::Signature(b)) => {
                a.variadic == b.variadic
                    && a.params.len() == b.params.len()
                    && a.results.len() == b.results.len()
                    && a.params.iter().zip(&b.params).all(|(p, q)| self.nify(check, p.ty, q.ty, element))
                    && a.results.iter().zip(&b.results).all(|(p, q)| self.nify(check, p.ty, q.ty, element))
            }
            (Type::Interface(_), Type::Interface(_)) => self.nify_interfaces(check, x, y, false),
            (Type::Map { key: k, elem: a }, Type::Map { key: l, elem: b }) => {
                self.nify(check, k, l, element) && self.nify(check, a, b, element)
            }
            (Type::Chan { dir: d, elem: a }, Type::Chan { dir: e, elem: b }) => {
                (!mode.exact || d == e) && self.nify(check, a, b, element)
            }
            (Type::Named(a), Type::Named(b)) => {
                let (xargs, yargs) = (check.types.named(a).targs.clone(), check.types.named(b).targs.clone());
                xargs.len() == yargs.len()
                    && xargs.iter().zip(yargs.iter()).all(|(&p, &q)| self.nify(check, p, q, mode))
                    && check.types.origin(a) == check.types.origin(b)
            }
            // A type argument's underlying type must match the core type, if there is one.
            (Type::TypeParam(_), _) => match check.types.core(x) {
                Some(core) => self.nify(check, core, y, Mode::ASSIGN),
                None => false,
            },
            _ => false,
        }
    }

    /// Type parameter `px`, known to be `x`, has unified with `y`: decides which of the two to keep.
    fn settle(&mut self, types: &Types, px: usize, x: TypeId, y: TypeId, mode: Mode) -> bool {
        let (xn, yn) = (types.as_named(x).is_some(), types.as_named(y).is_some());
        match (plain_interface(types, x), plain_interface(types, y)) {
            (Some(_), Some(_)) => {
                if xn && yn {
                    return types.identical(x, y);
                }
                if types.type_set(x).methods.len() != types.type_set(y).methods.len() {
                    return false;
                }
            }
            (None, None) => {}
            // Either could be meant: choosing would depend on the order of arguments.
            _ => return false,
        }
        if !mode.exact && !xn {
            let directed = matches!(types.under_type(y), Type::Chan { dir, .. } if dir != ChanDir::Both);
            if yn || directed {
                self.set(px, y);
            }
        }
        true
    }

    /// Two interfaces: their methods must unify. If `subset`, one may have methods that the other lacks.
    fn nify_interfaces(&mut self, check: &mut Checker, x: TypeId, y: TypeId, subset: bool) -> bool {
        let (a, b) = (check.types.type_set(x), check.types.type_set(y));
        if a.comparable != b.comparable || !check.types.same_terms(&a, &b) {
            return false;
        }
        if !subset && a.methods.len() != b.methods.len() {
            return false;
        }
        if self.pairs.contains(&(x, y)) || self.pairs.contains(&(y, x)) {
            return true;
        }
        self.pairs.push((x, y));
        let (few, many) = if a.methods.len() <= b.methods.len() { (&a, &b) } else { (&b, &a) };
        let result = few.methods.iter().all(|m| {
            let other = many.methods.iter().find(|o| o.id == m.id);
            other.is_some_and(|o| self.nify(check, m.sig, o.sig, Mode::EXACT))
        });
        self.pairs.pop();
        result
    }

    /// An interface and another type, which must have its methods.
    fn nify_methods(&mut self, check: &mut Checker, iface: TypeId, t: TypeId) -> bool {
        let set = check.types.type_set(iface);
        set.methods.iter().all(|m: &IMethod| match check.types.lookup(t, false, m.id).found().cloned() {
            Some(what @ (Selected::Method { .. } | Selected::Interface(_))) => {
                let sig = check.method_sig(&what);
                let generic = matches!(check.types.get(sig), Type::Signature(s) if !s.tparams.is_empty());
                !generic && self.nify(check, m.sig, sig, Mode::EXACT)
            }
            _ => false,
        })
    }
}

/// The underlying interface of `t`, unless `t` is a type parameter.
fn plain_interface(types: &Types, t: TypeId) -> Option<TypeId> {
    if types.as_type_param(t).is_some() {
        return None;
    }
    let u = types.under(t);
    matches!(types.get(u), Type::Interface(_)).then_some(u)
}
