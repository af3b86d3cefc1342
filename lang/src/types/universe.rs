//! The universe: predeclared types, constants, functions and nil; and the contents of package unsafe.

use crate::constant::Value;
use crate::intern::{Symbol, sym};
use crate::source::Span;
use crate::types::object::{ObjId, Object, ObjectKind, Objects};
use crate::types::scope::{ScopeId, Scopes};
use crate::types::{BasicKind, IMethod, Interface, NameId, PackageId, Param, Signature, Type, TypeId, Types};

/// The predeclared functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BuiltinId {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Println,
    Real,
    Recover,
    // package unsafe
    Add,
    Alignof,
    Offsetof,
    Sizeof,
    Slice,
    SliceData,
    String,
    StringData,
}

/// How a call of a predeclared function may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltinUse {
    /// Only as an expression: the result must be used.
    Expression,
    /// Only as a statement.
    Statement,
    /// A conversion-like expression.
    Conversion,
}

impl BuiltinId {
    /// The name without package.
    pub fn name(self) -> &'static str {
        use BuiltinId::*;
        match self {
            Append => "append",
            Cap => "cap",
            Clear => "clear",
            Close => "close",
            Complex => "complex",
            Copy => "copy",
            Delete => "delete",
            Imag => "imag",
            Len => "len",
            Make => "make",
            Max => "max",
            Min => "min",
            New => "new",
            Panic => "panic",
            Print => "print",
            Println => "println",
            Real => "real",
            Recover => "recover",
            Add => "Add",
            Alignof => "Alignof",
            Offsetof => "Offsetof",
            Sizeof => "Sizeof",
            Slice => "Slice",
            SliceData => "SliceData",
            String => "String",
            StringData => "StringData",
        }
    }

    /// Smallest number of arguments, and whether more are allowed.
    pub fn arity(self) -> (usize, bool) {
        use BuiltinId::*;
        match self {
            Append => (1, true),
            Cap | Clear | Close | Imag | Len | New | Panic | Real => (1, false),
            Complex | Copy | Delete => (2, false),
            Make | Max | Min => (1, true),
            Print | Println => (0, true),
            Recover => (0, false),
            Add | Slice | String => (2, false),
            Alignof | Offsetof | Sizeof | SliceData | StringData => (1, false),
        }
    }

    /// Whether a call of it is an expression or a statement.
    pub fn usage(self) -> BuiltinUse {
        use BuiltinId::*;
        match self {
            Clear | Close | Copy | Delete | Panic | Print | Println | Recover => BuiltinUse::Statement,
            _ => BuiltinUse::Expression,
        }
    }

    /// Whether it belongs to package unsafe.
    pub fn is_unsafe(self) -> bool {
        self as u8 >= BuiltinId::Add as u8
    }
}

const UNIVERSE_BUILTINS: [(Symbol, BuiltinId); 18] = [
    (sym::APPEND, BuiltinId::Append),
    (sym::CAP, BuiltinId::Cap),
    (sym::CLEAR, BuiltinId::Clear),
    (sym::CLOSE, BuiltinId::Close),
    (sym::COMPLEX, BuiltinId::Complex),
    (sym::COPY, BuiltinId::Copy),
    (sym::DELETE, BuiltinId::Delete),
    (sym::IMAG, BuiltinId::Imag),
    (sym::LEN, BuiltinId::Len),
    (sym::MAKE, BuiltinId::Make),
    (sym::MAX, BuiltinId::Max),
    (sym::MIN, BuiltinId::Min),
    (sym::NEW, BuiltinId::New),
    (sym::PANIC, BuiltinId::Panic),
    (sym::PRINT, BuiltinId::Print),
    (sym::PRINTLN, BuiltinId::Println),
    (sym::REAL, BuiltinId::Real),
    (sym::RECOVER, BuiltinId::Recover),
];

const UNSAFE_BUILTINS: [(Symbol, BuiltinId); 8] = [
    (sym::ADD, BuiltinId::Add),
    (sym::ALIGNOF, BuiltinId::Alignof),
    (sym::OFFSETOF, BuiltinId::Offsetof),
    (sym::SIZEOF, BuiltinId::Sizeof),
    (sym::SLICE, BuiltinId::Slice),
    (sym::SLICE_DATA, BuiltinId::SliceData),
    (sym::STRING_UPPER, BuiltinId::String),
    (sym::STRING_DATA, BuiltinId::StringData),
];

/// Handles of predeclared objects that rules mention.
#[derive(Debug, Clone, Copy)]
pub struct Universe {
    /// `iota`
    pub iota: ObjId,
    /// `nil`
    pub nil: ObjId,
    /// Scope of package unsafe.
    pub unsafe_scope: ScopeId,
}

impl Universe {
    /// Declares everything in the universe scope of fresh stores, and package unsafe under the given id.
    pub fn install(types: &Types, objs: &mut Objects, scopes: &mut Scopes, unsafe_pkg: PackageId) -> Universe {
        let mut declare = |objs: &mut Objects, scope: ScopeId, name: Symbol, ty: TypeId, kind: ObjectKind| {
            let pkg = if scope == ScopeId::UNIVERSE { None } else { Some(unsafe_pkg) };
            let mut obj = Object::new(kind, name, Span::NONE, pkg);
            obj.ty = Some(ty);
            obj.parent = Some(scope);
            let id = objs.add(obj);
            scopes[scope].insert(name, id);
            id
        };
        let u = ScopeId::UNIVERSE;
        let type_name = || ObjectKind::TypeName { alias: false };

        // The order gives the fixed ids of TypeId.
        let any_obj = declare(objs, u, sym::ANY, TypeId::ANY, ObjectKind::TypeName { alias: true });
        let (any, any_ty) = types.new_alias(sym::ANY, None, any_obj);
        let empty_tuple = types.tuple(&[]);
        let error_obj = declare(objs, u, sym::ERROR_TYPE, TypeId::ERROR, type_name());
        let (error, error_ty) = types.new_named(sym::ERROR_TYPE, None, error_obj);
        let comparable_obj = declare(objs, u, sym::COMPARABLE, TypeId::COMPARABLE, type_name());
        let (comparable, comparable_ty) = types.new_named(sym::COMPARABLE, None, comparable_obj);
        let any_iface = types.push(Type::Interface(Interface::default().into()));
        let bytes = types.slice(TypeId::BYTE);
        debug_assert_eq!(
            [any_ty, empty_tuple, error_ty, comparable_ty, any_iface, bytes],
            [TypeId::ANY, TypeId::EMPTY_TUPLE, TypeId::ERROR, TypeId::COMPARABLE, TypeId::ANY_INTERFACE, TypeId::BYTES]
        );
        types.alias(any).rhs.set(Some(any_iface));
        let error_sig = types.signature(Signature {
            results: vec![Param { name: sym::EMPTY, ty: TypeId::STRING }],
            ..Signature::default()
        });
        let error_method = IMethod { id: NameId { name: sym::ERROR, pkg: None }, sig: error_sig };
        let error_iface = types.interface(Interface { methods: vec![error_method], ..Interface::default() });
        types.named(error).rhs.set(Some(error_iface));
        let comparable_iface = types.interface(Interface { comparable: true, ..Interface::default() });
        types.named(comparable).rhs.set(Some(comparable_iface));

        use BasicKind::*;
        let basics = [
            (sym::BOOL, Bool.id()),
            (sym::INT, Int.id()),
            (sym::INT8, Int8.id()),
            (sym::INT16, Int16.id()),
            (sym::INT32, Int32.id()),
            (sym::INT64, Int64.id()),
            (sym::UINT, Uint.id()),
            (sym::UINT8, Uint8.id()),
            (sym::UINT16, Uint16.id()),
            (sym::UINT32, Uint32.id()),
            (sym::UINT64, Uint64.id()),
            (sym::UINTPTR, Uintptr.id()),
            (sym::FLOAT32, Float32.id()),
            (sym::FLOAT64, Float64.id()),
            (sym::COMPLEX64, Complex64.id()),
            (sym::COMPLEX128, Complex128.id()),
            (sym::STRING, String.id()),
            (sym::BYTE, TypeId::BYTE),
            (sym::RUNE, TypeId::RUNE),
        ];
        for (name, ty) in basics {
            declare(objs, u, name, ty, type_name());
        }
        let constant = |value| ObjectKind::Const { value };
        declare(objs, u, sym::TRUE, TypeId::UNTYPED_BOOL, constant(Value::Bool(true)));
        declare(objs, u, sym::FALSE, TypeId::UNTYPED_BOOL, constant(Value::Bool(false)));
        let iota = declare(objs, u, sym::IOTA, TypeId::UNTYPED_INT, constant(Value::Int(0)));
        let nil = declare(objs, u, sym::NIL, TypeId::UNTYPED_NIL, ObjectKind::Nil);
        for (name, id) in UNIVERSE_BUILTINS {
            declare(objs, u, name, TypeId::INVALID, ObjectKind::Builtin(id));
        }
        // Package unsafe. (Its scope is added through another borrow: the closure above ends here.)
        let unsafe_scope = scopes.add(ScopeId::UNIVERSE);
        let mut declare = |name: Symbol, ty: TypeId, kind: ObjectKind| {
            let mut obj = Object::new(kind, name, Span::NONE, Some(unsafe_pkg));
            obj.ty = Some(ty);
            obj.parent = Some(unsafe_scope);
            let id = objs.add(obj);
            scopes[unsafe_scope].insert(name, id);
        };
        declare(sym::POINTER, TypeId::UNSAFE_POINTER, type_name());
        for (name, id) in UNSAFE_BUILTINS {
            declare(name, TypeId::INVALID, ObjectKind::Builtin(id));
        }
        Universe { iota, nil, unsafe_scope }
    }
}
