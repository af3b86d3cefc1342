//! Questions about a session: what is declared, of what type, which goroutines there are, what code looks like.

use std::collections::BTreeSet;

use gol_lang::check::Mode;
use gol_lang::diag::Diagnostic;
use gol_lang::intern::sym;
use gol_lang::source::SourceMap;
use gol_lang::types::{ObjId, ObjectKind, Type, TypeId};
use gol_runtime::sched::host;

use super::Engine;

impl Engine {
    /// The texts of all inputs, for diagnostics.
    pub fn sources(&self) -> &SourceMap {
        &self.checker.sources
    }

    /// The names that are declared now, in order of declaration, with their objects.
    pub fn declared(&self) -> Vec<(String, ObjId)> {
        let scope = &self.checker.scopes[self.session.scope];
        let named = scope.entries().iter().filter(|(name, _)| *name != sym::BLANK);
        named.map(|&(name, obj)| (self.checker.names.str(name).to_string(), obj)).collect()
    }

    /// Those names alone.
    pub fn names(&self) -> Vec<String> {
        self.declared().into_iter().map(|(name, _)| name).collect()
    }

    /// A declaration as one would write it.
    pub fn describe(&mut self, name: impl AsRef<str>, obj: ObjId) -> String {
        self.inside(|this| this.described(name.as_ref(), obj))
    }

    /// Does something for which types of the session go by their bare names.
    fn inside<T>(&mut self, f: impl FnOnce(&Engine) -> T) -> T {
        let previous = self.checker.enter(self.session.pkg);
        let done = f(self);
        self.checker.leave(previous);
        done
    }

    fn described(&self, name: &str, obj: ObjId) -> String {
        let object = &self.checker.objs[obj];
        let ty = object.ty.unwrap_or(TypeId::INVALID);
        let text = || self.checker.ty_str(ty);
        match &object.kind {
            ObjectKind::PkgName { imported, .. } => format!("import {name} {:?}", self.checker.package(*imported).path),
            ObjectKind::Const { value } => format!("const {name} = {value} : {}", text()),
            ObjectKind::TypeName { alias: true } => {
                format!("type {name} = {}", self.checker.ty_str(self.checker.types.unalias(ty)))
            }
            ObjectKind::TypeName { .. } => format!("type {name} {}", self.checker.ty_str(self.checker.types.under(ty))),
            ObjectKind::Func(_) => format!("func {name}{}", text().trim_start_matches("func")),
            _ => format!("var {name} {}", text()),
        }
    }

    /// The methods of a declared type as one would write them, with what declares each.
    pub fn methods(&mut self, obj: ObjId) -> Vec<(String, ObjId)> {
        self.inside(|this| this.own_methods(obj))
    }

    fn own_methods(&self, obj: ObjId) -> Vec<(String, ObjId)> {
        let checker = &self.checker;
        let named = checker.objs[obj].ty.and_then(|t| checker.types.as_named(t));
        let methods = named.map(|n| checker.types.named_methods(n)).unwrap_or_default();
        let describe = |method: ObjId| {
            let object = &checker.objs[method];
            let recv = object.func().and_then(|f| checker.objs[f.recv?].ty).map(|t| checker.ty_str(t));
            let signature = checker.ty_str(object.ty.unwrap_or(TypeId::INVALID));
            let name = checker.names.str(object.name);
            format!("func ({}) {name}{}", recv.unwrap_or_default(), signature.trim_start_matches("func"))
        };
        methods.iter().map(|m| (describe(m.obj), m.obj)).collect()
    }

    /// The type of an expression as text, or what is wrong with it. It is not evaluated.
    pub fn type_of(&mut self, text: &str) -> Result<String, Vec<Diagnostic>> {
        self.checker.diags.take();
        let found = self.checker.probe(self.session, text);
        let diags = self.checker.diags.take();
        match found {
            Some(p) if p.mode == Mode::NoValue => Ok("no value".into()),
            Some(p) => Ok(p.text),
            None => Err(diags),
        }
    }

    /// What can be selected from an operand: what a package exports, or fields and methods of its type.
    pub fn members(&mut self, operand: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        if operand.is_empty() {
            return Vec::new();
        }
        let own = self.checker.names.lookup(operand).and_then(|n| self.checker.scopes[self.session.scope].lookup(n));
        let package = match own.map(|obj| &self.checker.objs[obj].kind) {
            Some(ObjectKind::PkgName { imported, .. }) => Some(*imported),
            Some(_) => None,
            None => gol_stdlib::PACKAGES
                .iter()
                .find(|p| p.rsplit('/').next() == Some(operand) && !p.contains("internal"))
                .map(|path| self.checker.require(path)),
        };
        if let Some(package) = package {
            let scope = &self.checker.scopes[self.checker.package(package).scope];
            let exported = scope.entries().iter().filter(|(name, _)| self.checker.is_exported(*name));
            return exported.map(|(name, _)| self.checker.names.str(*name).to_string()).collect();
        }
        self.checker.diags.take();
        let probe = self.checker.probe(self.session, operand);
        self.checker.diags.take();
        if let Some(p) = probe {
            self.collect(p.ty, &mut found, 0);
        }
        found.into_iter().collect()
    }

    /// Adds the names of fields and methods of a type, embedded ones included.
    fn collect(&self, t: TypeId, found: &mut BTreeSet<String>, depth: u32) {
        let types = &self.checker.types;
        let (base, _) = types.deref(t);
        let visible = |id: gol_lang::types::NameId| id.pkg.is_none_or(|p| p == self.session.pkg);
        let text = |id: gol_lang::types::NameId| self.checker.names.str(id.name).to_string();
        if let Some(named) = types.as_named(base) {
            found.extend(types.named_methods(named).iter().filter(|m| visible(m.id)).map(|m| text(m.id)));
        }
        match types.under_type(base) {
            Type::Struct(s) => {
                for f in &s.fields {
                    if visible(f.id) && f.id.name != sym::BLANK {
                        found.insert(text(f.id));
                    }
                    if f.embedded && depth < 8 {
                        self.collect(f.ty, found, depth + 1);
                    }
                }
            }
            Type::Interface(_) => {
                let set = types.type_set(types.under(base));
                found.extend(set.methods.iter().filter(|m| visible(m.id)).map(|m| text(m.id)));
            }
            _ => {}
        }
    }

    /// All goroutines, one a line.
    pub fn goroutines(&self) -> String {
        let lines = host::goroutines(&self.linked.cx);
        if lines.is_empty() { "no goroutines\n".into() } else { lines.join("\n") + "\n" }
    }

    /// Bytes of live and not yet collected objects.
    pub fn heap_bytes(&mut self) -> usize {
        self.linked.cx.heap.live()
    }

    /// The bytecode of the functions of this name (`f`, `T.m`, `strings.Cut`), closures in them included.
    /// A function that nothing has used yet is compiled first.
    pub fn disassemble(&mut self, name: &str) -> String {
        let method = name.split_once('.').map(|(ty, method)| format!("(*{ty}).{method}")).unwrap_or_default();
        for function in [name, &method] {
            let found = self.code_of(function);
            if !found.is_empty() {
                return found;
            }
            if !function.is_empty() {
                self.eval(&format!("_ = {function}"));
                let found = self.code_of(function);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        String::new()
    }

    fn code_of(&self, name: &str) -> String {
        self.linked.disassemble(&|full| {
            let own = full.strip_prefix("main.").unwrap_or(full);
            [full, own]
                .iter()
                .any(|f| f.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        })
    }
}
