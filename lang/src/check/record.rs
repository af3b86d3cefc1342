//! Recording findings in the package's [`crate::check::Info`].

use crate::check::info::Instance;
use crate::check::{Checker, Mode, Operand, Selection, TypeAndValue, UntypedInfo};
use crate::constant::Value;
use crate::syntax::ast::{Expr, ExprId};
use crate::types::lookup::Selected;
use crate::types::universe::BuiltinId;
use crate::types::{ObjId, TypeId};

impl Checker {
    /// Records an operand's findings for its expression; those of untyped ones when their type is known.
    pub(crate) fn record(&mut self, x: &Operand) {
        let Some(e) = x.expr else { return };
        let (ty, val) = match x.mode {
            Mode::Invalid => (TypeId::INVALID, None),
            Mode::NoValue => (TypeId::EMPTY_TUPLE, None),
            Mode::Constant => (x.ty, Some(x.val.clone())),
            _ => (x.ty, None),
        };
        if self.types.is_untyped(ty) {
            let info = UntypedInfo { is_lhs: false, mode: x.mode, ty, val };
            self.untyped.insert((self.pkg, e), info);
        } else {
            self.record_type_and_value(e, x.mode, ty, val);
        }
    }

    /// Records type, mode and value of an expression.
    pub fn record_type_and_value(&mut self, e: ExprId, mode: Mode, ty: TypeId, value: Option<Value>) {
        if mode == Mode::Invalid {
            return;
        }
        let value = if mode == Mode::Constant { value } else { None };
        self.info().set_type(e, TypeAndValue { mode, ty, value });
    }

    /// Records the untyped expressions that never got another type.
    pub(crate) fn record_untyped(&mut self) {
        let rest = std::mem::take(&mut self.untyped);
        for ((pkg, e), info) in rest {
            let value = if info.mode == Mode::Constant { info.val } else { None };
            let tv = TypeAndValue { mode: info.mode, ty: info.ty, value };
            self.pkgs[pkg.0 as usize].info.set_type(e, tv);
        }
    }

    /// Records the use of a predeclared function with the signature that it has in this call.
    pub fn record_builtin_type(&mut self, fun: ExprId, sig: TypeId) {
        let mut fun = fun;
        loop {
            self.record_type_and_value(fun, Mode::Builtin, sig, None);
            match self.ast.expr(fun) {
                Expr::Paren(x) => fun = x,
                _ => return,
            }
        }
    }

    /// Records which predeclared function a call calls.
    pub fn record_builtin(&mut self, fun: ExprId, id: BuiltinId) {
        self.info().builtins.insert(fun, id);
    }

    /// Records that an expression is used as two values: its type becomes a tuple.
    pub fn record_comma_ok_types(&mut self, e: ExprId, types: [TypeId; 2]) {
        let tuple = self.types.tuple_of(&types);
        let mut e = e;
        loop {
            if let Some(tv) = self.info().type_mut(e) {
                tv.ty = tuple;
            }
            match self.ast.expr(e) {
                Expr::Paren(x) => e = x,
                _ => return,
            }
        }
    }

    /// Records what an identifier declares.
    pub fn record_def(&mut self, name: ExprId, obj: Option<ObjId>) {
        self.info().set_def(name, obj);
    }

    /// Records what an identifier denotes.
    pub fn record_use(&mut self, name: ExprId, obj: ObjId) {
        self.info().set_use(name, obj);
    }

    /// Records an object declared without an identifier of its own.
    pub fn record_implicit(&mut self, node: ExprId, obj: ObjId) {
        self.info().implicits.insert(node, obj);
    }

    /// Records what a selector expression denotes.
    pub(crate) fn record_selection(&mut self, e: ExprId, sel: ExprId, selection: Selection) {
        if let Selected::Method { method, .. } = &selection.what {
            self.record_use(sel, method.obj);
        }
        self.info().selections.insert(e, selection);
    }

    /// Records the instantiation of the generic function or type that `e` (an identifier, selector or index expression) denotes.
    pub fn record_instance(&mut self, e: ExprId, targs: &[TypeId], ty: TypeId) {
        let base = match self.ast.expr(self.ast.unparen(e)) {
            Expr::Index { x, .. } => self.ast.unparen(x),
            _ => self.ast.unparen(e),
        };
        let name = match self.ast.expr(base) {
            Expr::Selector { sel, .. } => sel,
            _ => base,
        };
        self.info().instances.insert(name, Instance { targs: targs.to_vec(), ty });
    }
}
