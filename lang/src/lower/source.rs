//! What lowering asks of the checker's findings.

use std::rc::Rc;

use super::Lowerer;
use super::generic;
use crate::check::info::{Info, Mode, Selection, SelectionKind};
use crate::constant::Value;
use crate::syntax::ast::{Ast, ClauseId, Expr as Node, ExprId};
use crate::types::lookup::Selected;
use crate::types::universe::BuiltinId;
use crate::types::{BasicKind, NameId, ObjId, Objects, PackageId, Signature, Type, TypeId, Types};

/// The findings about one package, with type parameters still in place.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) ast: &'a Ast,
    pub(crate) types: &'a Types,
    pub(crate) objs: &'a Objects,
    pub(crate) info: &'a Info,
}

impl View<'_> {
    /// The local or global variable that a using identifier denotes.
    pub(crate) fn use_of(&self, id: ExprId) -> Option<ObjId> {
        self.info.use_of(id).filter(|&obj| self.objs[obj].is_var())
    }

    /// The variable that a declaring identifier declares.
    pub(crate) fn def_of(&self, id: ExprId) -> Option<ObjId> {
        self.info.def(id).filter(|&obj| self.objs[obj].is_var())
    }

    /// The variable of a type switch's clause.
    pub(crate) fn clause_var(&self, id: ClauseId) -> Option<ObjId> {
        self.info.clause_vars.get(&id).copied()
    }

    /// The underlying type common to all types that an expression's type can be.
    pub(crate) fn core_type(&self, id: ExprId) -> Option<Type> {
        self.types.common_under(self.info.type_of(id)).ok().map(|t| self.types.get(t))
    }

    /// Whether an expression is an array (and not a pointer to one), or can be one in some instance.
    pub(crate) fn is_array(&self, id: ExprId) -> bool {
        let t = self.info.type_of(id);
        let array = |t: TypeId| matches!(self.types.under_type(t), Type::Array { .. });
        match self.types.terms(t) {
            Some(terms) => terms.iter().any(|term| array(term.ty)),
            None => array(t),
        }
    }

    /// Whether a composite literal makes a struct, so that its keys are field names.
    pub(crate) fn is_struct_literal(&self, id: ExprId) -> bool {
        match self.core_type(id) {
            Some(Type::Struct(_)) => true,
            Some(Type::Pointer(base)) => matches!(self.types.under_type(base), Type::Struct(_)),
            _ => false,
        }
    }

    /// Whether a selector follows a pointer on its way, or selects no field of a variable at all.
    pub(crate) fn selects_through_pointer(&self, id: ExprId) -> bool {
        match self.info.selections.get(&id) {
            Some(s) => s.kind != SelectionKind::Field || s.indirect,
            None => true,
        }
    }

    /// Whether a selector calls or binds a method with pointer receiver on a variable, whose address it takes.
    pub(crate) fn takes_receiver_address(&self, id: ExprId) -> bool {
        match self.info.selections.get(&id) {
            Some(Selection {
                kind: SelectionKind::MethodValue,
                what: Selected::Method { method, .. },
                indirect,
                ..
            }) => method.ptr_recv && !indirect,
            _ => false,
        }
    }
}

impl<'p> Lowerer<'p> {
    /// The type store.
    pub(crate) fn types(&self) -> &Types {
        &self.prog.types
    }

    pub(crate) fn view_of<'a>(&'a self, pkg: PackageId, ast: &'a Ast) -> View<'a> {
        View { ast, types: &self.prog.types, objs: &self.prog.objs, info: &self.prog.pkgs[pkg.0 as usize].info }
    }

    pub(crate) fn info(&self) -> &Info {
        &self.prog.pkgs[self.cur_ref().pkg.0 as usize].info
    }

    /// The canonical form of a type that closed code mentions.
    pub(crate) fn canonical(&self, t: TypeId) -> TypeId {
        self.types().canonical(t)
    }

    /// The canonical form of a type as the innermost function means it.
    pub(crate) fn canon(&self, t: TypeId) -> TypeId {
        let env = self.cur_ref().env.clone();
        self.canon_in(&env, t)
    }

    /// The canonical form of a type in an environment.
    pub(crate) fn canon_in(&self, env: &generic::Env, t: TypeId) -> TypeId {
        generic::canon(&self.prog.types, &self.local_types, env, t)
    }

    /// The type of an expression; untyped ones have their default type, except nil.
    pub(crate) fn ty(&self, id: ExprId) -> TypeId {
        let t = self.canon(self.info().type_of(id));
        match self.types().get(t) {
            Type::Basic(BasicKind::UntypedBool) => TypeId::BOOL,
            Type::Basic(BasicKind::UntypedInt) => TypeId::INT,
            Type::Basic(BasicKind::UntypedRune) => TypeId::INT32,
            Type::Basic(BasicKind::UntypedFloat) => TypeId::FLOAT64,
            Type::Basic(BasicKind::UntypedComplex) => TypeId::COMPLEX128,
            Type::Basic(BasicKind::UntypedString) => TypeId::STRING,
            _ => t,
        }
    }

    /// The value of a constant expression.
    pub(crate) fn value_of(&self, id: ExprId) -> Option<Value> {
        self.info().value_of(id).filter(|v| !v.is_unknown()).cloned()
    }

    /// Whether an expression is `nil`.
    pub(crate) fn is_nil(&self, id: ExprId) -> bool {
        self.info().type_and_value(id).is_some_and(|tv| tv.mode == Mode::NilValue)
    }

    /// Whether an expression denotes a type.
    pub(crate) fn is_type(&self, id: ExprId) -> bool {
        self.info().is_type(id)
    }

    /// What an identifier denotes or declares.
    pub(crate) fn object_of(&self, id: ExprId) -> Option<ObjId> {
        self.info().object_of(id)
    }

    /// The predeclared function that is called by this name.
    pub(crate) fn builtin_of(&self, id: ExprId) -> Option<BuiltinId> {
        self.info().builtins.get(&id).copied()
    }

    /// The type arguments given to the generic function that an identifier denotes.
    pub(crate) fn type_args(&self, name: ExprId) -> Rc<[TypeId]> {
        match self.info().instances.get(&name) {
            Some(instance) => instance.targs.iter().map(|&t| self.canon(t)).collect(),
            None => Rc::new([]),
        }
    }

    /// The identifier in `f`, `p.f` or `(f)` if it denotes an instantiated generic function.
    pub(crate) fn instantiated_name(&self, id: ExprId) -> Option<ExprId> {
        let ast = &self.cur_ref().ast;
        let name = match ast.expr(ast.unparen(id)) {
            Node::Selector { sel, .. } => sel,
            Node::Name(_) => ast.unparen(id),
            _ => return None,
        };
        let obj = self.object_of(name)?;
        (self.prog.objs[obj].is_func() && self.info().instances.contains_key(&name)).then_some(name)
    }

    /// The underlying type. Its parts need [`Lowerer::canonical`].
    pub(crate) fn under(&self, t: TypeId) -> Type {
        self.types().under_type(t)
    }

    /// The element type of a pointer.
    pub(crate) fn pointer_elem(&self, t: TypeId) -> Option<TypeId> {
        match self.under(t) {
            Type::Pointer(elem) => Some(self.canonical(elem)),
            _ => None,
        }
    }

    /// `*t`.
    pub(crate) fn pointer_to(&self, t: TypeId) -> TypeId {
        self.canonical(self.types().pointer(t))
    }

    /// The element type of an array, slice or string.
    pub(crate) fn elem(&self, t: TypeId) -> TypeId {
        match self.under(t) {
            Type::Array { elem, .. } | Type::Slice(elem) => self.canonical(elem),
            Type::Basic(_) => TypeId::UINT8,
            _ => TypeId::INVALID,
        }
    }

    /// The element type of a channel.
    pub(crate) fn chan_elem(&self, t: TypeId) -> TypeId {
        match self.under(t) {
            Type::Chan { elem, .. } => self.canonical(elem),
            _ => TypeId::INVALID,
        }
    }

    /// A function type's signature, with canonical parts.
    pub(crate) fn signature(&self, t: TypeId) -> Rc<Signature> {
        let under = self.types().under(t);
        match self.types().get(self.canonical(under)) {
            Type::Signature(sig) => sig,
            _ => Rc::default(),
        }
    }

    /// The type of a list of values: itself if there is one, else a tuple.
    pub(crate) fn values_type(&self, tys: &[TypeId]) -> TypeId {
        match tys {
            [] => TypeId::EMPTY_TUPLE,
            [one] => *one,
            _ => self.tuple(tys),
        }
    }

    /// A tuple type.
    pub(crate) fn tuple(&self, tys: &[TypeId]) -> TypeId {
        self.canonical(self.types().tuple_of(tys))
    }

    /// The components of a tuple type, or the type itself.
    pub(crate) fn components(&self, t: TypeId) -> Vec<TypeId> {
        match self.types().get(t) {
            Type::Tuple(params) => params.iter().map(|p| p.ty).collect(),
            _ => vec![t],
        }
    }

    /// The index of a method in the sorted method list of an interface type.
    pub(crate) fn interface_method(&self, t: TypeId, id: NameId) -> Option<(u32, TypeId)> {
        let iface = self.canonical(self.types().under(t));
        let set = self.types().type_set(iface);
        let index = set.methods.iter().position(|m| m.id == id)?;
        Some((index as u32, self.canonical(set.methods[index].sig)))
    }

    /// A package's import path as names of functions show it.
    pub(crate) fn pkg_path(&self, pkg: PackageId) -> String {
        if pkg == self.main { "main".to_string() } else { self.prog.pkgs[pkg.0 as usize].path.clone() }
    }
}
