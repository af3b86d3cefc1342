//! The files that `//go:embed` patterns mean, by Go's rules: patterns are matched below the package's folder, folders stand for what
//! is in them, and names that begin with `.` or `_` are left out of folders unless the pattern begins with `all:`.

use super::io_text;
use gol_lang::check::EmbeddedFile;
use std::path::Path;

/// The files that a pattern means in `dir`, or what is wrong.
pub fn files(dir: &Path, pattern: &str) -> Result<Vec<EmbeddedFile>, String> {
    let (all, glob) = pattern.strip_prefix("all:").map_or((false, pattern), |rest| (true, rest));
    if !valid_path(glob) || !valid_pattern(glob) {
        return Err("invalid pattern syntax".into());
    }
    let mut matched = Vec::new();
    let elements: Vec<&str> = if glob == "." { Vec::new() } else { glob.split('/').collect() };
    find(dir, "", &elements, &mut matched);
    matched.sort();
    let mut files = Vec::new();
    for name in &matched {
        let path = dir.join(name);
        let kind = std::fs::symlink_metadata(&path).map_err(|e| io_text(&e))?;
        if kind.is_dir() {
            let before = files.len();
            folder(&path, name, all, &mut files)?;
            if files.len() == before {
                return Err(format!("cannot embed directory {name}: contains no embeddable files"));
            }
        } else if kind.is_file() {
            if let Some(bad) = name.split('/').find(|element| !embeddable(element)) {
                return Err(format!("cannot embed file {name}: invalid name {bad}"));
            }
            files.push(read(&path, name)?);
        } else {
            return Err(format!("cannot embed irregular file {name}"));
        }
    }
    if files.is_empty() { Err("no matching files found".into()) } else { Ok(files) }
}

/// All regular files of a folder and the folders in it.
fn folder(dir: &Path, name: &str, all: bool, files: &mut Vec<EmbeddedFile>) -> Result<(), String> {
    for element in listing(dir) {
        if !embeddable(&element) || !all && element.starts_with(['.', '_']) {
            continue;
        }
        let (path, name) = (dir.join(&element), join(name, &element));
        let Ok(kind) = std::fs::symlink_metadata(&path) else { continue };
        if kind.is_dir() {
            // Another module's.
            if !path.join("go.mod").exists() {
                folder(&path, &name, all, files)?;
            }
        } else if kind.is_file() {
            files.push(read(&path, &name)?);
        }
    }
    Ok(())
}

fn read(path: &Path, name: &str) -> Result<EmbeddedFile, String> {
    let data = std::fs::read(path).map_err(|e| format!("cannot embed file {name}: {}", io_text(&e)))?;
    Ok(EmbeddedFile { name: name.to_string(), data: data.into() })
}

/// The names below `dir` that match the elements of a pattern.
fn find(dir: &Path, name: &str, elements: &[&str], matched: &mut Vec<String>) {
    let Some((first, rest)) = elements.split_first() else {
        matched.push(if name.is_empty() { ".".into() } else { name.into() });
        return;
    };
    for element in listing(dir) {
        if matches(first.as_bytes(), element.as_bytes()) {
            find(&dir.join(&element), &join(name, &element), rest, matched);
        }
    }
}

fn listing(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).into_iter().flatten();
    names.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect()
}

fn join(folder: &str, element: &str) -> String {
    if folder.is_empty() || folder == "." { element.to_string() } else { format!("{folder}/{element}") }
}

/// Whether a module may contain a file or folder of that name.
fn embeddable(element: &str) -> bool {
    !matches!(element, ".git" | ".hg" | ".svn" | ".bzr")
        && !element.contains(['"', '*', '<', '>', '?', '`', '\'', '|', '/', '\\', ':'])
}

/// Elements are not empty, `.` or `..`; a lone `.` is the package's folder.
fn valid_path(path: &str) -> bool {
    path == "." || path.split('/').all(|element| !matches!(element, "" | "." | ".."))
}

/// Brackets are closed and escapes escape something.
fn valid_pattern(pattern: &str) -> bool {
    let mut rest = pattern.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = match first {
            b'\\' if tail.is_empty() => return false,
            b'\\' => &tail[1..],
            b'[' => match set(tail, None) {
                Some((_, after)) => after,
                None => return false,
            },
            _ => tail,
        };
    }
    true
}

/// Whether one element of a pattern matches a name, as `path.Match` does.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let Some((&first, rest)) = pattern.split_first() else { return name.is_empty() };
    if first == b'*' {
        return (0..=name.len()).any(|taken| matches(rest, &name[taken..]));
    }
    let Some((c, len)) = next_char(name) else { return false };
    match first {
        b'?' => matches(rest, &name[len..]),
        b'[' => set(rest, Some(c)).is_some_and(|(found, after)| found && matches(after, &name[len..])),
        b'\\' => rest.first() == Some(&name[0]) && matches(&rest[1..], &name[1..]),
        _ => first == name[0] && matches(rest, &name[1..]),
    }
}

/// Reads a set behind its opening bracket: whether `c` is in it, and what follows the closing bracket. None if it is malformed.
fn set(pattern: &[u8], c: Option<char>) -> Option<(bool, &[u8])> {
    let negated = pattern.first() == Some(&b'^');
    let mut rest = &pattern[usize::from(negated)..];
    let (mut found, mut ranges) = (false, 0);
    loop {
        if rest.first() == Some(&b']') && ranges > 0 {
            return Some((found != negated, &rest[1..]));
        }
        let (low, after) = set_char(rest)?;
        let (high, after) = match after.strip_prefix(b"-") {
            Some(after) => set_char(after)?,
            None => (low, after),
        };
        found |= c.is_some_and(|c| low <= c && c <= high);
        ranges += 1;
        rest = after;
    }
}

fn set_char(rest: &[u8]) -> Option<(char, &[u8])> {
    let rest = match rest.first()? {
        b'-' | b']' => return None,
        b'\\' => &rest[1..],
        _ => rest,
    };
    let (c, len) = next_char(rest)?;
    Some((c, &rest[len..]))
}

fn next_char(text: &[u8]) -> Option<(char, usize)> {
    let c = std::str::from_utf8(text).ok()?.chars().next()?;
    Some((c, c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::{matches, valid_path, valid_pattern};

    #[test]
    fn patterns() {
        for (pattern, name, expected) in [
            ("*.txt", "a.txt", true),
            ("*.txt", "a.txt2", false),
            ("a?c", "aéc", true),
            ("[a-c]*", "bx", true),
            ("[^a-c]*", "bx", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*", "", true),
            ("[x", "x", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
        assert!(valid_pattern("a[^b]*") && !valid_pattern("[a") && !valid_pattern("[]a]") && !valid_pattern("a\\"));
        assert!(!valid_path("../x") && !valid_path("a//b") && valid_path(".") && valid_path("a/b"));
    }
}
