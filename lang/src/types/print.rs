//! Types as Go's compiler prints them in messages.

use crate::constant;
use crate::intern::{Interner, Symbol, sym};
use crate::types::{BasicKind, ChanDir, PackageId, Param, Signature, Type, TypeId, Types};

/// What printing needs besides the types.
pub struct Printer<'a> {
    /// The types.
    pub types: &'a Types,
    /// The names.
    pub names: &'a Interner,
    /// How to qualify names of a package; an empty text leaves them bare.
    pub qualifier: &'a dyn Fn(PackageId) -> String,
    /// Where a type parameter is declared whose name hides a predeclared one; `None` if it does not.
    pub hides: &'a dyn Fn(TypeId) -> Option<String>,
    /// Whether to print parameter names.
    pub param_names: bool,
}

impl Printer<'_> {
    /// The text of a type.
    pub fn to_string(&self, t: TypeId) -> String {
        let mut out = String::new();
        self.write(&mut out, t);
        out
    }

    fn name(&self, out: &mut String, pkg: Option<PackageId>, name: Symbol) {
        if let Some(pkg) = pkg {
            let q = (self.qualifier)(pkg);
            if !q.is_empty() {
                out.push_str(&q);
                out.push('.');
            }
        }
        out.push_str(self.names.str(name));
    }

    fn list(&self, out: &mut String, list: &[TypeId]) {
        out.push('[');
        for (i, &t) in list.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.write(out, t);
        }
        out.push(']');
    }

    fn tparams(&self, out: &mut String, list: &[TypeId]) {
        out.push('[');
        let mut prev = None;
        for (i, &t) in list.iter().enumerate() {
            let bound = match self.types.get(t) {
                Type::TypeParam(id) => Some(self.types.type_param(id).bound.get()),
                _ => None,
            };
            if i > 0 {
                if let Some(p) = prev
                    && bound != prev
                {
                    out.push(' ');
                    self.write(out, p);
                }
                out.push_str(", ");
            }
            prev = bound;
            self.write(out, t);
        }
        if let Some(p) = prev {
            out.push(' ');
            self.write(out, p);
        }
        out.push(']');
    }

    /// Appends the text of a type.
    pub fn write(&self, out: &mut String, t: TypeId) {
        match self.types.get(t) {
            Type::Basic(k) => out.push_str(match t {
                TypeId::BYTE => "byte",
                TypeId::RUNE => "rune",
                _ if k == BasicKind::UnsafePointer => "unsafe.Pointer",
                _ => k.name(),
            }),
            Type::Named(id) => {
                let n = self.types.named(id);
                self.name(out, n.pkg, n.name);
                if !n.targs.is_empty() {
                    self.list(out, &n.targs);
                } else {
                    let tparams = n.tparams.borrow().clone();
                    if !tparams.is_empty() {
                        self.tparams(out, &tparams);
                    }
                }
            }
            Type::Alias(id) => {
                let a = self.types.alias(id);
                self.name(out, a.pkg, a.name);
                if !a.targs.is_empty() {
                    self.list(out, &a.targs);
                } else {
                    let tparams = a.tparams.borrow().clone();
                    if !tparams.is_empty() {
                        self.tparams(out, &tparams);
                    }
                }
            }
            Type::TypeParam(id) => {
                let p = self.types.type_param(id);
                out.push_str(self.names.str(p.name));
                if let Some(place) = (self.hides)(t) {
                    out.push_str(&format!(" /* with {} declared at {place} */", self.names.str(p.name)));
                }
            }
            Type::Pointer(e) => {
                out.push('*');
                self.write(out, e);
            }
            Type::Slice(e) => {
                out.push_str("[]");
                self.write(out, e);
            }
            Type::Array { len, elem } => {
                out.push_str(&format!("[{len}]"));
                self.write(out, elem);
            }
            Type::Map { key, elem } => {
                out.push_str("map[");
                self.write(out, key);
                out.push(']');
                self.write(out, elem);
            }
            Type::Chan { dir, elem } => {
                let parens = match dir {
                    ChanDir::Both => {
                        out.push_str("chan ");
                        matches!(self.types.get(elem), Type::Chan { dir: ChanDir::Recv, .. })
                    }
                    ChanDir::Send => {
                        out.push_str("chan<- ");
                        false
                    }
                    ChanDir::Recv => {
                        out.push_str("<-chan ");
                        false
                    }
                };
                if parens {
                    out.push('(');
                }
                self.write(out, elem);
                if parens {
                    out.push(')');
                }
            }
            Type::Struct(s) => {
                out.push_str("struct{");
                for (i, f) in s.fields.iter().enumerate() {
                    if i > 0 {
                        out.push_str("; ");
                    }
                    if !f.embedded {
                        out.push_str(self.names.str(f.id.name));
                        out.push(' ');
                    }
                    self.write(out, f.ty);
                    if !f.tag.is_empty() {
                        out.push(' ');
                        out.push_str(&constant::quote(f.tag.as_bytes()));
                    }
                }
                out.push('}');
            }
            Type::Tuple(ps) => self.tuple(out, &ps, false),
            Type::Signature(s) => {
                out.push_str("func");
                self.signature(out, &s);
            }
            Type::Union(terms) => {
                for (i, term) in terms.iter().enumerate() {
                    if i > 0 {
                        out.push_str(" | ");
                    }
                    if term.tilde {
                        out.push('~');
                    }
                    self.write(out, term.ty);
                }
            }
            Type::Interface(iface) => {
                if t == TypeId::ANY_INTERFACE {
                    out.push_str("any");
                    return;
                }
                if iface.comparable {
                    out.push_str("interface{comparable}");
                    return;
                }
                if iface.implicit {
                    if let ([], [only]) = (&iface.methods[..], &iface.embeddeds[..]) {
                        self.write(out, *only);
                        return;
                    }
                    out.push_str("/* implicit */ ");
                }
                out.push_str("interface{");
                let mut first = true;
                for m in &iface.methods {
                    if !first {
                        out.push_str("; ");
                    }
                    first = false;
                    out.push_str(self.names.str(m.id.name));
                    if let Type::Signature(s) = self.types.get(m.sig) {
                        self.signature(out, &s);
                    }
                }
                for &e in &iface.embeddeds {
                    if !first {
                        out.push_str("; ");
                    }
                    first = false;
                    self.write(out, e);
                }
                out.push('}');
            }
        }
    }

    fn tuple(&self, out: &mut String, params: &[Param], variadic: bool) {
        out.push('(');
        for (i, p) in params.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            if p.name != sym::EMPTY && self.param_names {
                out.push_str(self.names.str(p.name));
                out.push(' ');
            }
            if variadic && i == params.len() - 1 {
                if let Type::Slice(e) = self.types.get(p.ty) {
                    out.push_str("...");
                    self.write(out, e);
                } else {
                    self.write(out, p.ty);
                    out.push_str("...");
                }
            } else {
                self.write(out, p.ty);
            }
        }
        out.push(')');
    }

    /// Appends a signature without the keyword.
    pub fn signature(&self, out: &mut String, s: &Signature) {
        if !s.tparams.is_empty() {
            self.tparams(out, &s.tparams);
        }
        self.tuple(out, &s.params, s.variadic);
        match &s.results[..] {
            [] => {}
            [only] if only.name == sym::EMPTY => {
                out.push(' ');
                self.write(out, only.ty);
            }
            results => {
                out.push(' ');
                self.tuple(out, results, false);
            }
        }
    }
}
