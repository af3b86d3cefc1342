//! Interned strings: each distinct text is a [`Symbol`], a small number that compares and hashes in one instruction.
//!
//! One interner serves a whole program. Texts lie end to end in one buffer; an open-addressing table (linear probing, at most
//! half full) maps a hash to a symbol. The names that the compiler itself looks for are interned first, so that they are
//! constants, in [`sym`].

use std::hash::Hasher;

/// An interned string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Symbol(pub u32);

macro_rules! symbols {
    ($($name:ident = $text:literal,)*) => {
        /// Symbols known before any source is read.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        pub mod sym {
            use super::Symbol;
            #[repr(u32)]
            enum Order { $($name,)* }
            $(#[doc = concat!("`", $text, "`")] pub const $name: Symbol = Symbol(Order::$name as u32);)*
        }
        const PREDEFINED: &[&str] = &[$($text,)*];
    };
}

symbols! {
    EMPTY = "", BLANK = "_", DOT = ".", MAIN = "main", INIT = "init", IOTA = "iota", NIL = "nil", TRUE = "true", FALSE = "false",
    ANY = "any", ERROR_TYPE = "error", ERROR = "Error", STRING_UPPER = "String", COMPARABLE = "comparable",
    BOOL = "bool", BYTE = "byte", RUNE = "rune", STRING = "string", UINTPTR = "uintptr",
    INT = "int", INT8 = "int8", INT16 = "int16", INT32 = "int32", INT64 = "int64",
    UINT = "uint", UINT8 = "uint8", UINT16 = "uint16", UINT32 = "uint32", UINT64 = "uint64",
    FLOAT32 = "float32", FLOAT64 = "float64", COMPLEX64 = "complex64", COMPLEX128 = "complex128",
    APPEND = "append", CAP = "cap", CLEAR = "clear", CLOSE = "close", COMPLEX = "complex", COPY = "copy", DELETE = "delete",
    IMAG = "imag", LEN = "len", MAKE = "make", MAX = "max", MIN = "min", NEW = "new", PANIC = "panic", PRINT = "print",
    PRINTLN = "println", REAL = "real", RECOVER = "recover",
    UNSAFE = "unsafe", POINTER = "Pointer", SIZEOF = "Sizeof", ALIGNOF = "Alignof", OFFSETOF = "Offsetof", ADD = "Add",
    SLICE = "Slice", SLICE_DATA = "SliceData", STRING_DATA = "StringData",
    RUNTIME = "runtime", RUNTIME_ERROR = "RuntimeError", C = "C",
}

/// Maps texts to symbols and back.
#[derive(Clone, Debug)]
pub struct Interner {
    text: String,
    /// Where the text of each symbol ends; it starts where the one before ends.
    ends: Vec<u32>,
    hashes: Vec<u32>,
    /// Symbol + 1, or 0 for a free place. The length is a power of two.
    table: Vec<u32>,
}

impl Default for Interner {
    fn default() -> Interner {
        Interner::new()
    }
}

impl Interner {
    /// An interner holding the predefined symbols.
    pub fn new() -> Interner {
        let mut interner =
            Interner { text: String::new(), ends: Vec::new(), hashes: Vec::new(), table: vec![0; 1 << 10] };
        for (index, text) in PREDEFINED.iter().enumerate() {
            let symbol = interner.intern(text);
            debug_assert_eq!(symbol.0, index as u32, "{text} is predefined twice");
        }
        interner
    }

    /// The symbol of a text.
    pub fn intern(&mut self, text: &str) -> Symbol {
        let hash = hash(text.as_bytes());
        let mask = self.table.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.table[place] {
                0 => break,
                taken => {
                    let symbol = Symbol(taken - 1);
                    if self.hashes[symbol.0 as usize] == hash && self.str(symbol) == text {
                        return symbol;
                    }
                }
            }
            place = (place + 1) & mask;
        }
        let symbol = Symbol(self.ends.len() as u32);
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.hashes.push(hash);
        self.table[place] = symbol.0 + 1;
        if self.ends.len() * 2 > self.table.len() {
            self.grow();
        }
        symbol
    }

    /// The symbol of a text that has been interned before, if it has.
    pub fn lookup(&self, text: &str) -> Option<Symbol> {
        let hash = hash(text.as_bytes());
        let mask = self.table.len() - 1;
        let mut place = hash as usize & mask;
        while self.table[place] != 0 {
            let symbol = Symbol(self.table[place] - 1);
            if self.hashes[symbol.0 as usize] == hash && self.str(symbol) == text {
                return Some(symbol);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// The text of a symbol.
    pub fn str(&self, symbol: Symbol) -> &str {
        let index = symbol.0 as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..self.ends[index] as usize]
    }

    /// Number of symbols.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never: the predefined symbols are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0; mask + 1];
        for taken in self.table.iter().copied().filter(|&taken| taken != 0) {
            let mut place = self.hashes[taken as usize - 1] as usize & mask;
            while table[place] != 0 {
                place = (place + 1) & mask;
            }
            table[place] = taken;
        }
        self.table = table;
    }
}

/// Multiplicative hash over 8-byte words (the FxHash scheme), folded to 32 bits.
fn hash(bytes: &[u8]) -> u32 {
    const K: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]]);
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(K);
    }
    let mut word = 0;
    for &byte in chunks.remainder() {
        word = word << 8 | byte as u64;
    }
    hash = (hash.rotate_left(5) ^ word).wrapping_mul(K);
    (hash >> 32) as u32
}

/// A hasher for tables keyed by symbols and other small numbers.
#[derive(Clone, Copy, Default)]
pub struct FastHasher(u64);

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte as u64);
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value as u64);
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

/// A hash map with [`FastHasher`]: not for keys that an adversary chooses, and with no promise about iteration order.
pub type FastMap<K, V> = std::collections::HashMap<K, V, std::hash::BuildHasherDefault<FastHasher>>;

/// A hash set with [`FastHasher`].
pub type FastSet<K> = std::collections::HashSet<K, std::hash::BuildHasherDefault<FastHasher>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_symbols_have_their_text() {
        let mut interner = Interner::new();
        assert_eq!(interner.str(sym::C), "C");
        assert_eq!(interner.intern("recover"), sym::RECOVER);
        assert_eq!(interner.intern("String"), sym::STRING_UPPER);
        assert_eq!(interner.lookup("nope"), None);
    }

    #[test]
    fn symbols_survive_growth() {
        let mut interner = Interner::new();
        let symbols: Vec<_> = (0..5000).map(|n| interner.intern(&format!("name{n}"))).collect();
        for (n, &symbol) in symbols.iter().enumerate() {
            assert_eq!(interner.str(symbol), format!("name{n}"));
            assert_eq!(interner.intern(&format!("name{n}")), symbol);
        }
    }
}
