//! Build constraints: `//go:build` conditions and what file names say.

/// A parsed condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Constraint {
    /// A tag.
    Tag(String),
    /// `!x`
    Not(Box<Constraint>),
    /// `x && y`
    And(Box<Constraint>, Box<Constraint>),
    /// `x || y`
    Or(Box<Constraint>, Box<Constraint>),
}

/// What the program is built for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Operating system.
    pub os: String,
    /// Architecture.
    pub arch: String,
    /// Latest release tag: `go1.1` to `go1.n` hold.
    pub release: u32,
    /// Other tags that hold.
    pub tags: Vec<String>,
}

impl Default for Target {
    fn default() -> Target {
        Target { os: "linux".into(), arch: "amd64".into(), release: 27, tags: vec!["gol".into()] }
    }
}

const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

const UNIX: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "linux",
    "netbsd",
    "openbsd",
    "solaris",
];

const ARCHITECTURES: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

/// Deeper conditions are refused.
const MAX_DEPTH: u32 = 500;

impl Target {
    /// Whether a tag holds.
    pub fn has(&self, tag: &str) -> bool {
        if tag == self.os || tag == self.arch || self.tags.iter().any(|held| held == tag) {
            return true;
        }
        if tag == "unix" {
            return UNIX.contains(&self.os.as_str());
        }
        match tag.strip_prefix("go1.").map(str::parse::<u32>) {
            Some(Ok(minor)) => (1..=self.release).contains(&minor),
            _ => false,
        }
    }

    /// Whether a condition, the text after `//go:build`, holds. A malformed one does not.
    pub fn satisfies(&self, condition: &str) -> bool {
        Constraint::parse(condition).is_ok_and(|constraint| constraint.holds(&|tag| self.has(tag)))
    }

    /// Whether a file's name lets it take part: `x_windows.go`, `x_arm64.go` and `x_linux_arm.go` are for those only.
    pub fn allows_name(&self, name: &str) -> bool {
        let stem = name.rsplit('/').next().unwrap_or(name);
        let stem = stem.split('.').next().unwrap_or(stem);
        let stem = stem.strip_suffix("_test").unwrap_or(stem);
        // What stands before the first underscore is never a system.
        let Some((_, rest)) = stem.split_once('_') else { return true };
        let parts: Vec<&str> = rest.split('_').collect();
        match parts[..] {
            [.., os, arch] if SYSTEMS.contains(&os) && ARCHITECTURES.contains(&arch) => self.has(os) && self.has(arch),
            [.., last] if SYSTEMS.contains(&last) || ARCHITECTURES.contains(&last) => self.has(last),
            _ => true,
        }
    }
}

impl Constraint {
    /// Parses the text after `//go:build`.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let constraint = parser.or()?;
        match parser.token() {
            "" => Ok(constraint),
            other => Err(format!("unexpected token {other}")),
        }
    }

    /// Whether it holds, given which tags do.
    pub fn holds(&self, tag: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Constraint::Tag(name) => tag(name),
            Constraint::Not(x) => !x.holds(tag),
            Constraint::And(x, y) => x.holds(tag) && y.holds(tag),
            Constraint::Or(x, y) => x.holds(tag) || y.holds(tag),
        }
    }

    /// The least Go release without which it cannot hold, if it implies one: (1, minor).
    pub fn go_version(&self) -> Option<(u32, u32)> {
        self.min_version(true).filter(|&minor| minor > 0).map(|minor| (1, minor))
    }

    /// The least minor release implied if the condition is to be `wanted`; `None` if none is.
    fn min_version(&self, wanted: bool) -> Option<u32> {
        match self {
            Constraint::Tag(name) if wanted => match name.strip_prefix("go1.") {
                Some(minor) => minor.parse().ok(),
                None => (name == "go1").then_some(0),
            },
            Constraint::Tag(_) => None,
            Constraint::Not(x) => x.min_version(!wanted),
            Constraint::And(x, y) if wanted => x.min_version(wanted).max(y.min_version(wanted)),
            Constraint::Or(x, y) if !wanted => x.min_version(wanted).max(y.min_version(wanted)),
            Constraint::And(x, y) | Constraint::Or(x, y) => x.min_version(wanted).min(y.min_version(wanted)),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Parser<'a> {
    /// The next token, which is not consumed; empty at the end.
    fn token(&mut self) -> &'a str {
        let text = self.text;
        self.at += text[self.at..].len() - text[self.at..].trim_start_matches([' ', '\t']).len();
        let rest = &text[self.at..];
        if rest.starts_with("&&") || rest.starts_with("||") {
            return &rest[..2];
        }
        let is_word = |found: char| found.is_alphanumeric() || found == '_' || found == '.';
        let length = rest.find(|found| !is_word(found)).unwrap_or(rest.len());
        let length = if length > 0 { length } else { rest.chars().next().map_or(0, char::len_utf8) };
        &rest[..length]
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let found = self.token() == wanted;
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn or(&mut self) -> Result<Constraint, String> {
        let mut x = self.and()?;
        while self.eat("||") {
            x = Constraint::Or(Box::new(x), Box::new(self.and()?));
        }
        Ok(x)
    }

    fn and(&mut self) -> Result<Constraint, String> {
        let mut x = self.not()?;
        while self.eat("&&") {
            x = Constraint::And(Box::new(x), Box::new(self.not()?));
        }
        Ok(x)
    }

    fn not(&mut self) -> Result<Constraint, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("build expression too large".to_string());
        }
        if self.eat("!") {
            if self.eat("!") {
                return Err("double negation not allowed".to_string());
            }
            return Ok(Constraint::Not(Box::new(self.atom()?)));
        }
        self.atom()
    }

    fn atom(&mut self) -> Result<Constraint, String> {
        if self.eat("(") {
            let x = self.or()?;
            return if self.eat(")") { Ok(x) } else { Err("missing close paren".to_string()) };
        }
        let token = self.token();
        if !token.starts_with(|found: char| found.is_alphanumeric() || found == '_' || found == '.') {
            return Err(if token.is_empty() {
                "unexpected end of expression".to_string()
            } else {
                format!("unexpected token {token}")
            });
        }
        self.at += token.len();
        Ok(Constraint::Tag(token.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let target = Target::default();
        for holds in
            ["linux", "unix && !windows", "(windows || amd64) && go1.27", "gol", "!go1.28", "a || linux && amd64"]
        {
            assert!(target.satisfies(holds), "{holds}");
        }
        for fails in ["windows", "ignore", "!linux", "linux &&", "", "!!linux", "(linux", "linux amd64", "go1.0"] {
            assert!(!target.satisfies(fails), "{fails}");
        }
        assert!(Constraint::parse(&"(".repeat(100_000)).is_err());
    }

    #[test]
    fn versions() {
        let version = |text| Constraint::parse(text).expect("well-formed").go_version();
        assert_eq!(version("go1.21"), Some((1, 21)));
        assert_eq!(version("go1.21 && linux"), Some((1, 21)));
        assert_eq!(version("go1.21 || linux"), None);
        assert_eq!(version("go1.21 || go1.23"), Some((1, 21)));
        assert_eq!(version("!go1.21"), None);
    }

    #[test]
    fn names() {
        let target = Target::default();
        for allowed in
            ["x.go", "linux.go", "x_linux.go", "x_linux_amd64.go", "dir/x_amd64_test.go", "x_foo.go", "x_unix.go"]
        {
            assert!(target.allows_name(allowed), "{allowed}");
        }
        for refused in ["x_windows.go", "x_arm64.go", "x_linux_arm.go", "x_windows_test.go"] {
            assert!(!target.allows_name(refused), "{refused}");
        }
    }
}
