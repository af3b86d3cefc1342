//! Formatting of basic values. The script half walks composite values and calls methods; what has neither is done here, whole runs
//! of operands and format text at a time.

mod spec;

use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::types::{Kind, TypeRef};
use spec::{MINUS, PLUS, PLUS_V, PREC, SHARP, SHARP_V, SPACE, Spec, WID, ZERO};

/// Values of predeclared types have no methods and need no walking.
fn is_basic(t: TypeRef) -> bool {
    t.pkg_path.is_empty() && (t.kind <= Kind::Complex128 || t.kind == Kind::String)
}

fn spec_at(c: &Call<'_>, i: usize) -> Spec {
    Spec { fl: c.word(i) as u32, wid: c.int(i + 1).max(0) as usize, prec: c.int(i + 2).max(0) as usize }
}

/// The value of basic type `t` with interface data word `data`; false if the verb does not fit.
fn basic(c: &Call<'_>, out: &mut Vec<u8>, s: Spec, t: TypeRef, data: u64, verb: u32) -> bool {
    match t.kind {
        Kind::Bool => s.boolean(out, data as u8 != 0, verb),
        k if k.is_signed() => s.integer(out, data, true, verb),
        k if k.is_unsigned() => s.integer(out, data, false, verb),
        Kind::Float64 => s.float(out, f64::from_bits(data), false, verb),
        Kind::Float32 => s.float(out, f32::from_bits(data as u32) as f64, true, verb),
        Kind::Complex64 => {
            let part = |w: u64| f32::from_bits(w as u32) as f64;
            complex(out, s, part(data), part(data >> 32), true, verb)
        }
        Kind::Complex128 => {
            let part = |p: u64| f64::from_bits(c.load_u64(p));
            complex(out, s, part(data), part(data + 8), false, verb)
        }
        Kind::String => s.string(out, c.string_at(data), verb),
        _ => false,
    }
}

fn complex(out: &mut Vec<u8>, s: Spec, re: f64, im: f64, single: bool, verb: u32) -> bool {
    if !"vbgGxXfFeE".contains(char::from_u32(verb).unwrap_or('\0')) {
        return false;
    }
    out.push(b'(');
    s.float(out, re, single, verb);
    Spec { fl: s.fl | PLUS, ..s }.float(out, im, single, verb);
    out.extend_from_slice(b"i)");
    true
}

/// The operands of a `[]any` whose first slot is `i`: type and data words.
fn operand(c: &Call<'_>, i: usize, k: usize) -> (Option<TypeRef>, u64) {
    let words = c.load_pair(c.word(i) + 16 * k as u64);
    (gol_runtime::object::types::RType::from_word(words.0), words.1)
}

/// `printSome(buf, a, i, ln)`: prints operands from `i` on, with the separators of Println or Print, up to the first that is not basic.
/// Its separator is printed already.
fn print_some(c: &mut Call<'_>) -> Ret {
    let (n, ln) = (c.word(4) as usize, c.bool(7));
    let mut i = c.int(6) as usize;
    let mut out = Vec::with_capacity(64);
    let is_string = |c: &Call<'_>, k: usize| operand(c, 3, k).0.is_some_and(|t| t.kind == Kind::String);
    while i < n {
        if i > 0 && (ln || !is_string(c, i) && !is_string(c, i - 1)) {
            out.push(b' ');
        }
        let (t, data) = operand(c, 3, i);
        match t {
            None => out.extend_from_slice(b"<nil>"),
            Some(t) if is_basic(t) => {
                basic(c, &mut out, Spec::default(), t, data, 'v' as u32);
            }
            Some(_) => break,
        }
        i += 1;
    }
    c.ret_append(0, 0, &out);
    c.ret_int(3, i as i64);
    Ret::Done
}

/// A directive without * and [: flags, width, precision, verb and where it ends.
fn directive(f: &[u8], start: usize) -> Option<(Spec, u32, usize)> {
    let mut i = start + 1;
    let mut s = Spec::default();
    loop {
        s.fl |= match f.get(i)? {
            b'#' => SHARP,
            b'0' => ZERO,
            b'+' => PLUS,
            b'-' => MINUS,
            b' ' => SPACE,
            _ => break,
        };
        i += 1;
    }
    let number = |i: &mut usize| {
        let from = *i;
        let mut n = 0usize;
        while let Some(d) = f.get(*i).filter(|d| d.is_ascii_digit()) {
            n = n * 10 + (d - b'0') as usize;
            *i += 1;
            if n > 1_000_000 {
                return None;
            }
        }
        Some((n, *i > from))
    };
    let (n, any) = number(&mut i)?;
    if any {
        s.fl |= WID;
        s.wid = n;
    }
    if f.get(i) == Some(&b'.') && i + 1 < f.len() {
        i += 1;
        s.fl |= PREC;
        s.prec = number(&mut i)?.0;
    }
    let verb = *f.get(i)?;
    if !verb.is_ascii_alphabetic() && verb != b'%' {
        return None;
    }
    Some((s, verb as u32, i + 1))
}

/// `formatSome(buf, format, i, a, arg)`: goes through the format from `i` as long as there is text, or directives for basic operands.
/// Stops before a directive that the script half must do.
fn format_some(c: &mut Call<'_>) -> Ret {
    let f = c.bytes(3);
    let mut i = c.int(5) as usize;
    let n = c.word(7) as usize;
    let mut arg = c.int(9) as usize;
    let mut out = Vec::with_capacity(f.len() + 32);
    while i < f.len() {
        let Some(text) = memchr::memchr(b'%', &f[i..]) else {
            out.extend_from_slice(&f[i..]);
            i = f.len();
            break;
        };
        out.extend_from_slice(&f[i..i + text]);
        i += text;
        let Some((mut s, verb, next)) = directive(f, i) else { break };
        if verb == '%' as u32 {
            out.push(b'%');
            i = next;
            continue;
        }
        if arg >= n {
            break;
        }
        let (t, data) = operand(c, 6, arg);
        let Some(t) = t else { break };
        match verb as u8 {
            b'T' => {
                s.pad(&mut out, s.truncate(t.string.as_bytes()));
                i = next;
                arg += 1;
                continue;
            }
            b'v' => {
                let (sharp, plus) = (s.has(SHARP), s.has(PLUS));
                s.fl &= !(SHARP | PLUS);
                s.fl |= if sharp { SHARP_V } else { 0 } | if plus { PLUS_V } else { 0 };
            }
            b'w' | b'p' => break,
            _ => {}
        }
        let mark = out.len();
        if !is_basic(t) || !basic(c, &mut out, s, t, data, verb) {
            out.truncate(mark);
            break;
        }
        i = next;
        arg += 1;
    }
    c.ret_append(0, 0, &out);
    c.ret_int(3, i as i64);
    c.ret_int(4, arg as i64);
    Ret::Done
}

/// What the script half has of a value: appends it in its format and says whether the verb fits.
fn finish(c: &mut Call<'_>, out: &[u8], ok: bool) -> Ret {
    c.ret_append(0, 0, if ok { out } else { b"" });
    c.ret_bool(3, ok);
    Ret::Done
}
fn append_int(c: &mut Call<'_>) -> Ret {
    let mut out = Vec::with_capacity(24);
    let ok = spec_at(c, 6).integer(&mut out, c.word(3), c.bool(4), c.word(5) as u32);
    finish(c, &out, ok)
}
fn append_float(c: &mut Call<'_>) -> Ret {
    let mut out = Vec::with_capacity(32);
    let ok = spec_at(c, 6).float(&mut out, c.f64(3), c.int(4) == 32, c.word(5) as u32);
    finish(c, &out, ok)
}
fn append_complex(c: &mut Call<'_>) -> Ret {
    let mut out = Vec::with_capacity(48);
    let ok = complex(&mut out, spec_at(c, 7), c.f64(3), c.f64(4), c.int(5) == 64, c.word(6) as u32);
    finish(c, &out, ok)
}
fn append_bool(c: &mut Call<'_>) -> Ret {
    let mut out = Vec::with_capacity(8);
    let ok = spec_at(c, 5).boolean(&mut out, c.bool(3), c.word(4) as u32);
    finish(c, &out, ok)
}
fn append_string(c: &mut Call<'_>) -> Ret {
    let s = c.bytes(3);
    let mut out = Vec::with_capacity(s.len() + 8);
    let ok = spec_at(c, 6).string(&mut out, s, c.word(5) as u32);
    finish(c, &out, ok)
}
fn append_pad(c: &mut Call<'_>) -> Ret {
    let s = c.bytes(3);
    let mut out = Vec::with_capacity(s.len() + 8);
    spec_at(c, 5).pad(&mut out, s);
    c.ret_append(0, 0, &out);
    Ret::Done
}
fn append_address(c: &mut Call<'_>) -> Ret {
    let mut out = Vec::with_capacity(24);
    spec_at(c, 5).address(&mut out, c.word(3), c.bool(4));
    c.ret_append(0, 0, &out);
    Ret::Done
}
/// The elements of a byte list: `[1 2]`, or with %#v `0x1, 0x2`.
fn append_byte_list(c: &mut Call<'_>) -> Ret {
    let s = spec_at(c, 7);
    let mut out = Vec::new();
    for (i, &b) in c.bytes(3).iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(if s.has(SHARP_V) { b", " } else { b" " });
        }
        s.integer(&mut out, b as u64, false, c.word(6) as u32);
    }
    c.ret_append(0, 0, &out);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("fmt.printSome", print_some),
    ("fmt.formatSome", format_some),
    ("fmt.appendInt", append_int),
    ("fmt.appendFloat", append_float),
    ("fmt.appendComplex", append_complex),
    ("fmt.appendBool", append_bool),
    ("fmt.appendString", append_string),
    ("fmt.appendPad", append_pad),
    ("fmt.appendAddress", append_address),
    ("fmt.appendByteList", append_byte_list),
];
