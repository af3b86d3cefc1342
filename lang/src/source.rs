//! Source files, byte positions, spans, and their translation to lines and columns.
//!
//! All files of a program share one position space: a file occupies the positions `base ..= base + len`, so a [`Pos`] or
//! [`Span`] names its file without storing it. Position 0 belongs to no file and means "unknown". Columns are byte columns
//! counted from 1, as Go's compiler counts them.

use std::sync::Arc;

/// Index of a file in the [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub u32);

/// A byte position in the program; 0 is "unknown".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pos(pub u32);

impl Pos {
    /// The position of nothing.
    pub const NONE: Pos = Pos(0);

    /// Whether this is a real position.
    pub fn is_known(self) -> bool {
        self.0 != 0
    }

    /// The empty span at this position.
    pub fn span(self) -> Span {
        Span { lo: self, hi: self }
    }
}

impl std::fmt::Debug for Pos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "@{}", self.0)
    }
}

/// A range of bytes `lo..hi` of one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub lo: Pos,
    /// One past the last byte.
    pub hi: Pos,
}

impl Span {
    /// The span of nothing.
    pub const NONE: Span = Span { lo: Pos::NONE, hi: Pos::NONE };

    /// The span between two positions.
    pub fn new(lo: Pos, hi: Pos) -> Span {
        Span { lo, hi }
    }

    /// The smallest span covering both; an unknown span adds nothing.
    pub fn to(self, other: Span) -> Span {
        if !self.lo.is_known() {
            return other;
        }
        if !other.lo.is_known() {
            return self;
        }
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// Whether this span is a real one.
    pub fn is_known(self) -> bool {
        self.lo.is_known()
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.lo.0, self.hi.0)
    }
}

impl From<Pos> for Span {
    fn from(pos: Pos) -> Span {
        pos.span()
    }
}

/// A position as people read it. With a `//line` directive in force, `name`, `line` and `col` are the directive's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Location {
    /// File name.
    pub name: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Byte column, from 1; 0 if a line directive made it unknown.
    pub col: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line == 0 {
            f.write_str(&self.name)
        } else if self.col == 0 {
            write!(f, "{}:{}", self.name, self.line)
        } else {
            write!(f, "{}:{}:{}", self.name, self.line, self.col)
        }
    }
}

/// A `//line` directive: from `pos` on, lines count from `line` in `name`.
#[derive(Clone, Debug)]
pub struct LineDirective {
    /// Position just after the directive.
    pub pos: Pos,
    /// The file name it gives.
    pub name: Arc<str>,
    /// The line it gives.
    pub line: u32,
    /// The column it gives; 0 if none.
    pub col: u32,
}

/// One source file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name shown in messages.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
    /// Position of the first byte.
    pub base: Pos,
    line_starts: Vec<u32>,
    directives: Vec<LineDirective>,
}

impl SourceFile {
    /// The position one past the last byte.
    pub fn end(&self) -> Pos {
        Pos(self.base.0 + self.text.len() as u32)
    }

    /// The position of the byte at `offset`.
    pub fn pos(&self, offset: usize) -> Pos {
        Pos(self.base.0 + offset.min(self.text.len()) as u32)
    }

    /// The byte offset of a position of this file.
    pub fn offset(&self, pos: Pos) -> usize {
        (pos.0.saturating_sub(self.base.0) as usize).min(self.text.len())
    }

    /// Line and byte column, both from 1, ignoring line directives.
    pub fn line_col(&self, pos: Pos) -> (u32, u32) {
        let offset = self.offset(pos) as u32;
        let line = self.line_starts.partition_point(|&start| start <= offset);
        (line as u32, offset - self.line_starts[line - 1] + 1)
    }

    /// Number of lines.
    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }

    /// The text of a line counted from 1, without its newline.
    pub fn line_text(&self, line: u32) -> &str {
        let start = self.line_starts[line as usize - 1] as usize;
        let end = self.line_starts.get(line as usize).map_or(self.text.len(), |&next| next as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

/// All source files of a program.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// A program's sources exceed the 4 GiB that positions can number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLarge;

impl SourceMap {
    /// An empty map.
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// Adds a file, unless the positions run out.
    pub fn try_add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Result<FileId, TooLarge> {
        let text = text.into();
        let base = self.files.last().map_or(1, |file| file.end().0 as u64 + 1);
        // The lexer and the checker add small amounts to positions; stay clear of the end.
        if base + text.len() as u64 > u32::MAX as u64 - 16 {
            return Err(TooLarge);
        }
        let newlines = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        let file = SourceFile { name: name.into(), text, base: Pos(base as u32), line_starts, directives: Vec::new() };
        self.files.push(file);
        Ok(FileId(self.files.len() as u32 - 1))
    }

    /// Adds a file. A program beyond 4 GiB gets an empty file instead; use [`SourceMap::try_add`] to tell.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let name = name.into();
        match self.try_add(name.clone(), text) {
            Ok(id) => id,
            Err(TooLarge) => self.try_add(name, "").unwrap_or(FileId(self.files.len() as u32 - 1)),
        }
    }

    /// Notes a line directive found while lexing. Directives of a file arrive in order of position.
    pub fn add_directive(&mut self, file: FileId, directive: LineDirective) {
        self.files[file.0 as usize].directives.push(directive);
    }

    /// Forgets the line directives of a file, which is about to be lexed again.
    pub fn clear_directives(&mut self, file: FileId) {
        self.files[file.0 as usize].directives.clear();
    }

    /// A file by id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files in order of their positions.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The file that a position lies in, if known.
    pub fn file_of(&self, pos: Pos) -> Option<FileId> {
        if !pos.is_known() || self.files.is_empty() {
            return None;
        }
        let index = self.files.partition_point(|file| file.base <= pos);
        Some(FileId(index as u32 - 1))
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        let Some(id) = self.file_of(span.lo) else { return "" };
        let file = self.file(id);
        file.text.get(file.offset(span.lo)..file.offset(span.hi)).unwrap_or("")
    }

    /// Line and column in the physical file, both from 1; (0, 0) if unknown.
    pub fn line_col(&self, pos: Pos) -> (u32, u32) {
        self.file_of(pos).map_or((0, 0), |id| self.file(id).line_col(pos))
    }

    /// Name, line and column as messages show them: line directives apply.
    pub fn location(&self, pos: Pos) -> Location {
        let Some(id) = self.file_of(pos) else {
            return Location { name: "<unknown position>".into(), line: 0, col: 0 };
        };
        let file = self.file(id);
        let (line, col) = file.line_col(pos);
        let applied = file.directives.partition_point(|directive| directive.pos <= pos);
        if applied == 0 {
            return Location { name: file.name.clone(), line, col };
        }
        let directive = &file.directives[applied - 1];
        let (from_line, from_col) = file.line_col(directive.pos);
        let col = match directive.col {
            0 => 0,
            given if line == from_line => given + (col - from_col),
            _ => col,
        };
        Location { name: directive.name.clone(), line: directive.line + (line - from_line), col }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_their_file() {
        let mut map = SourceMap::new();
        let a = map.add("a.go", "one\ntwo\n");
        let b = map.add("b.go", "");
        let c = map.add("c.go", "x");
        assert_eq!(map.file_of(Pos::NONE), None);
        assert_eq!(map.file_of(map.file(a).end()), Some(a));
        assert_eq!(map.file_of(map.file(b).base), Some(b));
        assert_eq!(map.file_of(map.file(c).base), Some(c));
        assert_eq!(map.line_col(map.file(a).pos(5)), (2, 2));
        assert_eq!(map.line_col(map.file(a).end()), (3, 1));
        assert_eq!(map.location(map.file(a).pos(4)).to_string(), "a.go:2:1");
        assert_eq!(map.file(a).line_text(2), "two");
    }

    #[test]
    fn line_directives_move_positions() {
        let mut map = SourceMap::new();
        let a = map.add("a.go", "//line b.go:10\nx\ny /*line :7:3*/z\n");
        let at = |map: &SourceMap, offset| map.location(map.file(a).pos(offset)).to_string();
        map.add_directive(a, LineDirective { pos: map.file(a).pos(15), name: "b.go".into(), line: 10, col: 0 });
        map.add_directive(a, LineDirective { pos: map.file(a).pos(32), name: "b.go".into(), line: 7, col: 3 });
        assert_eq!(at(&map, 0), "a.go:1:1");
        assert_eq!(at(&map, 15), "b.go:10");
        assert_eq!(at(&map, 17), "b.go:11");
        assert_eq!(at(&map, 33), "b.go:7:4");
    }
}
