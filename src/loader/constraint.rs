//! Which files of a folder belong to the program.

use gol_lang::syntax::constraint::Target;
use std::path::Path;

/// Whether a file belongs to the build by its name and its `//go:build` line. Test files do not.
pub fn file_matches(path: &Path, text: &str) -> bool {
    !is_test(path) && file_or_test_matches(path, text)
}

/// Whether a file belongs to the build or to its tests.
pub fn file_or_test_matches(path: &Path, text: &str) -> bool {
    let name = path.file_name().and_then(|s| s.to_str()).unwrap_or("");
    let target = Target::default();
    target.allows_name(name) && build_line(text).is_none_or(|e| target.satisfies(e))
}

/// Whether a file is a test file by its name.
pub fn is_test(path: &Path) -> bool {
    path.file_stem().and_then(|s| s.to_str()).is_some_and(|s| s.ends_with("_test"))
}

/// The expression of the `//go:build` line that precedes the package clause.
fn build_line(text: &str) -> Option<&str> {
    let mut in_comment = false;
    for line in text.lines() {
        let line = line.trim();
        if in_comment {
            in_comment = !line.contains("*/");
        } else if let Some(expr) = line.strip_prefix("//go:build ") {
            return Some(expr.trim());
        } else if line.starts_with("/*") {
            in_comment = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_build_lines_decide() {
        let is_in = |name: &str, text: &str| file_matches(Path::new(name), text);
        assert!(is_in("x_linux.go", "package p"));
        assert!(!is_in("x_windows.go", "package p"));
        assert!(!is_in("x_test.go", "package p"));
        assert!(is_in("x.gol", "//go:build gol && !gc\n\npackage p"));
        assert!(!is_in("x.go", "//go:build ignore\n\npackage p"));
    }

    #[test]
    fn build_line_is_above_the_package_clause() {
        assert_eq!(build_line("// x\n\n//go:build a && b\n\npackage p\n"), Some("a && b"));
        assert_eq!(build_line("package p\n//go:build a\n"), None);
        assert_eq!(build_line("/* x\n*/\n//go:build a\npackage p"), Some("a"));
    }
}
