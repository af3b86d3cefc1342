//! Types, parameters, fields.

use super::{Actions, Param};
use crate::intern::sym;
use crate::source::Pos;
use crate::syntax::ast::*;

impl Actions<'_> {
    /// Gives the parameters of a complete list their types: all have names, or none has.
    pub fn params(&mut self, start: u32, close: u32) -> List<FieldId> {
        self.distribute(start, close, false)
    }

    /// Type parameters: all have names.
    pub fn type_params(&mut self, start: u32, close: u32) -> List<FieldId> {
        let list = self.distribute(start, close, true);
        self.check_dots(list, false);
        list
    }

    /// Type parameters of an interface's method, which there may not be.
    pub fn method_params(&mut self, start: u32, close: u32) -> List<FieldId> {
        self.distribute(start, close, false)
    }

    pub(super) fn distribute(&mut self, start: u32, close: u32, require_names: bool) -> List<FieldId> {
        let mut list: Vec<Param> = self.params.since(start).to_vec();
        self.params.0.truncate(start as usize);
        let named = list.iter().filter(|param| param.name.is_some() && param.typ.is_some()).count();
        let typed = list.iter().filter(|param| param.typ.is_some()).count();
        if named == 0 && !require_names {
            for param in &mut list {
                if let Some(name) = param.name.take() {
                    param.typ = Some(name);
                }
            }
        } else if named != list.len() {
            self.share_types(&mut list, close, named == typed, require_names);
        }
        let fields = self.fields.begin();
        for param in list {
            let typ = match param.typ {
                Some(typ) => typ,
                None => self.bad(param.pos, param.pos),
            };
            let field = self.ast.add_field(Field { name: param.name, typ, tag: None, pos: Pos(param.pos) });
            self.fields.push(field);
        }
        self.field_list(fields)
    }

    /// Types of the kind `a, b T`: names without a type take the next one to the right.
    pub(super) fn share_types(&mut self, list: &mut [Param], close: u32, all_typed_named: bool, require_names: bool) {
        let mut wrong = None;
        let mut current = None;
        for index in (0..list.len()).rev() {
            let param = list[index];
            match (param.typ, current) {
                (Some(typ), _) => {
                    current = Some(typ);
                    if param.name.is_none() {
                        let at = self.ast.start_pos(typ).0;
                        wrong = Some(at);
                        list[index].name = Some(self.name(at, at, sym::BLANK));
                    }
                }
                (None, Some(typ)) => list[index].typ = Some(typ),
                (None, None) => {
                    wrong = Some(param.pos);
                    list[index].typ = Some(self.bad(param.pos, param.pos));
                }
            }
        }
        let Some(at) = wrong else { return };
        match (all_typed_named, require_names) {
            (true, true) => self.syntax_error(close, "missing type constraint"),
            (true, false) => self.syntax_error(close, "missing parameter type"),
            (false, true) if list.len() == 1 => {
                self.syntax_error(at, "missing type parameter name or invalid array length");
            }
            (false, true) => self.syntax_error(at, "missing type parameter name"),
            (false, false) => self.syntax_error(at, "missing parameter name"),
        }
    }

    /// Complains about `...` where it does not belong; the type without it takes its place.
    pub(super) fn check_dots(&mut self, list: List<FieldId>, final_may: bool) {
        let fields = self.ast.fields(list).to_vec();
        let mut complained = false;
        for (index, &id) in fields.iter().enumerate() {
            let mut field = self.ast.field(id);
            let Expr::DotsType { elem } = self.ast.expr(field.typ) else { continue };
            if final_may && index + 1 == fields.len() || self.ast.expr(elem) == Expr::Bad {
                continue;
            }
            if !std::mem::replace(&mut complained, true) {
                let message = match final_may {
                    true => "can only use ... with final parameter",
                    false => "invalid use of ...",
                };
                self.error(self.ast.pos(field.typ).0, message);
            }
            field.typ = elem;
            self.ast.set_field(id, field);
        }
    }

    /// A receiver's parentheses.
    pub fn receiver(&mut self, list: List<FieldId>) -> List<FieldId> {
        self.check_dots(list, false);
        list
    }

    /// Results in parentheses.
    pub fn results(&mut self, list: List<FieldId>) -> List<FieldId> {
        self.check_dots(list, false);
        list
    }

    /// A single result.
    pub fn result(&mut self, l: u32, typ: ExprId) -> List<FieldId> {
        let field = self.ast.add_field(Field { name: None, typ, tag: None, pos: Pos(l) });
        self.ast.add_list(&[field])
    }

    /// `func ( params ) results`, reported at `at`.
    pub fn func_type(&mut self, l: u32, r: u32, at: u32, params: List<FieldId>, results: List<FieldId>) -> ExprId {
        self.check_dots(params, true);
        self.expr(Expr::FuncType { params, results }, l, r, at)
    }

    /// Type parameters where there can be none.
    pub fn no_type_params(&mut self, at: u32, what: &str) {
        self.syntax_error(at, format!("{what} must have no type parameters"));
    }

    /// Type parameters of an interface's method.
    pub fn method_type_params(&mut self, at: u32) {
        self.error(at, "interface method must have no type parameters");
    }

    /// `[n]E` after a name.
    pub fn named_array(&mut self, l: u32, r: u32, (len, comma): (List<ExprId>, bool), elem: ExprId) -> ExprId {
        let lens = self.ast.exprs(len).to_vec();
        if comma || lens.len() > 1 {
            self.syntax_error(self.ast.end(lens[0]).0, "unexpected comma; expected ]");
        }
        self.expr(Expr::ArrayType { len: Some(lens[0]), elem }, l, r, l)
    }

    /// A struct field, embedded type, method or interface element.
    pub fn field(&mut self, l: u32, name: Option<ExprId>, typ: ExprId, tag: Option<ExprId>) {
        let field = self.ast.add_field(Field { name, typ, tag, pos: Pos(l) });
        self.fields.push(field);
    }

    /// `first, names typ tag`
    pub fn fields_named(&mut self, first: ExprId, names: u32, typ: ExprId, tag: Option<ExprId>) {
        let rest = self.exprs.0.split_off(names as usize);
        for name in std::iter::once(first).chain(rest) {
            self.field(self.ast.pos(name).0, Some(name), typ, tag);
        }
    }

    /// `(T)` or `*(T)` in a struct.
    pub fn parenthesized_embedding(&mut self, paren: u32) {
        self.syntax_error(paren, "cannot parenthesize embedded type");
    }
}
