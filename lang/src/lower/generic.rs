//! Instances: type arguments put in for type parameters, and types brought to their canonical form.

use std::cell::RefCell;
use std::rc::Rc;

use crate::intern::FastMap;
use crate::types::{Field, IMethod, Interface, NamedId, Param, Signature, Struct, Type, TypeId, Types, UnionTerm};

/// What the type parameters of the function being lowered stand for.
#[derive(Default, Debug)]
pub(crate) struct Env {
    /// The type parameters in scope.
    params: Vec<TypeId>,
    /// What each of them is: canonical, concrete types.
    pub(crate) args: Rc<[TypeId]>,
    memo: RefCell<FastMap<TypeId, TypeId>>,
}

impl Env {
    /// An environment. Both lists have the same length.
    pub(crate) fn new(params: Vec<TypeId>, args: Rc<[TypeId]>) -> Env {
        Env { params, args, memo: RefCell::default() }
    }

    /// Whether there are no type parameters.
    pub(crate) fn is_empty(&self) -> bool {
        self.params.is_empty()
    }
}

/// Types declared inside generic functions: a type of its own for every instance.
#[derive(Default)]
pub(crate) struct LocalTypes {
    instances: FastMap<(NamedId, Rc<[TypeId]>), TypeId>,
    /// Those made by us, whose right-hand sides are concrete already.
    made: FastMap<NamedId, ()>,
}

/// The canonical form of `t` in `env`.
pub(crate) fn canon(types: &Types, locals: &RefCell<LocalTypes>, env: &Env, t: TypeId) -> TypeId {
    if env.is_empty() {
        return types.canonical(t);
    }
    if let Some(&done) = env.memo.borrow().get(&t) {
        return done;
    }
    let concrete = Subst { types, locals, env }.subst(t);
    let done = types.canonical(concrete);
    env.memo.borrow_mut().insert(t, done);
    done
}

struct Subst<'a> {
    types: &'a Types,
    locals: &'a RefCell<LocalTypes>,
    env: &'a Env,
}

impl Subst<'_> {
    fn subst(&self, t: TypeId) -> TypeId {
        let types = self.types;
        match types.get(t) {
            Type::Basic(_) => t,
            Type::TypeParam(id) => {
                let ty = types.type_param(id).ty;
                self.env.params.iter().position(|&p| p == ty).map_or(t, |i| self.env.args[i])
            }
            Type::Alias(_) => self.subst(types.unalias(t)),
            Type::Named(id) => self.named(id, t),
            Type::Pointer(elem) => types.pointer(self.subst(elem)),
            Type::Slice(elem) => types.slice(self.subst(elem)),
            Type::Array { len, elem } => types.array(len, self.subst(elem)),
            Type::Map { key, elem } => types.map(self.subst(key), self.subst(elem)),
            Type::Chan { dir, elem } => types.chan(dir, self.subst(elem)),
            Type::Struct(s) => self.strukt(&s),
            Type::Tuple(params) => types.tuple(&self.params(&params)),
            Type::Signature(sig) => types.signature(Signature {
                tparams: sig.tparams.clone(),
                params: self.params(&sig.params),
                results: self.params(&sig.results),
                variadic: sig.variadic,
            }),
            Type::Interface(iface) => types.interface(Interface {
                methods: iface.methods.iter().map(|m| IMethod { sig: self.subst(m.sig), ..*m }).collect(),
                embeddeds: iface.embeddeds.iter().map(|&e| self.subst(e)).collect(),
                implicit: iface.implicit,
                comparable: iface.comparable,
            }),
            Type::Union(terms) => {
                let terms: Vec<UnionTerm> =
                    terms.iter().map(|term| UnionTerm { ty: self.subst(term.ty), ..*term }).collect();
                types.union(&terms)
            }
        }
    }

    fn params(&self, params: &[Param]) -> Vec<Param> {
        params.iter().map(|p| Param { name: p.name, ty: self.subst(p.ty) }).collect()
    }

    fn strukt(&self, s: &Struct) -> TypeId {
        self.types.strukt(s.fields.iter().map(|f| Field { ty: self.subst(f.ty), ..f.clone() }).collect())
    }

    fn named(&self, id: NamedId, t: TypeId) -> TypeId {
        let types = self.types;
        let named = types.named(id);
        let local = named.local.get() != 0;
        let mut own: Vec<TypeId> = Vec::new();
        if let Some(origin) = named.origin {
            own = named.targs.iter().map(|&a| canon(self.types, self.locals, self.env, a)).collect();
            if !local {
                return if own[..] == named.targs[..] { t } else { types.named_instance(origin, &own) };
            }
        }
        if !local || self.locals.borrow().made.contains_key(&id) {
            return t;
        }
        // A generic type of a generic function is told apart by the function's arguments and its own.
        let args: Rc<[TypeId]> = self.env.args.iter().copied().chain(own.iter().copied()).collect();
        let key = (named.origin.unwrap_or(id), args.clone());
        if let Some(&done) = self.locals.borrow().instances.get(&key) {
            return done;
        }
        let (made, ty) = types.local_instance(id, &args);
        if !own.is_empty() {
            types.named(made).outer.set(self.env.args.len());
        }
        {
            let mut locals = self.locals.borrow_mut();
            locals.instances.insert(key, ty);
            locals.made.insert(made, ());
        }
        if let Some(rhs) = types.named_rhs(id) {
            let rhs = self.subst(rhs);
            types.named(made).rhs.set(Some(rhs));
        }
        ty
    }
}

/// How deeply type constructors nest in a type. Instantiation that never ends makes ever deeper types. Remembers what it has seen,
/// as the depth of a type is asked for again as part of the next.
pub(crate) fn depth(types: &Types, memo: &mut FastMap<TypeId, u32>, t: TypeId) -> u32 {
    if let Some(&known) = memo.get(&t) {
        return known;
    }
    let parts: Vec<TypeId> = match types.get(t) {
        Type::Named(id) => types.named(id).targs.to_vec(),
        Type::Pointer(e) | Type::Slice(e) | Type::Array { elem: e, .. } | Type::Chan { elem: e, .. } => vec![e],
        Type::Map { key, elem } => vec![key, elem],
        Type::Struct(s) => s.fields.iter().map(|f| f.ty).collect(),
        Type::Signature(s) => s.params.iter().chain(&s.results).map(|p| p.ty).collect(),
        Type::Tuple(params) => params.iter().map(|p| p.ty).collect(),
        _ => Vec::new(),
    };
    memo.insert(t, 0);
    let deepest = parts.iter().map(|&p| depth(types, memo, p) + 1).max().unwrap_or(0);
    memo.insert(t, deepest);
    deepest
}
