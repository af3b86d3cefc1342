//! print and println: to standard error, in the runtime's own formats.

use std::io::Write;

use super::prelude::*;
use crate::bytecode::PrintKind;

slow! {
    print(m) {
        let kind = m.bc();
        let r = m.ra();
        let text = match kind {
            k if k == PrintKind::Int as u32 => (m.a() as i64).to_string().into_bytes(),
            k if k == PrintKind::Uint as u32 => m.a().to_string().into_bytes(),
            k if k == PrintKind::Float as u32 => float(f64::from_bits(m.a())).into_bytes(),
            k if k == PrintKind::Bool as u32 => if m.a() != 0 { b"true".to_vec() } else { b"false".to_vec() },
            k if k == PrintKind::Str as u32 => m.bytes(m.a2()).to_vec(),
            k if k == PrintKind::Ptr as u32 => format!("{:#x}", m.a()).into_bytes(),
            k if k == PrintKind::Complex as u32 => {
                let (re, im) = (f64::from_bits(m.a()), f64::from_bits(m.slot_n(r, 1)));
                format!("({}{}i)", float(re), float(im)).into_bytes()
            }
            k if k == PrintKind::Iface as u32 => format!("({:#x},{:#x})", m.a(), m.slot_n(r, 1)).into_bytes(),
            k if k == PrintKind::Slice as u32 => {
                format!("[{}/{}]{:#x}", m.slot_n(r, 1), m.slot_n(r, 2), m.a()).into_bytes()
            }
            k if k == PrintKind::Space as u32 => b" ".to_vec(),
            _ => b"\n".to_vec(),
        };
        let _ = std::io::stderr().write_all(&text);
        Ok(())
    }
}

/// A float as Go's print shows it: `+1.500000e+000`.
pub(crate) fn float(v: f64) -> String {
    if v.is_nan() {
        return "NaN".into();
    }
    if v.is_infinite() {
        return if v > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let s = format!("{:.6e}", v.abs());
    let (digits, exp) = s.split_once('e').unwrap_or((&s, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    let sign = if v.is_sign_negative() { '-' } else { '+' };
    let esign = if exp < 0 { '-' } else { '+' };
    format!("{sign}{digits}e{esign}{:03}", exp.abs())
}
