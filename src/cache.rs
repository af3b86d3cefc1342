//! Compiled scripts, kept between runs.
//!
//! A script that has been compiled without any finding, and that uses no packages but the library's, is kept as bytecode in a file
//! of the user's cache folder; the next time it only has to be linked. An entry holds everything that it depends on, its text
//! included, and is used only if all of that is the same: there is nothing to go stale. The number of entries is bounded. `GOLCACHE`
//! names another folder; `GOLCACHE=off` turns all this off. The same folder has the compiled library ([`crate::library`]).

use gol_vm::bytecode::{Program, store};
use std::fs::File;
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
        replace(&self.file, |file| {
            // Counting the entries takes longer than writing one: only now and then.
            if self.file.as_os_str().as_encoded_bytes().ends_with(b"0") {
                make_room(folder)?;
            }
            file.write_all(&self.key)?;
            file.write_all(&store::write(program))
        })
    }
}

/// The place for a compiled library of this build.
pub struct LibrarySlot {
    file: PathBuf,
    /// Stands for all that it depends on.
    pub key: u64,
}

/// What the names of compiled libraries begin with.
const LIBRARY: &str = "library-";
/// Compiled libraries that are kept.
const MOST_LIBRARIES: usize = 4;

impl LibrarySlot {
    /// The place for one with this purpose; none if nothing is to be kept.
    pub fn of(purpose: &impl Hash) -> Option<LibrarySlot> {
        let folder = folder()?;
        let mut hasher = DefaultHasher::new();
        (LIBRARY, this_build()?, purpose).hash(&mut hasher);
        let key = hasher.finish();
        Some(LibrarySlot { file: folder.join(format!("{LIBRARY}{key:016x}")), key })
    }

    /// The file, if there is one that only this user can have written.
    pub fn open(&self) -> Option<File> {
        let file = File::open(&self.file).ok()?;
        let (found, own) = (file.metadata().ok()?, std::fs::metadata("/proc/self").ok()?);
        (found.is_file() && found.uid() == own.uid() && found.mode() & 0o022 == 0).then_some(file)
    }

    /// Has `write` fill the file; answers whether that went well. Libraries of earlier builds make room for it.
    pub fn write(&self, write: impl FnOnce(&mut File) -> std::io::Result<()>) -> bool {
        let written = replace(&self.file, |file| {
            write(file)?;
            // A file that is whole only in name would be found out by its checksum, but slowly.
            file.sync_data()
        });
        let Some(folder) = self.file.parent().filter(|_| written.is_ok()) else { return false };
        let mut all = entries(folder).unwrap_or_default();
        all.retain(|p| is_library(p));
        all.sort_by_cached_key(|p| std::fs::metadata(p).and_then(|m| m.modified()).ok());
        for old in all.iter().rev().skip(MOST_LIBRARIES) {
            let _ = std::fs::remove_file(old);
        }
        true
    }
}

/// Writes a file of the cache. Other processes see it whole or not at all, other users do not see what is in it.
fn replace(path: &Path, write: impl FnOnce(&mut File) -> std::io::Result<()>) -> std::io::Result<()> {
    if gol_runtime::process::file_size_is_limited() {
        return Err(std::io::ErrorKind::Unsupported.into());
    }
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let draft = path.with_extension(std::process::id().to_string());
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    let written = write(&mut file).and_then(|()| std::fs::rename(&draft, path));
    written.inspect_err(|_| drop(std::fs::remove_file(&draft)))
}

fn is_library(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(LIBRARY.as_bytes()))
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    Ok(std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect())
}

/// Drops the older half of the scripts if there are too many.
fn make_room(folder: &Path) -> std::io::Result<()> {
    let mut entries = entries(folder)?;
    entries.retain(|p| !is_library(p));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_scripts_make_room() {
        let folder = std::env::temp_dir().join(format!("gol-cache-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for i in 0..MOST + 1 {
            std::fs::write(folder.join(format!("{i:x}")), "").unwrap();
        }
        std::fs::write(folder.join("library-1"), "").unwrap();
        make_room(&folder).unwrap();
        let left = entries(&folder).unwrap();
        assert_eq!(left.len(), MOST / 2 + 2);
        assert!(left.contains(&folder.join("library-1")));
        make_room(&folder).unwrap();
        assert_eq!(entries(&folder).unwrap().len(), left.len(), "there is room");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
