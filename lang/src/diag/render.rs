//! Diagnostics as text: for people (with ariadne, which only this file knows), one per line as Go's compiler prints them, and as JSON.

use super::{Code, Diagnostic, Severity};
use crate::source::{FileId, SourceMap, Span};
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

/// `file:line:col: message`, one diagnostic after the other; details follow on lines that begin with a tab.
pub fn short(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let place = sources.location(diagnostic.span.lo);
        let kind = match diagnostic.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        let _ = writeln!(out, "{place}: {kind}{}", diagnostic.message);
    }
    out
}

/// A JSON array with an object for each diagnostic.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::from("[");
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = write!(out, "{{\"severity\": \"{severity}\", \"code\": \"{}\", ", diagnostic.code.name());
        json_place(&mut out, diagnostic.span, sources);
        out.push_str(", \"message\": ");
        json_string(&mut out, &diagnostic.message);
        out.push_str(", \"labels\": [");
        for (index, label) in diagnostic.labels.iter().enumerate() {
            out.push_str(if index == 0 { "{" } else { ", {" });
            json_place(&mut out, label.span, sources);
            out.push_str(", \"message\": ");
            json_string(&mut out, &label.message);
            out.push('}');
        }
        out.push_str("], \"notes\": [");
        for (index, note) in diagnostic.notes.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            json_string(&mut out, note);
        }
        out.push_str("], \"hint\": ");
        match &diagnostic.hint {
            Some(hint) => json_string(&mut out, hint),
            None => out.push_str("null"),
        }
        out.push('}');
    }
    out.push_str("\n]\n");
    out
}

fn json_place(out: &mut String, span: Span, sources: &SourceMap) {
    let place = sources.location(span.lo);
    let (end_line, end_col) = sources.line_col(span.hi);
    out.push_str("\"file\": ");
    json_string(out, &place.name);
    let _ = write!(
        out,
        ", \"line\": {}, \"column\": {}, \"endLine\": {end_line}, \"endColumn\": {end_col}",
        place.line, place.col
    );
}

fn json_string(out: &mut String, text: &str) {
    out.push('"');
    for found in text.chars() {
        match found {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if (found as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", found as u32);
            }
            _ => out.push(found),
        }
    }
    out.push('"');
}

/// The source around a finding that is none of the compiler's, under a title of its own.
pub fn excerpt(title: &str, finding: &Diagnostic, sources: &SourceMap, colour: bool) -> String {
    let mut cache = Cache { sources, loaded: HashMap::new() };
    let mut out = Vec::new();
    // (A custom kind would be coloured whatever is asked for.)
    report(finding, ReportKind::Error, None, &mut cache, colour, &mut out);
    String::from_utf8_lossy(&out).replacen("Error:", &format!("{title}:"), 1)
}

/// The source around each diagnostic, with what is wrong underlined.
pub fn pretty(diagnostics: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    let mut cache = Cache { sources, loaded: HashMap::new() };
    let mut out = Vec::new();
    for diagnostic in diagnostics {
        let kind = match diagnostic.severity {
            Severity::Error => ReportKind::Error,
            Severity::Warning => ReportKind::Warning,
        };
        report(diagnostic, kind, Some(diagnostic.code), &mut cache, colour, &mut out);
    }
    String::from_utf8_lossy(&out).into_owned()
}

type Place = (FileId, Range<usize>);

fn report(
    diagnostic: &Diagnostic,
    kind: ReportKind<'_>,
    code: Option<Code>,
    cache: &mut Cache<'_>,
    colour: bool,
    out: &mut Vec<u8>,
) {
    let paint = if diagnostic.severity == Severity::Error { Color::Red } else { Color::Yellow };
    let mut lines = diagnostic.message.lines();
    let message = lines.next().unwrap_or_default();
    let Some(place) = cache.place(diagnostic.span) else {
        let severity = if diagnostic.severity == Severity::Error { "Error" } else { "Warning" };
        out.extend_from_slice(format!("{severity}: {}\n", diagnostic.message).as_bytes());
        return;
    };
    let config = Config::default().with_color(colour).with_index_type(IndexType::Byte);
    let mut builder = Report::build(kind, place.clone()).with_config(config).with_message(message);
    if let Some(code) = code {
        builder = builder.with_code(code.name());
    }
    let primary = Label::new(place).with_color(paint).with_priority(1);
    // Without a message ariadne draws no underline.
    builder.add_label(primary.with_message(explanation(diagnostic)));
    for label in &diagnostic.labels {
        if let Some(place) = cache.place(label.span) {
            builder.add_label(Label::new(place).with_message(&label.message).with_color(Color::Cyan));
        }
    }
    // Details that are about another place are shown there.
    let is_label = |line: &str| diagnostic.labels.iter().any(|label| line.ends_with(label.message.as_str()));
    let details: Vec<&str> = lines.map(str::trim_start).filter(|line| !is_label(line)).collect();
    if !details.is_empty() {
        builder.add_note(details.join("\n"));
    }
    for note in &diagnostic.notes {
        builder.add_note(note);
    }
    if let Some(hint) = &diagnostic.hint {
        builder.add_help(hint);
    }
    // Writing to memory cannot fail.
    let _ = builder.finish().write(cache, out);
}

/// What stands at the underline: for syntax errors what was expected, else the rule that is broken.
fn explanation(diagnostic: &Diagnostic) -> String {
    if let Some(here) = &diagnostic.here {
        return here.clone();
    }
    if diagnostic.code != Code::Syntax {
        return diagnostic.code.meaning().to_string();
    }
    let message = diagnostic.message.lines().next().unwrap_or_default();
    let rest = message.rsplit_once(", expected ").map(|(_, what)| format!("expected {what}"));
    let missing = || message.rsplit_once("; ").map(|(_, what)| what.to_string());
    rest.or_else(missing).unwrap_or_else(|| "here".to_string())
}

/// Gives ariadne the files that it asks for.
struct Cache<'a> {
    sources: &'a SourceMap,
    loaded: HashMap<FileId, Source<String>>,
}

impl Cache<'_> {
    /// What to underline: at least a character, at most the rest of the first line, whole characters only.
    fn place(&self, span: Span) -> Option<Place> {
        let id = self.sources.file_of(span.lo)?;
        let file = self.sources.file(id);
        let text: &str = &file.text;
        let mut start = file.offset(span.lo);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let mut end = file.offset(span.hi).min(line_end).max(start);
        if end == start {
            end = (start + 1).min(line_end.max(start));
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Some((id, start..end))
    }
}

impl ariadne::Cache<FileId> for &mut Cache<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl std::fmt::Debug> {
        let sources = self.sources;
        let load = || Source::from(sources.file(*id).text.to_string());
        Ok::<_, std::convert::Infallible>(&*self.loaded.entry(*id).or_insert_with(load))
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl std::fmt::Display + 'a> {
        Some(self.sources.file(*id).name.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::source::Pos;

    #[test]
    fn every_position_can_be_shown() {
        let mut sources = SourceMap::new();
        let id = sources.add("é.go", "package é\n\n\tx := \"日本\"\r\n// end");
        let file = sources.file(id);
        let (lo, hi) = (file.base.0, file.end().0);
        for start in lo..=hi {
            for end in start..=hi {
                let span = Span::new(Pos(start), Pos(end));
                let diagnostic =
                    Diagnostic::error(Code::Syntax, span, "a\n\tb").label(span, "also").note("n").hint("h");
                let text = pretty(&[diagnostic], &sources, false);
                assert!(text.contains("a"), "{text}");
            }
        }
    }

    #[test]
    fn json_is_quoted() {
        let mut sources = SourceMap::new();
        let id = sources.add("a.go", "x");
        let at = sources.file(id).base;
        let text = json(&[Diagnostic::error(Code::Syntax, at, "say \"hi\"\n")], &sources);
        assert!(text.contains(r#""message": "say \"hi\"\n""#), "{text}");
        assert!(text.contains(r#""file": "a.go", "line": 1, "column": 1"#), "{text}");
    }
}
