//! Values in Go syntax, for people: what a session shows of the value of an expression.
//!
//! Like `%#v`, but spaced and simplified as gofmt would, without the name of package main, and cut off where it gets long. Nothing of
//! the program is called.

use std::fmt::Write;

use super::map;
use super::string::Str;
use super::types::{INLINE_IFACE, Kind, RType, TypeRef};
use crate::cx::Cx;
use crate::native::Call;

/// Where a value's text may end.
const MAX_TEXT: usize = 4000;
/// Elements shown of one slice, array or map.
const MAX_ELEMENTS: usize = 100;
/// How deep values are shown.
const MAX_DEPTH: u32 = 8;

/// Takes finished lines: value and type.
pub type Sink = Box<dyn FnMut(&str, &str) + Send>;

/// The line being made, and who gets it.
#[derive(Default)]
pub struct Shown {
    parts: Vec<String>,
    /// Gets the lines.
    pub sink: Option<Sink>,
}

impl Shown {
    /// Adds the text of a value.
    pub fn add(&mut self, text: String) {
        self.parts.push(text);
    }

    /// Ends the line.
    pub fn end(&mut self, ty: &str) {
        let text = std::mem::take(&mut self.parts).join(", ");
        if let Some(sink) = &mut self.sink {
            sink(&text, ty);
        }
    }

    /// Forgets an unfinished line.
    pub fn clear(&mut self) {
        self.parts.clear();
    }
}

impl Call<'_> {
    /// The text of the `any` argument whose first slot is `i`.
    pub fn show(&mut self, i: usize) -> String {
        let (ty, data) = (self.word(i), self.word(i + 1));
        let mut show = Show { out: String::new(), cx: self.cx };
        // SAFETY: an interface value alive during the call.
        unsafe { show.interface(RType::from_word(ty), data, 0) };
        show.out
    }
}

struct Show<'a> {
    out: String,
    cx: &'a mut Cx,
}

impl Show<'_> {
    /// # Safety
    /// `data` is the data word of an interface that holds a `t`.
    unsafe fn interface(&mut self, t: Option<TypeRef>, data: u64, depth: u32) {
        let Some(t) = t else {
            self.out.push_str("nil");
            return;
        };
        let word = data;
        let direct = t.has(INLINE_IFACE) || pointer_shaped(t);
        let at = if direct { (&raw const word).cast::<u8>() } else { data as *const u8 };
        // SAFETY: the word itself holds small values (their low bytes are the image), else it points to one.
        unsafe { self.value(t, at, depth, true) };
    }

    /// Shows the value at `p`; `typed` says whether a composite begins with its type.
    ///
    /// # Safety
    /// `p` is the address of a live `t`.
    unsafe fn value(&mut self, t: TypeRef, p: *const u8, depth: u32, typed: bool) {
        if self.out.len() > MAX_TEXT || depth > MAX_DEPTH {
            self.out.push('…');
            return;
        }
        macro_rules! at {
            ($ty:ty) => {
                // SAFETY: the caller's promise, and the kind says what is there.
                unsafe { p.cast::<$ty>().read_unaligned() }
            };
        }
        let out = &mut self.out;
        let _ = match t.kind {
            Kind::Bool => write!(out, "{}", at!(u8) != 0),
            Kind::Int | Kind::Int64 => write!(out, "{}", at!(i64)),
            Kind::Int8 => write!(out, "{}", at!(i8)),
            Kind::Int16 => write!(out, "{}", at!(i16)),
            Kind::Int32 => write!(out, "{}", at!(i32)),
            Kind::Uint | Kind::Uint64 | Kind::Uintptr => write!(out, "{}", at!(u64)),
            Kind::Uint8 => write!(out, "{}", at!(u8)),
            Kind::Uint16 => write!(out, "{}", at!(u16)),
            Kind::Uint32 => write!(out, "{}", at!(u32)),
            Kind::Float32 => write!(out, "{}", float(format!("{:e}", at!(f32)))),
            Kind::Float64 => write!(out, "{}", float(format!("{:e}", at!(f64)))),
            Kind::Complex64 => {
                let [re, im] = at!([f32; 2]);
                write!(out, "{}", complex(format!("{re:e}"), format!("{im:e}")))
            }
            Kind::Complex128 => {
                let [re, im] = at!([f64; 2]);
                write!(out, "{}", complex(format!("{re:e}"), format!("{im:e}")))
            }
            Kind::String => {
                let text = at!(Str);
                // SAFETY: a live string.
                quote(unsafe { text.bytes() }, out);
                Ok(())
            }
            Kind::Pointer => {
                let to = at!(u64);
                if to == 0 {
                    out.push_str("nil");
                } else if depth == 0 && matches!(t.elem().kind, Kind::Struct | Kind::Array | Kind::Slice | Kind::Map) {
                    out.push('&');
                    // SAFETY: a pointer that is not nil points to a live value.
                    unsafe { self.value(t.elem(), to as *const u8, depth + 1, true) };
                } else {
                    let _ = write!(out, "{to:#x}");
                }
                Ok(())
            }
            Kind::UnsafePointer => write!(out, "{:#x}", at!(u64)),
            Kind::Func if at!(u64) == 0 => write!(out, "nil"),
            Kind::Func => write!(out, "<func>"),
            Kind::Chan => match at!(u64) {
                0 => write!(out, "nil"),
                ch if crate::chan::cap(ch) == 0 => write!(out, "<chan>"),
                ch => write!(out, "<chan {}/{}>", crate::chan::len(ch), crate::chan::cap(ch)),
            },
            Kind::Interface => {
                let [ty, data] = at!([u64; 2]);
                let ty = if t.is_eface() { ty } else { super::iface::Itab::type_word(ty) };
                // SAFETY: a live interface value.
                unsafe { self.interface(RType::from_word(ty), data, depth + 1) };
                Ok(())
            }
            Kind::Slice => {
                let [base, len, _] = at!([u64; 3]);
                if base == 0 && len == 0 {
                    out.push_str("nil");
                } else {
                    // SAFETY: that many live elements.
                    unsafe { self.elements(t, base as *const u8, len as usize, depth, typed) };
                }
                Ok(())
            }
            Kind::Array => {
                // SAFETY: the array's elements.
                unsafe { self.elements(t, p, t.len, depth, typed) };
                Ok(())
            }
            Kind::Struct => {
                if typed {
                    out.push_str(&name(t));
                }
                self.out.push('{');
                for (i, f) in t.fields.iter().enumerate() {
                    let _ = write!(self.out, "{}{}: ", if i > 0 { ", " } else { "" }, f.name);
                    // SAFETY: a field of a live struct.
                    unsafe { self.value(f.ty, p.add(f.offset), depth + 1, true) };
                }
                self.out.push('}');
                Ok(())
            }
            Kind::Map => {
                let m = at!(u64);
                // SAFETY: a live map.
                unsafe { self.map(t, m, depth, typed) };
                Ok(())
            }
            Kind::Invalid => Ok(()),
        };
    }

    /// # Safety
    /// `base` is the address of `len` live elements of `t`.
    unsafe fn elements(&mut self, t: TypeRef, base: *const u8, len: usize, depth: u32, typed: bool) {
        if typed {
            self.out.push_str(&name(t));
        }
        self.out.push('{');
        let elem = t.elem();
        for i in 0..len {
            self.out.push_str(if i > 0 { ", " } else { "" });
            if i == MAX_ELEMENTS || self.out.len() > MAX_TEXT {
                let _ = write!(self.out, "… {} more", len - i);
                break;
            }
            // SAFETY: element i.
            unsafe { self.value(elem, base.add(i * elem.size), depth + 1, !composite(elem)) };
        }
        self.out.push('}');
    }

    /// # Safety
    /// `m` is a map of type `t`, or 0.
    unsafe fn map(&mut self, t: TypeRef, m: u64, depth: u32, typed: bool) {
        if m == 0 {
            self.out.push_str("nil");
            return;
        }
        if typed {
            self.out.push_str(&name(t));
        }
        self.out.push('{');
        let (key, elem) = (t.key.unwrap_or_else(|| t.elem()), t.elem());
        let mut entries: Vec<(u64, String, String)> = Vec::new();
        // SAFETY: all zero is an iterator that has not begun.
        let mut it: map::Iter = unsafe { std::mem::zeroed() };
        // SAFETY: a live map, which nobody changes meanwhile.
        unsafe { map::iter_init(self.cx, m, &mut it) };
        // SAFETY: as above.
        while unsafe { map::iter_next(t, &mut it) } {
            if entries.len() == MAX_ELEMENTS {
                break;
            }
            let outer = std::mem::take(&mut self.out);
            // SAFETY: key and element of the entry the iterator is at.
            unsafe { self.value(key, it.key as *const u8, depth + 1, !composite(key)) };
            let k = std::mem::take(&mut self.out);
            // SAFETY: as above.
            unsafe { self.value(elem, it.elem as *const u8, depth + 1, !composite(elem)) };
            let v = std::mem::replace(&mut self.out, outer);
            let order = k.parse::<i64>().map_or(0, |n| (n as u64) ^ 1 << 63);
            entries.push((order, k, v));
        }
        entries.sort();
        let more = map::len(m) as usize - entries.len();
        for (i, (_, k, v)) in entries.iter().enumerate() {
            let _ = write!(self.out, "{}{k}: {v}", if i > 0 { ", " } else { "" });
        }
        if more > 0 {
            let _ = write!(self.out, ", … {more} more");
        }
        self.out.push('}');
    }
}

/// Whether the type of an element can be left out in a composite literal.
fn composite(t: TypeRef) -> bool {
    matches!(t.kind, Kind::Struct | Kind::Slice | Kind::Array | Kind::Map)
}

fn pointer_shaped(t: TypeRef) -> bool {
    match t.kind {
        Kind::Pointer | Kind::Map | Kind::Chan | Kind::Func | Kind::UnsafePointer => true,
        Kind::Struct => t.fields.len() == 1 && pointer_shaped(t.fields[0].ty),
        Kind::Array => t.len == 1 && pointer_shaped(t.elem()),
        _ => false,
    }
}

/// A type's name as the session writes it.
fn name(t: TypeRef) -> String {
    t.string.replace("main.", "").replace("interface {}", "any")
}

/// A float as `%v` prints it, from Rust's shortest scientific form.
fn float(sci: String) -> String {
    let Some((mantissa, exp)) = sci.split_once('e') else {
        return match sci.as_str() {
            "inf" => "+Inf".into(),
            "-inf" => "-Inf".into(),
            other => other.into(),
        };
    };
    let exp: i32 = exp.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |m| ("-", m));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    if !(-4..21).contains(&exp) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let (esign, e) = if exp < 0 { ('-', -exp) } else { ('+', exp) };
        return format!("{sign}{first}{point}{rest}e{esign}{e:02}");
    }
    if exp < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat((-exp - 1) as usize));
    }
    let whole = exp as usize + 1;
    if digits.len() <= whole {
        return format!("{sign}{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
}

fn complex(re: String, im: String) -> String {
    let im = float(im);
    let plus = if im.starts_with(['+', '-']) { "" } else { "+" };
    format!("({}{plus}{im}i)", float(re))
}

/// A string literal.
fn quote(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                c if c.is_control() && (c as u32) < 0x80 => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                c if c.is_control() => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            let _ = write!(out, "\\x{b:02x}");
        }
        if out.len() > MAX_TEXT {
            out.push('…');
            break;
        }
    }
    out.push('"');
}
