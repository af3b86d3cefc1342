//! The sources of the library.

use gol_lang::diag::Diagnostics;
use gol_lang::intern::Interner;
use gol_lang::source::SourceMap;
use gol_lang::syntax::ast::{Ast, Decl, FileNode};
use gol_lang::syntax::{Dialect, parse, parse_body, parse_outline};

/// Functions with a body.
fn with_body(ast: &Ast, node: &FileNode) -> usize {
    ast.decls(node.decls).iter().filter(|&&d| matches!(ast.decl(d), Decl::Func { body: Some(_), .. })).count()
}

#[test]
fn bodies_are_found_without_parsing() {
    let mut left = 0;
    for path in gol_stdlib::PACKAGES {
        for (name, text) in gol_stdlib::source(path).expect("a package has sources") {
            let (mut ast, mut names, mut sources) = (Ast::new(), Interner::new(), SourceMap::new());
            let mut diags = Diagnostics::new();
            let id = sources.add(*name, *text);
            let whole = parse(&mut ast, &mut names, &mut sources, id, Dialect::Go, &mut diags);
            let outline = parse_outline(&mut ast, &mut names, &mut sources, id, &mut diags);
            for &(decl, body) in &outline.bodies {
                parse_body(&mut ast, &mut names, &sources, decl, body, &mut diags);
            }
            left += outline.bodies.len();
            assert!(diags.is_empty(), "{name}: {:?}", diags.iter().map(|d| &d.message).collect::<Vec<_>>());
            assert_eq!(with_body(&ast, &whole), with_body(&ast, &outline), "{name}");
        }
    }
    assert!(left > 1000, "most bodies can be left for later, not only {left}");
}
