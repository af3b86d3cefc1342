//! Reporting: where a message goes, what suppresses it, and how objects and types are spelled in it.

use crate::check::Checker;
use crate::check::operand::Operand;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{Pos, Span};
use crate::syntax::ast::{ClauseId, DeclId, ExprId, FieldId, StmtId};
use crate::types::print::Printer;
use crate::types::{ObjId, PackageId, ScopeId, Type, TypeId};

/// A place to report at.
pub trait At {
    /// The place in the current package's sources.
    fn at(&self, c: &Checker) -> Span;
}

impl At for Span {
    fn at(&self, _: &Checker) -> Span {
        *self
    }
}

impl At for Pos {
    fn at(&self, _: &Checker) -> Span {
        self.span()
    }
}

macro_rules! at_node {
    ($($id:ty),*) => {$(
        impl At for $id {
            fn at(&self, c: &Checker) -> Span {
                c.ast.span(*self)
            }
        }
    )*};
}
at_node!(StmtId, DeclId, FieldId, ClauseId);

impl At for ExprId {
    fn at(&self, c: &Checker) -> Span {
        let lo = c.ast.start_pos(*self);
        Span::new(lo, c.ast.end(*self).max(lo))
    }
}

impl At for ObjId {
    fn at(&self, c: &Checker) -> Span {
        c.objs[*self].span
    }
}

impl At for &Operand {
    fn at(&self, c: &Checker) -> Span {
        match (self.expr, &self.dummy) {
            (Some(e), _) => e.at(c),
            (None, Some(d)) => d.0,
            (None, None) => Span::NONE,
        }
    }
}

impl At for &mut Operand {
    fn at(&self, c: &Checker) -> Span {
        (&**self).at(c)
    }
}

/// A message of one or more parts under construction; [`Checker::report`] reports it.
#[derive(Debug)]
pub struct ErrorParts {
    code: Code,
    parts: Vec<(Span, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Checker {
    /// Starts a message of several parts.
    pub fn new_error(&self, code: Code) -> ErrorParts {
        ErrorParts { code, parts: Vec::new(), hint: None }
    }

    /// Adds a part: the first one is the message, the others follow on lines of their own with their position.
    pub fn add_part(&self, err: &mut ErrorParts, at: impl At, msg: impl Into<String>) {
        err.parts.push((at.at(self), msg.into()));
    }

    /// Adds "other declaration of".
    pub fn add_alt_decl(&self, err: &mut ErrorParts, obj: ObjId) {
        let span = self.objs[obj].span;
        if span.is_known() {
            err.parts.push((span, format!("other declaration of {}", self.obj_name(obj))));
        }
    }

    /// Reports an error.
    pub fn error(&mut self, at: impl At, code: Code, msg: impl Into<String>) {
        let err = ErrorParts { code, parts: vec![(at.at(self), msg.into())], hint: None };
        self.report(err);
    }

    /// Reports an error that does not make types unreliable, such as an unused variable.
    pub fn soft_error(&mut self, at: impl At, code: Code, msg: impl Into<String>) {
        self.error(at, code, msg);
    }

    /// Reports an error if the language version of the current file lacks a feature; gives whether it has it.
    pub fn verify_version(&mut self, at: impl At, version: (u32, u32), what: &str) -> bool {
        if self.allow_version(version) {
            return true;
        }
        let msg = format!("{what} requires go{}.{} or later", version.0, version.1);
        self.error(at, Code::UnsupportedFeature, msg);
        false
    }

    /// Whether the language version of the current file is at least `version`.
    pub fn allow_version(&self, version: (u32, u32)) -> bool {
        self.env.version >= version
    }

    /// Reports a message of several parts.
    pub fn report(&mut self, err: ErrorParts) {
        let aside = std::mem::take(&mut self.aside);
        let Some((span, first)) = err.parts.first().cloned() else { return };
        // A message about something invalid follows from an earlier one.
        if self.diags.error_count() > 0
            && (first.find("invalid operand") > Some(0) || first.find("invalid type") > Some(0))
        {
            return;
        }
        let span = self.env.err_pos.unwrap_or(span);
        let mut message =
            if err.code == Code::InvalidSyntaxTree { format!("invalid syntax tree: {first}") } else { first };
        let mut diag_labels = Vec::new();
        for (at, text) in &err.parts[1..] {
            message.push_str("\n\t");
            if at.is_known() {
                message.push_str(&format!("{}: ", self.sources.location(at.lo)));
                diag_labels.push((*at, text.clone()));
            }
            message.push_str(text);
        }
        if self.silent > 0 {
            return;
        }
        if message.contains(" requires go1.") && message.contains(" or later") {
            let file = self.sources.file_of(span.lo);
            let declared =
                self.package(self.pkg).files.iter().find(|f| Some(f.file) == file).and_then(|f| f.go_version);
            let (major, minor) = self.package(self.pkg).go_version;
            message.push_str(&match declared.filter(|&v| v == self.env.version) {
                Some((major, minor)) => format!(" (file declares //go:build go{major}.{minor})"),
                None => format!(" (-lang was set to go{major}.{minor}; check go.mod)"),
            });
        }
        let mut d = if self.is_lenient(err.code, span) {
            Diagnostic::warning(err.code, span, message)
        } else {
            Diagnostic::error(err.code, span, message)
        };
        for (at, text) in diag_labels {
            d = d.label(at, text);
        }
        for (at, text) in aside.labels {
            if !d.labels.iter().any(|l| l.span == at) && at != span {
                d = d.label(at, text);
            }
        }
        (d.here, d.hint) = (aside.here, err.hint.or(aside.hint));
        if d.severity == Severity::Error {
            self.pkgs[self.pkg.0 as usize].failed = true;
        }
        self.diags.push(d);
    }

    /// Whether a finding is no more than a warning: what is unused in a script.
    fn is_lenient(&self, code: Code, span: Span) -> bool {
        !self.strict
            && matches!(code, Code::UnusedVar | Code::UnusedImport)
            && self.sources.file_of(span.lo).is_some_and(|f| self.script_files.contains(&f))
    }

    /// The text that qualifies names of a package in messages; empty for the current one.
    pub fn qualifier(&self, pkg: PackageId) -> String {
        if pkg == self.pkg {
            return String::new();
        }
        let p = &self.pkgs[pkg.0 as usize];
        let ambiguous = self.pkgs.iter().any(|q| q.name == p.name && q.path != p.path);
        if ambiguous { format!("{:?}", p.path) } else { self.names.str(p.name).to_string() }
    }

    fn print_with<R>(&self, names: bool, f: impl FnOnce(&Printer<'_>) -> R) -> R {
        let qualifier = |pkg: PackageId| self.qualifier(pkg);
        let hides = |t: TypeId| {
            let Type::TypeParam(id) = self.types.get(t) else { return None };
            let p = self.types.type_param(id);
            self.scopes[ScopeId::UNIVERSE].lookup(p.name)?;
            Some(self.sources.location(self.objs[p.obj].span.lo).to_string())
        };
        f(&Printer { types: &self.types, names: &self.names, qualifier: &qualifier, hides: &hides, param_names: names })
    }

    /// A type as messages print it.
    pub fn ty_str(&self, t: TypeId) -> String {
        self.print_with(true, |p| p.to_string(t))
    }

    /// A type with all names qualified by import paths.
    pub fn ty_path_str(&self, t: TypeId) -> String {
        let qualifier = |pkg: PackageId| self.pkgs[pkg.0 as usize].path.clone();
        let hides = |_| None;
        let p =
            Printer { types: &self.types, names: &self.names, qualifier: &qualifier, hides: &hides, param_names: true };
        p.to_string(t)
    }

    /// A list of types, in parentheses or not as the caller wants, separated by commas.
    pub fn ty_list_str(&self, list: &[TypeId]) -> String {
        list.iter().map(|&t| self.ty_str(t)).collect::<Vec<_>>().join(", ")
    }

    /// A function's name and signature (a [`Type::Signature`]) without the keyword, as in `have F(int) string`.
    pub fn func_str(&self, name: &str, sig: TypeId, qualify: bool) -> String {
        let mut out = name.to_string();
        let qualifier = |pkg: PackageId| {
            if qualify { self.pkgs[pkg.0 as usize].path.clone() } else { self.qualifier(pkg) }
        };
        let hides = |_| None;
        let p = Printer {
            types: &self.types,
            names: &self.names,
            qualifier: &qualifier,
            hides: &hides,
            param_names: false,
        };
        if let Type::Signature(s) = self.types.get(sig) {
            p.signature(&mut out, &s);
        }
        out
    }

    /// An object's bare name.
    pub fn obj_name(&self, obj: ObjId) -> String {
        self.names.str(self.objs[obj].name).to_string()
    }
}
