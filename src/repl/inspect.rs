//! Commands that look at the session: `:env`, `:doc`.

use gol_lang::types::{ObjId, ObjectKind};

use crate::engine::Engine;

/// What is declared, with types.
pub fn env(engine: &mut Engine) -> String {
    let mut out = String::new();
    for (name, obj) in engine.declared() {
        out.push_str(&engine.describe(name, obj));
        out.push('\n');
    }
    out
}

/// What is known about a name: one of the session's, or one of a package.
pub fn doc(engine: &mut Engine, name: &str) -> Result<String, String> {
    let declared = engine.declared();
    let own = |wanted: &str, engine: &Engine| {
        let is_package = |obj: ObjId| matches!(engine.checker.objs[obj].kind, ObjectKind::PkgName { .. });
        declared.iter().find(|(n, obj)| n == wanted && !is_package(*obj)).map(|&(_, obj)| obj)
    };
    if let Some(obj) = own(name, engine) {
        let heading = engine.describe(name, obj);
        let mut out = with_comment(engine, &heading, obj);
        if matches!(engine.checker.objs[obj].kind, ObjectKind::TypeName { .. }) {
            for (method, _) in engine.methods(obj) {
                out.push_str(&method);
                out.push('\n');
            }
        }
        return Ok(out);
    }
    if let Some((ty, method)) = name.split_once('.')
        && let Some(obj) = own(ty, engine)
    {
        let found = engine.methods(obj).into_iter().find(|&(_, m)| {
            let name = engine.checker.objs[m].name;
            engine.checker.names.str(name) == method
        });
        let (heading, obj) = found.ok_or_else(|| format!("{ty} has no method {method}"))?;
        return Ok(with_comment(engine, &heading, obj));
    }
    crate::commands::doc::text(name)
}

/// A declaration, and what the comment above it says.
fn with_comment(engine: &Engine, heading: &str, obj: ObjId) -> String {
    let lines = comment_above(engine, obj).into_iter().map(|line| format!("    {line}\n"));
    std::iter::once(format!("{heading}\n")).chain(lines).collect()
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
