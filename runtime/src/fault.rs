//! Runtime errors and fatal errors, in Go's wording.
//!
//! A [`Fault`] is what an operation answers when the Go program did something wrong. The interpreter turns it into a
//! panic value of the matching type of package runtime, or ends the process for [`FaultKind::Fatal`].

use std::borrow::Cow;

/// What becomes of a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// A runtime.Error whose `Error()` is `"runtime error: " + text`.
    RuntimeError,
    /// A runtime.Error whose `Error()` is the text itself (Go's plainError).
    PlainError,
    /// A `*runtime.TypeAssertionError`; its `Error()` is the text.
    TypeAssertion,
    /// `fatal error: text`: cannot be recovered; exit status 2.
    Fatal,
    /// An ordinary `panic(string)` raised by a native.
    PanicString,
}

/// A runtime error: kind and text (without the `runtime error: ` prefix).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What becomes of it.
    pub kind: FaultKind,
    /// The text.
    pub text: Cow<'static, str>,
    /// A nil dereference: Go prints a second line about SIGSEGV when nobody recovers it.
    pub nil_deref: bool,
}

impl Fault {
    /// `runtime error: text`
    #[cold]
    pub fn runtime(text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { kind: FaultKind::RuntimeError, text: text.into(), nil_deref: false }
    }
    /// A runtime error without prefix.
    #[cold]
    pub fn plain(text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { kind: FaultKind::PlainError, text: text.into(), nil_deref: false }
    }
    /// `fatal error: text`
    #[cold]
    pub fn fatal(text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { kind: FaultKind::Fatal, text: text.into(), nil_deref: false }
    }
    /// `panic("text")`
    #[cold]
    pub fn panic(text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { kind: FaultKind::PanicString, text: text.into(), nil_deref: false }
    }
    /// What `Error()` answers.
    pub fn message(&self) -> String {
        match self.kind {
            FaultKind::RuntimeError => format!("runtime error: {}", self.text),
            _ => self.text.to_string(),
        }
    }

    /// Nil pointer dereference.
    #[cold]
    pub fn nil_deref() -> Fault {
        Fault { nil_deref: true, ..Fault::runtime("invalid memory address or nil pointer dereference") }
    }
    /// Integer division by zero.
    #[cold]
    pub fn divide() -> Fault {
        Fault::runtime("integer divide by zero")
    }
    /// Shift by a negative count.
    #[cold]
    pub fn negative_shift() -> Fault {
        Fault::runtime("negative shift amount")
    }
    /// `a[i]`; `signed` says how to read `i`.
    #[cold]
    pub fn index(i: u64, len: u64, signed: bool) -> Fault {
        if signed && (i as i64) < 0 {
            return Fault::runtime(format!("index out of range [{}]", i as i64));
        }
        Fault::runtime(format!("index out of range [{i}] with length {len}"))
    }
    /// Slicing out of range: which bound failed and its operands.
    #[cold]
    pub fn slice(which: SliceBound, x: u64, y: u64, signed: bool) -> Fault {
        use SliceBound::*;
        let text = if signed && (x as i64) < 0 {
            let x = x as i64;
            match which {
                HighLen | HighCap => format!("slice bounds out of range [:{x}]"),
                LowHigh => format!("slice bounds out of range [{x}:]"),
                MaxLen | MaxCap => format!("slice bounds out of range [::{x}]"),
                HighMax => format!("slice bounds out of range [:{x}:]"),
                LowHigh3 => format!("slice bounds out of range [{x}::]"),
            }
        } else {
            match which {
                HighLen => format!("slice bounds out of range [:{x}] with length {y}"),
                HighCap => format!("slice bounds out of range [:{x}] with capacity {y}"),
                LowHigh => format!("slice bounds out of range [{x}:{y}]"),
                MaxLen => format!("slice bounds out of range [::{x}] with length {y}"),
                MaxCap => format!("slice bounds out of range [::{x}] with capacity {y}"),
                HighMax => format!("slice bounds out of range [:{x}:{y}]"),
                LowHigh3 => format!("slice bounds out of range [{x}:{y}:]"),
            }
        };
        Fault::runtime(text)
    }
    /// Slice to array (pointer) conversion.
    #[cold]
    pub fn slice_convert(have: u64, want: u64) -> Fault {
        Fault::runtime(format!(
            "cannot convert slice with length {have} to array or pointer to array with length {want}"
        ))
    }
    /// `unsafe.Slice` or `unsafe.String` of a length that no memory has.
    #[cold]
    pub fn unsafe_len(what: &str) -> Fault {
        Fault::runtime(format!("{what}: len out of range"))
    }
    /// `unsafe.Slice` or `unsafe.String` of a nil pointer.
    #[cold]
    pub fn unsafe_nil(what: &str) -> Fault {
        Fault::runtime(format!("{what}: ptr is nil and len is not zero"))
    }
    /// `make([]T, len)`.
    #[cold]
    pub fn makeslice_len() -> Fault {
        Fault::runtime("makeslice: len out of range")
    }
    /// `make([]T, len, cap)`.
    #[cold]
    pub fn makeslice_cap() -> Fault {
        Fault::runtime("makeslice: cap out of range")
    }
    /// append beyond the address space.
    #[cold]
    pub fn growslice_len() -> Fault {
        Fault::runtime("growslice: len out of range")
    }
    /// `make(chan T, n)`.
    #[cold]
    pub fn makechan_size() -> Fault {
        Fault::plain("makechan: size out of range")
    }
    /// `m[k] = v` with a nil map.
    #[cold]
    pub fn nil_map() -> Fault {
        Fault::plain("assignment to entry in nil map")
    }
    /// Send on a closed channel.
    #[cold]
    pub fn send_closed() -> Fault {
        Fault::plain("send on closed channel")
    }
    /// close(nil).
    #[cold]
    pub fn close_nil() -> Fault {
        Fault::plain("close of nil channel")
    }
    /// Second close.
    #[cold]
    pub fn close_closed() -> Fault {
        Fault::plain("close of closed channel")
    }
    /// Map key or interface hash of an unhashable type.
    #[cold]
    pub fn unhashable(ty: &str) -> Fault {
        Fault::runtime(format!("hash of unhashable type {ty}"))
    }
    /// `==` of interfaces holding an uncomparable type.
    #[cold]
    pub fn uncomparable(ty: &str) -> Fault {
        Fault::runtime(format!("comparing uncomparable type {ty}"))
    }
    /// unsafe.Slice with a bad length.
    #[cold]
    pub fn unsafe_slice_len() -> Fault {
        Fault::runtime("unsafe.Slice: len out of range")
    }
    /// unsafe.Slice of nil.
    #[cold]
    pub fn unsafe_slice_nil() -> Fault {
        Fault::runtime("unsafe.Slice: ptr is nil and len is not zero")
    }
    /// unsafe.String with a bad length.
    #[cold]
    pub fn unsafe_string_len() -> Fault {
        Fault::runtime("unsafe.String: len out of range")
    }
    /// unsafe.String of nil.
    #[cold]
    pub fn unsafe_string_nil() -> Fault {
        Fault::runtime("unsafe.String: ptr is nil and len is not zero")
    }
    /// A failed type assertion. `inter`: the static interface type; `have`: the dynamic type if any; `want`: the asserted
    /// type; `missing`: the method that `have` lacks when `want` is an interface. Pass `same_pkg` when both types print
    /// the same and come from the same package.
    #[cold]
    pub fn assertion(inter: &str, have: Option<&str>, want: &str, missing: &str, same_pkg: bool) -> Fault {
        let text = match have {
            None => format!("interface conversion: {inter} is nil, not {want}"),
            Some(have) if missing.is_empty() => {
                let note = match (have == want, same_pkg) {
                    (false, _) => "",
                    (true, false) => " (types from different packages)",
                    (true, true) => " (types from different scopes)",
                };
                format!("interface conversion: {inter} is {have}, not {want}{note}")
            }
            Some(have) => format!("interface conversion: {have} is not {want}: missing method {missing}"),
        };
        Fault { kind: FaultKind::TypeAssertion, text: text.into(), nil_deref: false }
    }
    /// A stack beyond its limit.
    #[cold]
    pub fn stack_overflow() -> Fault {
        Fault::fatal("stack overflow")
    }
    /// Nothing can run any more.
    #[cold]
    pub fn deadlock() -> Fault {
        Fault::fatal("all goroutines are asleep - deadlock!")
    }
    /// Main called Goexit and nothing else can run.
    #[cold]
    pub fn deadlock_no_main() -> Fault {
        Fault::fatal("no goroutines (main called runtime.Goexit) - deadlock!")
    }
    /// One of these two.
    pub fn is_deadlock(&self) -> bool {
        self.text.ends_with("deadlock!")
    }
    /// No memory left.
    #[cold]
    pub fn out_of_memory() -> Fault {
        Fault::fatal("runtime: out of memory")
    }
    /// Map written by two goroutines.
    #[cold]
    pub fn concurrent_map_writes() -> Fault {
        Fault::fatal("concurrent map writes")
    }
}

/// Which bound of a slice expression failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SliceBound {
    /// `s[?:x]`, x > y = len (strings and arrays).
    HighLen,
    /// `s[?:x]`, x > y = cap (slices).
    HighCap,
    /// `s[x:y]`, x > y.
    LowHigh,
    /// `s[::x]`, x > y = len.
    MaxLen,
    /// `s[::x]`, x > y = cap.
    MaxCap,
    /// `s[:x:y]`, x > y.
    HighMax,
    /// `s[x:y:]`, x > y.
    LowHigh3,
}

/// Ends the process over a condition no goroutine can handle.
#[cold]
pub fn die(text: &str) -> ! {
    eprintln!("fatal error: {text}");
    std::process::exit(2)
}
