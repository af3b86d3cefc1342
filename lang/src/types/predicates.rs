//! Questions about types: kinds, identity, comparability, common underlying types.

use crate::types::{BasicKind, ChanDir, Interface, NamedId, Param, Signature, Term, Type, TypeId, TypeSet, Types};

/// How [`Types::identical_with`] compares.
#[derive(Debug, Clone, Copy, Default)]
pub struct Comparer {
    /// Struct tags do not matter.
    pub ignore_tags: bool,
    /// The invalid type is identical to any type.
    pub ignore_invalids: bool,
}

impl Types {
    /// The basic kind of `t`'s underlying type, if it is basic.
    pub fn basic(&self, t: TypeId) -> Option<BasicKind> {
        match self.under_type(t) {
            Type::Basic(k) => Some(k),
            _ => None,
        }
    }

    fn is_basic(&self, t: TypeId, f: impl Fn(BasicKind) -> bool) -> bool {
        self.basic(t).is_some_and(f)
    }

    /// Whether `t` is a valid type. An alias in the middle of its declaration is taken as one.
    pub fn is_valid(&self, t: TypeId) -> bool {
        let mut t = t;
        for _ in 0..10_000 {
            match self.get(t) {
                Type::Alias(id) => match self.alias(id).rhs.get() {
                    Some(rhs) => t = rhs,
                    None => return true,
                },
                _ => return t != TypeId::INVALID,
            }
        }
        false
    }

    /// Whether `t` is a boolean type (type parameters are not).
    pub fn is_boolean(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_boolean)
    }
    /// Whether `t` is a numeric type.
    pub fn is_numeric(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_numeric)
    }
    /// Whether `t` is a string type.
    pub fn is_string(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_string)
    }
    /// Whether `t` is an integer type.
    pub fn is_integer(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_integer)
    }
    /// Whether `t` is an unsigned integer type.
    pub fn is_unsigned(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_unsigned)
    }
    /// Whether `t` is a floating-point type.
    pub fn is_float(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_float)
    }
    /// Whether `t` is a complex type.
    pub fn is_complex(&self, t: TypeId) -> bool {
        self.is_basic(t, BasicKind::is_complex)
    }
    /// Whether `t` is an integer or floating-point type.
    pub fn is_integer_or_float(&self, t: TypeId) -> bool {
        self.is_basic(t, |k| k.is_integer() || k.is_float())
    }
    /// Whether constants of type `t` exist.
    pub fn is_const_type(&self, t: TypeId) -> bool {
        // Type parameters have no constants; their underlying type is an interface anyway.
        self.is_basic(t, BasicKind::is_const_type)
    }

    /// Whether the predicate holds for the underlying types of all types in `t`'s type set.
    fn all_basic(&self, t: TypeId, f: impl Fn(BasicKind) -> bool) -> bool {
        if self.is_type_param(t) {
            return self.typeset(t).iter().all(|&(_, u)| u.is_some_and(|u| self.is_basic(u, &f)));
        }
        self.is_basic(t, f)
    }
    /// Like [`Types::is_boolean`], for every type in the type set of a type parameter.
    pub fn all_boolean(&self, t: TypeId) -> bool {
        self.all_basic(t, BasicKind::is_boolean)
    }
    /// Like [`Types::is_integer`], for every type in the type set of a type parameter.
    pub fn all_integer(&self, t: TypeId) -> bool {
        self.all_basic(t, BasicKind::is_integer)
    }
    /// Like [`Types::is_unsigned`], for every type in the type set of a type parameter.
    pub fn all_unsigned(&self, t: TypeId) -> bool {
        self.all_basic(t, BasicKind::is_unsigned)
    }
    /// Like [`Types::is_numeric`], for every type in the type set of a type parameter.
    pub fn all_numeric(&self, t: TypeId) -> bool {
        self.all_basic(t, BasicKind::is_numeric)
    }
    /// Like [`Types::is_string`], for every type in the type set of a type parameter.
    pub fn all_string(&self, t: TypeId) -> bool {
        self.all_basic(t, BasicKind::is_string)
    }
    /// Whether all types of the type set are ordered.
    pub fn all_ordered(&self, t: TypeId) -> bool {
        self.all_basic(t, BasicKind::is_ordered)
    }
    /// Whether all types of the type set are numeric or strings.
    pub fn all_numeric_or_string(&self, t: TypeId) -> bool {
        self.all_basic(t, |k| k.is_numeric() || k.is_string())
    }

    /// Whether `t` has a name: predeclared, defined, or a type parameter.
    pub fn has_name(&self, t: TypeId) -> bool {
        matches!(self.actual(t), Type::Basic(_) | Type::Named(_) | Type::TypeParam(_))
    }

    /// Whether `t` is a type literal: not named.
    pub fn is_type_lit(&self, t: TypeId) -> bool {
        !matches!(self.actual(t), Type::Named(_) | Type::TypeParam(_))
    }

    /// Whether `t` is a typed type. Safe while types are incomplete.
    pub fn is_typed(&self, t: TypeId) -> bool {
        match self.get(t) {
            Type::Basic(k) => !k.is_untyped(),
            _ => true,
        }
    }
    /// Whether `t` is an untyped type.
    pub fn is_untyped(&self, t: TypeId) -> bool {
        !self.is_typed(t)
    }
    /// Whether `t` is an untyped numeric type.
    pub fn is_untyped_numeric(&self, t: TypeId) -> bool {
        matches!(self.get(t), Type::Basic(k) if k.is_untyped() && k.is_numeric())
    }

    /// Whether `t`'s underlying type is an interface (true for type parameters).
    pub fn is_interface(&self, t: TypeId) -> bool {
        matches!(self.under_type(t), Type::Interface(_))
    }
    /// Whether `t` is an interface type and no type parameter.
    pub fn is_non_type_param_interface(&self, t: TypeId) -> bool {
        !self.is_type_param(t) && self.is_interface(t)
    }
    /// Whether `t` is a type parameter.
    pub fn is_type_param(&self, t: TypeId) -> bool {
        matches!(self.actual(t), Type::TypeParam(_))
    }
    /// Whether `t` is a pointer to an interface or to a type parameter.
    pub fn is_interface_ptr(&self, t: TypeId) -> bool {
        match self.under_type(t) {
            Type::Pointer(base) => self.is_interface(base),
            _ => false,
        }
    }
    /// Whether the type set of type parameter `t` is empty.
    pub fn has_empty_type_set(&self, t: TypeId) -> bool {
        match self.as_type_param(t) {
            Some(id) => self.type_set(self.constraint_iface(id)).is_empty(),
            None => false,
        }
    }

    /// Whether `t` is a generic type that has not been instantiated.
    pub fn is_generic(&self, t: TypeId) -> bool {
        if let Type::Alias(id) = self.get(t) {
            let a = self.alias(id);
            if a.origin.is_none() && !a.tparams.borrow().is_empty() {
                return true;
            }
        }
        match self.as_named(t) {
            Some(id) => {
                let n = self.named(id);
                n.origin.is_none() && !n.tparams.borrow().is_empty()
            }
            None => false,
        }
    }

    /// Whether `t` has the value nil.
    pub fn has_nil(&self, t: TypeId) -> bool {
        match self.under_type(t) {
            Type::Basic(k) => k == BasicKind::UnsafePointer,
            Type::Slice(_) | Type::Pointer(_) | Type::Signature(_) | Type::Map { .. } | Type::Chan { .. } => true,
            Type::Interface(_) => {
                !self.is_type_param(t) || self.typeset(t).iter().all(|&(_, u)| u.is_some_and(|u| self.has_nil(u)))
            }
            _ => false,
        }
    }

    /// Whether values of type `t` can be compared with `==`.
    pub fn comparable(&self, t: TypeId) -> bool {
        self.incomparable_cause(t, true).is_none()
    }

    /// Whether `t` is comparable and comparing can never panic.
    pub fn strictly_comparable(&self, t: TypeId) -> bool {
        self.incomparable_cause(t, false).is_none()
    }

    /// Why values of type `t` cannot be compared; `None` if they can, an empty cause if there is nothing to say. The cause is given
    /// as text pieces and types, for the caller to print. If `dynamic`, interfaces are comparable.
    pub fn incomparable_cause(&self, t: TypeId, dynamic: bool) -> Option<Incomparable> {
        self.incomparable(t, dynamic, &mut Vec::new())
    }

    pub(crate) fn incomparable(&self, t: TypeId, dynamic: bool, seen: &mut Vec<TypeId>) -> Option<Incomparable> {
        if seen.contains(&t) {
            return None;
        }
        seen.push(t);
        match self.under_type(t) {
            Type::Basic(BasicKind::UntypedNil) => Some(Incomparable::Plain),
            Type::Basic(_) | Type::Pointer(_) | Type::Chan { .. } => None,
            Type::Struct(s) => {
                for f in &s.fields {
                    if self.incomparable(f.ty, dynamic, seen).is_some() {
                        return Some(Incomparable::Struct(f.ty));
                    }
                }
                None
            }
            Type::Array { elem, .. } => {
                self.incomparable(elem, dynamic, seen).is_some().then_some(Incomparable::Array(t))
            }
            Type::Interface(_) => {
                let set = self.type_set(self.under(t));
                if dynamic && !self.is_type_param(t) || self.set_is_comparable(&set, seen) {
                    return None;
                }
                Some(if set.is_empty() { Incomparable::EmptySet } else { Incomparable::TypeSet })
            }
            _ => Some(Incomparable::Plain),
        }
    }

    /// Whether all types of a type set are comparable.
    pub(crate) fn set_is_comparable(&self, set: &TypeSet, seen: &mut Vec<TypeId>) -> bool {
        match &set.terms {
            None => set.comparable,
            Some(terms) => !terms.is_empty() && terms.iter().all(|t| self.incomparable(t.ty, false, seen).is_none()),
        }
    }

    /// The (type, underlying type) pairs of a type parameter's specific types; a single `(None, None)` if it has none; of any other
    /// type just itself.
    pub fn typeset(&self, t: TypeId) -> Vec<(Option<TypeId>, Option<TypeId>)> {
        let Some(id) = self.as_type_param(t) else { return vec![(Some(t), Some(self.under(t)))] };
        let set = self.type_set(self.constraint_iface(id));
        match &set.terms {
            Some(terms) if !terms.is_empty() => terms.iter().map(|t| (Some(t.ty), Some(self.under(t.ty)))).collect(),
            _ => vec![(None, None)],
        }
    }

    /// The specific terms of a type parameter's constraint, if it has any.
    pub fn terms(&self, t: TypeId) -> Option<Vec<Term>> {
        let id = self.as_type_param(t)?;
        let set = self.type_set(self.constraint_iface(id));
        set.terms.clone().filter(|t| !t.is_empty())
    }

    /// The common underlying type of all types in `t`'s type set (for channels: the most restricted one), or why there is none.
    pub fn common_under(&self, t: TypeId) -> Result<TypeId, NoCommonUnder> {
        let mut common: Option<(TypeId, TypeId)> = None;
        for (t, u) in self.typeset(t) {
            let (Some(t), Some(u)) = (t, u) else { return Err(NoCommonUnder::NoSpecificType) };
            let Some((ct, cu)) = common else {
                common = Some((t, u));
                continue;
            };
            if let (Type::Chan { dir: cd, elem: ce }, Type::Chan { dir, elem }) = (self.get(cu), self.get(u)) {
                if !self.identical(ce, elem) {
                    return Err(NoCommonUnder::ChanElems(ct, t));
                }
                if cd == dir {
                } else if cd == ChanDir::Both {
                    common = Some((t, u));
                } else if dir != ChanDir::Both {
                    return Err(NoCommonUnder::ChanDirs(ct, t));
                }
                continue;
            }
            if !self.identical(cu, u) {
                return Err(NoCommonUnder::Different(ct, t));
            }
        }
        Ok(common.map_or(TypeId::INVALID, |c| c.1))
    }

    /// Whether two types are identical.
    pub fn identical(&self, x: TypeId, y: TypeId) -> bool {
        self.identical_with(x, y, Comparer::default())
    }

    /// Whether two types are identical up to struct tags.
    pub fn identical_ignore_tags(&self, x: TypeId, y: TypeId) -> bool {
        self.identical_with(x, y, Comparer { ignore_tags: true, ignore_invalids: false })
    }

    /// Whether two types are identical, compared as `c` says.
    pub fn identical_with(&self, x: TypeId, y: TypeId, c: Comparer) -> bool {
        self.ident(x, y, c, &mut Vec::new())
    }

    /// Whether two defined types are the same, or instances of the same type with identical arguments.
    pub fn identical_named(&self, x: NamedId, y: NamedId) -> bool {
        x == y || self.identical(self.named(x).ty, self.named(y).ty)
    }

    fn ident(&self, x: TypeId, y: TypeId, c: Comparer, pairs: &mut Vec<(TypeId, TypeId)>) -> bool {
        if x == y {
            return true;
        }
        let (x, y) = (self.unalias(x), self.unalias(y));
        if x == y {
            return true;
        }
        if c.ignore_invalids && (x == TypeId::INVALID || y == TypeId::INVALID) {
            return true;
        }
        match (self.get(x), self.get(y)) {
            (Type::Basic(a), Type::Basic(b)) => a == b,
            (Type::Array { len: a, elem: x }, Type::Array { len: b, elem: y }) => {
                (a < 0 || b < 0 || a == b) && self.ident(x, y, c, pairs)
            }
            (Type::Slice(x), Type::Slice(y)) | (Type::Pointer(x), Type::Pointer(y)) => self.ident(x, y, c, pairs),
            (Type::Map { key: a, elem: x }, Type::Map { key: b, elem: y }) => {
                self.ident(a, b, c, pairs) && self.ident(x, y, c, pairs)
            }
            (Type::Chan { dir: a, elem: x }, Type::Chan { dir: b, elem: y }) => a == b && self.ident(x, y, c, pairs),
            (Type::Struct(a), Type::Struct(b)) => {
                a.fields.len() == b.fields.len()
                    && a.fields.iter().zip(&b.fields).all(|(f, g)| {
                        f.embedded == g.embedded
                            && (c.ignore_tags || f.tag == g.tag)
                            && f.id == g.id
                            && self.ident(f.ty, g.ty, c, pairs)
                    })
            }
            (Type::Tuple(a), Type::Tuple(b)) => self.ident_params(&a, &b, c, pairs),
            (Type::Signature(a), Type::Signature(b)) => self.ident_sigs(&a, &b, c, pairs),
            (Type::Union(_), Type::Union(_)) => {
                let wrap = |t| self.interface(Interface { embeddeds: vec![t], ..Interface::default() });
                self.same_terms(&self.type_set(wrap(x)), &self.type_set(wrap(y)))
            }
            (Type::Interface(_), Type::Interface(_)) => {
                let (a, b) = (self.type_set(x), self.type_set(y));
                if a.comparable != b.comparable || !self.same_terms(&a, &b) || a.methods.len() != b.methods.len() {
                    return false;
                }
                // Anonymous interfaces can be recursive through their methods' parameters: a pair that is being compared is taken as equal.
                if pairs.contains(&(x, y)) || pairs.contains(&(y, x)) {
                    return true;
                }
                pairs.push((x, y));
                let same =
                    a.methods.iter().zip(&b.methods).all(|(m, n)| m.id == n.id && self.ident(m.sig, n.sig, c, pairs));
                pairs.pop();
                same
            }
            (Type::Named(a), Type::Named(b)) => {
                let (a, b) = (self.named(a), self.named(b));
                a.origin.is_some()
                    && a.origin == b.origin
                    && a.targs.len() == b.targs.len()
                    && a.targs.iter().zip(b.targs.iter()).all(|(&x, &y)| self.ident(x, y, c, pairs))
            }
            _ => false,
        }
    }

    fn ident_params(&self, a: &[Param], b: &[Param], c: Comparer, pairs: &mut Vec<(TypeId, TypeId)>) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(x, y)| self.ident(x.ty, y.ty, c, pairs))
    }

    fn ident_sigs(&self, a: &Signature, b: &Signature, c: Comparer, pairs: &mut Vec<(TypeId, TypeId)>) -> bool {
        if a.tparams.len() != b.tparams.len() || a.variadic != b.variadic {
            return false;
        }
        if a.tparams.is_empty() {
            return self.ident_params(&a.params, &b.params, c, pairs)
                && self.ident_params(&a.results, &b.results, c, pairs);
        }
        // Names of type parameters do not matter: compare with a's in the place of b's.
        let bound = |t: TypeId| match self.get(t) {
            Type::TypeParam(id) => self.type_param(id).bound.get(),
            _ => TypeId::INVALID,
        };
        let renamed = |t: TypeId| self.subst_list(t, &b.tparams, &a.tparams);
        for (&x, &y) in a.tparams.iter().zip(&b.tparams) {
            if !self.ident(bound(x), renamed(bound(y)), c, pairs) {
                return false;
            }
        }
        let rename =
            |list: &[Param]| -> Vec<Param> { list.iter().map(|p| Param { name: p.name, ty: renamed(p.ty) }).collect() };
        self.ident_params(&a.params, &rename(&b.params), c, pairs)
            && self.ident_params(&a.results, &rename(&b.results), c, pairs)
    }

    /// Whether two type sets have the same terms.
    pub(crate) fn same_terms(&self, a: &TypeSet, b: &TypeSet) -> bool {
        match (&a.terms, &b.terms) {
            (None, None) => true,
            (Some(x), Some(y)) => self.terms_within(x, y) && self.terms_within(y, x),
            _ => false,
        }
    }

    /// Whether every term of `a` is included in one of `b`.
    pub(crate) fn terms_within(&self, a: &[Term], b: &[Term]) -> bool {
        a.iter().all(|x| b.iter().any(|y| self.term_within(x, y)))
    }

    /// Whether all types of term `x` belong to term `y`.
    pub(crate) fn term_within(&self, x: &Term, y: &Term) -> bool {
        if x.tilde && !y.tilde {
            return false;
        }
        let xt = if y.tilde { self.under(x.ty) } else { x.ty };
        let yt = if y.tilde { self.under(y.ty) } else { y.ty };
        self.identical(xt, yt)
    }

    /// The default type of an untyped type; other types are their own. Untyped nil stays.
    pub fn default_type(&self, t: TypeId) -> TypeId {
        match self.get(t) {
            Type::Basic(BasicKind::UntypedBool) => TypeId::BOOL,
            Type::Basic(BasicKind::UntypedInt) => TypeId::INT,
            Type::Basic(BasicKind::UntypedRune) => TypeId::RUNE,
            Type::Basic(BasicKind::UntypedFloat) => TypeId::FLOAT64,
            Type::Basic(BasicKind::UntypedComplex) => TypeId::COMPLEX128,
            Type::Basic(BasicKind::UntypedString) => TypeId::STRING,
            _ => t,
        }
    }

    /// The larger of two untyped numeric types, or the common untyped type; `None` if there is none.
    pub fn max_type(&self, x: TypeId, y: TypeId) -> Option<TypeId> {
        if x == y {
            return Some(x);
        }
        if self.is_untyped_numeric(x) && self.is_untyped_numeric(y) {
            // The ids are ordered by generality.
            return Some(x.max(y));
        }
        None
    }

    /// The pointed-to type if `t` is written as a pointer (not a defined pointer type), and whether it is.
    pub fn deref(&self, t: TypeId) -> (TypeId, bool) {
        match self.actual(t) {
            Type::Pointer(base) => (base, true),
            _ => (t, false),
        }
    }

    /// The struct type behind a pointer to a struct, or `t` itself.
    pub fn deref_struct_ptr(&self, t: TypeId) -> TypeId {
        if let Type::Pointer(base) = self.under_type(t)
            && matches!(self.under_type(base), Type::Struct(_))
        {
            return base;
        }
        t
    }

    /// Whether the type mentions type parameters.
    pub fn is_parameterized(&self, t: TypeId) -> bool {
        if let Some(&known) = self.parameterized.borrow().get(&t) {
            return known;
        }
        let list = |ps: &[Param]| ps.iter().any(|p| self.is_parameterized(p.ty));
        let result = match self.get(t) {
            Type::Basic(_) => return false,
            Type::TypeParam(_) => return true,
            Type::Alias(id) => match self.alias(id).rhs.get() {
                Some(rhs) => self.is_parameterized(rhs),
                None => return false, // not known yet
            },
            Type::Named(id) => self.named(id).targs.iter().any(|&a| self.is_parameterized(a)),
            Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => {
                self.is_parameterized(e)
            }
            Type::Map { key, elem } => self.is_parameterized(key) || self.is_parameterized(elem),
            Type::Struct(s) => s.fields.iter().any(|f| self.is_parameterized(f.ty)),
            Type::Tuple(ps) => list(&ps),
            Type::Signature(s) => list(&s.params) || list(&s.results),
            Type::Interface(i) => {
                i.methods.iter().any(|m| self.is_parameterized(m.sig))
                    || i.embeddeds.iter().any(|&e| self.is_parameterized(e))
            }
            Type::Union(ts) => ts.iter().any(|x| self.is_parameterized(x.ty)),
        };
        if result || !self.has_open_alias(t) {
            self.parameterized.borrow_mut().insert(t, result);
        }
        result
    }

    /// Whether the type is an alias, or written with one, whose meaning is not known yet.
    fn has_open_alias(&self, t: TypeId) -> bool {
        self.open_aliases.get() > 0 && !matches!(self.get(t), Type::Named(_))
    }

    /// Whether the type mentions one of the given type parameters.
    pub fn mentions_any(&self, t: TypeId, tparams: &[TypeId]) -> bool {
        self.is_parameterized(t) && self.mentions_tparam(t, &|p| tparams.contains(&p), &mut Vec::new())
    }

    fn mentions_tparam(&self, t: TypeId, f: &dyn Fn(TypeId) -> bool, seen: &mut Vec<TypeId>) -> bool {
        match self.get(t) {
            Type::Basic(_) => false,
            Type::TypeParam(_) => f(t),
            Type::Alias(_) => {
                let u = self.unalias(t);
                u != t && self.mentions_tparam(u, f, seen)
            }
            Type::Named(id) => {
                let n = self.named(id);
                n.targs.iter().any(|&a| self.mentions_tparam(a, f, seen))
            }
            Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => {
                self.mentions_tparam(e, f, seen)
            }
            Type::Map { key, elem } => self.mentions_tparam(key, f, seen) || self.mentions_tparam(elem, f, seen),
            _ if seen.contains(&t) => false,
            Type::Struct(s) => {
                seen.push(t);
                s.fields.iter().any(|x| self.mentions_tparam(x.ty, f, seen))
            }
            Type::Tuple(ps) => {
                seen.push(t);
                ps.iter().any(|p| self.mentions_tparam(p.ty, f, seen))
            }
            Type::Signature(s) => {
                seen.push(t);
                s.params.iter().chain(&s.results).any(|p| self.mentions_tparam(p.ty, f, seen))
            }
            Type::Interface(i) => {
                seen.push(t);
                i.methods.iter().any(|m| self.mentions_tparam(m.sig, f, seen))
                    || i.embeddeds.iter().any(|&e| self.mentions_tparam(e, f, seen))
            }
            Type::Union(ts) => {
                seen.push(t);
                ts.iter().any(|x| self.mentions_tparam(x.ty, f, seen))
            }
        }
    }
}

/// Why values cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomparable {
    /// Nothing more to say.
    Plain,
    /// A struct with a field of this type.
    Struct(TypeId),
    /// This array type.
    Array(TypeId),
    /// An empty type set.
    EmptySet,
    /// Types in the type set are not comparable.
    TypeSet,
}

/// Why the types of a type set have no common underlying type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCommonUnder {
    /// There are no specific types.
    NoSpecificType,
    /// Two channel types have different element types.
    ChanElems(TypeId, TypeId),
    /// Two channel types have opposite directions.
    ChanDirs(TypeId, TypeId),
    /// Two types have different underlying types.
    Different(TypeId, TypeId),
}
