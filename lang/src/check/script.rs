//! The script dialect in the checker: packages that need no import, and advice for those who expect a name to be visible.
//!
//! A script's statements are the body of its `func main` (the parser puts them there); its declarations stand at package level. In any
//! file of the dialect, a package that is not imported but selected from is: unless the checker is told to be strict.

use crate::check::Checker;
use crate::check::errors::At;
use crate::intern::{Symbol, sym};
use crate::syntax::ast::{Decl, ExprId, Stmt};
use crate::types::{ObjId, Object, ObjectKind, ScopeId};

impl Checker {
    /// Imports the package that `name`, which nothing declares, can only mean in `name.wanted`; gives the name's object, which is
    /// entered into the scope of the file. If several packages have this name, it is the first one that has what is wanted.
    pub(crate) fn implied_import(&mut self, at: ExprId, name: Symbol, wanted: Symbol) -> Option<ObjId> {
        if self.strict {
            return None;
        }
        let span = at.at(self);
        self.sources.file_of(span.lo).filter(|f| self.script_files.contains(f))?;
        let scope = self.import_scope()?;
        let paths = self.importer.implied(self.names.str(name));
        let mut found = None;
        for path in paths {
            let id = self.import(span, &path);
            let has_it = self.scopes[self.package(id).scope].lookup(wanted).is_some();
            if has_it || found.is_none() {
                found = Some(id);
            }
            if has_it {
                break;
            }
        }
        let imported = found?;
        let p = &mut self.pkgs[self.pkg.0 as usize];
        if !p.imports.contains(&imported) {
            p.imports.push(imported);
        }
        let obj = Object::new(ObjectKind::PkgName { imported, used: true }, name, span, Some(self.pkg));
        let obj = self.objs.add(obj);
        self.objs[obj].parent = Some(scope);
        self.scopes[scope].insert(name, obj);
        Some(obj)
    }

    /// The scope of the current file's imports: the last one before the package's own, or that one if files have none.
    fn import_scope(&self) -> Option<ScopeId> {
        let package = self.package(self.pkg).scope;
        let mut scope = self.env.scope;
        loop {
            let parent = self.scopes[scope].parent?;
            if scope == package || parent == package || parent == ScopeId::UNIVERSE {
                return Some(scope);
            }
            scope = parent;
        }
    }

    /// What to do about an undefined name, if it is one that a script's statement declares.
    pub(crate) fn undefined_hint(&self, at: ExprId, name: Symbol) -> Option<String> {
        let file = self.sources.file_of(at.at(self).lo)?;
        let node = self.package(self.pkg).files.iter().find(|f| f.file == file && f.script)?;
        let body = self.ast.decls(node.decls).iter().rev().find_map(|&d| match self.ast.decl(d) {
            Decl::Func { recv: None, name, body, .. } if self.ast.name(name) == Some(sym::MAIN) => body,
            _ => None,
        })?;
        let Stmt::Block { list, .. } = self.ast.stmt(body) else { return None };
        let declares = self.ast.stmts(list).iter().any(|&s| match self.ast.stmt(s) {
            Stmt::Define { lhs, .. } => self.ast.exprs(lhs).iter().any(|&e| self.ast.name(e) == Some(name)),
            _ => false,
        });
        let text = self.names.str(name);
        declares.then(|| {
            format!("{text} := declares a variable for the statements that follow; var {text} = … declares one that functions see too")
        })
    }
}
