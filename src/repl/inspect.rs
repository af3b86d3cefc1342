//! Commands that look at the session: `:env`, `:doc`.

use gol_lang::types::{ObjId, ObjectKind};

use crate::engine::Engine;

/// What is declared, with types.
pub fn env(engine: &Engine) -> String {
    let mut out = String::new();
    for (name, obj) in engine.declared() {
        out.push_str(&engine.describe(name, obj));
        out.push('\n');
    }
    out
}

/// What is known about a name: one of the session's, or one of a package.
pub fn doc(engine: &mut Engine, name: &str) -> Result<String, String> {
    let own = engine.declared().into_iter().find(|(n, _)| n == name);
    if let Some((name, obj)) = own
        && !matches!(engine.checker.objs[obj].kind, ObjectKind::PkgName { .. })
    {
        let mut out = engine.describe(name, obj);
        out.push('\n');
        for line in comment_above(engine, obj) {
            out.push_str("    ");
            out.push_str(&line);
            out.push('\n');
        }
        return Ok(out);
    }
    crate::commands::doc::text(name)
}

/// The comment before a declaration, without its marks.
fn comment_above(engine: &Engine, obj: ObjId) -> Vec<String> {
    let span = engine.checker.objs[obj].span;
    let sources = engine.sources();
    let Some(file) = sources.file_of(span.lo) else { return Vec::new() };
    let file = sources.file(file);
    let (line, _) = file.line_col(span.lo);
    let mut lines = Vec::new();
    for l in (1..line).rev() {
        let Some(text) = file.line_text(l).trim().strip_prefix("//") else { break };
        lines.push(text.trim().to_string());
    }
    lines.reverse();
    lines
}
