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
                complex(float(re), float(im)).into_bytes()
            }
            k if k == PrintKind::Iface as u32 => format!("({:#x},{:#x})", m.a(), m.slot_n(r, 1)).into_bytes(),
            k if k == PrintKind::Slice as u32 => {
                format!("[{}/{}]{:#x}", m.slot_n(r, 1), m.slot_n(r, 2), m.a()).into_bytes()
            }
            k if k == PrintKind::Float32 as u32 => float32(f32::from_bits(m.a() as u32)).into_bytes(),
            k if k == PrintKind::Complex64 as u32 => {
                let (re, im) = (f32::from_bits(m.a() as u32), f32::from_bits((m.a() >> 32) as u32));
                complex(float32(re), float32(im)).into_bytes()
            }
            k if k == PrintKind::Space as u32 => b" ".to_vec(),
            _ => b"\n".to_vec(),
        };
        let _ = std::io::stderr().write_all(&text);
        Ok(())
    }
}

/// A float as Go's print shows it: the shortest digits that give it back, like %g.
pub(crate) fn float(v: f64) -> String {
    general(&format!("{:e}", v))
}

/// The same for a float32.
pub(crate) fn float32(v: f32) -> String {
    general(&format!("{:e}", v))
}

/// A complex number from its printed parts.
pub(crate) fn complex(re: String, im: String) -> String {
    let sign = if im.starts_with(['+', '-']) { "" } else { "+" };
    format!("({re}{sign}{im}i)")
}

/// Rust's shortest `d.ddde-x` as Go's %g.
fn general(s: &str) -> String {
    let Some((digits, exp)) = s.split_once('e') else {
        return match s {
            "inf" => "+Inf".into(),
            "-inf" => "-Inf".into(),
            _ => "NaN".into(),
        };
    };
    let exp: i32 = exp.parse().unwrap_or(0);
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |d| ("-", d));
    let plain: String = digits.chars().filter(|c| *c != '.').collect();
    if !(-4..6).contains(&exp) {
        let esign = if exp < 0 { '-' } else { '+' };
        return format!("{sign}{digits}e{esign}{:02}", exp.unsigned_abs());
    }
    if exp < 0 {
        return format!("{sign}0.{}{plain}", "0".repeat((-exp - 1) as usize));
    }
    let point = exp as usize + 1;
    if plain.len() <= point {
        return format!("{sign}{plain}{}", "0".repeat(point - plain.len()));
    }
    format!("{sign}{}.{}", &plain[..point], &plain[point..])
}

#[cfg(test)]
mod tests {
    use super::{float, float32};

    #[test]
    fn floats_print_as_in_go() {
        for (v, want) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (1e21, "1e+21"),
            (123456789.0, "1.23456789e+08"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (12345.678, "12345.678"),
            (100000.0, "100000"),
            (1e6, "1e+06"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
            (-2.5e-10, "-2.5e-10"),
        ] {
            assert_eq!(float(v), want);
        }
        assert_eq!(float32(0.1), "0.1");
        assert_eq!(float32(123456789.0), "1.2345679e+08");
    }
}
