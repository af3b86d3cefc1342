//! Lines that show values: made piece by piece, then handed to the host.

use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::show::Shown;

fn text(c: &mut Call<'_>) -> Ret {
    let s = c.str(0).into_owned();
    c.cx.ext::<Shown>().add(s);
    Ret::Done
}

fn value(c: &mut Call<'_>) -> Ret {
    let s = c.show(0);
    c.cx.ext::<Shown>().add(s);
    Ret::Done
}

fn is_nil(c: &mut Call<'_>) -> Ret {
    let nil = c.word(0) == 0 || c.word(1) == 0 && c.type_at(0).is_some_and(|t| t.elem.is_some());
    c.ret_bool(0, nil);
    Ret::Done
}

fn end(c: &mut Call<'_>) -> Ret {
    let ty = c.str(0).into_owned();
    c.cx.ext::<Shown>().end(&ty);
    Ret::Done
}

/// The package's natives.
pub const TABLE: NativeTable = &[
    ("internal/repl.Text", text),
    ("internal/repl.value", value),
    ("internal/repl.isNil", is_nil),
    ("internal/repl.End", end),
];
