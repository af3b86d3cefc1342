//! Diagnostics as plain data: what stages report, in the wording of Go's compiler.
//!
//! Stages push to a [`Diagnostics`] sink and go on. Showing them to people is [`render`]'s business.

pub mod codes;
pub mod render;

use crate::source::{FileId, SourceMap, Span};
pub use codes::Code;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The program cannot run.
    Error,
    /// The program can run, but something is probably wrong.
    Warning,
}

/// A second place that helps to understand a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Which rule is broken.
    pub code: Code,
    /// The guilty text. `span.lo` is the position that Go's compiler would report.
    pub span: Span,
    /// What is wrong, as Go's compiler words it. Lines after the first are details.
    pub message: String,
    /// What to say at the guilty text, if not which rule is broken.
    pub here: Option<String>,
    /// Other places involved.
    pub labels: Vec<Label>,
    /// Explanations without a place.
    pub notes: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, span: impl Into<Span>, message: impl Into<String>) -> Diagnostic {
        let (span, message) = (span.into(), message.into());
        Diagnostic {
            severity: Severity::Error,
            code,
            span,
            message,
            here: None,
            labels: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// A warning.
    pub fn warning(code: Code, span: impl Into<Span>, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// Adds a second place.
    pub fn label(mut self, span: impl Into<Span>, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span: span.into(), message: message.into() });
        self
    }

    /// Adds an explanation.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }
}

/// Where stages put what they find.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
}

impl Diagnostics {
    /// An empty sink.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += (diagnostic.severity == Severity::Error) as usize;
        self.list.push(diagnostic);
    }

    /// Reports an error.
    pub fn error(&mut self, code: Code, span: impl Into<Span>, message: impl Into<String>) {
        self.push(Diagnostic::error(code, span, message));
    }

    /// Whether anything in it forbids running.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Number of errors.
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// Everything reported, in order of arrival or, after [`Diagnostics::sort`], of position.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Number of diagnostics.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Moves everything out of another sink.
    pub fn append(&mut self, other: &mut Diagnostics) {
        self.errors += std::mem::take(&mut other.errors);
        self.list.append(&mut other.list);
    }

    /// Drops what was reported after the first `len` diagnostics.
    pub fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
        self.errors = self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    }

    /// Sorts by position, as Go's compiler does before printing. As there, repetitions are dropped: a message that equals the one
    /// before it, on the same line, and syntax errors after the first of a line.
    pub fn sort(&mut self, sources: &SourceMap) {
        let line = |diagnostic: &Diagnostic| {
            sources.file_of(diagnostic.span.lo).map(|file| (file, sources.line_col(diagnostic.span.lo).0))
        };
        let mut last_syntax = None;
        let mut last: Option<((FileId, u32), String)> = None;
        self.list.retain(|diagnostic| {
            let Some(at) = line(diagnostic) else { return true };
            if diagnostic.code == Code::Syntax && diagnostic.message.starts_with("syntax error") {
                return last_syntax.replace(at) != Some(at);
            }
            let this = Some((at, diagnostic.message.clone()));
            let keep = last != this;
            last = this;
            keep
        });
        // At one place, what has been read is complained about before what follows it.
        self.list.sort_by_key(|diagnostic| (diagnostic.span.lo, diagnostic.message.starts_with("syntax error")));
        self.list.dedup_by(|b, a| a.span.lo == b.span.lo && a.message == b.message);
        self.errors = self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    }

    /// Takes everything out.
    pub fn take(&mut self) -> Vec<Diagnostic> {
        self.errors = 0;
        std::mem::take(&mut self.list)
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
