//! Searches, comparisons and transformations of byte strings.

use crate::unicode;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::string::decode_rune;
use memchr::{memchr, memmem, memrchr};

fn ret_index(c: &mut Call<'_>, i: Option<usize>) -> Ret {
    c.ret_int(0, i.map_or(-1, |i| i as i64));
    Ret::Done
}

fn find(s: &[u8], sep: &[u8]) -> Option<usize> {
    match sep.len() {
        0 => Some(0),
        1 => memchr(sep[0], s),
        n if n > s.len() => None,
        _ => memmem::find(s, sep),
    }
}

fn rfind(s: &[u8], sep: &[u8]) -> Option<usize> {
    match sep.len() {
        0 => Some(s.len()),
        1 => memrchr(sep[0], s),
        n if n > s.len() => None,
        _ => memmem::rfind(s, sep),
    }
}

fn index_byte(c: &mut Call<'_>) -> Ret {
    let i = memchr(c.word(3) as u8, c.bytes(0));
    ret_index(c, i)
}
fn index_byte_string(c: &mut Call<'_>) -> Ret {
    let i = memchr(c.word(2) as u8, c.bytes(0));
    ret_index(c, i)
}
fn last_index_byte(c: &mut Call<'_>) -> Ret {
    let i = memrchr(c.word(3) as u8, c.bytes(0));
    ret_index(c, i)
}
fn last_index_byte_string(c: &mut Call<'_>) -> Ret {
    let i = memrchr(c.word(2) as u8, c.bytes(0));
    ret_index(c, i)
}
fn index(c: &mut Call<'_>) -> Ret {
    let i = find(c.bytes(0), c.bytes(3));
    ret_index(c, i)
}
fn index_string(c: &mut Call<'_>) -> Ret {
    let i = find(c.bytes(0), c.bytes(2));
    ret_index(c, i)
}
fn last_index(c: &mut Call<'_>) -> Ret {
    let i = rfind(c.bytes(0), c.bytes(3));
    ret_index(c, i)
}
fn last_index_string(c: &mut Call<'_>) -> Ret {
    let i = rfind(c.bytes(0), c.bytes(2));
    ret_index(c, i)
}

fn count_in(s: &[u8], sep: &[u8]) -> i64 {
    if sep.len() == 1 {
        memchr::memchr_iter(sep[0], s).count() as i64
    } else {
        memmem::find_iter(s, sep).count() as i64
    }
}
fn count(c: &mut Call<'_>) -> Ret {
    let n = count_in(c.bytes(0), c.bytes(3));
    c.ret_int(0, n);
    Ret::Done
}
fn count_string(c: &mut Call<'_>) -> Ret {
    let n = count_in(c.bytes(0), c.bytes(2));
    c.ret_int(0, n);
    Ret::Done
}

fn equal(c: &mut Call<'_>) -> Ret {
    let eq = c.bytes(0) == c.bytes(3);
    c.ret_bool(0, eq);
    Ret::Done
}
fn compare(c: &mut Call<'_>) -> Ret {
    let o = c.bytes(0).cmp(c.bytes(3));
    c.ret_int(0, o as i64);
    Ret::Done
}
fn compare_string(c: &mut Call<'_>) -> Ret {
    let o = c.bytes(0).cmp(c.bytes(2));
    c.ret_int(0, o as i64);
    Ret::Done
}

fn index_any_ascii(c: &mut Call<'_>) -> Ret {
    let (s, chars) = (c.bytes(0), c.bytes(2));
    let i = match *chars {
        [] => None,
        [a] => memchr(a, s),
        [a, b] => memchr::memchr2(a, b, s),
        _ => {
            let mut set = [false; 256];
            chars.iter().for_each(|&b| set[b as usize] = true);
            s.iter().position(|&b| set[b as usize])
        }
    };
    ret_index(c, i)
}

/// Runes as Go counts them: each malformed byte is one.
fn runes(s: &[u8]) -> i64 {
    if let Ok(t) = std::str::from_utf8(s) {
        return t.chars().count() as i64;
    }
    let (mut i, mut n) = (0, 0);
    while i < s.len() {
        i += if s[i] < 0x80 { 1 } else { decode_rune(&s[i..]).1 };
        n += 1;
    }
    n
}
fn rune_count(c: &mut Call<'_>) -> Ret {
    let n = runes(c.bytes(0));
    c.ret_int(0, n);
    Ret::Done
}
fn valid(c: &mut Call<'_>) -> Ret {
    let ok = std::str::from_utf8(c.bytes(0)).is_ok();
    c.ret_bool(0, ok);
    Ret::Done
}

fn equal_fold(c: &mut Call<'_>) -> Ret {
    let (a, b) = (c.bytes(0), c.bytes(2));
    let eq = if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        let (mut i, mut j) = (0, 0);
        loop {
            if i == a.len() || j == b.len() {
                break i == a.len() && j == b.len();
            }
            let (x, n) = decode_rune(&a[i..]);
            let (y, m) = decode_rune(&b[j..]);
            if x != y && unicode::fold_key(x) != unicode::fold_key(y) {
                break false;
            }
            i += n;
            j += m;
        }
    };
    c.ret_bool(0, eq);
    Ret::Done
}

/// Maps the string in slot 0 rune by rune; the argument itself if nothing changes.
fn map_case(c: &mut Call<'_>, ascii: fn(u8) -> u8, full: fn(u32) -> u32) -> Ret {
    let s = c.bytes(0);
    let Some(first) = s.iter().position(|&b| b >= 0x80 || ascii(b) != b) else {
        c.ret_substr(0, 0, 0, s.len());
        return Ret::Done;
    };
    let mut out = Vec::with_capacity(s.len() + 4);
    out.extend_from_slice(&s[..first]);
    let mut i = first;
    while i < s.len() {
        if s[i] < 0x80 {
            out.push(ascii(s[i]));
            i += 1;
            continue;
        }
        let (r, n) = decode_rune(&s[i..]);
        i += n;
        let m = char::from_u32(full(r)).unwrap_or('\u{FFFD}');
        out.extend_from_slice(m.encode_utf8(&mut [0; 4]).as_bytes());
    }
    if out == s {
        c.ret_substr(0, 0, 0, s.len());
    } else {
        c.ret_str(0, out);
    }
    Ret::Done
}
fn to_upper(c: &mut Call<'_>) -> Ret {
    map_case(c, |b| b.to_ascii_uppercase(), unicode::upper)
}
fn to_lower(c: &mut Call<'_>) -> Ret {
    map_case(c, |b| b.to_ascii_lowercase(), unicode::lower)
}

/// The rune that ends before `end`.
fn decode_last(s: &[u8], end: usize) -> (u32, usize) {
    let mut start = end - 1;
    while start > 0 && end - start < 4 && s[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    let (r, n) = decode_rune(&s[start..end]);
    if start + n == end { (r, n) } else { (0xFFFD, 1) }
}

fn trim_space(c: &mut Call<'_>) -> Ret {
    let s = c.bytes(0);
    let (mut lo, mut hi) = (0, s.len());
    while lo < hi {
        let (r, n) = decode_rune(&s[lo..]);
        if !unicode::is_space(r) {
            break;
        }
        lo += n;
    }
    while hi > lo {
        let (r, n) = decode_last(s, hi);
        if !unicode::is_space(r) {
            break;
        }
        hi -= n;
    }
    c.ret_int(0, lo as i64);
    c.ret_int(1, hi as i64);
    Ret::Done
}

fn next_field(c: &mut Call<'_>) -> Ret {
    let s = c.bytes(0);
    let mut i = c.int(2) as usize;
    let mut lo = None;
    while i < s.len() {
        let (r, n) = if s[i] < 0x80 { (s[i] as u32, 1) } else { decode_rune(&s[i..]) };
        match (unicode::is_space(r), lo) {
            (true, Some(_)) => break,
            (false, None) => lo = Some(i),
            _ => {}
        }
        i += n;
    }
    c.ret_int(0, lo.map_or(-1, |l| l as i64));
    c.ret_int(1, i as i64);
    Ret::Done
}

fn repeat(c: &mut Call<'_>) -> Ret {
    let (s, n) = (c.bytes(0), c.int(2) as usize);
    if s.len().saturating_mul(n) > 1 << 40 {
        return Ret::Panic(gol_runtime::fault::Fault::out_of_memory());
    }
    c.ret_str(0, s.repeat(n));
    Ret::Done
}

fn replace(c: &mut Call<'_>) -> Ret {
    let (s, old, new) = (c.bytes(0), c.bytes(2), c.bytes(4));
    let n = if c.int(6) < 0 { usize::MAX } else { c.int(6) as usize };
    let mut out = Vec::new();
    let mut last = 0;
    for at in memmem::find_iter(s, old).take(n) {
        if out.capacity() == 0 {
            out.reserve(s.len());
        }
        out.extend_from_slice(&s[last..at]);
        out.extend_from_slice(new);
        last = at + old.len();
    }
    if last == 0 {
        c.ret_substr(0, 0, 0, s.len());
    } else {
        out.extend_from_slice(&s[last..]);
        c.ret_str(0, out);
    }
    Ret::Done
}

fn join(c: &mut Call<'_>) -> Ret {
    let joined = c.strings(0).join(c.bytes(3));
    c.ret_str(0, joined);
    Ret::Done
}

fn fill(c: &mut Call<'_>) -> Ret {
    let b = c.word(3) as u8;
    c.bytes_mut(0).fill(b);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("internal/bytealg.IndexByte", index_byte),
    ("internal/bytealg.IndexByteString", index_byte_string),
    ("internal/bytealg.LastIndexByte", last_index_byte),
    ("internal/bytealg.LastIndexByteString", last_index_byte_string),
    ("internal/bytealg.Index", index),
    ("internal/bytealg.IndexString", index_string),
    ("internal/bytealg.LastIndex", last_index),
    ("internal/bytealg.LastIndexString", last_index_string),
    ("internal/bytealg.Count", count),
    ("internal/bytealg.CountString", count_string),
    ("internal/bytealg.Equal", equal),
    ("internal/bytealg.Compare", compare),
    ("internal/bytealg.CompareString", compare_string),
    ("internal/bytealg.IndexAnyASCII", index_any_ascii),
    ("internal/bytealg.RuneCount", rune_count),
    ("internal/bytealg.RuneCountString", rune_count),
    ("internal/bytealg.Valid", valid),
    ("internal/bytealg.ValidString", valid),
    ("internal/bytealg.EqualFold", equal_fold),
    ("internal/bytealg.ToUpper", to_upper),
    ("internal/bytealg.ToLower", to_lower),
    ("internal/bytealg.TrimSpace", trim_space),
    ("internal/bytealg.NextField", next_field),
    ("internal/bytealg.Repeat", repeat),
    ("internal/bytealg.Replace", replace),
    ("internal/bytealg.Join", join),
    ("internal/bytealg.Fill", fill),
];
