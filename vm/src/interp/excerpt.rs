//! The source around an uncaught panic: the failing expression underlined, with the values that made it fail.
//!
//! The running program knows line and column only, so the file is read and parsed again. What cannot be found is left out: nothing
//! here may make matters worse.

use std::io::IsTerminal as _;

use gol_lang::diag::{Code, Diagnostic, Diagnostics, render};
use gol_lang::intern::Interner;
use gol_lang::source::{Pos, SourceMap, Span};
use gol_lang::syntax::ast::{Ast, BinaryOp, Expr, ExprId, UnaryOp};
use gol_lang::syntax::{Dialect, parse};

use super::walk::Line;

/// Whether the source is to be shown: on a terminal, or if `GOTRACEBACK=gol` asks for it.
pub(super) fn wanted() -> bool {
    std::env::var("GOTRACEBACK").is_ok_and(|v| v == "gol") || std::io::stderr().is_terminal()
}

/// What to show of a panic in the innermost of `frames` whose source can be read. `text` is that of the panic value.
pub(super) fn of_panic(frames: &[Line], text: &str) -> Option<String> {
    let (depth, line, source) = frames.iter().enumerate().find_map(|(i, line)| {
        let source = std::fs::read_to_string(&line.frame.file).ok()?;
        (line.frame.line > 0).then_some((i, line, source))
    })?;
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let colour = !no_colour && std::io::stderr().is_terminal();
    excerpt(&line.frame.file, &source, (line.frame.line, line.col), text, depth == 0, colour)
}

/// A part of the failing expression and its value.
type Value = (ExprId, String);

fn excerpt(name: &str, text: &str, at: (u32, u32), why: &str, direct: bool, colour: bool) -> Option<String> {
    let (mut ast, mut names, mut sources, mut diags) =
        (Ast::new(), Interner::new(), SourceMap::new(), Diagnostics::new());
    let dialect = if name.ends_with(".go") { Dialect::Go } else { Dialect::Script };
    let file = sources.try_add(name, text).ok()?;
    parse(&mut ast, &mut names, &mut sources, file, dialect, &mut diags);
    let source = sources.file(file);
    if at.0 > source.line_count() {
        return None;
    }
    let start = text.split_inclusive('\n').take(at.0 as usize - 1).map(str::len).sum::<usize>();
    let place = source.pos(start + (at.1.max(1) as usize - 1));
    let line = Span::new(source.pos(start), source.pos(start + source.line_text(at.0).len()));
    let why = why.lines().next().unwrap_or(why);
    let short = why.strip_prefix("runtime error: ").unwrap_or(why);
    let found = if direct { failing(&ast, place, short) } else { None };
    let (span, values) = match found {
        Some((e, values)) => (ast.span(e), values),
        None => (enclosing_call(&ast, place).map_or(Span::new(place, line.hi), |e| ast.span(e)), Vec::new()),
    };
    let mut finding = Diagnostic::error(Code::Syntax, span, why);
    finding.here = Some(if direct { short.to_string() } else { "in this call".to_string() });
    for (e, value) in values {
        finding = finding.label(ast.span(e), value);
    }
    Some(render::excerpt("Panic", &finding, &sources, colour))
}

/// The innermost call at a place.
fn enclosing_call(ast: &Ast, place: Pos) -> Option<ExprId> {
    let calls = ast.all_exprs().filter(|&e| matches!(ast.expr(e), Expr::Call { .. }));
    let here = calls.filter(|&e| ast.pos(e) == place || ast.span(e).lo == place);
    here.min_by_key(|&e| ast.span(e).hi.0 - ast.span(e).lo.0)
}

/// The expression at a place that can have failed with this text, and the values that the text tells.
fn failing(ast: &Ast, place: Pos, text: &str) -> Option<(ExprId, Vec<Value>)> {
    let candidates: Vec<ExprId> = ast.all_exprs().filter(|&e| ast.pos(e) == place || ast.span(e).lo == place).collect();
    candidates.into_iter().filter_map(|e| Some((e, values(ast, e, text)?))).max_by_key(|(e, _)| {
        let span = ast.span(*e);
        // What the position names exactly comes first, then the larger expression.
        (ast.pos(*e) == place, span.hi.0 - span.lo.0)
    })
}

/// The values of the parts of `e`, if it can have failed with this text.
fn values(ast: &Ast, e: ExprId, text: &str) -> Option<Vec<Value>> {
    let numbers = || bracketed(text).map(|inside| inside.split(':').map(str::to_string).collect::<Vec<_>>());
    let limit = || {
        let (rest, what) =
            ["length", "capacity"].iter().find_map(|w| Some((text.split_once(&format!("with {w} "))?.1, w)))?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{what} {digits}"))
    };
    match ast.expr(e) {
        Expr::Index { x, indices } if text.starts_with("index out of range") => {
            let mut found = vec![];
            if let (&[index], Some([value])) = (ast.exprs(indices), numbers().as_deref()) {
                found.push((index, format!("= {value}")));
            }
            found.extend(limit().map(|l| (x, l)));
            Some(found)
        }
        Expr::Slice { x, index, .. } if text.starts_with("slice bounds out of range") => {
            let given = numbers().unwrap_or_default();
            let mut found: Vec<Value> = index
                .iter()
                .zip(&given)
                .filter_map(|(e, value)| Some(((*e)?, value)))
                .filter(|(e, value)| !value.is_empty() && !matches!(ast.expr(*e), Expr::BasicLit { .. }))
                .map(|(e, value)| (e, format!("= {value}")))
                .collect();
            found.extend(limit().map(|l| (x, l)));
            Some(found)
        }
        Expr::Binary { op: BinaryOp::Div | BinaryOp::Rem, y, .. } if text == "integer divide by zero" => {
            Some(vec![(y, "= 0".into())])
        }
        Expr::Binary { op: BinaryOp::Shl | BinaryOp::Shr, y, .. } if text == "negative shift amount" => {
            Some(vec![(y, "is negative".into())])
        }
        Expr::TypeAssert { x, .. } if text.starts_with("interface conversion") => {
            let held = text.split_once(" is ").map(|(_, rest)| rest.split([',', ':']).next().unwrap_or(rest));
            Some(held.map(|held| (x, format!("is {held}"))).into_iter().collect())
        }
        Expr::Index { x, .. } if text == "assignment to entry in nil map" => Some(vec![(x, "is nil".into())]),
        Expr::Selector { x, .. } | Expr::Star(x) | Expr::Index { x, .. } | Expr::Slice { x, .. }
            if text.starts_with("invalid memory address") =>
        {
            Some(vec![(x, "is nil".into())])
        }
        Expr::Call { fun, .. } if text.starts_with("invalid memory address") => match ast.expr(ast.unparen(fun)) {
            Expr::Selector { x, .. } => Some(vec![(x, "is nil".into())]),
            _ => Some(vec![(fun, "is nil".into())]),
        },
        Expr::Unary { op: UnaryOp::Addr, .. } | Expr::BasicLit { .. } | Expr::Name(_) => None,
        Expr::Call { .. } if !is_operator_fault(text) => Some(Vec::new()),
        _ => None,
    }
}

/// Whether an operator fails with this text, rather than a call.
fn is_operator_fault(text: &str) -> bool {
    [
        "index out of range",
        "slice bounds",
        "integer divide",
        "negative shift",
        "interface conversion",
        "assignment to entry",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

/// What stands between the first brackets.
fn bracketed(text: &str) -> Option<&str> {
    Some(text.split_once('[')?.1.split_once(']')?.0)
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    fn shown(line: &str, col: u32, why: &str) -> String {
        let text = format!("package main\n\nfunc main() {{\n\t{line}\n}}\n");
        excerpt("x.go", &text, (4, col + 1), why, true, false).expect("something to show")
    }

    #[test]
    fn values_are_told() {
        let text = shown("_ = list[i+1]", 9, "runtime error: index out of range [5] with length 3");
        assert!(text.contains("= 5") && text.contains("length 3"), "{text}");
        let text = shown("_ = a / (b - b)", 7, "runtime error: integer divide by zero");
        assert!(text.contains("= 0"), "{text}");
        let text = shown("_ = p.next.value", 11, "runtime error: invalid memory address or nil pointer dereference");
        assert!(text.contains("is nil"), "{text}");
        let text = shown("_ = v.(int)", 6, "interface conversion: interface {} is string, not int");
        assert!(text.contains("is string"), "{text}");
        let text = shown("_ = s[lo:hi]", 6, "runtime error: slice bounds out of range [:9] with capacity 4");
        assert!(text.contains("= 9") && text.contains("capacity 4"), "{text}");
    }

    #[test]
    fn anything_can_be_shown() {
        for col in 0..40 {
            shown("panic(fmt.Sprint(\"é\", x))", col, "some text\nof two lines");
        }
        assert_eq!(excerpt("x.go", "package main\n", (9, 1), "x", true, false), None);
    }
}
