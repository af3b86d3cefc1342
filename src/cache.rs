//! Compiled scripts, kept between runs.
//!
//! A script that has been compiled without any finding, and that uses no packages but the library's, is kept as bytecode in a file
//! of the user's cache folder; the next time it only has to be linked. An entry holds everything that it depends on, its text
//! included, and is used only if all of that is the same: there is nothing to go stale. The number of entries is bounded. `GOLCACHE`
//! names another folder; `GOLCACHE=off` turns all this off.

use gol_vm::bytecode::{Program, store};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Entries above this number make room for new ones.
const MOST: usize = 256;

/// The place for one script.
pub struct Slot {
    file: PathBuf,
    /// What the entry depends on.
    key: Vec<u8>,
}

impl Slot {
    /// The place for a script of this name and text; `options` stands for whatever else makes a difference. None if nothing is to be
    /// kept.
    pub fn of(name: &str, text: &str, options: &str) -> Option<Slot> {
        let folder = folder()?;
        let mut key = Vec::with_capacity(text.len() + 256);
        for part in [this_build()?.as_str(), options, name, text] {
            key.extend_from_slice(&(part.len() as u64).to_le_bytes());
            key.extend_from_slice(part.as_bytes());
        }
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Some(Slot { file: folder.join(format!("{:016x}", hasher.finish())), key })
    }

    /// What is kept here, if it is for the very same script.
    pub fn read(&self) -> Option<Program> {
        let bytes = std::fs::read(&self.file).ok()?;
        store::read(bytes.strip_prefix(self.key.as_slice())?)
    }

    /// Keeps a program. That it cannot be kept is no error.
    pub fn write(&self, program: &Program) {
        let _ = self.try_write(program);
    }

    fn try_write(&self, program: &Program) -> std::io::Result<()> {
        let Some(folder) = self.file.parent() else { return Ok(()) };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        make_room(folder)?;
        let mut bytes = self.key.clone();
        bytes.extend_from_slice(&store::write(program));
        // Other processes see the entry whole or not at all.
        let draft = self.file.with_extension(std::process::id().to_string());
        // What a script says is its owner's business.
        let mut file = std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&bytes)?;
        std::fs::rename(&draft, &self.file).inspect_err(|_| drop(std::fs::remove_file(&draft)))
    }
}

/// Drops the older half of the entries if there are too many.
fn make_room(folder: &Path) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    if entries.len() < MOST {
        return Ok(());
    }
    entries.sort_by_cached_key(|p| std::fs::metadata(p).and_then(|m| m.modified()).ok());
    for old in &entries[..entries.len() / 2] {
        std::fs::remove_file(old)?;
    }
    Ok(())
}

/// Where entries are kept.
fn folder() -> Option<PathBuf> {
    if let Some(set) = std::env::var_os("GOLCACHE") {
        return (set != "off" && !set.is_empty()).then(|| PathBuf::from(set));
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|h| h.join(".cache"))).map(|c| c.join("gol"))
}

/// Tells builds apart: a different file, a different build.
fn this_build() -> Option<String> {
    let meta = std::fs::metadata("/proc/self/exe").ok()?;
    Some(format!("{}:{}:{}:{}:{}", meta.dev(), meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec()))
}
