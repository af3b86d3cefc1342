//! What checking a package finds out about its expressions, for the stages after it.
//!
//! Tables are indexed by [`ExprId`]. Types recorded are final: an untyped operand carries the type that it was converted to.

use crate::constant::Value;
use crate::intern::FastMap;
use crate::syntax::ast::{ClauseId, ExprId};
use crate::types::universe::BuiltinId;
use crate::types::{ObjId, TypeId};

/// What an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In error, and reported.
    Invalid,
    /// A call without results.
    NoValue,
    /// A predeclared function.
    Builtin,
    /// A type.
    TypeExpr,
    /// A constant; its value is known.
    Constant,
    /// An addressable variable.
    Variable,
    /// A map element: assignable, and usable with comma-ok.
    MapIndex,
    /// A computed value.
    Value,
    /// `nil`; its type is that of its context, or untyped nil.
    NilValue,
    /// A value that may be used with comma-ok.
    CommaOk,
}

/// Type, mode and constant value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeAndValue {
    /// What it stands for.
    pub mode: Mode,
    /// Its type. For a comma-ok use: a tuple of the value's type and a boolean type.
    pub ty: TypeId,
    /// Its value, if it is a constant.
    pub value: Option<Value>,
}

/// How a selector expression `x.f` was resolved. (Qualified identifiers have none: see [`Info::uses`] of the selector's name.)
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Field, method value, or method expression.
    pub kind: SelectionKind,
    /// Type of `x` (the type named by `x` for method expressions).
    pub recv: TypeId,
    /// What was selected.
    pub what: crate::types::lookup::Selected,
    /// Path of field indices through embedded fields; the last one is the field's, or the method's.
    pub index: Vec<u32>,
    /// Whether a pointer was followed from `x` to what was selected.
    pub indirect: bool,
    /// Type of `x.f`.
    pub ty: TypeId,
}

/// Kinds of selections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectionKind {
    /// `x.f` is a field.
    Field,
    /// `x.f` is a method, called or bound.
    MethodValue,
    /// `T.f` is a method expression.
    MethodExpr,
}

/// Type arguments of an instantiated generic function or type.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The arguments, inferred ones included.
    pub targs: Vec<TypeId>,
    /// The instantiated type or signature.
    pub ty: TypeId,
}

/// A package variable initialisation: `lhs = rhs`, several variables for a multi-valued `rhs`.
#[derive(Debug, Clone, PartialEq)]
pub struct Initializer {
    /// The variables.
    pub lhs: Vec<ObjId>,
    /// The expression, in the package's AST.
    pub rhs: ExprId,
}

/// The objects that a function literal's signature declares.
#[derive(Debug, Clone, Default)]
pub struct FuncLitInfo {
    /// Parameters in order (one object each, also for blank and unnamed ones).
    pub params: Vec<ObjId>,
    /// Results in order, likewise.
    pub results: Vec<ObjId>,
}

/// The findings about one package.
#[derive(Debug, Default)]
pub struct Info {
    types: Vec<Option<TypeAndValue>>,
    defs: Vec<Option<ObjId>>,
    uses: Vec<Option<ObjId>>,
    /// Objects declared without an identifier: by an import spec (key: its path literal).
    pub implicits: FastMap<ExprId, ObjId>,
    /// The symbolic variable that `switch x := y.(type)` declares in each clause.
    pub clause_vars: FastMap<ClauseId, ObjId>,
    /// Selector expressions that denote fields and methods.
    pub selections: FastMap<ExprId, Selection>,
    /// Instantiations, by the identifier that denotes the generic function or type.
    pub instances: FastMap<ExprId, Instance>,
    /// Which predeclared function a call calls, by the call's function expression.
    pub builtins: FastMap<ExprId, BuiltinId>,
    /// Paths of field indices that the keys of struct literals denote, by the key's identifier.
    pub field_keys: FastMap<ExprId, Vec<u32>>,
    /// Parameters of function literals.
    pub func_lits: FastMap<ExprId, FuncLitInfo>,
    /// Package variables in order of initialisation.
    pub init_order: Vec<Initializer>,
}

fn get<T: Clone>(table: &[Option<T>], e: ExprId) -> Option<&T> {
    table.get(e.index()).and_then(Option::as_ref)
}

fn set<T: Clone>(table: &mut Vec<Option<T>>, e: ExprId, value: Option<T>) {
    if table.len() <= e.index() {
        table.resize(e.index() + 1, None);
    }
    table[e.index()] = value;
}

impl Info {
    /// Makes room for a package of `exprs` expressions.
    pub fn reserve(&mut self, exprs: usize) {
        self.types.resize(exprs, None);
        self.defs.resize(exprs, None);
        self.uses.resize(exprs, None);
    }

    /// Type, mode and value of an expression.
    pub fn type_and_value(&self, e: ExprId) -> Option<&TypeAndValue> {
        get(&self.types, e)
    }

    /// Type of an expression; invalid if it has none.
    pub fn type_of(&self, e: ExprId) -> TypeId {
        get(&self.types, e).map_or(TypeId::INVALID, |tv| tv.ty)
    }

    /// Value of a constant expression.
    pub fn value_of(&self, e: ExprId) -> Option<&Value> {
        get(&self.types, e).and_then(|tv| tv.value.as_ref())
    }

    /// Whether the expression denotes a type.
    pub fn is_type(&self, e: ExprId) -> bool {
        get(&self.types, e).is_some_and(|tv| tv.mode == Mode::TypeExpr)
    }

    /// The object that a declaring identifier declares.
    pub fn def(&self, e: ExprId) -> Option<ObjId> {
        get(&self.defs, e).copied()
    }

    /// The object that a using identifier denotes. (For `x` in `switch x := y.(type)` see [`Info::clause_vars`].)
    pub fn use_of(&self, e: ExprId) -> Option<ObjId> {
        get(&self.uses, e).copied()
    }

    /// The object that an identifier declares or denotes.
    pub fn object_of(&self, e: ExprId) -> Option<ObjId> {
        self.def(e).or_else(|| self.use_of(e))
    }

    /// Records type, mode and value.
    pub fn set_type(&mut self, e: ExprId, tv: TypeAndValue) {
        set(&mut self.types, e, Some(tv));
    }

    /// Records a declaration.
    pub fn set_def(&mut self, e: ExprId, obj: Option<ObjId>) {
        set(&mut self.defs, e, obj);
    }

    /// Records a use.
    pub fn set_use(&mut self, e: ExprId, obj: ObjId) {
        set(&mut self.uses, e, Some(obj));
    }

    /// The recorded type, for changing it.
    pub fn type_mut(&mut self, e: ExprId) -> Option<&mut TypeAndValue> {
        self.types.get_mut(e.index()).and_then(Option::as_mut)
    }
}
