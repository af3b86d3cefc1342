//! Finds the functions that tests consist of, by the text of the files.
//!
//! Top-level declarations begin at the start of a line in any source that is formatted as usual, and a declaration's closing brace too. So
//! lines are enough, once comments and raw strings are out of the way.

/// A test function.
#[derive(Debug, PartialEq)]
pub struct Func {
    /// Name.
    pub name: String,
    /// What the generated main package calls its package.
    pub package: &'static str,
}

/// An example, with the output its last comment asks for.
#[derive(Debug)]
pub struct Example {
    /// The function.
    pub func: Func,
    /// Expected output; without one it is only compiled.
    pub output: Option<String>,
    /// Lines may come in any order.
    pub unordered: bool,
}

/// All test functions of a package.
#[derive(Debug, Default)]
pub struct Found {
    /// TestXxx.
    pub tests: Vec<Func>,
    /// BenchmarkXxx.
    pub benchmarks: Vec<Func>,
    /// FuzzXxx.
    pub fuzz: Vec<Func>,
    /// ExampleXxx.
    pub examples: Vec<Example>,
    /// The package of TestMain.
    pub test_main: Option<&'static str>,
}

/// The name in the package clause.
pub fn package_name(text: &str) -> Option<&str> {
    let rest = lines(text).find_map(|(_, line)| line.strip_prefix("package "))?;
    Some(rest.trim_start().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or(""))
}

/// Lines that do not begin within a block comment or a raw string, with their number.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside: Option<&'static str> = None;
    text.lines().enumerate().filter(move |(_, line)| {
        let outside = inside.is_none();
        let mut rest = *line;
        loop {
            match inside {
                Some(end) => match rest.find(end) {
                    Some(i) => {
                        rest = &rest[i + end.len()..];
                        inside = None;
                    }
                    None => break,
                },
                None => match next_special(rest) {
                    Some((i, end)) => {
                        rest = &rest[i..];
                        inside = Some(end);
                    }
                    None => break,
                },
            }
        }
        outside
    })
}

/// Where a block comment or raw string begins (behind its opening), and what ends it.
fn next_special(line: &str) -> Option<(usize, &'static str)> {
    let b = line.as_bytes();
    let mut i = 0;
    while i < b.len() {
        match b[i] {
            b'/' if b.get(i + 1) == Some(&b'/') => return None,
            b'/' if b.get(i + 1) == Some(&b'*') => return Some((i + 2, "*/")),
            b'`' => return Some((i + 1, "`")),
            q @ (b'"' | b'\'') => {
                i += 1;
                while i < b.len() && b[i] != q {
                    i += if b[i] == b'\\' { 2 } else { 1 };
                }
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// Whether a name is the prefix followed by nothing or by something that is not a lower-case letter.
fn is_named(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| !rest.chars().next().is_some_and(char::is_lowercase))
}

impl Found {
    /// Adds the functions of a file.
    pub fn file(&mut self, text: &str, package: &'static str) {
        let all: Vec<&str> = text.lines().collect();
        for (at, line) in lines(text) {
            let Some(rest) = line.strip_prefix("func ") else { continue };
            let Some((name, rest)) = rest.split_once('(') else { continue };
            let name = name.trim();
            let params = rest.split(')').next().unwrap_or("");
            let takes = |ty: &str| params.contains(&format!("*testing.{ty}")) || params.contains(&format!("*{ty}"));
            let func = || Func { name: name.to_string(), package };
            if name == "TestMain" && takes("M") {
                self.test_main = Some(package);
            } else if is_named(name, "Test") && takes("T") {
                self.tests.push(func());
            } else if is_named(name, "Benchmark") && takes("B") {
                self.benchmarks.push(func());
            } else if is_named(name, "Fuzz") && takes("F") {
                self.fuzz.push(func());
            } else if is_named(name, "Example") && params.trim().is_empty() {
                let (output, unordered) = expected(&all[at..]);
                self.examples.push(Example { func: func(), output, unordered });
            }
        }
    }
}

/// The output that the last comment of a function asks for; `lines` begin with its declaration.
fn expected(lines: &[&str]) -> (Option<String>, bool) {
    let end = lines.iter().position(|l| l.starts_with('}')).unwrap_or(lines.len());
    let body = &lines[..end];
    let comment = |l: &&&str| l.trim_start().starts_with("//");
    let count = body.iter().rev().skip_while(|l| l.trim().is_empty()).take_while(comment).count();
    let last = body.len() - body.iter().rev().take_while(|l| l.trim().is_empty()).count();
    let text: Vec<&str> = body[last - count..last]
        .iter()
        .map(|l| {
            let l = l.trim().trim_start_matches("//");
            l.strip_prefix(' ').unwrap_or(l)
        })
        .collect();
    let text = text.join("\n");
    let lower = text.to_lowercase();
    for (head, unordered) in [("output:", false), ("unordered output:", true)] {
        if lower.starts_with(head) {
            return (Some(text[head.len()..].trim().to_string() + "\n"), unordered);
        }
    }
    (None, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_by_name_and_parameter() {
        let mut f = Found::default();
        let text = "package p_test\n/*\nfunc TestNo(t *testing.T) {}\n*/\nfunc TestA(t *testing.T) {\n}\n\nfunc Testify(t *testing.T) {}\n\
                    func TestMain(m *testing.M) {}\nvar s = `\nfunc TestRaw(t *testing.T) {}\n`\nfunc ExampleX() {\n\tf()\n\t// Output:\n\t// a\n\t//  b\n}\n\
                    func ExampleY() {}\nfunc BenchmarkZ(b *testing.B) {}\n";
        f.file(text, "_xtest");
        assert_eq!(f.tests, [Func { name: "TestA".into(), package: "_xtest" }]);
        assert_eq!(f.benchmarks.len(), 1);
        assert_eq!(f.test_main, Some("_xtest"));
        assert_eq!(f.examples[0].output.as_deref(), Some("a\n b\n"));
        assert_eq!(f.examples[1].output, None);
        assert_eq!(package_name(text), Some("p_test"));
    }
}
