//! The part of the library that most scripts use, compiled once and kept.
//!
//! The first script that a build of gol runs has it loaded, checked and compiled, and kept in the cache folder as an image of memory
//! ([`gol_runtime::image`]); later ones begin with that, so that only their own code, and what else they use, has to be compiled. So
//! does the REPL, with an image of its own. Without a cache folder that can be written to, every program is compiled whole.

use crate::cache;
use crate::loader::Loader;
use crate::session::package_names;
use gol_lang::check::Checker;
use gol_lang::check::unit::Session;
use gol_lang::lower::unit::{Kept, SHOW_PACKAGE};
use gol_lang::typed::FuncId;
use gol_lang::types::{ObjId, PackageId};
use gol_runtime::image;
use gol_vm::bytecode::Program;
use gol_vm::compile::Env;
use gol_vm::compile::grow::Grower;
use std::fs::File;

/// Packages that are there, with the functions of each that are compiled.
const PARTS: &[(&str, &[&str])] = &[
    ("fmt", &["Println", "Printf", "Print", "Sprintf", "Sprint", "Sprintln", "Errorf", "Fprintln", "Fprintf"]),
    ("errors", &[]),
    ("os", &[]),
    ("strings", &[]),
    ("strconv", &[]),
    ("time", &[]),
    ("sort", &[]),
    ("slices", &[]),
    ("maps", &[]),
    ("math", &[]),
    ("bufio", &[]),
    ("bytes", &[]),
    ("sync", &[]),
    ("io", &[]),
];

/// What is going to stand behind the library.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// One program.
    Program,
    /// The inputs of a session.
    Session,
}

/// A compiler that has compiled a part of the library.
pub struct Library {
    pub(crate) checker: Checker,
    pub(crate) session: Option<Session>,
    pub(crate) kept: Kept,
    pub(crate) grower: Grower,
    /// The bytecode.
    pub(crate) part: Program,
}

impl Library {
    /// What the cache folder has, or else a new one, which is then kept there. None if it cannot be.
    pub fn get(purpose: Purpose) -> Option<Library> {
        let slot = cache::LibrarySlot::of(&purpose)?;
        if let Some(library) = slot.open().and_then(|file| image::open(&file, slot.key)) {
            return Some(library);
        }
        let mut made = None;
        let kept = slot.write(|file| save(purpose, file, slot.key, &mut made));
        made.filter(|_| kept)
    }

    /// What every session needs, and no more.
    pub fn bare_session() -> Option<Library> {
        Library::make(Purpose::Session, &[])
    }

    fn make(purpose: Purpose, parts: &[(&str, &[&str])]) -> Option<Library> {
        let mut checker = Checker::new(Box::new(Loader::library()));
        let session = (purpose == Purpose::Session).then(|| checker.open_session());
        checker.require("runtime");
        let mut roots = Vec::new();
        if session.is_some() {
            let package = checker.require(SHOW_PACKAGE);
            roots.extend(SHOWN.iter().filter_map(|name| object(&checker, package, name)));
        }
        for (path, names) in parts {
            let package = checker.require(path);
            roots.extend(names.iter().filter_map(|name| object(&checker, package, name)));
        }
        let mut kept = Kept::default();
        let mut grower = if session.is_some() { Grower::default() } else { Grower::settled() };
        let program = kept.lower_library(&mut checker, &roots)?;
        grower.set_stub(FuncId(program.funcs.len() as u32));
        let packages = package_names(&checker);
        let env = Env { names: &checker.names, packages: &packages, sources: &checker.sources };
        let part = grower.compile(&program, env);
        kept.take_back(&mut checker, program, |f| grower.needs_body(f));
        kept.reserve();
        Some(Library { checker, session, kept, grower, part })
    }
}

/// Functions that show values.
const SHOWN: &[&str] = &["Text", "Value", "End"];

fn object(checker: &Checker, package: PackageId, name: &str) -> Option<ObjId> {
    checker.scopes[checker.package(package).scope].lookup(checker.names.lookup(name)?)
}

/// Makes the library and writes it to a file.
fn save(purpose: Purpose, file: &mut File, key: u64, made: &mut Option<Library>) -> std::io::Result<()> {
    let draft = image::build(|| Library::make(purpose, PARTS)).ok_or(std::io::ErrorKind::Unsupported)?;
    draft.save(file, key)?;
    *made = Some(draft.into_inner());
    Ok(())
}
