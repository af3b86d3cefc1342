//! Text to syntax tree. [`parse`] never fails: it returns a file and reports what is wrong.

pub mod ast;

use crate::diag::Diagnostics;
use crate::intern::Interner;
use crate::source::{FileId, SourceMap};
use ast::{Ast, FileNode, List};

/// Which dialect a file is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    /// Exactly Go.
    #[default]
    Go,
    /// Package clause and `func main` may be left out: statements may stand at top level.
    Script,
}

/// Parses a file and appends its nodes to `ast`. Files of the same package share an `ast`.
pub fn parse(
    ast: &mut Ast,
    interner: &mut Interner,
    sources: &mut SourceMap,
    file: FileId,
    dialect: Dialect,
    diags: &mut Diagnostics,
) -> FileNode {
    let _ = (ast, interner, dialect, diags);
    FileNode {
        file,
        package: None,
        decls: List::EMPTY,
        build: None,
        go_version: None,
        directives: Vec::new(),
        script: false,
        has_errors: false,
        eof: sources.file(file).end(),
    }
}
