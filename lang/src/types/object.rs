//! Objects: what declarations declare and identifiers denote.

use crate::constant::Value;
use crate::intern::Symbol;
use crate::source::Span;
use crate::syntax::ast::{DeclId, ExprId, StmtId};
use crate::types::scope::ScopeId;
use crate::types::universe::BuiltinId;
use crate::types::{PackageId, TypeId};

/// Names an object of the program's [`Objects`] store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjId(pub u32);

/// What a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum VarKind {
    PackageVar,
    LocalVar,
    Receiver,
    Param,
    Result,
}

/// The kinds of objects with their particulars.
#[derive(Debug, Clone)]
pub enum ObjectKind {
    /// The name under which a file imports a package.
    PkgName {
        /// The package.
        imported: PackageId,
        /// Whether some identifier referred to it.
        used: bool,
    },
    /// A constant; unknown until its declaration has been checked. (Before that, the value of iota.)
    Const {
        /// Its value.
        value: Value,
    },
    /// A type name.
    TypeName {
        /// Whether its declaration is an alias declaration.
        alias: bool,
    },
    /// A variable, parameter or result.
    Var {
        /// What kind of variable.
        kind: VarKind,
        /// Whether its value is used somewhere.
        used: bool,
    },
    /// A function or a method.
    Func(FuncInfo),
    /// A label.
    Label {
        /// Whether some statement refers to it.
        used: bool,
        /// The labelled statement.
        stmt: Option<StmtId>,
    },
    /// A predeclared function, also those of package unsafe.
    Builtin(BuiltinId),
    /// Predeclared `nil`.
    Nil,
}

/// Particulars of a function or method object.
#[derive(Debug, Clone, Default)]
pub struct FuncInfo {
    /// The declaration, in the AST of the object's package.
    pub decl: Option<DeclId>,
    /// For methods: the receiver parameter's object, once the signature has been checked.
    pub recv: Option<ObjId>,
    /// For methods: whether the receiver is written as a pointer (known before the signature is).
    pub ptr_recv: bool,
    /// Whether this is a method.
    pub is_method: bool,
    /// For methods of generic types: the receiver's own type parameters, in the order of the type's.
    pub recv_tparams: Vec<TypeId>,
    /// Ordinary parameters in order (one object each, also for blank and unnamed ones).
    pub params: Vec<ObjId>,
    /// Results in order, likewise.
    pub results: Vec<ObjId>,
    /// The function's outermost scope, holding type parameters, parameters and results.
    pub scope: Option<ScopeId>,
    /// Whether the body has been checked (or there is none).
    pub body_done: bool,
}

/// A declared thing.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its name.
    pub name: Symbol,
    /// Where its name is declared; empty for predeclared objects.
    pub span: Span,
    /// Package of declaration; `None` for predeclared objects.
    pub pkg: Option<PackageId>,
    /// Scope of declaration, once declared.
    pub parent: Option<ScopeId>,
    /// From where on a local object is visible (position in its file); 0 for others.
    pub scope_pos: u32,
    /// Its type, once known.
    pub ty: Option<TypeId>,
    /// Source order among the package-level objects of its package; 0 for local ones.
    pub order: u32,
    /// Kind and particulars.
    pub kind: ObjectKind,
}

impl Object {
    /// A new object; type, scope and order follow.
    pub fn new(kind: ObjectKind, name: Symbol, span: Span, pkg: Option<PackageId>) -> Object {
        Object { name, span, pkg, parent: None, scope_pos: 0, ty: None, order: 0, kind }
    }

    /// Whether this is a variable (parameters and results included).
    pub fn is_var(&self) -> bool {
        matches!(self.kind, ObjectKind::Var { .. })
    }
    /// Whether this is a type name.
    pub fn is_type_name(&self) -> bool {
        matches!(self.kind, ObjectKind::TypeName { .. })
    }
    /// Whether this is a function or method.
    pub fn is_func(&self) -> bool {
        matches!(self.kind, ObjectKind::Func(_))
    }
    /// Whether this is a constant.
    pub fn is_const(&self) -> bool {
        matches!(self.kind, ObjectKind::Const { .. })
    }
    /// The function's particulars, if it is one.
    pub fn func(&self) -> Option<&FuncInfo> {
        match &self.kind {
            ObjectKind::Func(f) => Some(f),
            _ => None,
        }
    }
    /// The function's particulars, for changing.
    pub fn func_mut(&mut self) -> Option<&mut FuncInfo> {
        match &mut self.kind {
            ObjectKind::Func(f) => Some(f),
            _ => None,
        }
    }
    /// The constant's value, if it is one.
    pub fn const_value(&self) -> Option<&Value> {
        match &self.kind {
            ObjectKind::Const { value } => Some(value),
            _ => None,
        }
    }
}

/// The program's objects; index with an [`ObjId`].
#[derive(Debug, Default)]
pub struct Objects {
    all: Vec<Object>,
}

impl Objects {
    /// Enters an object.
    pub fn add(&mut self, obj: Object) -> ObjId {
        let id = ObjId(self.all.len() as u32);
        self.all.push(obj);
        id
    }

    /// How many objects there are; ids are dense.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl std::ops::Index<ObjId> for Objects {
    type Output = Object;
    fn index(&self, id: ObjId) -> &Object {
        &self.all[id.0 as usize]
    }
}

impl std::ops::IndexMut<ObjId> for Objects {
    fn index_mut(&mut self, id: ObjId) -> &mut Object {
        &mut self.all[id.0 as usize]
    }
}

/// How a package-level object is declared: what the checker needs to determine its type when it is first used.
#[derive(Debug, Clone, Default)]
pub struct DeclInfo {
    /// Scope of the file that holds the declaration.
    pub file: Option<ScopeId>,
    /// Left-hand side variables of an n:1 variable declaration.
    pub lhs: Vec<ObjId>,
    /// Type expression of a constant or variable.
    pub vtyp: Option<ExprId>,
    /// Initialisation expression of a constant or variable.
    pub init: Option<ExprId>,
    /// Language version of the file.
    pub version: (u32, u32),
    /// Whether the initialisation expression is repeated from an earlier constant of the group.
    pub inherited: bool,
    /// The declaration of a type or function.
    pub decl: Option<DeclId>,
    /// Package-level constants, variables and functions (methods included) that the initialiser or body refers to.
    pub deps: std::collections::BTreeSet<ObjId>,
}
