//! Compiling and searching, by crate regex.
//!
//! Compiled expressions live in a table of the process, each once; their numbers are the handles of the script half.
//! Leftmost-longest matching is done by the underlying automata with all alternatives tried at the first place of a match.

use std::collections::HashMap;
use std::sync::Arc;

use gol_runtime::native::{Call, NativeTable, Ret};
use regex::bytes::{Regex, RegexBuilder};

mod translate;

#[derive(Default)]
struct Compiled {
    all: Vec<Arc<One>>,
    known: HashMap<(String, bool, bool), (usize, Vec<String>)>,
}

struct One {
    re: Regex,
    /// For leftmost-longest: the expression anchored, to be tried at ever longer ends.
    anchored: Option<Regex>,
}

impl One {
    /// Bounds of the groups of the first match from `pos`.
    fn find(&self, s: &[u8], pos: usize, slots: &mut [u64]) -> bool {
        if slots.is_empty() && self.anchored.is_none() {
            return self.re.is_match_at(s, pos);
        }
        let mut locs = self.re.capture_locations();
        let Some(m) = self.re.captures_read_at(&mut locs, s, pos) else { return false };
        if let Some(anchored) = &self.anchored {
            // The start is right; the longest end from there is the greatest one at which the anchored expression matches whole.
            let (start, mut end) = (m.start(), s.len());
            while end > m.end() {
                let mut longer = anchored.capture_locations();
                if let Some(l) = anchored.captures_read_at(&mut longer, &s[..end], start)
                    && l.start() == start
                {
                    locs = longer;
                    break;
                }
                end -= 1;
            }
        }
        for (i, pair) in slots.chunks_exact_mut(2).enumerate() {
            let (a, b) = locs.get(i).map_or((-1i64, -1i64), |(a, b)| (a as i64, b as i64));
            pair[0] = a as u64;
            pair[1] = b as u64;
        }
        true
    }
}

fn build(pattern: &str) -> Result<Regex, translate::Wrong> {
    RegexBuilder::new(pattern).size_limit(64 << 20).build().map_err(|e| match e {
        regex::Error::CompiledTooBig(_) => ("expression too large", String::new()),
        _ => ("invalid or unsupported Perl syntax", String::new()),
    })
}

fn compile_one(expr: &str, posix: bool, longest: bool) -> Result<(One, Vec<String>), translate::Wrong> {
    let (pattern, names) = translate::translate(expr, posix)?;
    let with_expr = |(code, arg): translate::Wrong| (code, if arg.is_empty() { expr.to_string() } else { arg });
    let re = build(&pattern).map_err(with_expr)?;
    let anchored = if longest { Some(build(&format!("(?:{pattern})\\z")).map_err(with_expr)?) } else { None };
    Ok((One { re, anchored }, names))
}

fn compile(c: &mut Call<'_>) -> Ret {
    let (posix, longest) = (c.bool(2), c.bool(3));
    let fail = |c: &mut Call<'_>, msg: &str, arg: &[u8]| {
        c.ret_int(0, -1);
        c.ret_zero(1, 3);
        c.ret_str(4, msg);
        c.ret_str(6, arg);
        Ret::Done
    };
    let Ok(expr) = std::str::from_utf8(c.bytes(0)) else {
        let text = c.bytes(0);
        return fail(c, "invalid UTF-8", text);
    };
    let key = (expr.to_string(), posix, longest);
    let mut table = c.cx.ext::<Compiled>();
    let (id, names) = match table.known.get(&key) {
        Some(k) => k.clone(),
        None => match compile_one(expr, posix, longest) {
            Ok((one, names)) => {
                table.all.push(Arc::new(one));
                let entry = (table.all.len() - 1, names);
                table.known.insert(key, entry.clone());
                entry
            }
            Err((msg, arg)) => {
                drop(table);
                return fail(c, msg, arg.as_bytes());
            }
        },
    };
    drop(table);
    c.ret_int(0, id as i64);
    c.ret_strings(1, &names);
    c.ret_zero(4, 4);
    Ret::Done
}

fn find(c: &mut Call<'_>) -> Ret {
    let (id, s, pos) = (c.int(0) as usize, c.bytes(1), c.int(3) as usize);
    let slots = c.words_mut(4);
    // Searching is done without the table.
    let one = c.cx.ext::<Compiled>().all.get(id).cloned();
    let found = match one {
        Some(one) if pos <= s.len() => one.find(s, pos, slots),
        _ => false,
    };
    c.ret_bool(0, found);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[("regexp.compile", compile), ("regexp.find", find)];
