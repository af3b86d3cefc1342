//! How a program dies: uncaught panics and fatal errors, printed as Go prints them.

use std::fmt::Write as _;
use std::io::Write as _;

use gol_runtime::cx::Cx;
use gol_runtime::fault::Fault;
use gol_runtime::fiber::{Fiber, Switch};
use gol_runtime::object::types::{Kind, NAMED, RType, TypeRef};

use super::Interp;
use super::excerpt;
use super::ops::print::{complex, float, float32};
use super::unwind::Dying;

impl Interp {
    /// The newest panic found nobody to recover it: makes the texts of all panics, then prints them.
    pub(super) fn die(&mut self, cx: &mut Cx) -> Option<Switch> {
        let (pc, fp) = match self.panics.last() {
            Some(p) => (p.pc, p.fp),
            None => (self.pc, self.fp),
        };
        (self.pc, self.fp) = (pc, fp);
        self.dying = Some(Dying { texts: Vec::new(), call: (0, 0), pc, fp });
        self.next_text(cx)
    }

    /// Makes texts until one needs script code (`Error` or `String` of the value).
    fn next_text(&mut self, cx: &mut Cx) -> Option<Switch> {
        loop {
            let Some(d) = &self.dying else { return Some(Switch::Died) };
            let Some(p) = self.panics.get(d.texts.len()) else { return Some(self.print_panics(cx)) };
            let ([ty, data], pc, fp) = (p.value, d.pc, d.fp);
            let method = RType::from_word(ty).and_then(text_method);
            let Some((f, args)) = method else {
                let text = self.plain_text([ty, data]);
                self.add_text(text);
                continue;
            };
            let nf = self.above(pc, fp);
            let end = self.image().end_text;
            if let Err(f) = self.set_call(nf, 0, f, end) {
                return Some(self.fatal(cx, &f));
            }
            // SAFETY: the first argument slot of the frame just prepared.
            unsafe { *self.slot(nf) = data };
            if let Some(d) = &mut self.dying {
                d.call = (nf, args);
            }
            return None;
        }
    }

    fn add_text(&mut self, text: String) {
        if let Some(d) = &mut self.dying {
            d.texts.push(text);
        }
    }

    /// A call of `Error` or `String` returned.
    pub(super) fn text_done(&mut self, cx: &mut Cx) -> Option<Switch> {
        let (nf, args) = self.dying.as_ref().map_or((2, 0), |d| d.call);
        let (p, n) = (self.peek(nf + args), self.peek(nf + args + 1));
        // SAFETY: the two result slots of a call that answers a string.
        let text = unsafe { gol_runtime::object::string::Str { ptr: p, len: n }.bytes() };
        self.add_text(indented(&String::from_utf8_lossy(text)));
        if let Some(d) = &self.dying {
            (self.pc, self.fp) = (d.pc, d.fp);
        }
        self.next_text(cx)
    }

    /// Making a text panicked itself.
    pub(super) fn text_failed(&mut self, cx: &mut Cx) -> Option<Switch> {
        Some(self.fatal(cx, &Fault::fatal("panic while printing panic value")))
    }

    fn print_panics(&mut self, cx: &mut Cx) -> Switch {
        let texts = self.dying.take().map(|d| d.texts).unwrap_or_default();
        let mut s = String::new();
        let mut nil = false;
        for (i, (p, text)) in self.panics.iter().zip(&texts).enumerate() {
            let older = i.checked_sub(1).map(|k| &self.panics[k]);
            let newer = self.panics.get(i + 1);
            nil |= p.nil_deref;
            if older.is_some_and(|o| o.recovered && o.value == p.value) {
                continue;
            }
            if older.is_some_and(|o| !o.goexit) {
                s.push('\t');
            }
            if p.goexit {
                continue;
            }
            let _ = write!(s, "panic: {text}");
            if p.recovered {
                let again = newer.is_some_and(|n| n.value == p.value);
                s.push_str(if again { " [recovered, repanicked]" } else { " [recovered]" });
            }
            s.push('\n');
        }
        if nil {
            s.push_str("[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x0]\n");
        }
        let shown = excerpt::wanted().then(|| excerpt::of_panic(&self.lines().0, texts.last()?)).flatten();
        self.report(cx, s);
        if let Some(shown) = shown {
            let _ = std::io::stderr().write_all(shown.as_bytes());
        }
        Switch::Died
    }

    /// Prints `text` and the traceback of this goroutine.
    fn report(&mut self, cx: &mut Cx, mut text: String) {
        let g = cx.sched.last();
        let _ = writeln!(text, "\ngoroutine {} [running]:", g.map_or(1, |g| g.id()));
        text.push_str(&self.traceback());
        text.extend(g.map(|g| g.created_by(|pc| self.locate(pc))));
        cx.run_exit_hooks();
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// A fatal error: nothing runs after it.
    pub(super) fn fatal(&mut self, cx: &mut Cx, f: &Fault) -> Switch {
        let mut s = String::new();
        if f.text == "stack overflow" {
            s.push_str("runtime: goroutine stack exceeds 1000000000-byte limit\n");
        }
        let _ = writeln!(s, "fatal error: {}", f.text);
        self.report(cx, s);
        Switch::Died
    }

    /// A panic value without `Error` or `String`, as the runtime prints it.
    fn plain_text(&self, v: [u64; 2]) -> String {
        let Some(t) = RType::from_word(v[0]) else { return "nil".into() };
        // SAFETY: the data word of a value of type t.
        let Some(text) = (unsafe { scalar(t, v[1]) }) else { return format!("({}) {:#x}", t.string, v[1]) };
        let basic = t.has(NAMED) && t.pkg_path.is_empty();
        match (basic, t.kind) {
            (true, _) => text,
            (false, Kind::String) => format!("{}(\"{text}\")", t.string),
            (false, Kind::Complex64 | Kind::Complex128) => format!("{}{text}", t.string),
            (false, _) => format!("{}({text})", t.string),
        }
    }
}

/// The method that makes a panic value's text: its function and argument slots.
fn text_method(t: TypeRef) -> Option<(u32, usize)> {
    ["Error", "String"].into_iter().find_map(|name| {
        let m = t.method(name, "")?;
        let fits = m.ty.params.is_empty() && m.ty.results.len() == 1 && m.ty.results[0].kind == Kind::String;
        (fits && m.ty.results[0].pkg_path.is_empty() && m.ifn() != gol_runtime::object::types::NO_FN)
            .then(|| (m.ifn(), 1))
    })
}

/// Text of a basic value.
///
/// # Safety
/// `data` is the data word of an interface that holds a `t`.
unsafe fn scalar(t: TypeRef, data: u64) -> Option<String> {
    let f32_at = |bits: u64| float32(f32::from_bits(bits as u32));
    Some(match t.kind {
        Kind::Bool => (data != 0).to_string(),
        Kind::Float32 => f32_at(data),
        Kind::Float64 => float(f64::from_bits(data)),
        Kind::Complex64 => complex(f32_at(data), f32_at(data >> 32)),
        Kind::Complex128 => {
            // SAFETY: boxed: two floats.
            let [re, im] = unsafe { *(data as *const [f64; 2]) };
            complex(float(re), float(im))
        }
        Kind::String => {
            // SAFETY: boxed: a string.
            let s = unsafe { (*(data as *const gol_runtime::object::string::Str)).bytes() };
            indented(&String::from_utf8_lossy(s))
        }
        k if k.is_signed() => (data as i64).to_string(),
        k if k.is_unsigned() => data.to_string(),
        _ => return None,
    })
}

/// Lines after the first are indented by a tab.
fn indented(s: &str) -> String {
    s.replace('\n', "\n\t")
}
