//! Checking: from syntax trees to types, constant values and resolved names, with every error that Go's compiler reports.
//!
//! One [`Checker`] serves a whole program. [`Checker::load`] parses a package and collects its declarations; package-level objects
//! get their types when they are first needed (which is how order of declaration does not matter and how cycles are found), also
//! across packages. [`Checker::check_package`] does all of a package. Of packages loaded lazily (the library), only what is used gets
//! checked: [`Checker::resolve`] for declarations and [`Checker::check_body`] for function bodies are there for the stages after.
//!
//! The structure is that of Go's own checker: one concern a file; operands ([`operand::Operand`]) carry a mode, an error is
//! reported once and leaves an invalid operand, which flows on silently; whatever needs complete types is delayed by
//! [`Checker::later`]. Findings go to the package's [`Info`].

use std::rc::Rc;

use crate::constant::Value;
use crate::diag::Diagnostics;
use crate::intern::{FastMap, FastSet, Interner, Symbol, sym};
use crate::source::{FileId, Pos, SourceMap, Span};
use crate::syntax::ast::{Ast, DeclId, ExprId, FileNode};
use crate::types::object::DeclInfo;
use crate::types::universe::Universe;
use crate::types::{NameId, ObjId, Objects, PackageId, ScopeId, Scopes, TypeId, Types};

mod advise;
mod assign;
pub mod assignable;
mod builtin;
mod call;
pub mod compare;
pub mod consts;
pub mod convert;
pub mod cycles;
pub mod decl;
pub(crate) mod directives;
pub mod errors;
pub mod expr;
pub mod exprstr;
pub mod implements;
mod index;
mod infer;
pub mod info;
mod initorder;
mod instantiate;
mod labels;
mod layout;
mod limits;
mod literal;
mod mono;
pub mod operand;
mod range;
pub mod record;
pub mod resolve;
mod returns;
mod script;
mod select;
pub mod selector;
pub mod shift;
pub mod signature;
mod stmt;
pub mod structs;
pub mod subst;
mod switch;
pub mod typeset;
pub mod typexpr;
mod unify;
pub mod unit;
pub mod untyped;
mod unused;

pub use info::{Info, Mode, Selection, TypeAndValue};
pub use operand::Operand;

/// The language version that is checked by default.
pub const GO_VERSION: (u32, u32) = (1, 27);

/// The text of one file.
#[derive(Debug, Clone)]
pub struct FileSource {
    /// Name for messages.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whether the file may leave out package clause and main function.
    pub dialect: crate::syntax::Dialect,
}

/// The files of a package.
#[derive(Debug, Clone, Default)]
pub struct PackageSource {
    /// Import path.
    pub path: String,
    /// The files that belong to the build.
    pub files: Vec<FileSource>,
    /// Whether bodies are checked only on demand, and errors in them are bugs of ours: packages of the library.
    pub lazy: bool,
    /// Language version that the package's module asks for.
    pub go_version: Option<(u32, u32)>,
}

/// Finds packages: the caller's business.
pub trait Importer {
    /// The sources of the package that `path` denotes in an import declaration of package `from`, or why there are none.
    fn import(&mut self, path: &str, from: &str) -> Result<PackageSource, String>;

    /// Why package `from` must not import a package, be it loaded already or not.
    fn refuses(&self, path: &str, from: &str) -> Option<String> {
        let _ = (path, from);
        None
    }

    /// Import paths of the packages that a script can select from under this name without importing them, the likeliest first.
    fn implied(&self, name: &str) -> Vec<String> {
        let _ = name;
        Vec::new()
    }

    /// The files that a `//go:embed` pattern in source file `from` means, by the names that the program knows them by; or what is
    /// wrong with the pattern.
    fn embed(&mut self, pattern: &str, from: &str) -> Result<Vec<EmbeddedFile>, String> {
        let _ = (pattern, from);
        Err("no matching files found".to_string())
    }

    /// The import paths that are there to suggest.
    fn packages(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A file that becomes part of the program.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct EmbeddedFile {
    /// Its path below the folder of the package, with slashes.
    pub name: String,
    /// Its contents.
    pub data: std::rc::Rc<[u8]>,
}

/// An importer that finds nothing.
#[derive(Debug, Default)]
pub struct NoImporter;

impl Importer for NoImporter {
    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        Err(format!("package {path} is not in std"))
    }
}

/// One package of the program.
#[derive(Debug)]
pub struct Package {
    /// Import path.
    pub path: String,
    /// Package name.
    pub name: Symbol,
    /// Its syntax trees.
    pub ast: Rc<Ast>,
    /// Its files.
    pub files: Rc<[FileNode]>,
    /// The scopes of its files, in the same order.
    pub file_scopes: Vec<ScopeId>,
    /// Scope of its package-level declarations.
    pub scope: ScopeId,
    /// Packages that it imports directly, in order of first import.
    pub imports: Vec<PackageId>,
    /// The names under which its files import packages.
    pub pkg_names: Vec<ObjId>,
    /// All package-level objects and methods in source order.
    pub objects: Vec<ObjId>,
    /// The `init` functions in source order (they are in no scope).
    pub inits: Vec<ObjId>,
    /// Findings.
    pub info: Info,
    /// Language version.
    pub go_version: (u32, u32),
    /// Whether it is checked on demand.
    pub lazy: bool,
    /// Bodies of functions that are parsed on demand.
    pub(crate) bodies: FastMap<DeclId, Span>,
    /// Whether its files have syntax errors: nothing else is found out about it then.
    pub broken: bool,
    /// Whether errors have been reported about it or a package that it imports.
    pub failed: bool,
    /// Whether the import failed: names selected from it are not reported.
    pub fake: bool,
    /// Whether imports of it are being resolved (an import of it is then a cycle).
    pub loading: bool,
}

/// Names a [`DeclInfo`] of the checker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeclRef(pub u32);

/// The signature of the function whose body is being checked.
#[derive(Debug, Clone)]
pub struct FuncEnv {
    /// Its type.
    pub sig: TypeId,
    /// Its result variables.
    pub results: Rc<[ObjId]>,
}

/// What surrounds the expression or statement being checked.
#[derive(Debug, Clone)]
pub struct Env {
    /// The package-level declaration whose initialiser or body this is; uses of package-level objects become its dependencies.
    pub decl: Option<DeclRef>,
    /// Innermost scope.
    pub scope: ScopeId,
    /// Language version of the file.
    pub version: (u32, u32),
    /// Value of iota inside constant declarations.
    pub iota: Option<Value>,
    /// Where to report errors of an inherited constant initialiser.
    pub err_pos: Option<Span>,
    /// Whether a type parameter list is being checked.
    pub in_tparam_list: bool,
    /// The function being checked.
    pub func: Option<FuncEnv>,
    /// Calls of predeclared panic in the current function: they terminate statement lists.
    pub panics: Rc<std::cell::RefCell<FastSet<ExprId>>>,
    /// Whether the current function has labels.
    pub has_label: bool,
    /// Whether the expression checked contains a function call or a receive operation (which `len` must evaluate).
    pub has_call_or_recv: bool,
}

impl Env {
    /// The surroundings of a declaration in a file.
    pub fn at_file(scope: ScopeId, version: (u32, u32)) -> Env {
        Env {
            decl: None,
            scope,
            version,
            iota: None,
            err_pos: None,
            in_tparam_list: false,
            func: None,
            panics: Rc::default(),
            has_label: false,
            has_call_or_recv: false,
        }
    }
}

/// What is known about an untyped expression whose final type is still open.
#[derive(Debug, Clone)]
pub struct UntypedInfo {
    /// Whether the expression is the left operand of a shift with a delayed type check.
    pub is_lhs: bool,
    /// Its mode.
    pub mode: Mode,
    /// Its untyped type so far.
    pub ty: TypeId,
    /// Its value, if it is a constant.
    pub val: Option<Value>,
}

/// Work put off until types are complete.
type Action = Box<dyn FnOnce(&mut Checker)>;

struct Delayed {
    pkg: PackageId,
    version: (u32, u32),
    run: Action,
}

/// The state of checking a program.
pub struct Checker {
    /// All types.
    pub types: Types,
    /// All objects.
    pub objs: Objects,
    /// All scopes.
    pub scopes: Scopes,
    /// All names.
    pub names: Interner,
    /// All source files.
    pub sources: SourceMap,
    /// What was reported.
    pub diags: Diagnostics,
    /// Handles of predeclared objects.
    pub universe: Universe,
    /// All packages; the first one is unsafe.
    pub pkgs: Vec<Package>,
    /// The package being checked.
    pub pkg: PackageId,
    /// Its syntax tree.
    pub ast: Rc<Ast>,
    /// Surroundings of what is being checked.
    pub env: Env,
    /// Declarations of package-level objects and methods.
    pub decls: Vec<DeclInfo>,
    /// Which declaration declares an object.
    pub decl_of: FastMap<ObjId, DeclRef>,
    /// While positive, errors are swallowed.
    pub(crate) silent: u32,
    /// The files that variables are initialised with (`//go:embed`), sorted by name.
    pub embedded: FastMap<ObjId, Rc<[EmbeddedFile]>>,
    pub(crate) importer: Box<dyn Importer>,
    by_path: FastMap<Symbol, PackageId>,
    delayed: Vec<Delayed>,
    /// Methods collected for a base type name that are not attached to its type yet.
    pub(crate) methods: FastMap<ObjId, Vec<ObjId>>,
    /// Untyped expressions of the current package.
    pub(crate) untyped: FastMap<(PackageId, ExprId), UntypedInfo>,
    /// Objects whose declarations are being checked, outermost first.
    pub(crate) obj_path: Vec<ObjId>,
    pub(crate) obj_path_index: FastMap<ObjId, usize>,
    /// The import that a name of a file's scope comes from, if it was imported with a dot.
    pub(crate) dot_imports: resolve::DotImports,
    /// Whether what is unused in scripts is an error, as it is in Go.
    pub strict: bool,
    /// Files in the script dialect.
    pub(crate) script_files: FastSet<FileId>,
    /// Where instances of generic types are first written.
    pub(crate) inst_pos: FastMap<TypeId, Pos>,
    /// Instantiations of the current package.
    pub(crate) mono: mono::MonoGraph,
    /// Defined types that are known not to contain themselves.
    pub(crate) valid_types: FastSet<crate::types::NamedId>,
    /// What goes with the next message.
    pub(crate) aside: advise::Aside,
    /// What asks for the type of what is being assigned.
    pub(crate) wanted: Option<advise::WantedBy>,
    /// Counts types declared inside functions.
    pub(crate) local_types: u32,
    /// The package that is checked unit by unit, if there is one.
    pub(crate) session: Option<unit::Session>,
    /// The unit being checked.
    pub(crate) unit: Option<unit::Current>,
}

impl Checker {
    /// A checker for one program.
    pub fn new(importer: Box<dyn Importer>) -> Checker {
        let types = Types::new();
        let mut objs = Objects::default();
        let mut scopes = Scopes::default();
        let unsafe_id = PackageId(0);
        let universe = Universe::install(&types, &mut objs, &mut scopes, unsafe_id);
        let names = Interner::new();
        let unsafe_pkg = Package {
            path: "unsafe".into(),
            name: sym::UNSAFE,
            ast: Rc::default(),
            files: Rc::new([]),
            file_scopes: Vec::new(),
            scope: universe.unsafe_scope,
            imports: Vec::new(),
            pkg_names: Vec::new(),
            objects: Vec::new(),
            inits: Vec::new(),
            info: Info::default(),
            go_version: GO_VERSION,
            lazy: true,
            bodies: FastMap::default(),
            broken: false,
            failed: false,
            fake: false,
            loading: false,
        };
        let mut by_path = FastMap::default();
        by_path.insert(sym::UNSAFE, unsafe_id);
        Checker {
            types,
            objs,
            scopes,
            names,
            sources: SourceMap::new(),
            diags: Diagnostics::new(),
            universe,
            pkgs: vec![unsafe_pkg],
            pkg: unsafe_id,
            ast: Rc::default(),
            env: Env::at_file(ScopeId::UNIVERSE, GO_VERSION),
            decls: Vec::new(),
            decl_of: FastMap::default(),
            silent: 0,
            embedded: FastMap::default(),
            importer,
            by_path,
            delayed: Vec::new(),
            methods: FastMap::default(),
            untyped: FastMap::default(),
            obj_path: Vec::new(),
            obj_path_index: FastMap::default(),
            dot_imports: FastMap::default(),
            strict: false,
            script_files: FastSet::default(),
            inst_pos: FastMap::default(),
            mono: mono::MonoGraph::default(),
            valid_types: FastSet::default(),
            aside: advise::Aside::default(),
            wanted: None,
            local_types: 0,
            session: None,
            unit: None,
        }
    }

    /// A package by id.
    pub fn package(&self, id: PackageId) -> &Package {
        &self.pkgs[id.0 as usize]
    }

    /// The findings about the current package.
    pub fn info(&mut self) -> &mut Info {
        &mut self.pkgs[self.pkg.0 as usize].info
    }

    /// Makes another package the current one; give the result to [`Checker::leave`].
    pub fn enter(&mut self, pkg: PackageId) -> PackageId {
        let previous = self.pkg;
        if pkg != previous {
            self.pkg = pkg;
            self.ast = self.pkgs[pkg.0 as usize].ast.clone();
        }
        previous
    }

    /// Returns to the package that was current before [`Checker::enter`].
    pub fn leave(&mut self, previous: PackageId) {
        self.enter(previous);
    }

    /// Puts off work until the types that are being declared are complete.
    pub fn later(&mut self, run: impl FnOnce(&mut Checker) + 'static) {
        self.delayed.push(Delayed { pkg: self.pkg, version: self.env.version, run: Box::new(run) });
    }

    /// How much work is put off: to be given to [`Checker::process_delayed`].
    pub fn delayed_mark(&self) -> usize {
        self.delayed.len()
    }

    /// Does all work put off since `mark`, including what it puts off in turn.
    pub fn process_delayed(&mut self, mark: usize) {
        let version = self.env.version;
        let pkg = self.pkg;
        // Work is done in the order in which it was put off; new work queues behind.
        let mut queue: std::collections::VecDeque<Delayed> = self.delayed.drain(mark..).collect();
        while let Some(d) = queue.pop_front() {
            self.enter(d.pkg);
            self.env.version = d.version;
            (d.run)(self);
            queue.extend(self.delayed.drain(mark..));
        }
        self.leave(pkg);
        self.env.version = version;
    }

    /// The identity of a name as used in a package.
    pub fn name_id(&self, name: Symbol, pkg: PackageId) -> NameId {
        NameId { name, pkg: if self.is_exported(name) { None } else { Some(pkg) } }
    }

    /// The identity of a name as used in the current package.
    pub fn id(&self, name: Symbol) -> NameId {
        self.name_id(name, self.pkg)
    }

    /// Whether a name starts with an upper-case letter.
    pub fn is_exported(&self, name: Symbol) -> bool {
        self.names.str(name).chars().next().is_some_and(char::is_uppercase)
    }

    /// Opens a scope inside the current one.
    pub fn open_scope(&mut self) -> ScopeId {
        let scope = self.scopes.add(self.env.scope);
        self.env.scope = scope;
        scope
    }

    /// Returns to the enclosing scope.
    pub fn close_scope(&mut self) {
        if let Some(parent) = self.scopes[self.env.scope].parent {
            self.env.scope = parent;
        }
    }
}
