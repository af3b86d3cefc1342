//! What could stand where the cursor is: names, packages and what they export, fields and methods by type, commands.

use std::collections::BTreeSet;

use super::command::COMMANDS;
use super::highlight::UNIVERSE;
use crate::engine::Engine;

/// The words that cannot be names.
pub const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Where the word before `pos` begins, and what it could become.
pub fn complete(engine: &mut Engine, line: &str, pos: usize) -> (usize, Vec<String>) {
    let before = &line[..pos];
    if let Some(command) = before.strip_prefix(':')
        && !command.contains(char::is_whitespace)
    {
        let names = COMMANDS.iter().map(|c| c.name.to_string());
        return (1, names.filter(|n| n.starts_with(command)).collect());
    }
    let start =
        before.rfind(|c: char| !is_name(c)).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let word = &before[start..];
    let head = &before[..start];
    let mut found: BTreeSet<String> = if in_import(head) {
        gol_stdlib::PACKAGES.iter().map(|p| (*p).to_string()).filter(|p| !p.contains("internal")).collect()
    } else if let Some(operand) = head.strip_suffix('.') {
        engine.members(operand_before(operand)).into_iter().collect()
    } else {
        let words = KEYWORDS.iter().chain(UNIVERSE).map(|w| (*w).to_string());
        let packages = gol_stdlib::PACKAGES.iter().filter(|p| !p.contains("internal"));
        let packages = packages.map(|p| p.rsplit('/').next().unwrap_or(p).to_string());
        engine.names().into_iter().chain(words).chain(packages).collect()
    };
    found.retain(|n| n.starts_with(word) && n != word);
    (start, found.into_iter().collect())
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether an import path is being typed.
fn in_import(head: &str) -> bool {
    let line = head.rsplit('\n').next().unwrap_or(head).trim_start();
    line.strip_prefix("import").is_some_and(|rest| rest.trim_start().starts_with('"')) || line.starts_with(":import ")
}

/// The operand that ends here: names, calls, indices and literals joined by dots.
fn operand_before(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut at = bytes.len();
    loop {
        let end = at;
        // Brackets first, from the right, then the name before them.
        while at > 0 && matches!(bytes[at - 1], b')' | b']' | b'}') {
            let mut depth = 0;
            while at > 0 {
                at -= 1;
                match bytes[at] {
                    b')' | b']' | b'}' => depth += 1,
                    b'(' | b'[' | b'{' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            if depth != 0 {
                return &text[end..];
            }
        }
        if at > 0 && matches!(bytes[at - 1], b'"' | b'`') {
            let quote = bytes[at - 1];
            at = text[..at - 1].rfind(quote as char).unwrap_or(at);
        }
        while at > 0 && text[..at].chars().next_back().is_some_and(is_name) {
            at -= text[..at].chars().next_back().map_or(1, char::len_utf8);
        }
        if at > 0 && bytes[at - 1] == b'.' && at < end {
            at -= 1;
            continue;
        }
        if at > 0 && bytes[at - 1] == b'&' {
            at -= 1;
        }
        return &text[at..];
    }
}

#[cfg(test)]
mod tests {
    use super::operand_before;

    #[test]
    fn operands_are_found_from_their_end() {
        assert_eq!(operand_before("x := a.b"), "a.b");
        assert_eq!(operand_before("f(1, g(2))"), "f(1, g(2))");
        assert_eq!(operand_before("1 + xs[i].y"), "xs[i].y");
        assert_eq!(operand_before("y = P{1, 2}"), "P{1, 2}");
        assert_eq!(operand_before("return \"a b\""), "\"a b\"");
        assert_eq!(operand_before("("), "");
    }
}
