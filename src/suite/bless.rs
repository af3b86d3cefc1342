//! Rewrites expectations to what programs print today.

/// The text with its `// Output:` block replaced by one for `stdout`, or with such a block at its end.
pub fn output(text: &str, stdout: &str) -> String {
    let mut block = String::from("// Output:\n");
    for line in stdout.lines() {
        block.push_str(if line.is_empty() { "//" } else { "// " });
        block.push_str(line);
        block.push('\n');
    }
    let mut head = String::new();
    let mut lines = text.lines();
    let mut found = false;
    for line in lines.by_ref() {
        if line.trim_end() == "// Output:" {
            found = true;
            break;
        }
        head.push_str(line);
        head.push('\n');
    }
    if !found {
        return format!("{}\n\n{block}", text.trim_end());
    }
    let mut rest = String::new();
    let mut inside = true;
    for line in lines {
        inside = inside && line.starts_with("//") && line.trim_end() != "// Stderr:";
        if !inside {
            rest.push_str(line);
            rest.push('\n');
        }
    }
    head + &block + &rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_is_replaced_and_what_follows_is_kept() {
        let text = "// run\n\nx()\n\n// Output:\n// old\n// older\n// Stderr:\n// e\n";
        assert_eq!(output(text, "a\n\nb\n"), "// run\n\nx()\n\n// Output:\n// a\n//\n// b\n// Stderr:\n// e\n");
    }

    #[test]
    fn a_block_is_added() {
        assert_eq!(output("// run\n\nx()\n", "a\n"), "// run\n\nx()\n\n// Output:\n// a\n");
    }
}
