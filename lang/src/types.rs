//! Types and the store they live in.
//!
//! One [`Types`] store serves a whole program. A [`TypeId`] names a type; composite types are hash-consed on their written form
//! (parameter names, field packages and interface spelling included), so equal ids mean identical types, while identical types may
//! have different ids: ask [`Types::identical`]. After checking, [`Types::canonical`] gives one id per identity class.
//!
//! The store is append-only behind shared references: every method takes `&self` and hands out cheap copies ([`Type`] holds `Rc`s),
//! so the checker can walk a type while it creates others. Instances of generic types get their right-hand side on first need.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::intern::{FastMap, Symbol, sym};

pub mod canonical;
pub mod lookup;
pub mod object;
pub mod predicates;
pub mod print;
pub mod scope;
pub mod sizes;
pub mod typeset;
pub mod universe;

pub use object::{ObjId, Object, ObjectKind, Objects};
pub use scope::{ScopeId, Scopes};
pub use typeset::{Term, TypeSet};

/// Names a type of the program's [`Types`] store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// Names a declared (or instantiated) defined type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamedId(pub u32);

/// Names an alias declaration or an instance of a generic alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasId(pub u32);

/// Names a type parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeParamId(pub u32);

/// Names a package of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub u32);

/// The predeclared basic types, in the order of their fixed [`TypeId`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BasicKind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UnsafePointer,
    UntypedBool,
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
    UntypedNil,
}

impl BasicKind {
    /// All kinds, in the order of their ids.
    pub const ALL: [BasicKind; 26] = {
        use BasicKind::*;
        [
            Invalid,
            Bool,
            Int,
            Int8,
            Int16,
            Int32,
            Int64,
            Uint,
            Uint8,
            Uint16,
            Uint32,
            Uint64,
            Uintptr,
            Float32,
            Float64,
            Complex64,
            Complex128,
            String,
            UnsafePointer,
            UntypedBool,
            UntypedInt,
            UntypedRune,
            UntypedFloat,
            UntypedComplex,
            UntypedString,
            UntypedNil,
        ]
    };

    /// The id of the type of this kind.
    pub const fn id(self) -> TypeId {
        TypeId(self as u32)
    }

    /// The name as error messages print it.
    pub fn name(self) -> &'static str {
        use BasicKind::*;
        match self {
            Invalid => "invalid type",
            Bool => "bool",
            Int => "int",
            Int8 => "int8",
            Int16 => "int16",
            Int32 => "int32",
            Int64 => "int64",
            Uint => "uint",
            Uint8 => "uint8",
            Uint16 => "uint16",
            Uint32 => "uint32",
            Uint64 => "uint64",
            Uintptr => "uintptr",
            Float32 => "float32",
            Float64 => "float64",
            Complex64 => "complex64",
            Complex128 => "complex128",
            String => "string",
            UnsafePointer => "unsafe.Pointer",
            UntypedBool => "untyped bool",
            UntypedInt => "untyped int",
            UntypedRune => "untyped rune",
            UntypedFloat => "untyped float",
            UntypedComplex => "untyped complex",
            UntypedString => "untyped string",
            UntypedNil => "untyped nil",
        }
    }

    /// Whether this is a boolean kind, typed or not.
    pub fn is_boolean(self) -> bool {
        matches!(self, BasicKind::Bool | BasicKind::UntypedBool)
    }
    /// Whether this is an integer kind (untyped int and rune included).
    pub fn is_integer(self) -> bool {
        (self >= BasicKind::Int && self <= BasicKind::Uintptr)
            || matches!(self, BasicKind::UntypedInt | BasicKind::UntypedRune)
    }
    /// Whether this is an unsigned integer kind.
    pub fn is_unsigned(self) -> bool {
        self >= BasicKind::Uint && self <= BasicKind::Uintptr
    }
    /// Whether this is a floating-point kind.
    pub fn is_float(self) -> bool {
        matches!(self, BasicKind::Float32 | BasicKind::Float64 | BasicKind::UntypedFloat)
    }
    /// Whether this is a complex kind.
    pub fn is_complex(self) -> bool {
        matches!(self, BasicKind::Complex64 | BasicKind::Complex128 | BasicKind::UntypedComplex)
    }
    /// Whether this is a string kind.
    pub fn is_string(self) -> bool {
        matches!(self, BasicKind::String | BasicKind::UntypedString)
    }
    /// Whether this is an untyped kind, nil included.
    pub fn is_untyped(self) -> bool {
        self >= BasicKind::UntypedBool
    }
    /// Whether this is a numeric kind.
    pub fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float() || self.is_complex()
    }
    /// Whether values of this kind are ordered.
    pub fn is_ordered(self) -> bool {
        self.is_integer() || self.is_float() || self.is_string()
    }
    /// Whether constants of this kind exist.
    pub fn is_const_type(self) -> bool {
        self.is_boolean() || self.is_numeric() || self.is_string()
    }
}

#[allow(missing_docs)]
impl TypeId {
    pub const INVALID: TypeId = BasicKind::Invalid.id();
    pub const BOOL: TypeId = BasicKind::Bool.id();
    pub const INT: TypeId = BasicKind::Int.id();
    pub const INT8: TypeId = BasicKind::Int8.id();
    pub const INT16: TypeId = BasicKind::Int16.id();
    pub const INT32: TypeId = BasicKind::Int32.id();
    pub const INT64: TypeId = BasicKind::Int64.id();
    pub const UINT: TypeId = BasicKind::Uint.id();
    pub const UINT8: TypeId = BasicKind::Uint8.id();
    pub const UINT16: TypeId = BasicKind::Uint16.id();
    pub const UINT32: TypeId = BasicKind::Uint32.id();
    pub const UINT64: TypeId = BasicKind::Uint64.id();
    pub const UINTPTR: TypeId = BasicKind::Uintptr.id();
    pub const FLOAT32: TypeId = BasicKind::Float32.id();
    pub const FLOAT64: TypeId = BasicKind::Float64.id();
    pub const COMPLEX64: TypeId = BasicKind::Complex64.id();
    pub const COMPLEX128: TypeId = BasicKind::Complex128.id();
    pub const STRING: TypeId = BasicKind::String.id();
    pub const UNSAFE_POINTER: TypeId = BasicKind::UnsafePointer.id();
    pub const UNTYPED_BOOL: TypeId = BasicKind::UntypedBool.id();
    pub const UNTYPED_INT: TypeId = BasicKind::UntypedInt.id();
    pub const UNTYPED_RUNE: TypeId = BasicKind::UntypedRune.id();
    pub const UNTYPED_FLOAT: TypeId = BasicKind::UntypedFloat.id();
    pub const UNTYPED_COMPLEX: TypeId = BasicKind::UntypedComplex.id();
    pub const UNTYPED_STRING: TypeId = BasicKind::UntypedString.id();
    pub const UNTYPED_NIL: TypeId = BasicKind::UntypedNil.id();
    /// `byte`: identical to uint8, printed as `byte`.
    pub const BYTE: TypeId = TypeId(26);
    /// `rune`: identical to int32, printed as `rune`.
    pub const RUNE: TypeId = TypeId(27);
    /// The empty interface literal.
    pub const EMPTY_INTERFACE: TypeId = TypeId(28);
    /// `any`: an alias for the empty interface.
    pub const ANY: TypeId = TypeId(29);
    /// The empty tuple: type of a call without results.
    pub const EMPTY_TUPLE: TypeId = TypeId(30);
    /// Predeclared `error`.
    pub const ERROR: TypeId = TypeId(31);
    /// Predeclared `comparable`.
    pub const COMPARABLE: TypeId = TypeId(32);
    /// What `any` stands for: an empty interface that prints as `any`.
    pub const ANY_INTERFACE: TypeId = TypeId(33);
    /// `[]byte`, which the language mentions in several rules.
    pub const BYTES: TypeId = TypeId(34);

    /// Whether this is the invalid type itself.
    pub fn is_invalid(self) -> bool {
        self == TypeId::INVALID
    }
}

pub use crate::syntax::ast::ChanDir;

/// The identity of a field or method name: unexported names of different packages differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId {
    /// The name.
    pub name: Symbol,
    /// The package, for unexported names only.
    pub pkg: Option<PackageId>,
}

impl NameId {
    /// Whether the name is exported.
    pub fn exported(self) -> bool {
        self.pkg.is_none()
    }
}

/// A method declared for a defined type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub id: NameId,
    /// The function object.
    pub obj: ObjId,
    /// Whether its receiver is a pointer.
    pub ptr_recv: bool,
}

/// A parameter, result or tuple component. The name may be blank or missing (`sym::EMPTY`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Param {
    /// Its name, for printing only.
    pub name: Symbol,
    /// Its type.
    pub ty: TypeId,
}

/// A function type without receiver.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Signature {
    /// Type parameters ([`Type::TypeParam`] ids) of a generic function or method.
    pub tparams: Vec<TypeId>,
    /// Parameters; of a variadic function the last one has a slice type (or string in `append([]byte, string...)`).
    pub params: Vec<Param>,
    /// Results.
    pub results: Vec<Param>,
    /// Whether the last parameter is `...T`.
    pub variadic: bool,
}

/// A struct field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// Field name; for embedded fields the type's name.
    pub id: NameId,
    /// Its type.
    pub ty: TypeId,
    /// Whether the field is embedded.
    pub embedded: bool,
    /// The tag, empty if none.
    pub tag: Rc<str>,
}

/// A struct type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Struct {
    /// The fields in order.
    pub fields: Vec<Field>,
}

/// A method that an interface lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IMethod {
    /// Method name.
    pub id: NameId,
    /// A [`Type::Signature`].
    pub sig: TypeId,
}

/// An interface type as written. Its meaning is its type set: [`Types::type_set`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Interface {
    /// Explicitly declared methods, in source order.
    pub methods: Vec<IMethod>,
    /// Embedded elements: interfaces, unions, other types.
    pub embeddeds: Vec<TypeId>,
    /// Wrapper of a type set literal such as `~T` or `A|B` in constraint position.
    pub implicit: bool,
    /// Marks the underlying type of predeclared `comparable`.
    pub comparable: bool,
}

/// One `T` or `~T` of a union as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnionTerm {
    /// Whether `~` precedes the type.
    pub tilde: bool,
    /// The type.
    pub ty: TypeId,
}

/// A type. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Type {
    Basic(BasicKind),
    Named(NamedId),
    Alias(AliasId),
    Pointer(TypeId),
    Slice(TypeId),
    /// A negative length marks an array whose length was in error.
    Array {
        len: i64,
        elem: TypeId,
    },
    Map {
        key: TypeId,
        elem: TypeId,
    },
    Chan {
        dir: ChanDir,
        elem: TypeId,
    },
    Struct(Rc<Struct>),
    /// The type of a call with several results (or none).
    Tuple(Rc<[Param]>),
    Signature(Rc<Signature>),
    Interface(Rc<Interface>),
    /// Only as an interface's embedded element.
    Union(Rc<[UnionTerm]>),
    TypeParam(TypeParamId),
}

/// A defined type: a declaration, or an instance of a generic one.
#[derive(Debug)]
pub struct Named {
    /// Its name.
    pub name: Symbol,
    /// Package of declaration; `None` for predeclared types.
    pub pkg: Option<PackageId>,
    /// The declaring type name.
    pub obj: ObjId,
    /// The type itself.
    pub ty: TypeId,
    /// For instances: the generic type.
    pub origin: Option<NamedId>,
    /// For instances: the type arguments.
    pub targs: Rc<[TypeId]>,
    /// How many of the arguments, the first ones, are those of the generic function that declares a generic type.
    pub outer: Cell<usize>,
    /// For generic declarations: the type parameters. (Instances share those of their origin, see [`Types::named_tparams`].)
    pub tparams: RefCell<Rc<[TypeId]>>,
    /// What the declaration's right-hand side denotes; none yet while the declaration is being checked or the instance is not expanded.
    pub rhs: Cell<Option<TypeId>>,
    /// Memoised underlying type.
    pub under: Cell<Option<TypeId>>,
    /// Declared methods in source order. Instances have none: ask the origin.
    pub methods: RefCell<Vec<Method>>,
    /// Scope depth mark of a type declared inside a function (distinguishes equal names when hashing and in run-time type strings).
    pub local: Cell<u32>,
}

/// An alias declaration or an instance of a generic alias.
#[derive(Debug)]
pub struct Alias {
    /// Its name.
    pub name: Symbol,
    /// Package of declaration; `None` for `any`.
    pub pkg: Option<PackageId>,
    /// The declaring type name.
    pub obj: ObjId,
    /// For instances: the generic alias.
    pub origin: Option<AliasId>,
    /// For instances: the type arguments.
    pub targs: Rc<[TypeId]>,
    /// Type parameters of a generic alias.
    pub tparams: RefCell<Rc<[TypeId]>>,
    /// The aliased type; none while the declaration is being checked.
    pub rhs: Cell<Option<TypeId>>,
}

/// A type parameter.
#[derive(Debug)]
pub struct TypeParam {
    /// Its name.
    pub name: Symbol,
    /// Package of declaration.
    pub pkg: PackageId,
    /// The declaring type name.
    pub obj: ObjId,
    /// The type itself.
    pub ty: TypeId,
    /// Position in its list, once bound; `u32::MAX` before.
    pub index: Cell<u32>,
    /// The constraint as written (any type); [`Types::constraint_iface`] gives an interface.
    pub bound: Cell<TypeId>,
}

/// Instances of generic types by origin and type arguments.
type Instances = FastMap<(NamedId, Rc<[TypeId]>), TypeId>;

/// The program's types.
#[derive(Debug)]
pub struct Types {
    all: RefCell<Vec<Type>>,
    cons: RefCell<FastMap<Type, TypeId>>,
    named: RefCell<Vec<Rc<Named>>>,
    aliases: RefCell<Vec<Rc<Alias>>>,
    tparams: RefCell<Vec<Rc<TypeParam>>>,
    named_instances: RefCell<Instances>,
    /// Which types mention type parameters.
    pub(crate) parameterized: RefCell<FastMap<TypeId, bool>>,
    /// How many aliases are being declared.
    pub(crate) open_aliases: Cell<u32>,
    /// Sizes and alignments of structs and arrays.
    pub(crate) sizes: RefCell<FastMap<TypeId, (i64, i64)>>,
    pub(crate) type_sets: RefCell<FastMap<TypeId, Rc<TypeSet>>>,
    pub(crate) canon: RefCell<FastMap<TypeId, TypeId>>,
}

impl Default for Types {
    fn default() -> Self {
        Types::new()
    }
}

impl Types {
    /// A store holding the basic types only; [`universe::Universe::new`] completes the other fixed ids.
    pub fn new() -> Types {
        let types = Types {
            all: RefCell::default(),
            cons: RefCell::default(),
            named: RefCell::default(),
            aliases: RefCell::default(),
            tparams: RefCell::default(),
            named_instances: RefCell::default(),
            parameterized: RefCell::default(),
            open_aliases: Cell::new(0),
            sizes: RefCell::default(),
            type_sets: RefCell::default(),
            canon: RefCell::default(),
        };
        for kind in BasicKind::ALL {
            types.mk(Type::Basic(kind));
        }
        // byte and rune are spelled differently but are the same kinds, so they bypass the hash-consing.
        types.push(Type::Basic(BasicKind::Uint8));
        types.push(Type::Basic(BasicKind::Int32));
        types.interface(Interface::default());
        types
    }

    pub(crate) fn push(&self, t: Type) -> TypeId {
        let mut all = self.all.borrow_mut();
        let id = TypeId(all.len() as u32);
        all.push(t);
        id
    }

    /// The id of `t`, which is entered if it is new.
    pub fn mk(&self, t: Type) -> TypeId {
        if let Some(&id) = self.cons.borrow().get(&t) {
            return id;
        }
        let id = self.push(t.clone());
        self.cons.borrow_mut().insert(t, id);
        id
    }

    /// The type behind an id.
    pub fn get(&self, t: TypeId) -> Type {
        self.all.borrow()[t.0 as usize].clone()
    }

    /// How many types there are; ids are dense.
    pub fn len(&self) -> usize {
        self.all.borrow().len()
    }

    /// Whether the store is empty (it never is).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Data of a defined type.
    pub fn named(&self, id: NamedId) -> Rc<Named> {
        self.named.borrow()[id.0 as usize].clone()
    }

    /// Data of an alias.
    pub fn alias(&self, id: AliasId) -> Rc<Alias> {
        self.aliases.borrow()[id.0 as usize].clone()
    }

    /// Data of a type parameter.
    pub fn type_param(&self, id: TypeParamId) -> Rc<TypeParam> {
        self.tparams.borrow()[id.0 as usize].clone()
    }

    /// `*elem`
    pub fn pointer(&self, elem: TypeId) -> TypeId {
        self.mk(Type::Pointer(elem))
    }
    /// `[]elem`
    pub fn slice(&self, elem: TypeId) -> TypeId {
        self.mk(Type::Slice(elem))
    }
    /// `[len]elem`
    pub fn array(&self, len: i64, elem: TypeId) -> TypeId {
        self.mk(Type::Array { len, elem })
    }
    /// `map[key]elem`
    pub fn map(&self, key: TypeId, elem: TypeId) -> TypeId {
        self.mk(Type::Map { key, elem })
    }
    /// A channel type.
    pub fn chan(&self, dir: ChanDir, elem: TypeId) -> TypeId {
        self.mk(Type::Chan { dir, elem })
    }
    /// A struct type.
    pub fn strukt(&self, fields: Vec<Field>) -> TypeId {
        self.mk(Type::Struct(Rc::new(Struct { fields })))
    }
    /// A tuple of named or unnamed components.
    pub fn tuple(&self, params: &[Param]) -> TypeId {
        self.mk(Type::Tuple(params.into()))
    }
    /// A tuple of unnamed components.
    pub fn tuple_of(&self, tys: &[TypeId]) -> TypeId {
        let params: Vec<Param> = tys.iter().map(|&ty| Param { name: sym::EMPTY, ty }).collect();
        self.tuple(&params)
    }
    /// A function type.
    pub fn signature(&self, sig: Signature) -> TypeId {
        self.mk(Type::Signature(Rc::new(sig)))
    }
    /// An interface type.
    pub fn interface(&self, iface: Interface) -> TypeId {
        self.mk(Type::Interface(Rc::new(iface)))
    }
    /// A union of terms.
    pub fn union(&self, terms: &[UnionTerm]) -> TypeId {
        self.mk(Type::Union(terms.into()))
    }

    /// Enters a new defined type, whose right-hand side is still unknown.
    pub fn new_named(&self, name: Symbol, pkg: Option<PackageId>, obj: ObjId) -> (NamedId, TypeId) {
        self.new_named_with(name, pkg, obj, Rc::new([]), 0)
    }

    /// Like [`Types::new_named`], with the type arguments of the generic function around a local type.
    pub(crate) fn new_named_with(
        &self,
        name: Symbol,
        pkg: Option<PackageId>,
        obj: ObjId,
        targs: Rc<[TypeId]>,
        local: u32,
    ) -> (NamedId, TypeId) {
        let id = NamedId(self.named.borrow().len() as u32);
        let ty = self.mk(Type::Named(id));
        self.named.borrow_mut().push(Rc::new(Named {
            name,
            pkg,
            obj,
            ty,
            origin: None,
            targs,
            outer: Cell::new(0),
            tparams: RefCell::new(Rc::new([])),
            rhs: Cell::new(None),
            under: Cell::new(None),
            methods: RefCell::default(),
            local: Cell::new(local),
        }));
        (id, ty)
    }

    /// The instance of generic type `origin` with the given type arguments; not expanded yet.
    pub fn named_instance(&self, origin: NamedId, targs: &[TypeId]) -> TypeId {
        let key: (NamedId, Rc<[TypeId]>) = (origin, targs.into());
        if let Some(&t) = self.named_instances.borrow().get(&key) {
            return t;
        }
        let o = self.named(origin);
        let id = NamedId(self.named.borrow().len() as u32);
        let ty = self.mk(Type::Named(id));
        self.named.borrow_mut().push(Rc::new(Named {
            name: o.name,
            pkg: o.pkg,
            obj: o.obj,
            ty,
            origin: Some(origin),
            targs: key.1.clone(),
            outer: Cell::new(0),
            tparams: RefCell::new(Rc::new([])),
            rhs: Cell::new(None),
            under: Cell::new(None),
            methods: RefCell::default(),
            local: Cell::new(o.local.get()),
        }));
        self.named_instances.borrow_mut().insert(key, ty);
        ty
    }

    /// Enters a new alias, whose meaning is still unknown.
    pub fn new_alias(&self, name: Symbol, pkg: Option<PackageId>, obj: ObjId) -> (AliasId, TypeId) {
        let id = AliasId(self.aliases.borrow().len() as u32);
        let ty = self.mk(Type::Alias(id));
        self.aliases.borrow_mut().push(Rc::new(Alias {
            name,
            pkg,
            obj,
            origin: None,
            targs: Rc::new([]),
            tparams: RefCell::new(Rc::new([])),
            rhs: Cell::new(None),
        }));
        (id, ty)
    }

    /// Enters an instance of a generic alias that stands for `rhs`.
    pub fn alias_instance(&self, origin: AliasId, targs: &[TypeId], rhs: TypeId) -> TypeId {
        let o = self.alias(origin);
        let id = AliasId(self.aliases.borrow().len() as u32);
        let ty = self.mk(Type::Alias(id));
        self.aliases.borrow_mut().push(Rc::new(Alias {
            name: o.name,
            pkg: o.pkg,
            obj: o.obj,
            origin: Some(origin),
            targs: targs.into(),
            tparams: RefCell::new(o.tparams.borrow().clone()),
            rhs: Cell::new(Some(rhs)),
        }));
        ty
    }

    /// Enters a new type parameter whose constraint is still the invalid type.
    pub fn new_type_param(&self, name: Symbol, pkg: PackageId, obj: ObjId) -> (TypeParamId, TypeId) {
        let id = TypeParamId(self.tparams.borrow().len() as u32);
        let ty = self.mk(Type::TypeParam(id));
        self.tparams.borrow_mut().push(Rc::new(TypeParam {
            name,
            pkg,
            obj,
            ty,
            index: Cell::new(u32::MAX),
            bound: Cell::new(TypeId::INVALID),
        }));
        (id, ty)
    }

    /// Follows aliases to the first type that is none. An alias that is still being declared gives the invalid type.
    pub fn unalias(&self, mut t: TypeId) -> TypeId {
        for _ in 0..10_000 {
            match self.get(t) {
                Type::Alias(id) => match self.alias(id).rhs.get() {
                    Some(rhs) => t = rhs,
                    None => return TypeId::INVALID,
                },
                _ => return t,
            }
        }
        TypeId::INVALID
    }

    /// The type behind an id, aliases followed.
    pub fn actual(&self, t: TypeId) -> Type {
        self.get(self.unalias(t))
    }

    /// `t` as a defined type, aliases followed.
    pub fn as_named(&self, t: TypeId) -> Option<NamedId> {
        match self.actual(t) {
            Type::Named(id) => Some(id),
            _ => None,
        }
    }

    /// `t` as a type parameter, aliases followed.
    pub fn as_type_param(&self, t: TypeId) -> Option<TypeParamId> {
        match self.actual(t) {
            Type::TypeParam(id) => Some(id),
            _ => None,
        }
    }

    /// The generic type of an instance, or the type itself.
    pub fn origin(&self, id: NamedId) -> NamedId {
        self.named(id).origin.unwrap_or(id)
    }

    /// Type parameters of a generic type or of the origin of an instance.
    pub fn named_tparams(&self, id: NamedId) -> Rc<[TypeId]> {
        let origin = self.origin(id);
        self.named(origin).tparams.borrow().clone()
    }

    /// Declared methods of a type (of the origin, for instances).
    pub fn named_methods(&self, id: NamedId) -> Vec<Method> {
        let origin = self.origin(id);
        self.named(origin).methods.borrow().clone()
    }

    /// The right-hand side of a defined type's declaration; for an instance, the origin's with type arguments put in.
    pub fn named_rhs(&self, id: NamedId) -> Option<TypeId> {
        let n = self.named(id);
        if let Some(rhs) = n.rhs.get() {
            return Some(rhs);
        }
        let origin = n.origin?;
        let orhs = self.named_rhs(origin)?;
        let tparams = self.named_tparams(origin);
        let rhs =
            if tparams.len() != n.targs.len() { TypeId::INVALID } else { self.subst_list(orhs, &tparams, &n.targs) };
        n.rhs.set(Some(rhs));
        Some(rhs)
    }

    /// Whether `t`'s underlying type is known: false only for types in the middle of their own declaration.
    pub fn is_complete(&self, t: TypeId) -> bool {
        let mut t = t;
        for _ in 0..10_000 {
            match self.get(t) {
                Type::Alias(id) => match self.alias(id).rhs.get() {
                    Some(rhs) => t = rhs,
                    None => return false,
                },
                Type::Named(id) => match self.named_rhs(id) {
                    Some(rhs) => t = rhs,
                    None => return false,
                },
                _ => return true,
            }
        }
        true
    }

    /// The underlying type: never a [`Type::Named`] or [`Type::Alias`]; of a type parameter, its constraint interface.
    /// The invalid type while the declaration of `t` is incomplete.
    pub fn under(&self, t: TypeId) -> TypeId {
        let mut t = t;
        let mut path: Vec<Rc<Named>> = Vec::new();
        let u = loop {
            if path.len() > 10_000 {
                break TypeId::INVALID;
            }
            match self.get(t) {
                Type::Alias(_) => {
                    t = self.unalias(t);
                }
                Type::Named(id) => {
                    let n = self.named(id);
                    if let Some(u) = n.under.get() {
                        break u;
                    }
                    match self.named_rhs(id) {
                        Some(rhs) => t = rhs,
                        None => return TypeId::INVALID,
                    }
                    path.push(n);
                }
                Type::TypeParam(id) => return self.constraint_iface(id),
                _ => break t,
            }
        };
        for n in path {
            n.under.set(Some(u));
        }
        u
    }

    /// The type behind the underlying type's id.
    pub fn under_type(&self, t: TypeId) -> Type {
        self.get(self.under(t))
    }

    /// The constraint of a type parameter as an interface: a non-interface constraint is wrapped into an implicit interface.
    pub fn constraint_iface(&self, id: TypeParamId) -> TypeId {
        let bound = self.type_param(id).bound.get();
        if let Type::TypeParam(_) = self.actual(bound) {
            return TypeId::EMPTY_INTERFACE; // an error that has been reported
        }
        match self.under_type(bound) {
            Type::Basic(BasicKind::Invalid) => TypeId::EMPTY_INTERFACE,
            Type::Interface(_) => self.under(bound),
            _ => self.interface(Interface {
                methods: Vec::new(),
                embeddeds: vec![bound],
                implicit: true,
                comparable: false,
            }),
        }
    }

    /// Marks a defined type as invalid, for declarations in error.
    pub fn set_invalid(&self, id: NamedId) {
        let n = self.named(id);
        n.rhs.set(Some(TypeId::INVALID));
        n.under.set(Some(TypeId::INVALID));
    }

    /// `t` as a function type, through its underlying type.
    pub fn as_signature(&self, t: TypeId) -> Option<Rc<Signature>> {
        match self.under_type(t) {
            Type::Signature(s) => Some(s),
            _ => None,
        }
    }

    /// `t` as a struct type, through its underlying type.
    pub fn as_struct(&self, t: TypeId) -> Option<Rc<Struct>> {
        match self.under_type(t) {
            Type::Struct(s) => Some(s),
            _ => None,
        }
    }

    /// `t` as an interface type, through its underlying type (also for type parameters: their constraint).
    pub fn as_interface(&self, t: TypeId) -> Option<Rc<Interface>> {
        match self.under_type(t) {
            Type::Interface(i) => Some(i),
            _ => None,
        }
    }

    /// The tuple type of a signature's results.
    pub fn results(&self, sig: &Signature) -> TypeId {
        self.tuple(&sig.results)
    }
}
