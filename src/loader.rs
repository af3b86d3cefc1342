//! Finds packages: the library first, then the module on disk.

pub mod constraint;
mod embed;
pub mod gomod;

use gol_lang::check::{EmbeddedFile, FileSource, Importer, PackageSource};
use gol_lang::syntax::Dialect;
use gomod::Module;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Finds imported packages for a program whose main package lies in a folder.
pub struct Loader {
    module: Option<Module>,
    /// The folder of the main package.
    dir: PathBuf,
    /// Packages that take the place of what is found elsewhere: one under test, with its test files.
    prepared: HashMap<String, PackageSource>,
}

/// Why a program cannot be loaded; shown to the user as it is.
#[derive(Debug)]
pub struct LoadError(pub String);

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LoadError {}

impl Loader {
    /// A loader for a program in `dir`: the nearest `go.mod` at or above it, else at or above the working directory, names the module.
    pub fn new(dir: &Path) -> Result<Loader, LoadError> {
        let module = match Module::find(dir)? {
            Some(m) => Some(m),
            None => std::env::current_dir().ok().map(|d| Module::find(&d)).transpose()?.flatten(),
        };
        Ok(Loader { module, dir: dir.to_path_buf(), prepared: HashMap::new() })
    }

    /// A loader that finds the library only.
    pub fn library() -> Loader {
        Loader { module: None, dir: PathBuf::new(), prepared: HashMap::new() }
    }

    /// Language version that the module asks for.
    pub fn go_version(&self) -> Option<(u32, u32)> {
        self.module.as_ref().and_then(|m| m.go_version)
    }

    /// The package made of exactly these files.
    pub fn files(&self, paths: &[PathBuf]) -> Result<PackageSource, LoadError> {
        let files = paths.iter().map(|p| read(p)).collect::<Result<Vec<_>, _>>()?;
        Ok(PackageSource { path: "main".into(), files, lazy: false, go_version: self.go_version() })
    }

    /// The package in a folder: every Go or gol file of it that belongs to the build.
    pub fn folder(&self, dir: &Path, path: &str) -> Result<PackageSource, LoadError> {
        self.folder_where(dir, path, constraint::file_matches)
    }

    /// All files of a folder that belong to the build, test files included.
    pub fn folder_with_tests(&self, dir: &Path, path: &str) -> Result<PackageSource, LoadError> {
        self.folder_where(dir, path, constraint::file_or_test_matches)
    }

    /// Makes `import` answer `source` for its path.
    pub fn prepare(&mut self, source: PackageSource) {
        self.prepared.insert(source.path.clone(), source);
    }

    /// The import path of the package in a folder of the module, or a name for it outside of one.
    pub fn import_path(&self, dir: &Path) -> String {
        let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
        let rel = self.module.as_ref().and_then(|m| {
            let root = std::fs::canonicalize(&m.root).ok()?;
            let rel = std::fs::canonicalize(&absolute).ok()?.strip_prefix(root).ok()?.to_path_buf();
            Some((m.path.clone(), rel))
        });
        match rel {
            Some((module, rel)) if rel.as_os_str().is_empty() => module,
            Some((module, rel)) => format!("{module}/{}", rel.display()),
            None => "command-line-arguments".into(),
        }
    }

    /// The import path that the main package would have.
    fn main_path(&self) -> String {
        self.import_path(if self.dir.as_os_str().is_empty() { Path::new(".") } else { &self.dir })
    }

    /// A script given as text.
    pub fn text(&self, name: &str, text: String) -> PackageSource {
        let file = FileSource { name: name.into(), text, dialect: Dialect::Script };
        PackageSource { path: "main".into(), files: vec![file], lazy: false, go_version: self.go_version() }
    }

    /// The script that standard input has.
    pub fn stdin(&self) -> Result<PackageSource, LoadError> {
        let file = read_text(std::io::stdin().lock(), 0, "<stdin>".into(), Dialect::Script)?;
        Ok(PackageSource { path: "main".into(), files: vec![file], lazy: false, go_version: self.go_version() })
    }

    fn folder_where(
        &self,
        dir: &Path,
        path: &str,
        matches: fn(&Path, &str) -> bool,
    ) -> Result<PackageSource, LoadError> {
        let listing = std::fs::read_dir(dir).map_err(|e| LoadError(format!("{}: {}", dir.display(), io_text(&e))))?;
        let mut names: Vec<PathBuf> =
            listing.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_file() && is_source(p)).collect();
        names.sort();
        let mut files = Vec::new();
        for p in &names {
            let file = read(p)?;
            if matches(p, &file.text) {
                files.push(file);
            }
        }
        if files.is_empty() {
            return Err(LoadError(if names.is_empty() {
                format!("no Go files in {}", dir.display())
            } else {
                format!("build constraints exclude all Go files in {}", dir.display())
            }));
        }
        Ok(PackageSource { path: path.into(), files, lazy: false, go_version: self.go_version() })
    }
}

/// What an operating system error says, without Rust's decoration.
pub fn io_text(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::IsADirectory => "is a directory".into(),
        _ => {
            let text = e.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// Files of this size or more are refused: positions are 32-bit offsets over all files.
const MAX_FILE: u64 = 256 << 20;

fn is_source(p: &Path) -> bool {
    let name = p.file_name().and_then(|n| n.to_str()).unwrap_or("");
    let ext = p.extension().and_then(|e| e.to_str());
    matches!(ext, Some("go" | "gol")) && !name.starts_with(['.', '_'])
}

/// Reads a source file. What is not text at all is refused here.
fn read(path: &Path) -> Result<FileSource, LoadError> {
    let name = path.display().to_string();
    let shown = if name.is_empty() { "\"\"" } else { &name };
    let fail = |e: &std::io::Error| LoadError(format!("{shown}: {}", io_text(e)));
    let file = std::fs::File::open(path).map_err(|e| fail(&e))?;
    let meta = file.metadata().map_err(|e| fail(&e))?;
    if meta.is_dir() {
        return Err(LoadError(format!("{name}: is a directory")));
    }
    if meta.len() > MAX_FILE {
        return Err(LoadError(format!("{name}: file too large ({} MiB)", meta.len() >> 20)));
    }
    let dialect = if path.extension().is_some_and(|e| e == "go") { Dialect::Go } else { Dialect::Script };
    read_text(file, meta.len(), name, dialect)
}

/// Reads what a file or pipe has, up to the size that is too large.
fn read_text(from: impl Read, size: u64, name: String, dialect: Dialect) -> Result<FileSource, LoadError> {
    let mut bytes = Vec::with_capacity(size as usize + 1);
    if let Err(e) = from.take(MAX_FILE + 1).read_to_end(&mut bytes) {
        return Err(LoadError(format!("{name}: {}", io_text(&e))));
    }
    if bytes.len() as u64 > MAX_FILE {
        return Err(LoadError(format!("{name}: too large (more than {} MiB)", MAX_FILE >> 20)));
    }
    // No text begins like this, but programs, archives and pictures do.
    if matches!(bytes.first(), Some(0..=8 | 14..=31 | 0x7f | 0x89)) {
        return Err(LoadError(format!("{name}: is a binary file, not a program text")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(FileSource { name, text, dialect }),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let bytes = e.as_bytes();
            let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() + 1;
            let col = at - bytes[..at].iter().rposition(|&b| b == b'\n').map_or(0, |p| p + 1) + 1;
            Err(LoadError(format!("{name}:{line}:{col}: invalid UTF-8 encoding")))
        }
    }
}

/// Names that several packages have, with the packages in the order in which a script's use of the name is tried on them.
const SHARED_NAMES: &[(&str, &[&str])] =
    &[("rand", &["math/rand", "math/rand/v2", "crypto/rand"]), ("template", &["text/template", "html/template"])];

/// The name that a package of the library goes by: the last element of its path that is not a version.
pub fn library_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let is_version = last.strip_prefix('v').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    if is_version { parts.next().unwrap_or(last) } else { last }
}

impl Importer for Loader {
    fn embed(&mut self, pattern: &str, from: &str) -> Result<Vec<EmbeddedFile>, String> {
        let dir = Path::new(from).parent().filter(|dir| !dir.as_os_str().is_empty());
        embed::files(dir.unwrap_or(Path::new(".")), pattern)
    }

    fn packages(&self) -> Vec<String> {
        gol_stdlib::PACKAGES.iter().map(|p| p.to_string()).collect()
    }

    fn refuses(&self, path: &str, from: &str) -> Option<String> {
        if !path.split('/').any(|part| part == "internal") {
            return None;
        }
        // Tests outside of a package count as the package's own.
        let from = from.strip_suffix(".test").unwrap_or(from);
        let from = from.strip_suffix("_test").unwrap_or(from);
        let allowed = if gol_stdlib::source(path).is_some() {
            // What the compiler itself asks for is on behalf of no package.
            from == "unsafe" || gol_stdlib::source(from).is_some()
        } else if self.module.as_ref().is_some_and(|m| path.starts_with(&m.path)) {
            let main = if from == "main" { self.main_path() } else { String::new() };
            internal_allowed(path, if main.is_empty() { from } else { &main })
        } else {
            true
        };
        (!allowed).then(|| format!("use of internal package {path} not allowed"))
    }

    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        if let Some(source) = self.prepared.remove(path) {
            return Ok(source);
        }
        if let Some(files) = gol_stdlib::source(path) {
            let files = files
                .iter()
                .map(|(name, text)| FileSource {
                    name: (*name).to_string(),
                    text: (*text).to_string(),
                    dialect: Dialect::Go,
                })
                .collect();
            return Ok(PackageSource { path: path.into(), files, lazy: true, go_version: None });
        }
        let module = self.module.as_ref();
        let rel =
            module.and_then(|m| if path == m.path { Some("") } else { path.strip_prefix(&m.path)?.strip_prefix('/') });
        let (Some(module), Some(rel)) = (module, rel) else {
            let dotted = path.split('/').next().is_some_and(|p| p.contains('.'));
            return Err(if path.starts_with("./") || path.starts_with("../") {
                format!("{path}: relative import paths are not supported in modules")
            } else if dotted {
                format!("no required module provides package {path}")
            } else {
                format!("package {path} is not in std")
            });
        };
        let dir = module.root.join(rel);
        if !dir.is_dir() {
            return Err(format!("package {path} is not in module {}: no folder {}", module.path, dir.display()));
        }
        self.folder(&dir, path).map_err(|e| e.0)
    }

    fn implied(&self, name: &str) -> Vec<String> {
        if let Some((_, paths)) = SHARED_NAMES.iter().find(|(n, _)| *n == name) {
            return paths.iter().filter(|p| gol_stdlib::source(p).is_some()).map(|p| p.to_string()).collect();
        }
        if name == "unsafe" {
            return vec![name.into()];
        }
        let public = |p: &&&str| !p.split('/').any(|part| part == "internal");
        let mut paths: Vec<&str> =
            gol_stdlib::PACKAGES.iter().filter(public).copied().filter(|p| library_name(p) == name).collect();
        paths.sort_by_key(|p| p.matches('/').count());
        paths.into_iter().map(str::to_string).collect()
    }
}

/// `a/internal/b` may be imported from `a` and below only.
fn internal_allowed(path: &str, from: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let Some(i) = parts.iter().rposition(|p| *p == "internal") else { return true };
    let parent = parts[..i].join("/");
    from == parent || from.strip_prefix(&parent).is_some_and(|r| r.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{Loader, internal_allowed, library_name};
    use gol_lang::check::Importer;

    #[test]
    fn names_of_the_library() {
        assert_eq!(library_name("math/rand/v2"), "rand");
        assert_eq!(library_name("encoding/json"), "json");
        assert_eq!(library_name("fmt"), "fmt");
    }

    #[test]
    fn internal_packages_are_visible_below_their_parent_only() {
        assert!(internal_allowed("m/a/internal/x", "m/a"));
        assert!(internal_allowed("m/a/internal/x", "m/a/b/c"));
        assert!(!internal_allowed("m/a/internal/x", "m/ab"));
        assert!(!internal_allowed("m/a/internal/x", "m"));
        assert!(internal_allowed("m/a", "other"));
        let loader = Loader::library();
        assert_eq!(loader.refuses("internal/rtype", "fmt"), None);
        assert!(loader.refuses("internal/rtype", "main").is_some());
    }
}
