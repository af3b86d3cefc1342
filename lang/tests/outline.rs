//! Files whose functions' bodies are parsed later.

use gol_lang::diag::Diagnostics;
use gol_lang::intern::Interner;
use gol_lang::source::SourceMap;
use gol_lang::syntax::ast::Ast;
use gol_lang::syntax::{Dialect, dump, parse, parse_body, parse_outline};

const SOURCE: &str = r#"package p

import "fmt"

// F is documented.
func F(a, b int) (c int) {
	if a == 1 {
		return b
	}
	f := func(s string) string { return s + "}\n" }
	return len(f("{"))
}

func init() {
	fmt.Println("x")
}

func (t *T[P]) M() map[string]func() {
	return nil
}

func short() int { return 1 }

func native(x int) string

func many(
	a int,
	b string,
) {
	a++
}

var v = func() int {
	return 1
}()

type T[P any] struct{ p P }

func last() {
	for range 3 {
	}
}
"#;

/// The tree of a file, its bodies parsed together with it or afterwards; and how many were left for later.
fn tree(outline: bool) -> (String, usize) {
    let (mut ast, mut names, mut sources, mut diags) =
        (Ast::new(), Interner::new(), SourceMap::new(), Diagnostics::new());
    let id = sources.add("p.go", SOURCE);
    let node = if outline {
        parse_outline(&mut ast, &mut names, &mut sources, id, &mut diags)
    } else {
        parse(&mut ast, &mut names, &mut sources, id, Dialect::Go, &mut diags)
    };
    for &(decl, body) in &node.bodies {
        parse_body(&mut ast, &mut names, &sources, decl, body, &mut diags);
    }
    assert!(diags.is_empty(), "{:?}", diags.iter().map(|d| &d.message).collect::<Vec<_>>());
    (dump::file_string(&ast, &names, &node), node.bodies.len())
}

#[test]
fn bodies_parsed_later_are_the_same() {
    let (whole, none) = tree(false);
    let (parts, left) = tree(true);
    assert_eq!((none, left), (0, 3), "F, M and last are laid out so that their ends are known");
    assert_eq!(whole, parts);
}
