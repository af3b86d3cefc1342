//! Rune properties, from the Unicode tables of crates and of Rust's own `char`.

use std::collections::HashMap;
use std::sync::OnceLock;

use gol_runtime::native::{Call, NativeTable, Ret};
use unicode_properties::{GeneralCategory as Gc, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

fn category(r: u32) -> Gc {
    match char::from_u32(r) {
        Some(c) => c.general_category(),
        None if (0xD800..0xE000).contains(&r) => Gc::Surrogate,
        None => Gc::Unassigned,
    }
}

const UPPER: i64 = 1;
const LOWER: i64 = 1 << 1;
const TITLE: i64 = 1 << 2;
const LETTER: i64 = 1 << 3;
const MARK: i64 = 1 << 4;
const NUMBER: i64 = 1 << 5;
const DIGIT: i64 = 1 << 6;
const PUNCT: i64 = 1 << 7;
const SYMBOL: i64 = 1 << 8;
const SPACE: i64 = 1 << 9;
const CONTROL: i64 = 1 << 10;

fn class_bits(r: u32) -> i64 {
    match category(r) {
        Gc::UppercaseLetter => UPPER | LETTER,
        Gc::LowercaseLetter => LOWER | LETTER,
        Gc::TitlecaseLetter => TITLE | LETTER,
        Gc::ModifierLetter | Gc::OtherLetter => LETTER,
        Gc::NonspacingMark | Gc::SpacingMark | Gc::EnclosingMark => MARK,
        Gc::DecimalNumber => NUMBER | DIGIT,
        Gc::LetterNumber | Gc::OtherNumber => NUMBER,
        Gc::ConnectorPunctuation
        | Gc::DashPunctuation
        | Gc::OpenPunctuation
        | Gc::ClosePunctuation
        | Gc::InitialPunctuation
        | Gc::FinalPunctuation
        | Gc::OtherPunctuation => PUNCT,
        Gc::MathSymbol | Gc::CurrencySymbol | Gc::ModifierSymbol | Gc::OtherSymbol => SYMBOL,
        Gc::SpaceSeparator => SPACE,
        Gc::Control => CONTROL,
        _ => 0,
    }
}

/// Printable as Go sees it.
pub fn is_print(r: u32) -> bool {
    if r < 0x7F {
        return r >= 0x20;
    }
    class_bits(r) & (LETTER | MARK | NUMBER | PUNCT | SYMBOL) != 0
}

/// Graphic: printable or a space separator.
pub fn is_graphic(r: u32) -> bool {
    is_print(r) || class_bits(r) & SPACE != 0
}

/// White space as Go sees it.
pub fn is_space(r: u32) -> bool {
    match r {
        0x20 | 0x09..=0x0D | 0x85 | 0xA0 => true,
        0..0x100 => false,
        _ => matches!(r, 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000),
    }
}

/// Simple upper case.
pub fn upper(r: u32) -> u32 {
    let Some(c) = char::from_u32(r) else { return r };
    let mut m = c.to_uppercase();
    let first = m.next().map_or(r, |u| u as u32);
    if m.next().is_none() {
        return first;
    }
    // The full mapping is several runes; the simple one exists for Greek with iota below.
    match r {
        0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7 => r + 8,
        0x1FB3 | 0x1FC3 | 0x1FF3 => r + 9,
        _ => r,
    }
}

/// Simple lower case.
pub fn lower(r: u32) -> u32 {
    let Some(c) = char::from_u32(r) else { return r };
    if r == 0x130 {
        return 'i' as u32;
    }
    let mut m = c.to_lowercase();
    let first = m.next().map_or(r, |u| u as u32);
    if m.next().is_none() { first } else { r }
}

/// Simple title case.
pub fn title(r: u32) -> u32 {
    match r {
        0x1C4..=0x1C6 => 0x1C5,
        0x1C7..=0x1C9 => 0x1C8,
        0x1CA..=0x1CC => 0x1CB,
        0x1F1..=0x1F3 => 0x1F2,
        0x10D0..=0x10FA | 0x10FD..=0x10FF => r,
        _ => upper(r),
    }
}

/// A rune that stands for all that are equal to `r` under simple folding.
pub fn fold_key(r: u32) -> u32 {
    match r {
        0..0x80 => (r as u8).to_ascii_lowercase() as u32,
        0x130 | 0x131 => r,
        _ => lower(upper(r)),
    }
}

/// The next rune in the cycle of those equal to `r` under simple folding.
fn next_fold(r: u32) -> u32 {
    static ORBITS: OnceLock<HashMap<u32, u32>> = OnceLock::new();
    let orbits = ORBITS.get_or_init(|| {
        let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
        for c in (0..=0x1FFFF).filter(|&c| char::from_u32(c).is_some()) {
            let key = fold_key(c);
            if key != c || upper(c) != c || lower(c) != c {
                groups.entry(key).or_default().push(c);
            }
        }
        let mut next = HashMap::new();
        for g in groups.into_values().filter(|g| g.len() > 1) {
            for (i, c) in g.iter().enumerate() {
                next.insert(*c, g[(i + 1) % g.len()]);
            }
        }
        next
    });
    orbits.get(&r).copied().unwrap_or(r)
}

fn class(c: &mut Call<'_>) -> Ret {
    let bits = class_bits(c.word(0) as u32);
    c.ret_int(0, bits);
    Ret::Done
}

/// Maps the rune argument; what is no code point stays.
fn map(c: &mut Call<'_>, f: fn(u32) -> u32) -> Ret {
    let r = c.int(0);
    let m = if (0..=0x10FFFF).contains(&r) { f(r as u32) as i64 } else { r };
    c.ret_int(0, m);
    Ret::Done
}
fn to_upper(c: &mut Call<'_>) -> Ret {
    map(c, upper)
}
fn to_lower(c: &mut Call<'_>) -> Ret {
    map(c, lower)
}
fn to_title(c: &mut Call<'_>) -> Ret {
    map(c, title)
}
fn simple_fold(c: &mut Call<'_>) -> Ret {
    map(c, next_fold)
}

fn in_category(name: &str, r: u32) -> Option<bool> {
    let abbr = match category(r) {
        Gc::UppercaseLetter => "Lu",
        Gc::LowercaseLetter => "Ll",
        Gc::TitlecaseLetter => "Lt",
        Gc::ModifierLetter => "Lm",
        Gc::OtherLetter => "Lo",
        Gc::NonspacingMark => "Mn",
        Gc::SpacingMark => "Mc",
        Gc::EnclosingMark => "Me",
        Gc::DecimalNumber => "Nd",
        Gc::LetterNumber => "Nl",
        Gc::OtherNumber => "No",
        Gc::ConnectorPunctuation => "Pc",
        Gc::DashPunctuation => "Pd",
        Gc::OpenPunctuation => "Ps",
        Gc::ClosePunctuation => "Pe",
        Gc::InitialPunctuation => "Pi",
        Gc::FinalPunctuation => "Pf",
        Gc::OtherPunctuation => "Po",
        Gc::MathSymbol => "Sm",
        Gc::CurrencySymbol => "Sc",
        Gc::ModifierSymbol => "Sk",
        Gc::OtherSymbol => "So",
        Gc::SpaceSeparator => "Zs",
        Gc::LineSeparator => "Zl",
        Gc::ParagraphSeparator => "Zp",
        Gc::Control => "Cc",
        Gc::Format => "Cf",
        Gc::PrivateUse => "Co",
        Gc::Surrogate => "Cs",
        Gc::Unassigned => "",
    };
    (name.len() <= 2).then(|| abbr.starts_with(name))
}

fn has(c: &mut Call<'_>) -> Ret {
    let (name, r) = (c.str(0), c.int(2));
    let yes = match u32::try_from(r) {
        Err(_) => false,
        Ok(r) => in_category(&name, r).unwrap_or_else(|| match &*name {
            "White_Space" => is_space(r),
            "ASCII_Hex_Digit" => r < 0x80 && (r as u8).is_ascii_hexdigit(),
            "Hex_Digit" => {
                let ascii = if (0xFF01..=0xFF5E).contains(&r) { r - 0xFEE0 } else { r };
                ascii < 0x80 && (ascii as u8).is_ascii_hexdigit()
            }
            script => char::from_u32(r)
                .is_some_and(|ch| Script::from_full_name(script).is_some_and(|want| ch.script() == want)),
        }),
    };
    c.ret_bool(0, yes);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("unicode.class", class),
    ("unicode.toUpper", to_upper),
    ("unicode.toLower", to_lower),
    ("unicode.toTitle", to_title),
    ("unicode.simpleFold", simple_fold),
    ("unicode.has", has),
];
