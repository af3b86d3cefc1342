//! Type descriptors and memory images.

use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::map;
use gol_runtime::object::types::{COMPARABLE, Kind, RType, TypeRef, VARIADIC};

/// The type in slot `i`; a nil `*Type` is a nil dereference.
macro_rules! ty {
    ($c:ident, $i:expr) => {
        match $c.type_at($i) {
            Some(t) => t,
            None => return Ret::Panic(gol_runtime::fault::Fault::nil_deref()),
        }
    };
}

fn opt(t: Option<TypeRef>) -> u64 {
    t.map_or(0, RType::word)
}

fn of(c: &mut Call<'_>) -> Ret {
    let w = c.word(0);
    c.ret(0, w);
    Ret::Done
}
fn unpack(c: &mut Call<'_>) -> Ret {
    let p = c.unpack(c.word(0), c.word(1));
    c.ret(0, p);
    Ret::Done
}
fn pack(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let (w, d) = c.pack(t, c.word(1));
    c.ret(0, w);
    c.ret(1, d);
    Ret::Done
}
fn direct_word(c: &mut Call<'_>) -> Ret {
    let w = c.word(1);
    c.ret(0, w);
    Ret::Done
}
fn assign(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let ok = c.assign(t, c.word(1), c.word(2), c.word(3));
    c.ret_bool(0, ok);
    Ret::Done
}
fn comparable_value(c: &mut Call<'_>) -> Ret {
    let p = c.unpack(c.word(0), c.word(1));
    let ok = match c.type_at(0) {
        None => true,
        Some(t) => t.has(COMPARABLE) && c.value_hash(t, p, 0).is_ok(),
    };
    c.ret_bool(0, ok);
    Ret::Done
}

fn kind(c: &mut Call<'_>) -> Ret {
    let k = c.type_at(0).map_or(0, |t| t.kind as i64);
    c.ret_int(0, k);
    Ret::Done
}
fn size(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.size as i64);
    Ret::Done
}
fn align(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.align as i64);
    Ret::Done
}
fn elem(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret(0, opt(t.elem));
    Ret::Done
}
fn key(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret(0, opt(t.key));
    Ret::Done
}
fn length(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.len as i64);
    Ret::Done
}
fn chan_dir(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.dir as i64);
    Ret::Done
}
fn string(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_static(0, t.string);
    Ret::Done
}
fn name(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_static(0, t.name);
    Ret::Done
}
fn pkg_path(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_static(0, t.pkg_path);
    Ret::Done
}
fn is_error(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let is_error = |name: &str, m: TypeRef| {
        name == "Error" && m.params.is_empty() && m.results.len() == 1 && m.results[0].string == "string"
    };
    let yes = if t.kind == Kind::Interface {
        t.imethods.iter().any(|m| is_error(m.name, m.ty))
    } else {
        t.methods().iter().any(|m| is_error(m.name, m.ty))
    };
    c.ret_bool(0, yes);
    Ret::Done
}
fn comparable(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_bool(0, t.has(COMPARABLE));
    Ret::Done
}
fn implements(c: &mut Call<'_>) -> Ret {
    let (t, inter) = (ty!(c, 0), ty!(c, 1));
    let yes = c.cx.itabs.implements(inter, t);
    c.ret_bool(0, yes);
    Ret::Done
}
fn pointer_to(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let p = c.cx.types.pointer_to(t);
    c.ret(0, p.word());
    Ret::Done
}
fn slice_of(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let p = c.cx.types.slice_of(t);
    c.ret(0, p.word());
    Ret::Done
}
fn array_of(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let p = c.cx.types.array_of(t, c.int(1) as usize);
    c.ret(0, p.word());
    Ret::Done
}
fn chan_of(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let p = c.cx.types.chan_of(c.int(1) as u8, t);
    c.ret(0, p.word());
    Ret::Done
}
fn map_of(c: &mut Call<'_>) -> Ret {
    let (k, v) = (ty!(c, 0), ty!(c, 1));
    let p = c.cx.types.map_of(k, v);
    c.ret(0, p.word());
    Ret::Done
}
/// The types named by a `[]*Type` in slot `i`.
fn types(c: &Call<'_>, i: usize) -> Vec<TypeRef> {
    c.words(i).iter().filter_map(|&w| RType::from_word(w)).collect()
}
fn func_of(c: &mut Call<'_>) -> Ret {
    let (params, results) = (types(c, 0), types(c, 3));
    let p = c.cx.types.func_of(&params, &results, c.bool(6));
    c.ret(0, p.word());
    Ret::Done
}

fn num_field(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.fields.len() as i64);
    Ret::Done
}
fn field(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let Some(f) = t.fields.get(c.int(1) as usize) else {
        return Ret::Panic(gol_runtime::fault::Fault::panic("reflect: Field index out of bounds"));
    };
    c.ret_static(0, f.name);
    c.ret(2, f.ty.word());
    c.ret_int(3, f.offset as i64);
    c.ret_static(4, f.tag);
    c.ret_static(6, f.pkg_path);
    c.ret_bool(8, f.embedded);
    Ret::Done
}
fn num_in(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.params.len() as i64);
    Ret::Done
}
fn num_out(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_int(0, t.results.len() as i64);
    Ret::Done
}
fn input(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret(0, opt(t.params.get(c.int(1) as usize).copied()));
    Ret::Done
}
fn output(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret(0, opt(t.results.get(c.int(1) as usize).copied()));
    Ret::Done
}
fn variadic(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.ret_bool(0, t.has(VARIADIC));
    Ret::Done
}
fn num_method(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let n =
        if t.kind == Kind::Interface { t.imethods.len() } else { t.methods().iter().filter(|m| m.exported()).count() };
    c.ret_int(0, n as i64);
    Ret::Done
}
fn method(c: &mut Call<'_>) -> Ret {
    let (t, i) = (ty!(c, 0), c.int(1) as usize);
    let m = if t.kind == Kind::Interface {
        t.imethods.get(i).map(|m| (m.name, m.pkg_path, m.ty))
    } else {
        t.methods().iter().filter(|m| m.exported()).nth(i).map(|m| (m.name, m.pkg_path, m.ty))
    };
    let Some((name, pkg, mt)) = m else {
        return Ret::Panic(gol_runtime::fault::Fault::panic("reflect: Method index out of range"));
    };
    c.ret_static(0, name);
    c.ret_static(2, pkg);
    c.ret(4, mt.word());
    Ret::Done
}
/// Function index of an exported method: for interface calls, its receiver a data word.
fn method_fn(c: &mut Call<'_>) -> Ret {
    let (t, i) = (ty!(c, 0), c.int(1) as usize);
    let f = t.methods().iter().filter(|m| m.exported()).nth(i).map_or(-1, |m| m.ifn() as i32 as i64);
    c.ret_int(0, f);
    Ret::Done
}

fn new(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let p = c.cx.heap.alloc(t);
    c.ret(0, p as u64);
    Ret::Done
}
fn new_array(c: &mut Call<'_>) -> Ret {
    let (t, n) = (ty!(c, 0), c.int(1) as usize);
    if t.size.max(1).saturating_mul(n) > 1 << 40 {
        return Ret::Panic(gol_runtime::fault::Fault::out_of_memory());
    }
    let p = c.cx.heap.alloc_array(t, n);
    c.ret(0, p as u64);
    Ret::Done
}
fn copy(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.copy_values(t, c.word(1), c.word(2), 1);
    Ret::Done
}
fn copy_n(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.copy_values(t, c.word(1), c.word(2), c.int(3) as usize);
    Ret::Done
}
fn clear(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.clear_values(t, c.word(1), 1);
    Ret::Done
}
fn equal(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    match c.values_equal(t, c.word(1), c.word(2)) {
        Ok(eq) => c.ret_bool(0, eq),
        Err(f) => return Ret::Panic(f),
    }
    Ret::Done
}
fn map_len(c: &mut Call<'_>) -> Ret {
    let n = map::len(c.word(0));
    c.ret(0, n);
    Ret::Done
}
fn map_entries(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    let (k, v, n) = c.map_entries(t, c.word(1));
    c.ret(0, k);
    c.ret(1, v);
    c.ret_int(2, n as i64);
    Ret::Done
}
fn make_map(c: &mut Call<'_>) -> Ret {
    let (t, n) = (ty!(c, 0), c.int(1));
    let m = map::new(c.cx, t, n);
    c.ret(0, m);
    Ret::Done
}
fn map_get(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    match c.map_get(t, c.word(1), c.word(2)) {
        Ok(p) => c.ret(0, p),
        Err(f) => return Ret::Panic(f),
    }
    Ret::Done
}
fn map_set(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    match c.map_set(t, c.word(1), c.word(2), c.word(3)) {
        Ok(()) => Ret::Done,
        Err(f) => Ret::Panic(f),
    }
}
fn map_delete(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    match c.map_delete(t, c.word(1), c.word(2)) {
        Ok(()) => Ret::Done,
        Err(f) => Ret::Panic(f),
    }
}
fn map_clear(c: &mut Call<'_>) -> Ret {
    let t = ty!(c, 0);
    c.map_clear(t, c.word(1));
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("internal/rtype.Of", of),
    ("internal/rtype.Unpack", unpack),
    ("internal/rtype.Pack", pack),
    ("internal/rtype.DirectWord", direct_word),
    ("internal/rtype.Assign", assign),
    ("internal/rtype.Comparable", comparable_value),
    ("internal/rtype.kind", kind),
    ("internal/rtype.size", size),
    ("internal/rtype.align", align),
    ("internal/rtype.elem", elem),
    ("internal/rtype.key", key),
    ("internal/rtype.length", length),
    ("internal/rtype.chanDir", chan_dir),
    ("internal/rtype.str", string),
    ("internal/rtype.name", name),
    ("internal/rtype.pkgPath", pkg_path),
    ("internal/rtype.isError", is_error),
    ("internal/rtype.comparable_", comparable),
    ("internal/rtype.implements", implements),
    ("internal/rtype.pointerTo", pointer_to),
    ("internal/rtype.SliceOf", slice_of),
    ("internal/rtype.ArrayOf", array_of),
    ("internal/rtype.ChanOf", chan_of),
    ("internal/rtype.MapOf", map_of),
    ("internal/rtype.FuncOf", func_of),
    ("internal/rtype.numField", num_field),
    ("internal/rtype.field", field),
    ("internal/rtype.numIn", num_in),
    ("internal/rtype.numOut", num_out),
    ("internal/rtype.in", input),
    ("internal/rtype.out", output),
    ("internal/rtype.variadic", variadic),
    ("internal/rtype.numMethod", num_method),
    ("internal/rtype.method", method),
    ("internal/rtype.MethodFunc", method_fn),
    ("internal/rtype.New", new),
    ("internal/rtype.NewArray", new_array),
    ("internal/rtype.Copy", copy),
    ("internal/rtype.CopyN", copy_n),
    ("internal/rtype.Clear", clear),
    ("internal/rtype.Equal", equal),
    ("internal/rtype.MapLen", map_len),
    ("internal/rtype.MapEntries", map_entries),
    ("internal/rtype.MakeMap", make_map),
    ("internal/rtype.MapGet", map_get),
    ("internal/rtype.MapSet", map_set),
    ("internal/rtype.MapDelete", map_delete),
    ("internal/rtype.MapClear", map_clear),
];
