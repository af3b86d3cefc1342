//! Build constraints: which files of a folder belong to the program.

use std::path::Path;

/// Operating systems and architectures that file names may mention.
const OSES: &[&str] = &[
    "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd",
    "plan9", "solaris", "wasip1", "windows", "zos",
];
const ARCHES: &[&str] = &[
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x",
    "sparc64", "wasm",
];

/// Whether a build tag is set: the target is linux/amd64, whatever the machine.
pub fn tag(name: &str) -> bool {
    match name {
        "linux" | "amd64" | "unix" | "gol" => true,
        _ => name.strip_prefix("go1.").and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n <= 27),
    }
}

/// Whether a file belongs to the build by its name and its `//go:build` line.
pub fn file_matches(path: &Path, text: &str) -> bool {
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("");
    name_matches(stem) && build_line(text).is_none_or(|e| evaluate(e).unwrap_or(false))
}

/// `*_GOOS`, `*_GOARCH`, `*_GOOS_GOARCH`; test files never belong.
fn name_matches(stem: &str) -> bool {
    let parts: Vec<&str> = stem.split('_').skip(1).collect();
    match parts.as_slice() {
        [.., "test"] => false,
        [.., os, arch] if OSES.contains(os) && ARCHES.contains(arch) => tag(os) && tag(arch),
        [.., last] if OSES.contains(last) || ARCHES.contains(last) => tag(last),
        _ => true,
    }
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

/// Evaluates `tag`, `!x`, `x && y`, `x || y`, `(x)`; `None` if malformed.
pub fn evaluate(expr: &str) -> Option<bool> {
    let mut p = Parser { rest: expr, depth: 0 };
    let v = p.or()?;
    p.rest.trim().is_empty().then_some(v)
}

struct Parser<'a> {
    rest: &'a str,
    depth: u32,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(r) => {
                self.rest = r;
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Option<bool> {
        let mut v = self.and()?;
        while self.eat("||") {
            v |= self.and()?;
        }
        Some(v)
    }

    fn and(&mut self) -> Option<bool> {
        let mut v = self.not()?;
        while self.eat("&&") {
            v &= self.not()?;
        }
        Some(v)
    }

    fn not(&mut self) -> Option<bool> {
        self.depth += 1;
        if self.depth > 1000 {
            return None;
        }
        let v = if self.eat("!") {
            !self.not()?
        } else if self.eat("(") {
            let v = self.or()?;
            if !self.eat(")") {
                return None;
            }
            v
        } else {
            let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at(end);
            if name.is_empty() {
                return None;
            }
            self.rest = rest;
            tag(name)
        };
        self.depth -= 1;
        Some(v)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for (e, v) in [
            ("linux && amd64", Some(true)),
            ("!windows", Some(true)),
            ("windows || (gol && !gc)", Some(true)),
            ("go1.27 && !go1.28", Some(true)),
            ("ignore", Some(false)),
            ("a &&", None),
            ("(a", None),
            ("", None),
        ] {
            assert_eq!(evaluate(e), v, "{e}");
        }
    }

    #[test]
    fn names() {
        for (n, v) in [("x_linux", true), ("x_windows", false), ("x_linux_arm64", false), ("x_test", false), ("linux", true), ("a_b", true)] {
            assert_eq!(name_matches(n), v, "{n}");
        }
    }

    #[test]
    fn build_line_is_above_the_package_clause() {
        assert_eq!(build_line("// x\n\n//go:build a && b\n\npackage p\n"), Some("a && b"));
        assert_eq!(build_line("package p\n//go:build a\n"), None);
        assert_eq!(build_line("/* x\n*/\n//go:build a\npackage p"), Some("a"));
    }
}
