//! Declarations of a package with the comments above them.

use gol_lang::check::PackageSource;
use gol_lang::diag::Diagnostics;
use gol_lang::intern::Interner;
use gol_lang::source::{Pos, SourceMap};
use gol_lang::syntax::ast::{Ast, Decl, Expr, ExprId, FileNode};
use gol_lang::syntax::parse;

/// What kind of declaration an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A constant.
    Const,
    /// A variable.
    Var,
    /// A function or method.
    Func,
    /// A type.
    Type,
}

/// One declared name.
#[derive(Debug)]
pub struct Item {
    /// The name.
    pub name: String,
    /// What declares it.
    pub kind: Kind,
    /// The type it is a method of.
    pub receiver: Option<String>,
    /// Whether the name is exported.
    pub exported: bool,
    /// One line: a signature, or a type without its parts.
    pub heading: String,
    /// The whole declaration, without a function's body.
    pub source: String,
    /// The comment.
    pub comment: String,
}

/// What is documented in a package.
#[derive(Debug, Default)]
pub struct PackageDoc {
    /// Its name.
    pub name: String,
    /// The comment above a package clause.
    pub comment: String,
    /// Its declarations in source order.
    pub items: Vec<Item>,
}

impl PackageDoc {
    /// Reads a package.
    pub fn of(source: &PackageSource) -> PackageDoc {
        let (mut ast, mut names, mut sources) = (Ast::new(), Interner::new(), SourceMap::new());
        let mut diags = Diagnostics::new();
        let mut doc = PackageDoc::default();
        for f in &source.files {
            let id = sources.add(f.name.as_str(), f.text.as_str());
            let node = parse(&mut ast, &mut names, &mut sources, id, f.dialect, &mut diags);
            if let Some(name) = node.package.and_then(|e| ast.name(e)) {
                doc.name = names.str(name).to_string();
            }
            if doc.comment.is_empty() {
                doc.comment = package_comment(&f.text);
            }
            Reader { ast: &ast, names: &names, sources: &sources, node: &node, items: &mut doc.items }.file();
        }
        doc
    }

    /// The methods of a type.
    pub fn methods<'a>(&'a self, ty: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |i| i.receiver.as_deref() == Some(ty))
    }
}

struct Reader<'a> {
    ast: &'a Ast,
    names: &'a Interner,
    sources: &'a SourceMap,
    node: &'a FileNode,
    items: &'a mut Vec<Item>,
}

impl Reader<'_> {
    fn file(&mut self) {
        for &d in self.ast.decls(self.node.decls) {
            let span = self.ast.span(d);
            match self.ast.decl(d) {
                Decl::Import { .. } => {}
                Decl::Const { names, .. } => {
                    let first = self.ast.exprs(names).first().copied();
                    self.add(first, Kind::Const, None, span.lo, span.hi);
                }
                Decl::Var { names, .. } => {
                    let first = self.ast.exprs(names).first().copied();
                    self.add(first, Kind::Var, None, span.lo, span.hi);
                }
                Decl::Type { name, .. } => self.add(Some(name), Kind::Type, None, span.lo, span.hi),
                Decl::Func { recv, name, body, .. } => {
                    let receiver = recv.and_then(|f| self.base_name(self.ast.field(f).typ));
                    let end = body.map_or(span.hi, |b| self.ast.span(b).lo);
                    self.add(Some(name), Kind::Func, receiver, span.lo, end);
                }
            }
        }
    }

    /// The name in a receiver's type.
    fn base_name(&self, mut e: ExprId) -> Option<String> {
        loop {
            e = match self.ast.expr(self.ast.unparen(e)) {
                Expr::Name(s) => return Some(self.names.str(s).to_string()),
                Expr::Star(x) => x,
                Expr::Index { x, .. } => x,
                _ => return None,
            };
        }
    }

    fn add(&mut self, name: Option<ExprId>, kind: Kind, receiver: Option<String>, lo: Pos, hi: Pos) {
        let Some(name) = name.and_then(|n| self.ast.name(n)) else { return };
        let name = self.names.str(name).to_string();
        let file = self.sources.file(self.node.file);
        let (lo, hi) = ((lo.0 - file.base.0) as usize, (hi.0 - file.base.0) as usize);
        let text = &file.text;
        let declared = text.get(lo..hi).unwrap_or("").trim_end();
        let keyword = match kind {
            Kind::Const => "const ",
            Kind::Var => "var ",
            Kind::Type => "type ",
            Kind::Func => "",
        };
        let source = format!("{keyword}{declared}");
        let heading = match (kind, source.split_once('\n')) {
            (Kind::Func, _) | (_, None) => source.split_whitespace().collect::<Vec<_>>().join(" "),
            (_, Some((line, _))) if line.ends_with('{') => format!("{line} ... }}"),
            (_, Some((line, _))) => format!("{line} ..."),
        };
        let exported = name.chars().next().is_some_and(char::is_uppercase)
            && receiver.as_ref().is_none_or(|r| r.chars().next().is_some_and(char::is_uppercase));
        self.items.push(Item { name, kind, receiver, exported, heading, source, comment: comment_above(text, lo) });
    }
}

/// The comment above a file's package clause.
pub fn package_comment(text: &str) -> String {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("package ") {
            return comment_above(text, at);
        }
        at += line.len();
    }
    String::new()
}

/// The `//` lines directly above the line of `at`, without their slashes and without directives.
fn comment_above(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let mut lines: Vec<&str> = Vec::new();
    for line in text[..start].lines().rev() {
        let Some(rest) = line.trim_start().strip_prefix("//") else { break };
        lines.push(rest.strip_prefix(' ').unwrap_or(rest));
    }
    lines.reverse();
    lines.retain(|l| !l.starts_with("go:"));
    lines.join("\n").trim().to_string()
}
