//! Floating-point numbers in Go's formats. Digits come from Rust's exact and shortest formatting, parsing from Rust's correctly
//! rounding parser; only the shapes and the hexadecimal and binary forms are ours.

use super::{OK, RANGE, SYNTAX, underscores_ok};

/// Decimal digits and the exponent of the point: 0.d₁d₂… × 10^point.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

/// Takes apart what `{:e}` printed.
fn from_scientific(s: &str) -> Decimal {
    let (mant, exp) = s.split_once('e').unwrap_or((s, "0"));
    let digits: Vec<u8> = mant.bytes().filter(u8::is_ascii_digit).collect();
    let exp: i64 = exp.parse().unwrap_or(0);
    if digits.iter().all(|&d| d == b'0') {
        return Decimal { digits: Vec::new(), point: 0 };
    }
    Decimal { digits, point: exp + 1 }
}

fn shortest(v: f64, single: bool) -> Decimal {
    let s = if single { format!("{:e}", v as f32) } else { format!("{v:e}") };
    let mut d = from_scientific(&s);
    // Half way between two shortest forms Go takes the even one, Rust the larger one.
    if d.digits.last().is_some_and(|c| c % 2 == 1) && may_tie(v) {
        let mut lower = d.digits.clone();
        if let Some(c) = lower.last_mut() {
            *c -= 1;
        }
        let n = d.digits.len();
        let exact = significant(v, n as i64 + 24).digits;
        let half = exact.get(n) == Some(&b'5') && exact[n + 1..].iter().all(|&c| c == b'0') && exact[..n] == lower;
        if half && round_trips(&lower, d.point, v, single) {
            d.digits = lower;
        }
    }
    d
}

/// Whether `v` can lie half way between two numbers of at most 17 digits: its expansion must end after one digit more.
fn may_tie(v: f64) -> bool {
    let bits = v.to_bits();
    let (field, fraction) = (bits >> 52 & 0x7ff, bits & ((1 << 52) - 1));
    let mantissa = if field == 0 { fraction } else { fraction | 1 << 52 };
    let exponent = field.max(1) as i64 - 1075 + i64::from(mantissa.trailing_zeros());
    // m × 2⁻ᵏ has the digits of m × 5ᵏ; m × 2ᵏ ends in 5 and zeros only if 5ᵏ⁺¹ divides m.
    (-26..=22).contains(&exponent)
}

fn round_trips(digits: &[u8], point: i64, v: f64, single: bool) -> bool {
    let text = format!("0.{}e{point}", String::from_utf8_lossy(digits));
    if single { text.parse() == Ok(v as f32) } else { text.parse() == Ok(v) }
}

/// `n` significant digits, correctly rounded.
fn significant(v: f64, n: i64) -> Decimal {
    if n <= 0 {
        return Decimal { digits: Vec::new(), point: 0 };
    }
    from_scientific(&format!("{v:.*e}", (n - 1).min(1100) as usize))
}

/// Formats `v` like strconv.FormatFloat.
pub fn format_float(v: f64, fmt: u8, prec: i64, single: bool) -> String {
    let v = if single { v as f32 as f64 } else { v };
    if v.is_nan() {
        return "NaN".into();
    }
    if v.is_infinite() {
        return if v > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let neg = v.is_sign_negative();
    let abs = v.abs();
    let mut out = String::new();
    if neg {
        out.push('-');
    }
    match fmt {
        b'b' => {
            binary(&mut out, abs, single);
            return out;
        }
        b'x' | b'X' => {
            hexadecimal(&mut out, abs, prec, fmt == b'X', single);
            return out;
        }
        b'e' | b'E' | b'f' | b'g' | b'G' => {}
        _ => return format!("%{}", fmt as char),
    }
    let is_short = prec < 0;
    match fmt {
        b'e' | b'E' => {
            let d = if is_short { shortest(abs, single) } else { significant(abs, prec + 1) };
            let prec = if is_short { d.digits.len() as i64 - 1 } else { prec };
            exponent_form(&mut out, &d, prec, fmt);
        }
        b'f' => {
            if is_short {
                let d = shortest(abs, single);
                let prec = (d.digits.len() as i64 - d.point).max(0);
                plain_form(&mut out, &d, prec);
            } else {
                out.push_str(&format!("{abs:.*}", prec.min(100_000) as usize));
            }
        }
        _ => {
            let prec = if prec == 0 { 1 } else { prec };
            let d = if is_short { shortest(abs, single) } else { trim(significant(abs, prec)) };
            let nd = d.digits.len() as i64;
            let mut threshold = if is_short { 6 } else { prec };
            if threshold > nd && nd >= d.point {
                threshold = nd;
            }
            if is_short {
                threshold = 6;
            }
            let exp = d.point - 1;
            if exp < -4 || exp >= threshold {
                let p = if is_short || prec > nd { nd } else { prec };
                exponent_form(&mut out, &d, p - 1, fmt + b'e' - b'g');
            } else {
                plain_form(&mut out, &d, (nd - d.point).max(0));
            }
        }
    }
    out
}

/// Without trailing zeros.
fn trim(mut d: Decimal) -> Decimal {
    while d.digits.last() == Some(&b'0') {
        d.digits.pop();
    }
    if d.digits.is_empty() {
        d.point = 0;
    }
    d
}

fn exponent_form(out: &mut String, d: &Decimal, prec: i64, e: u8) {
    out.push(d.digits.first().map_or('0', |&c| c as char));
    if prec > 0 {
        out.push('.');
        for i in 1..=prec as usize {
            out.push(d.digits.get(i).map_or('0', |&c| c as char));
        }
    }
    let exp = if d.digits.is_empty() { 0 } else { d.point - 1 };
    out.push(e as char);
    out.push(if exp < 0 { '-' } else { '+' });
    out.push_str(&format!("{:02}", exp.abs()));
}

fn plain_form(out: &mut String, d: &Decimal, prec: i64) {
    if d.point > 0 {
        for i in 0..d.point as usize {
            out.push(d.digits.get(i).map_or('0', |&c| c as char));
        }
    } else {
        out.push('0');
    }
    if prec > 0 {
        out.push('.');
        for i in 0..prec {
            let at = d.point + i;
            out.push(if at < 0 { '0' } else { d.digits.get(at as usize).map_or('0', |&c| c as char) });
        }
    }
}

/// Mantissa and exponent with mantissa × 2^exponent = v.
fn parts(v: f64, single: bool) -> (u64, i64) {
    if single {
        let b = (v as f32).to_bits();
        let (e, m) = ((b >> 23 & 0xFF) as i64, (b & 0x7F_FFFF) as u64);
        if e == 0 { (m, -149) } else { (m | 1 << 23, e - 150) }
    } else {
        let b = v.to_bits();
        let (e, m) = ((b >> 52 & 0x7FF) as i64, b & ((1 << 52) - 1));
        if e == 0 { (m, -1074) } else { (m | 1 << 52, e - 1075) }
    }
}

/// %b: 4503599627370496p-52
fn binary(out: &mut String, v: f64, single: bool) {
    let (m, e) = parts(v, single);
    out.push_str(&format!("{m}p{e:+}"));
}

/// %x: 0x1.8p+01
fn hexadecimal(out: &mut String, v: f64, prec: i64, upper: bool, single: bool) {
    let (mut m, mut e) = parts(v, single);
    if m == 0 {
        e = 0;
    } else {
        // One digit before the point, 60 bits after it.
        let shift = m.leading_zeros() as i64 - 3;
        m <<= shift;
        e += 60 - shift;
    }
    if (0..15).contains(&prec) {
        // Round to nearest, ties to even.
        let drop = (15 - prec) * 4;
        let extra = m & ((1 << drop) - 1);
        m >>= drop;
        let half = 1u64 << (drop - 1);
        if extra > half || extra == half && m & 1 == 1 {
            m += 1;
        }
        m <<= drop;
        if m >> 61 != 0 {
            m >>= 1;
            e += 1;
        }
    }
    let mut frac = format!("{:015x}", m & ((1 << 60) - 1));
    if prec < 0 {
        frac.truncate(frac.trim_end_matches('0').len());
    } else if (prec as usize) < frac.len() {
        frac.truncate(prec as usize);
    } else {
        frac.extend(std::iter::repeat_n('0', (prec as usize - frac.len()).min(100_000)));
    }
    let mut s = format!("0x{}", m >> 60);
    if !frac.is_empty() {
        s.push('.');
        s.push_str(&frac);
    }
    s.push_str(&format!("p{}{:02}", if e < 0 { '-' } else { '+' }, e.abs()));
    out.push_str(&if upper { s.to_uppercase() } else { s });
}

/// The number that `s` begins with: (value, bytes read, code). Code SYNTAX if there is none.
pub fn parse_float(s: &[u8], single: bool) -> (f64, usize, i64) {
    if let Some(r) = special(s) {
        return (r.0, r.1, OK);
    }
    let mut i = 0;
    let neg = match s.first() {
        Some(b'+') => {
            i = 1;
            false
        }
        Some(b'-') => {
            i = 1;
            true
        }
        _ => false,
    };
    let hex = s.len() > i + 2 && s[i] == b'0' && s[i + 1] | 0x20 == b'x';
    if hex {
        i += 2;
    }
    let mut text = String::new(); // digits with the point, without underscores
    let (mut any, mut point, mut underscores) = (false, false, false);
    while let Some(&c) = s.get(i) {
        match c {
            b'_' => underscores = true,
            b'.' if !point => {
                point = true;
                text.push('.');
            }
            b'0'..=b'9' => {
                any = true;
                text.push(c as char);
            }
            b'a'..=b'f' | b'A'..=b'F' if hex => {
                any = true;
                text.push(c as char);
            }
            _ => break,
        }
        i += 1;
    }
    if !any {
        return (0.0, 0, SYNTAX);
    }
    let mut exp = 0i64;
    let mark = if hex { b'p' } else { b'e' };
    if s.get(i).is_some_and(|c| c | 0x20 == mark) {
        let mut j = i + 1;
        let eneg = s.get(j) == Some(&b'-');
        if matches!(s.get(j), Some(b'+' | b'-')) {
            j += 1;
        }
        if !s.get(j).is_some_and(u8::is_ascii_digit) {
            return (0.0, 0, SYNTAX);
        }
        while let Some(&c) = s.get(j) {
            match c {
                b'_' => underscores = true,
                b'0'..=b'9' => exp = (exp * 10 + (c - b'0') as i64).min(100_000),
                _ => break,
            }
            j += 1;
        }
        if eneg {
            exp = -exp;
        }
        i = j;
    } else if hex {
        return (0.0, 0, SYNTAX); // a binary exponent is required
    }
    if underscores && !underscores_ok(&s[..i]) {
        return (0.0, 0, SYNTAX);
    }
    let v = if hex {
        from_hex(&text, exp, single)
    } else {
        let t = format!("{text}e{exp}");
        if single { t.parse::<f32>().map(f64::from) } else { t.parse::<f64>() }.unwrap_or(f64::NAN)
    };
    let code = if v.is_infinite() { RANGE } else { OK };
    (if neg { -v } else { v }, i, code)
}

/// inf, infinity and nan in any case; (value, bytes).
fn special(s: &[u8]) -> Option<(f64, usize)> {
    let (neg, signed, rest) = match s {
        [b'-', r @ ..] => (true, 1, r),
        [b'+', r @ ..] => (false, 1, r),
        _ => (false, 0, s),
    };
    let is = |w: &[u8]| rest.len() >= w.len() && rest[..w.len()].eq_ignore_ascii_case(w);
    let inf = if neg { f64::NEG_INFINITY } else { f64::INFINITY };
    if is(b"infinity") {
        Some((inf, signed + 8))
    } else if is(b"inf") {
        Some((inf, signed + 3))
    } else if signed == 0 && is(b"nan") {
        Some((f64::NAN, 3))
    } else {
        None
    }
}

/// Hexadecimal digits with a point, times 2^exp, rounded to nearest even.
fn from_hex(text: &str, exp: i64, single: bool) -> f64 {
    let (mut m, mut e, mut sticky, mut point) = (0u64, exp, false, false);
    for c in text.bytes() {
        if c == b'.' {
            point = true;
            continue;
        }
        let d = (c as char).to_digit(16).unwrap_or(0) as u64;
        if m >> 60 == 0 {
            m = m << 4 | d;
            if point {
                e -= 4;
            }
        } else {
            sticky |= d != 0;
            if !point {
                e += 4;
            }
        }
    }
    if m == 0 {
        return 0.0;
    }
    let shift = m.leading_zeros() as i64;
    m <<= shift;
    e -= shift;
    // The value is m × 2^e with the top bit of m set: m has 64 bits.
    let (mant_bits, min_exp, max_exp) = if single { (24, -149, 127) } else { (53, -1074, 1023) };
    let top = e + 63; // exponent of the leading bit
    let keep = mant_bits.min(top - min_exp + 1); // bits that fit
    let drop = 64 - keep;
    let (mut kept, rest, half) = match drop {
        65.. => (0, 1, 2),
        64 => (0, m, 1u64 << 63),
        _ => (m >> drop, m & ((1 << drop) - 1), 1u64 << (drop - 1)),
    };
    if rest > half || rest == half && (sticky || kept & 1 == 1) {
        kept += 1;
    }
    let mut le = e + drop;
    if kept >> mant_bits != 0 {
        kept >>= 1;
        le += 1;
    }
    if kept != 0 && le + 63 - kept.leading_zeros() as i64 > max_exp {
        return f64::INFINITY;
    }
    // Exact: `kept` has at most 53 bits, and both factors stay in range.
    let scale = |v: f64, e: i64| v * 2f64.powi(e as i32);
    if le < -1000 { scale(scale(kept as f64, le + 600), -600) } else { scale(kept as f64, le) }
}
