//! Struct types, interface types, unions.

use std::rc::Rc;

use crate::check::{Checker, Mode};
use crate::constant::{self, Value};
use crate::diag::Code;
use crate::intern::{FastMap, Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, FieldId, List, UnaryOp};
use crate::types::{BasicKind, Field, IMethod, Interface, Type, TypeId, UnionTerm};

/// Unions of more terms than this are refused, as checking them takes quadratic time.
const MAX_TERMS: usize = 100;

impl Checker {
    pub(crate) fn struct_type(&mut self, list: List<FieldId>) -> TypeId {
        let ast = self.ast.clone();
        let mut fields: Vec<Field> = Vec::new();
        let mut declared: FastMap<Symbol, Span> = FastMap::default();
        let mut previous: Option<(ExprId, TypeId)> = None;
        for &f in ast.fields(list) {
            let field = ast.field(f);
            let mut ty = match previous {
                Some((e, ty)) if e == field.typ => ty,
                _ => self.var_type(field.typ),
            };
            previous = Some((field.typ, ty));
            let mut tag = field.tag.map_or(Rc::from(""), |t| self.tag(t));
            let (name, span, embedded) = match field.name {
                Some(n) => (ast.name(n).unwrap_or(sym::BLANK), ast.span(n), false),
                None => match self.embedded_name(field.typ) {
                    Some(n) => (ast.name(n).unwrap_or(sym::BLANK), ast.span(n), true),
                    None => {
                        let msg = format!("invalid embedded field type {}", self.expr_str(field.typ));
                        self.error(ast.start(field.typ), Code::InvalidSyntaxTree, msg);
                        ty = TypeId::INVALID;
                        tag = Rc::from("");
                        (sym::BLANK, ast.span(field.typ), true)
                    }
                },
            };
            if embedded {
                let at = Span::new(ast.start(field.typ), ast.end(field.typ));
                self.later(move |c| c.check_embedded(at, ty));
            }
            if name != sym::BLANK {
                if let Some(&other) = declared.get(&name) {
                    let text = self.names.str(name).to_string();
                    let mut err = self.new_error(Code::DuplicateDecl);
                    self.add_part(&mut err, span, format!("{text} redeclared"));
                    self.add_part(&mut err, other, format!("other declaration of {text}"));
                    self.report(err);
                    continue;
                }
                declared.insert(name, span);
            }
            fields.push(Field { id: self.id(name), ty, embedded, tag });
        }
        self.types.strukt(fields)
    }

    fn check_embedded(&mut self, at: Span, ty: TypeId) {
        let (t, is_ptr) = self.types.deref(ty);
        let msg = match self.types.under_type(t) {
            Type::Basic(BasicKind::UnsafePointer) => "embedded field type cannot be unsafe.Pointer",
            Type::Pointer(_) => "embedded field type cannot be a pointer",
            Type::Interface(_) if self.types.is_type_param(t) => {
                let msg = "embedded field type cannot be a (pointer to a) type parameter";
                self.error(at, Code::MisplacedTypeParam, msg);
                return;
            }
            Type::Interface(_) if is_ptr => "embedded field type cannot be a pointer to an interface",
            _ => return,
        };
        self.error(at, Code::InvalidPtrEmbed, msg);
    }

    /// The identifier that names an embedded field.
    pub(crate) fn embedded_name(&self, e: ExprId) -> Option<ExprId> {
        match self.ast.expr(e) {
            Expr::Name(_) => Some(e),
            Expr::Star(x) if !matches!(self.ast.expr(x), Expr::Star(_)) => self.embedded_name(x),
            Expr::Selector { sel, .. } => Some(sel),
            Expr::Index { x, .. } => self.embedded_name(x),
            Expr::Paren(x) => self.embedded_name(x),
            _ => None,
        }
    }

    fn tag(&mut self, e: ExprId) -> Rc<str> {
        if let Expr::BasicLit { kind, value, bad } = self.ast.expr(e) {
            if bad {
                return Rc::from("");
            }
            if let Value::Str(bytes) = constant::from_literal(self.names.str(value), kind) {
                return Rc::from(String::from_utf8_lossy(&bytes).as_ref());
            }
            let msg = format!("incorrect tag syntax: {:?}", self.names.str(value));
            self.error(e, Code::InvalidSyntaxTree, msg);
        }
        Rc::from("")
    }

    pub(crate) fn interface_type(&mut self, elems: List<FieldId>) -> TypeId {
        let ast = self.ast.clone();
        let mut iface = Interface::default();
        let (mut method_spans, mut embed_spans) = (Vec::new(), Vec::new());
        for &f in ast.fields(elems) {
            let field = ast.field(f);
            let Some(name) = field.name else {
                let t = self.parse_union(field.typ);
                iface.embeddeds.push(t);
                embed_spans.push(ast.span(field.typ));
                continue;
            };
            let text = ast.name(name).unwrap_or(sym::BLANK);
            if text == sym::BLANK {
                self.error(name, Code::BlankIfaceMethod, "methods must have a unique non-blank name");
                continue;
            }
            let sig = self.typ(field.typ);
            if !matches!(self.types.get(sig), Type::Signature(_)) {
                continue;
            }
            iface.methods.push(IMethod { id: self.id(text), sig });
            method_spans.push(ast.span(name));
        }
        if iface.methods.is_empty() && iface.embeddeds.is_empty() {
            return TypeId::EMPTY_INTERFACE;
        }
        // Methods are kept in the order of their names, and their places with them.
        let mut order: Vec<usize> = (0..iface.methods.len()).collect();
        order.sort_by(|&a, &b| {
            let key = |i: usize| (self.names.str(iface.methods[i].id.name), iface.methods[i].id.pkg);
            key(a).cmp(&key(b))
        });
        iface.methods = order.iter().map(|&i| iface.methods[i]).collect();
        let method_spans: Vec<Span> = order.iter().map(|&i| method_spans[i]).collect();
        let t = self.types.interface(iface);
        self.later(move |c| c.check_type_set(t, &method_spans, &embed_spans));
        t
    }

    /// An embedded element of an interface: a type or a union of terms.
    pub(crate) fn parse_union(&mut self, e: ExprId) -> TypeId {
        // Operands of `|`, with the expression that ends with each.
        let mut operands = Vec::new();
        let mut left = e;
        while let Expr::Binary { op: BinaryOp::Or, x, y } = self.ast.expr(left) {
            operands.push((y, left));
            left = x;
        }
        operands.push((left, left));
        operands.reverse();
        let single = operands.len() == 1;
        let mut terms: Vec<UnionTerm> = Vec::new();
        let mut places = Vec::new();
        let mut union = TypeId::INVALID;
        let mut too_many = false;
        for (i, &(x, whole)) in operands.iter().enumerate() {
            let term = self.parse_tilde(x);
            if single && !term.tilde {
                return term.ty;
            }
            if terms.len() >= MAX_TERMS {
                if !too_many {
                    let msg = format!("cannot handle more than {MAX_TERMS} union terms (implementation limitation)");
                    self.error(x, Code::InvalidUnion, msg);
                    too_many = true;
                }
            } else {
                terms.push(term);
                places.push(x);
            }
            if i > 0 {
                union = if too_many { TypeId::INVALID } else { self.types.union(&terms) };
                self.record_type_and_value(whole, Mode::TypeExpr, union, None);
            }
        }
        if too_many {
            return TypeId::INVALID;
        }
        if single {
            union = self.types.union(&terms);
        }
        self.later(move |c| c.check_terms(&terms, &places));
        union
    }

    fn parse_tilde(&mut self, e: ExprId) -> UnionTerm {
        let (x, tilde) = match self.ast.expr(e) {
            Expr::Unary { op: UnaryOp::Tilde, x } => (x, true),
            _ => (e, false),
        };
        let mut ty = self.typ(x);
        if self.types.is_type_param(ty) {
            if tilde {
                let msg = format!("type in term {} cannot be a type parameter", self.expr_str(e));
                self.error(x, Code::MisplacedTypeParam, msg);
            } else {
                self.error(x, Code::MisplacedTypeParam, "term cannot be a type parameter");
            }
            ty = TypeId::INVALID;
        }
        let term = UnionTerm { tilde, ty };
        if tilde {
            let u = self.types.union(&[term]);
            self.record_type_and_value(e, Mode::TypeExpr, u, None);
        }
        term
    }

    fn check_terms(&mut self, terms: &[UnionTerm], places: &[ExprId]) {
        for (i, (term, &at)) in terms.iter().zip(places).enumerate() {
            if !self.types.is_valid(term.ty) {
                continue;
            }
            let u = self.types.under(term.ty);
            let iface = matches!(self.types.get(u), Type::Interface(_));
            let ts = self.ty_str(term.ty);
            if term.tilde {
                if iface {
                    self.error(at, Code::InvalidUnion, format!("invalid use of ~ ({ts} is an interface)"));
                    continue;
                }
                if !self.types.identical(u, term.ty) {
                    let msg = format!("invalid use of ~ (underlying type of {ts} is {})", self.ty_str(u));
                    self.error(at, Code::InvalidUnion, msg);
                    continue;
                }
            }
            if iface {
                let set = self.types.type_set(u);
                let full = self.ty_path_str(term.ty);
                if !set.methods.is_empty() {
                    self.error(at, Code::InvalidUnion, format!("cannot use {full} in union ({full} contains methods)"));
                } else if self.types.unalias(term.ty) == TypeId::COMPARABLE {
                    self.error(at, Code::InvalidUnion, "cannot use comparable in union");
                } else if set.comparable {
                    self.error(
                        at,
                        Code::InvalidUnion,
                        format!("cannot use {full} in union ({full} embeds comparable)"),
                    );
                }
                continue;
            }
            let overlaps = |x: &UnionTerm| {
                if self.types.is_interface(x.ty) {
                    return false;
                }
                let a = if term.tilde { self.types.under(x.ty) } else { x.ty };
                let b = if x.tilde { self.types.under(term.ty) } else { term.ty };
                self.types.identical(a, b)
            };
            if let Some(x) = terms[..i].iter().find(|x| overlaps(x)) {
                let text = |t: &UnionTerm| format!("{}{}", if t.tilde { "~" } else { "" }, self.ty_str(t.ty));
                let msg = format!("overlapping terms {} and {}", text(term), text(x));
                self.soft_error(at, Code::InvalidUnion, msg);
            }
        }
    }
}
