//! Compiler directives that do not fit what they stand before. They are checked when nothing else is wrong.

use crate::check::{Checker, EmbeddedFile};
use crate::diag::Code;
use crate::source::Pos;
use crate::syntax::ast::{Decl, Directive, Expr, ExprId, FileNode, Place};
use crate::syntax::directive::embed_patterns;
use crate::types::{BasicKind, ObjectKind, Type, TypeId};

/// How a variable holds embedded files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EmbedKind {
    /// A string: one file's contents.
    Text,
    /// A slice of bytes: one file's contents.
    Bytes,
    /// An `embed.FS`.
    Files,
}

impl Checker {
    /// Reports misuse of directives in the files of the current package.
    pub(crate) fn check_directives(&mut self) {
        for file in self.package(self.pkg).files.clone().iter() {
            let mut linked: Vec<String> = Vec::new();
            for directive in &file.directives {
                let at = directive.complaint_pos();
                if let Some(message) = directive.misplaced() {
                    // What stands before nothing has been reported by the parser.
                    if directive.place != Place::Nowhere {
                        self.error(at, Code::BadDirective, message);
                    }
                } else if let ("embed", Place::Var { inside }) = (directive.name.as_str(), directive.place) {
                    self.check_embed(file, directive, at, inside);
                } else if directive.name == "linkname" {
                    self.check_linkname(file, directive, at, &mut linked);
                } else if directive.name == "noescape" && self.has_body(directive) {
                    let message = "can only use //go:noescape with external func implementations";
                    if let Some(d) = directive.decl {
                        self.error(self.ast.pos(d), Code::BadDirective, message);
                    }
                }
            }
        }
    }

    fn has_body(&self, directive: &Directive) -> bool {
        directive.decl.is_some_and(|d| matches!(self.ast.decl(d), Decl::Func { body: Some(_), .. }))
    }

    fn imports(&self, file: &FileNode, path: &str) -> bool {
        let quoted = format!("{path:?}");
        self.ast.decls(file.decls).iter().any(|&d| match self.ast.decl(d) {
            Decl::Import { path, .. } => {
                matches!(self.ast.expr(path), Expr::BasicLit { value, .. } if self.names.str(value) == quoted)
            }
            _ => false,
        })
    }

    fn check_embed(&mut self, file: &FileNode, directive: &Directive, at: Pos, inside: bool) {
        let decl = directive.decl.map(|d| self.ast.decl(d));
        let message = match decl {
            _ if !self.imports(file, "embed") => {
                "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)"
            }
            _ if inside => "go:embed cannot apply to var inside func",
            Some(Decl::Var { names, .. }) if names.len() > 1 => "go:embed cannot apply to multiple vars",
            Some(Decl::Var { values, .. }) if !values.is_empty() => "go:embed cannot apply to var with initializer",
            Some(Decl::Var { names, .. }) => {
                if let Some(&name) = self.ast.exprs(names).first() {
                    self.embed(file, directive, at, name);
                }
                return;
            }
            _ => return,
        };
        self.error(at, Code::BadDirective, message);
    }

    /// Notes the files that a variable, whose declaration is fine, is initialised with.
    fn embed(&mut self, file: &FileNode, directive: &Directive, at: Pos, name: ExprId) {
        let obj = self.ast.name(name).and_then(|name| self.scopes[self.package(self.pkg).scope].lookup(name));
        let Some((obj, ty)) = obj.and_then(|obj| Some((obj, self.objs[obj].ty?))) else { return };
        let Some(kind) = self.embed_kind(ty) else {
            let message = format!("go:embed cannot apply to var of type {}", self.ty_str(ty));
            self.error(at, Code::BadDirective, message);
            return;
        };
        let from = self.sources.file(file.file).name.clone();
        let mut files: Vec<EmbeddedFile> = self.embedded.get(&obj).map(|f| f.to_vec()).unwrap_or_default();
        // Behind `//go:embed` and a blank.
        let args = directive.pos.0 + "//go:embed ".len() as u32;
        for pattern in embed_patterns(&directive.args).unwrap_or_default() {
            match self.importer.embed(&pattern, &from) {
                Ok(found) => files.extend(found),
                Err(why) => {
                    let offset = directive.args.find(&pattern).unwrap_or(0) as u32;
                    let message = format!("pattern {pattern}: {why}");
                    self.error(Pos(args + offset), Code::BadDirective, message);
                }
            }
        }
        files.sort();
        files.dedup();
        if kind != EmbedKind::Files && files.len() > 1 {
            let at = self.ast.pos(name);
            let message = format!("invalid go:embed: multiple files for type {}", self.ty_str(ty));
            self.error(at, Code::BadDirective, message);
        }
        self.embedded.insert(obj, files.into());
    }

    /// How a variable of this type holds embedded files.
    pub(crate) fn embed_kind(&self, ty: TypeId) -> Option<EmbedKind> {
        if let Some(named) = self.types.as_named(ty) {
            let obj = &self.objs[self.types.named(named).obj];
            if obj.pkg.is_some_and(|p| self.package(p).path == "embed") && self.names.str(obj.name) == "FS" {
                return Some(EmbedKind::Files);
            }
        }
        match self.types.under_type(ty) {
            Type::Basic(BasicKind::String) => Some(EmbedKind::Text),
            Type::Slice(elem) if self.types.basic(elem) == Some(BasicKind::Uint8) => Some(EmbedKind::Bytes),
            _ => None,
        }
    }

    fn check_linkname(&mut self, file: &FileNode, directive: &Directive, at: Pos, linked: &mut Vec<String>) {
        let Some(local) = directive.args.split_whitespace().next() else { return };
        if !self.imports(file, "unsafe") {
            let message = "//go:linkname only allowed in Go files that import \"unsafe\"";
            self.error(at, Code::BadDirective, message);
            return;
        }
        let name = self.names.intern(local);
        let obj = self.scopes[self.package(self.pkg).scope].lookup(name);
        if !obj.is_some_and(|o| matches!(self.objs[o].kind, ObjectKind::Func(_) | ObjectKind::Var { .. })) {
            self.error(at, Code::BadDirective, "//go:linkname must refer to declared function or variable");
        } else if linked.iter().any(|l| l == local) {
            self.error(at, Code::BadDirective, format!("duplicate //go:linkname for {local}"));
        } else {
            linked.push(local.to_string());
        }
    }
}
