//! Packages: loading, imports, collecting package-level declarations, and the phases of a check.

use std::rc::Rc;

use crate::check::{Checker, DeclRef, Env, GO_VERSION, Info, Package, PackageSource};
use crate::constant::{self, Value};
use crate::diag::Code;
use crate::intern::{FastMap, FastSet, Symbol, sym};
use crate::source::{Pos, Span};
use crate::syntax::ast::{Ast, Decl, DeclId, Expr, ExprId, FileNode, List, LitKind};
use crate::syntax::{Dialect, parse, parse_body, parse_outline};
use crate::types::object::{DeclInfo, FuncInfo, VarKind};
use crate::types::{ObjId, Object, ObjectKind, PackageId, ScopeId};

/// A method whose receiver type is named.
struct MethodDecl {
    obj: ObjId,
    ptr: bool,
    base: Symbol,
}

impl Checker {
    /// Parses a package and collects its declarations (and those of the packages that it imports).
    pub fn load(&mut self, source: PackageSource) -> PackageId {
        let mut ast = Ast::new();
        let mut files: Vec<FileNode> = Vec::new();
        for f in &source.files {
            let id = self.sources.add(f.name.as_str(), f.text.as_str());
            if f.dialect == Dialect::Script {
                self.script_files.insert(id);
            }
            files.push(if source.lazy {
                parse_outline(&mut ast, &mut self.names, &mut self.sources, id, &mut self.diags)
            } else {
                parse(&mut ast, &mut self.names, &mut self.sources, id, f.dialect, &mut self.diags)
            });
        }
        self.add_package(source.path, ast, files, source.lazy, source.go_version.unwrap_or(GO_VERSION))
    }

    /// Adds a package that has been parsed already, and collects its declarations.
    pub fn add_package(
        &mut self,
        path: String,
        ast: Ast,
        files: Vec<FileNode>,
        lazy: bool,
        go_version: (u32, u32),
    ) -> PackageId {
        let id = PackageId(self.pkgs.len() as u32);
        let scope = self.scopes.add(ScopeId::UNIVERSE);
        let mut info = Info::default();
        info.reserve(ast.expr_count());
        let key = self.names.intern(&path);
        let ast = Rc::new(ast);
        let bodies = files.iter().flat_map(|f| f.bodies.iter().copied()).collect();
        self.pkgs.push(Package {
            path,
            name: sym::EMPTY,
            ast,
            files: Rc::new([]),
            file_scopes: Vec::new(),
            scope,
            imports: Vec::new(),
            pkg_names: Vec::new(),
            objects: Vec::new(),
            inits: Vec::new(),
            info,
            go_version,
            lazy,
            bodies,
            broken: false,
            failed: false,
            fake: false,
            loading: true,
        });
        self.by_path.insert(key, id);
        let previous = self.enter(id);
        let outer = std::mem::replace(&mut self.env, Env::at_file(scope, go_version));
        let files = self.package_name(files);
        let broken = files.iter().any(|f| f.has_errors && self.has_syntax_errors(f));
        self.pkgs[id.0 as usize].files = files.into();
        if broken {
            let package = &mut self.pkgs[id.0 as usize];
            (package.broken, package.failed) = (true, true);
            self.check_intact_labels();
        } else {
            self.collect_objects();
            self.direct_cycles(id);
        }
        self.pkgs[id.0 as usize].loading = false;
        self.env = outer;
        self.leave(previous);
        id
    }

    fn has_syntax_errors(&self, file: &FileNode) -> bool {
        let source = self.sources.file(file.file);
        let within = |pos: Pos| source.base <= pos && pos <= source.end();
        self.diags.iter().any(|d| within(d.span.lo) && d.message.starts_with("syntax error"))
    }

    /// Checks only the labels of a package with syntax errors, as Go's parser does, in functions that have none.
    fn check_intact_labels(&mut self) {
        let ast = self.ast.clone();
        let files = self.package(self.pkg).files.clone();
        let declared = files.iter().flat_map(|f| ast.decls(f.decls)).filter_map(|&d| match ast.decl(d) {
            Decl::Func { body, .. } => body,
            _ => None,
        });
        let literals = ast.all_exprs().filter_map(|e| match ast.expr(e) {
            Expr::FuncLit { body, .. } => Some(body),
            _ => None,
        });
        let wrong: Vec<Pos> = self.diags.iter().map(|d| d.span.lo).collect();
        for body in declared.chain(literals).collect::<Vec<_>>() {
            let span = ast.span(body);
            if !wrong.iter().any(|&pos| span.lo <= pos && pos < span.hi) {
                self.check_branches(body);
            }
        }
    }

    /// Determines the package's name, and drops files of another.
    fn package_name(&mut self, files: Vec<FileNode>) -> Vec<FileNode> {
        let mut kept = Vec::new();
        for file in files {
            let name = match file.package {
                Some(e) => self.ast.name(e).unwrap_or(sym::BLANK),
                None => sym::MAIN,
            };
            let current = self.package(self.pkg).name;
            if current == sym::EMPTY {
                if name == sym::BLANK {
                    if let Some(e) = file.package {
                        self.error(e, Code::BlankPkgName, "invalid package name _");
                    }
                } else {
                    self.pkgs[self.pkg.0 as usize].name = name;
                }
            } else if name != current {
                let msg = format!("package {}; expected package {}", self.names.str(name), self.names.str(current));
                if let Some(e) = file.package {
                    self.error(e, Code::MismatchedPkgName, msg);
                }
                continue;
            }
            kept.push(file);
        }
        kept
    }

    /// Checks everything of a package, unless it or a package that it imports is known to have errors that make this pointless.
    pub fn check_package(&mut self, pkg: PackageId) {
        let imports = &self.package(pkg).imports;
        if self.package(pkg).broken || imports.iter().any(|&p| self.package(p).failed) {
            self.pkgs[pkg.0 as usize].failed = true;
            return;
        }
        let previous = self.enter(pkg);
        let scope = self.package(pkg).scope;
        let version = self.package(pkg).go_version;
        let outer = std::mem::replace(&mut self.env, Env::at_file(scope, version));
        self.package_objects();
        self.process_delayed(0);
        self.init_order();
        self.unused_imports(pkg);
        self.record_untyped();
        if !self.diags.has_errors() {
            self.monomorph();
        }
        if !self.diags.has_errors() && !self.package(pkg).lazy {
            self.check_directives();
            self.missing_bodies();
            self.check_limits(pkg, 0);
            self.check_frames();
        }
        self.env = outer;
        self.leave(previous);
    }

    /// Checks the declaration of one package-level object and what it needs, but no function bodies of lazy packages.
    pub fn resolve(&mut self, obj: ObjId) {
        self.obj_decl(obj);
        self.process_delayed(0);
        self.record_untyped();
    }

    /// Checks the body of a function or method, if that has not happened.
    pub fn check_body(&mut self, obj: ObjId) {
        self.obj_decl(obj);
        let (Some(&decl), Some(pkg)) = (self.decl_of.get(&obj), self.objs[obj].pkg) else { return };
        if self.objs[obj].func().is_none_or(|f| f.body_done) {
            return;
        }
        let previous = self.enter(pkg);
        let file = self.decls[decl.0 as usize].file.unwrap_or(ScopeId::UNIVERSE);
        let version = self.decls[decl.0 as usize].version;
        let outer = std::mem::replace(&mut self.env, Env::at_file(file, version));
        self.read_body(obj);
        self.schedule_body(obj, decl);
        self.process_delayed(0);
        self.record_untyped();
        self.env = outer;
        self.leave(previous);
    }

    /// Parses the body of a function of the current package, if that has been put off.
    fn read_body(&mut self, obj: ObjId) {
        let at = self.pkg.0 as usize;
        let Some(decl) = self.objs[obj].func().and_then(|f| f.decl) else { return };
        let Some(body) = self.pkgs[at].bodies.remove(&decl) else { return };
        // Nodes are only added: whoever holds on to the tree as it was keeps a valid one, at the price of a copy.
        self.ast = Rc::default();
        let package = &mut self.pkgs[at];
        let ast = Rc::make_mut(&mut package.ast);
        parse_body(ast, &mut self.names, &self.sources, decl, body, &mut self.diags);
        package.info.reserve(package.ast.expr_count());
        self.ast = package.ast.clone();
    }

    /// Determines the types of all package-level objects: defined types first, then aliases, then the rest.
    pub(crate) fn package_objects(&mut self) {
        let objects = self.package(self.pkg).objects.clone();
        let is_type = |c: &Checker, obj: ObjId| c.objs[obj].is_type_name();
        for &obj in &objects {
            if is_type(self, obj) && !self.is_alias_decl(obj) {
                self.obj_decl(obj);
            }
        }
        for &obj in &objects {
            if is_type(self, obj) && self.is_alias_decl(obj) {
                self.obj_decl(obj);
            }
        }
        for &obj in &objects {
            if !is_type(self, obj) {
                self.obj_decl(obj);
            }
        }
    }

    /// Loads a package that nothing imports but that running a program needs.
    pub fn require(&mut self, path: &str) -> PackageId {
        self.import(Span::NONE, path)
    }

    /// The package with an import path, loaded if need be; none if that is impossible, which is reported at `at`.
    pub(crate) fn import(&mut self, at: Span, path: &str) -> PackageId {
        let key = self.names.intern(path);
        let known = self.by_path.get(&key).copied();
        let from = self.package(self.pkg).path.clone();
        let refused = self.importer.refuses(path, &from);
        if let (Some(id), None) = (known, &refused) {
            if self.package(id).loading {
                self.error(at, Code::BrokenImport, format!("could not import {path} (import cycle not allowed)"));
            }
            return id;
        }
        let is_refused = refused.is_some();
        match refused.map_or_else(|| self.importer.import(path, &from), Err) {
            Ok(source) => {
                let id = self.load(PackageSource { path: path.to_string(), ..source });
                if self.package(id).name == sym::MAIN && !from.ends_with(".test") {
                    let msg =
                        format!("could not import {path} (import {path:?} is a program, not an importable package)");
                    self.error(at, Code::BrokenImport, msg);
                    self.pkgs[id.0 as usize].fake = true;
                }
                id
            }
            Err(why) => {
                let why = if path.starts_with('/') { "import path cannot be absolute path".to_string() } else { why };
                self.advise_import(path);
                self.error(at, Code::BrokenImport, format!("could not import {path} ({why})"));
                // A substitute, from which anything may be selected.
                let id = self.add_package(path.to_string(), Ast::new(), Vec::new(), true, GO_VERSION);
                let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
                let name = self.names.intern(name);
                let p = &mut self.pkgs[id.0 as usize];
                p.name = name;
                p.fake = true;
                // Others may have it.
                match known {
                    Some(known) => drop(self.by_path.insert(key, known)),
                    None if is_refused => drop(self.by_path.remove(&key)),
                    None => {}
                }
                id
            }
        }
    }

    /// Forgets packages that could not be found, so that the next import of one is reported again.
    pub(crate) fn forget_fake_packages(&mut self) {
        let pkgs = &self.pkgs;
        self.by_path.retain(|_, id| !pkgs[id.0 as usize].fake);
    }

    /// Enters the declarations of all files into the package's and the files' scopes.
    pub(crate) fn collect_objects(&mut self) {
        let ast = self.ast.clone();
        let files = self.package(self.pkg).files.clone();
        let pkg_scope = self.package(self.pkg).scope;
        let mut methods: Vec<MethodDecl> = Vec::new();
        for file in files.iter() {
            let version = file.go_version.map_or(self.package(self.pkg).go_version, |v| v.max((1, 21)));
            self.env.version = version;
            if let (Some(v), Some(e)) = (file.go_version, file.package)
                && v > GO_VERSION
            {
                let msg = format!("file requires newer Go version go{}.{}", v.0, v.1);
                self.error(e, Code::TooNew, msg);
            }
            // A unit has one scope for imports and declarations, as its imports last.
            let scope = if self.unit.as_ref().is_some_and(|unit| unit.scope == pkg_scope) {
                pkg_scope
            } else {
                let scope = self.scopes.add(pkg_scope);
                self.pkgs[self.pkg.0 as usize].file_scopes.push(scope);
                scope
            };
            for &d in ast.decls(file.decls) {
                match ast.decl(d) {
                    Decl::Import { local, path } => self.import_decl(scope, d, local, path),
                    Decl::Const { names, typ, values, iota, inherit } => {
                        self.collect_consts(scope, d, names, typ, values, iota, inherit);
                    }
                    Decl::Var { names, typ, values } => self.collect_vars(scope, d, names, typ, values),
                    Decl::Type { name, alias, .. } => {
                        let kind = ObjectKind::TypeName { alias };
                        let obj = self.new_object(kind, name);
                        let info = DeclInfo { decl: Some(d), ..self.decl_info(scope) };
                        let info = self.add_decl(info);
                        self.declare_pkg_obj(name, obj, info);
                    }
                    Decl::Func { .. } => self.collect_func(scope, d, &mut methods),
                }
            }
        }
        self.check_file_scopes();
        for m in methods {
            if let Some((ptr, base)) = self.resolve_base(m.ptr, m.base) {
                if let Some(f) = self.objs[m.obj].func_mut() {
                    f.ptr_recv = ptr;
                }
                self.methods.entry(base).or_default().push(m.obj);
            }
        }
    }

    fn decl_info(&self, scope: ScopeId) -> DeclInfo {
        DeclInfo { file: Some(scope), version: self.env.version, ..DeclInfo::default() }
    }

    fn add_decl(&mut self, info: DeclInfo) -> DeclRef {
        self.decls.push(info);
        DeclRef(self.decls.len() as u32 - 1)
    }

    fn new_object(&mut self, kind: ObjectKind, name: ExprId) -> ObjId {
        let text = self.ast.name(name).unwrap_or(sym::BLANK);
        self.objs.add(Object::new(kind, text, self.ast.span(name), Some(self.pkg)))
    }

    /// Enters an object into the list of package-level objects.
    fn enlist(&mut self, obj: ObjId, decl: DeclRef) {
        self.decl_of.insert(obj, decl);
        let p = &mut self.pkgs[self.pkg.0 as usize];
        p.objects.push(obj);
        self.objs[obj].order = p.objects.len() as u32;
    }

    fn declare_pkg_obj(&mut self, name: ExprId, obj: ObjId, decl: DeclRef) {
        let text = self.objs[obj].name;
        if text == sym::INIT {
            self.error(name, Code::InvalidInitDecl, "cannot declare init - must be func");
            return;
        }
        let pkg = self.package(self.pkg);
        if text == sym::MAIN && pkg.name == sym::MAIN {
            self.error(name, Code::InvalidMainDecl, "cannot declare main - must be func");
            return;
        }
        let scope = pkg.scope;
        self.declare(scope, Some(name), obj, Pos::NONE);
        self.enlist(obj, decl);
    }

    #[allow(clippy::too_many_arguments)]
    fn collect_consts(
        &mut self,
        scope: ScopeId,
        d: DeclId,
        names: List<ExprId>,
        typ: Option<ExprId>,
        values: List<ExprId>,
        iota: u32,
        inherit: Option<DeclId>,
    ) {
        let ast = self.ast.clone();
        let names = ast.exprs(names);
        let (typ, values, inherited) = match inherit.map(|i| ast.decl(i)) {
            Some(Decl::Const { typ, values, .. }) => (typ, values, true),
            _ => (typ, values, false),
        };
        let values = ast.exprs(values);
        for (i, &name) in names.iter().enumerate() {
            let obj = self.new_object(ObjectKind::Const { value: Value::Int(i64::from(iota)) }, name);
            let init = values.get(i).copied();
            let info = DeclInfo { vtyp: typ, init, inherited, ..self.decl_info(scope) };
            let decl = self.add_decl(info);
            self.declare_pkg_obj(name, obj, decl);
        }
        self.arity(ast.span(d), names, values, true, inherited);
    }

    fn collect_vars(
        &mut self,
        scope: ScopeId,
        d: DeclId,
        names: List<ExprId>,
        typ: Option<ExprId>,
        values: List<ExprId>,
    ) {
        let ast = self.ast.clone();
        let names = ast.exprs(names);
        let values = ast.exprs(values);
        let kind = || ObjectKind::Var { kind: VarKind::PackageVar, used: false };
        let objs: Vec<ObjId> = names.iter().map(|&n| self.new_object(kind(), n)).collect();
        // One initialiser (or none) serves all variables: they share one declaration, and so its dependencies.
        let shared = (values.len() <= 1).then(|| {
            let lhs = if values.is_empty() || names.len() == 1 { Vec::new() } else { objs.clone() };
            let info = DeclInfo { lhs, vtyp: typ, init: values.first().copied(), ..self.decl_info(scope) };
            self.add_decl(info)
        });
        for (i, (&name, &obj)) in names.iter().zip(&objs).enumerate() {
            let decl = match shared {
                Some(decl) => decl,
                None => {
                    let info = DeclInfo { vtyp: typ, init: values.get(i).copied(), ..self.decl_info(scope) };
                    self.add_decl(info)
                }
            };
            self.declare_pkg_obj(name, obj, decl);
        }
        if typ.is_none() || !values.is_empty() {
            self.arity(ast.span(d), names, values, false, false);
        }
    }

    fn collect_func(&mut self, scope: ScopeId, d: DeclId, methods: &mut Vec<MethodDecl>) {
        let ast = self.ast.clone();
        let Decl::Func { recv, name, tparams, typ, body } = ast.decl(d) else { return };
        let text = ast.name(name).unwrap_or(sym::BLANK);
        let func = FuncInfo { decl: Some(d), is_method: recv.is_some(), ..FuncInfo::default() };
        let obj = self.new_object(ObjectKind::Func(func), name);
        let pkg = self.package(self.pkg);
        let (pkg_scope, is_main) = (pkg.scope, pkg.name == sym::MAIN);
        match recv {
            None => {
                let main = text == sym::MAIN && is_main;
                if text == sym::INIT || main {
                    let code = if main { Code::InvalidMainDecl } else { Code::InvalidInitDecl };
                    let what = self.names.str(text).to_string();
                    if let Some(&first) = ast.fields(tparams).first() {
                        self.soft_error(first, code, format!("func {what} must have no type parameters"));
                    }
                    if let Expr::FuncType { params, results } = ast.expr(typ)
                        && (!params.is_empty() || !results.is_empty())
                    {
                        let msg = format!("func {what} must have no arguments and no return values");
                        self.soft_error(name, code, msg);
                    }
                }
                if text == sym::INIT {
                    self.objs[obj].parent = Some(pkg_scope);
                    self.record_def(name, Some(obj));
                    self.pkgs[self.pkg.0 as usize].inits.push(obj);
                    if body.is_none() {
                        self.soft_error(name, Code::MissingInitBody, "func init must have a body");
                    }
                } else {
                    self.declare(pkg_scope, Some(name), obj, Pos::NONE);
                }
            }
            Some(field) => {
                let parts = self.unpack_recv(ast.field(field).typ);
                if let Some(f) = self.objs[obj].func_mut() {
                    f.ptr_recv = parts.ptr;
                }
                if let Some(base) = ast.name(parts.base)
                    && text != sym::BLANK
                {
                    methods.push(MethodDecl { obj, ptr: parts.ptr, base });
                }
                self.record_def(name, Some(obj));
            }
        }
        let info = DeclInfo { decl: Some(d), ..self.decl_info(scope) };
        let decl = self.add_decl(info);
        self.enlist(obj, decl);
    }

    fn import_decl(&mut self, scope: ScopeId, d: DeclId, local: Option<ExprId>, path_expr: ExprId) {
        let ast = self.ast.clone();
        let Expr::BasicLit { kind: LitKind::String, value, bad: false } = ast.expr(path_expr) else { return };
        let path = match constant::from_literal(self.names.str(value), LitKind::String) {
            Value::Str(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            _ => return,
        };
        if let Err(why) = valid_import_path(&path) {
            self.error(path_expr, Code::BadImportPath, format!("invalid import path ({why})"));
            return;
        }
        if let Some(clean) = canonical_path(&path) {
            let msg = format!("could not import {path} (non-canonical import path {path:?} (should be {clean:?}))");
            self.error(path_expr, Code::BadImportPath, msg);
            return;
        }
        let imported = self.import(ast.span(path_expr), &path);
        let fake = self.package(imported).fake;
        let mut name = self.package(imported).name;
        if let Some(e) = local {
            name = ast.name(e).unwrap_or(name);
            if path == "C" {
                self.error(e, Code::ImportCRenamed, "cannot rename import \"C\"");
                return;
            }
        }
        if name == sym::INIT {
            self.error(d, Code::InvalidInitDecl, "cannot import package as init - init must be a func");
            return;
        }
        let p = &mut self.pkgs[self.pkg.0 as usize];
        if !p.imports.contains(&imported) {
            p.imports.push(imported);
        }
        let span = Span::new(local.map_or(ast.start(path_expr), |e| ast.start(e)), ast.end(path_expr));
        let kind = ObjectKind::PkgName { imported, used: fake };
        let obj = self.objs.add(Object::new(kind, name, span, Some(self.pkg)));
        match local {
            Some(e) => self.record_def(e, Some(obj)),
            None => self.record_implicit(path_expr, obj),
        }
        self.pkgs[self.pkg.0 as usize].pkg_names.push(obj);
        if name != sym::DOT {
            self.declare(scope, None, obj, Pos::NONE);
            return;
        }
        let from = self.package(imported).scope;
        let entries: Vec<(Symbol, ObjId)> =
            self.scopes[from].entries().iter().copied().filter(|&(n, _)| self.is_exported(n)).collect();
        for (n, o) in entries {
            if let Some(alt) = self.scopes[scope].insert(n, o) {
                let mut err = self.new_error(Code::DuplicateDecl);
                let text = self.obj_name(alt);
                self.add_part(&mut err, local.unwrap_or(path_expr), format!("{text} redeclared in this block"));
                self.add_alt_decl(&mut err, alt);
                self.report(err);
            } else {
                self.dot_imports.insert((scope, n), obj);
            }
        }
    }

    /// Reports names that are declared both in the package and in one of its files.
    fn check_file_scopes(&mut self) {
        let scopes = self.package(self.pkg).file_scopes.clone();
        let pkg_scope = self.package(self.pkg).scope;
        for scope in scopes {
            let entries = self.scopes[scope].entries().to_vec();
            for (name, obj) in entries {
                let Some(alt) = self.scopes[pkg_scope].lookup(name) else { continue };
                let text = self.obj_name(alt);
                let package = |c: &Checker, id: PackageId| {
                    let p = c.package(id);
                    format!("package {} ({:?})", c.names.str(p.name), p.path)
                };
                let msg = match self.objs[obj].kind {
                    ObjectKind::PkgName { imported, .. } => {
                        format!("{text} already declared through import of {}", package(self, imported))
                    }
                    _ => {
                        let from = self.objs[obj].pkg.map_or(String::new(), |p| package(self, p));
                        format!("{text} already declared through dot-import of {from}")
                    }
                };
                let mut err = self.new_error(Code::DuplicateDecl);
                self.add_part(&mut err, alt, msg);
                self.add_alt_decl(&mut err, obj);
                self.report(err);
            }
        }
    }

    /// The defined type's name that a receiver's base type name stands for, through aliases, and whether a pointer was met.
    fn resolve_base(&self, ptr: bool, name: Symbol) -> Option<(bool, ObjId)> {
        let (mut ptr, mut name) = (ptr, name);
        let mut seen: FastSet<ObjId> = FastSet::default();
        loop {
            let obj = self.package_lookup(name)?;
            if !self.objs[obj].is_type_name() || !seen.insert(obj) {
                return None;
            }
            let decl = self.decls[self.decl_of.get(&obj)?.0 as usize].decl?;
            let Decl::Type { tparams, alias, typ, .. } = self.ast.decl(decl) else { return None };
            if !alias {
                return Some((ptr, obj));
            }
            if !tparams.is_empty() {
                return None;
            }
            let mut typ = self.ast.unparen(typ);
            if let Expr::Star(x) = self.ast.expr(typ) {
                if ptr {
                    return None;
                }
                ptr = true;
                typ = self.ast.unparen(x);
            }
            name = self.ast.name(typ)?;
        }
    }
}

fn valid_import_path(path: &str) -> Result<(), String> {
    if path.is_empty() {
        return Err("empty string".into());
    }
    const ILLEGAL: &str = "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{FFFD}";
    match path.chars().find(|&c| c.is_control() || c.is_whitespace() || ILLEGAL.contains(c)) {
        Some(c) => {
            let shown = if c.is_control() { String::new() } else { format!(" '{c}'") };
            Err(format!("invalid character U+{:04X}{shown}", c as u32))
        }
        None => Ok(()),
    }
}

/// The names by which files refer to packages they import with a dot.
pub(crate) type DotImports = FastMap<(ScopeId, Symbol), ObjId>;

/// The shortest form of a path that is not relative, if that is another.
fn canonical_path(path: &str) -> Option<String> {
    if path.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let clean = parts.join("/");
    (clean != path && !path.starts_with('/')).then_some(clean)
}
