//! The little that gol needs of `go.mod`: the module's path and its language version.

use super::{LoadError, io_text};
use std::path::{Path, PathBuf};

/// A module on disk.
#[derive(Debug, Clone)]
pub struct Module {
    /// Folder that holds `go.mod`.
    pub root: PathBuf,
    /// Import path prefix of its packages.
    pub path: String,
    /// From the `go` line.
    pub go_version: Option<(u32, u32)>,
}

impl Module {
    /// The module that `dir` belongs to, if any.
    pub fn find(dir: &Path) -> Result<Option<Module>, LoadError> {
        let Ok(start) = std::path::absolute(dir) else { return Ok(None) };
        for d in start.ancestors() {
            let file = d.join("go.mod");
            if file.is_file() {
                let text = std::fs::read_to_string(&file)
                    .map_err(|e| LoadError(format!("{}: {}", file.display(), io_text(&e))))?;
                // Packages below are named by paths relative to the working directory, as the user would write them.
                let root = match std::env::current_dir() {
                    Ok(cwd) if cwd == d => PathBuf::new(),
                    Ok(cwd) => d.strip_prefix(&cwd).map_or_else(|_| d.to_path_buf(), Path::to_path_buf),
                    Err(_) => d.to_path_buf(),
                };
                let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
                return parse(&text, root).map(Some).map_err(|e| LoadError(format!("{}:{e}", file.display())));
            }
        }
        Ok(None)
    }
}

fn parse(text: &str, root: PathBuf) -> Result<Module, String> {
    let mut path = None;
    let mut go_version = None;
    for (i, line) in text.lines().enumerate() {
        let line = line.split("//").next().unwrap_or("").trim();
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("module"), Some(p)) => path = Some(p.trim_matches(['"', '`']).to_string()),
            (Some("go"), Some(v)) => {
                go_version = Some(version(v).ok_or(format!("{}: invalid go version '{v}'", i + 1))?);
            }
            _ => {}
        }
    }
    Ok(Module { root, path: path.ok_or("1: no module declaration")?, go_version })
}

/// `1.21`, `1.21.3`, `1.22rc1`.
fn version(v: &str) -> Option<(u32, u32)> {
    let mut parts = v.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor: String = parts.next().unwrap_or("0").chars().take_while(char::is_ascii_digit).collect();
    Some((major, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_path_and_version() {
        let m = parse("module example.com/x // c\n\ngo 1.21.3\nrequire a v1\n", PathBuf::new()).unwrap();
        assert_eq!((m.path.as_str(), m.go_version), ("example.com/x", Some((1, 21))));
        assert!(parse("go 1.2\n", PathBuf::new()).is_err());
        assert!(parse("module m\ngo x\n", PathBuf::new()).is_err());
    }
}
