//! Compiler directives that do not fit what they stand before. They are checked when nothing else is wrong.

use crate::check::Checker;
use crate::diag::Code;
use crate::source::Pos;
use crate::syntax::ast::{Decl, Directive, Expr, FileNode, Place};
use crate::types::ObjectKind;

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
            _ => return,
        };
        self.error(at, Code::BadDirective, message);
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
