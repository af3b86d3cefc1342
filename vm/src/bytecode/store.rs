//! Programs as bytes, to be kept between runs: [`write`] and [`read`].
//!
//! Numbers of 32 bits take as many bytes as they need, 7 bits each; words of code take eight. There is no version in it: whoever keeps
//! the bytes has to make sure that the same build reads them. What is read is checked for being whole; that it makes sense is
//! checked by [`super::verify`] before it runs.

use super::{
    Base, Bitmap, FieldDesc, FuncFlags, Function, GlobalVar, IMethodDesc, InlinedCall, Layout, LineEntry, LiveRange,
    MethodDesc, NativeDecl, Pos, Program, SelectCase, SelectTable, SwitchTable, TypeDesc,
};
use gol_runtime::object::types::Kind;

/// The bytes of a program.
pub fn write(program: &Program) -> Vec<u8> {
    let mut out = Vec::with_capacity(program.code.len() * 12);
    program.put(&mut out);
    out
}

/// The program that bytes stand for; nothing if they do not stand for one.
pub fn read(bytes: &[u8]) -> Option<Program> {
    let mut input = bytes;
    let program = Program::get(&mut input)?;
    input.is_empty().then_some(program)
}

/// What can be written and read back.
trait Stored: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn get(input: &mut &[u8]) -> Option<Self>;
}

/// Structs field by field: a field that is not listed does not compile.
macro_rules! stored {
    ($($name:ident { $($field:ident),* $(,)? })*) => {$(
        impl Stored for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }
            fn get(input: &mut &[u8]) -> Option<Self> {
                $(let $field = Stored::get(input)?;)*
                Some($name { $($field),* })
            }
        }
    )*};
}

stored! {
    Program {
        base, functions, code, data, globals_size, globals_ptrs, globals_init, types, methods, layouts, itabs, natives, switches,
        selects, files, inlined, waited, entry,
    }
    Function {
        name, entry, len, frame, args, results, result_ptrs, ptr_lo, ptr_hi, lives, windows, out, flags, recover_pc, lines, pos,
    }
    FuncFlags { closure, wrapper, has_defer, late }
    Base { functions, code, data, types, layouts, itabs, natives, switches, selects, files, inlined }
    LiveRange { slot, from, to, sure }
    LineEntry { pc, pos }
    Pos { file, line, col, inlined, unsigned }
    Layout { name, words, ptrs }
    NativeDecl { name, args, results }
    InlinedCall { name, call }
    GlobalVar { name, at, size, pos }
    SelectTable { cases, default }
    SelectCase { send, chan, value, ok, elem }
    FieldDesc { name, pkg_path, ty, tag, embedded }
    IMethodDesc { name, pkg_path, ty }
    MethodDesc { name, pkg_path, ty, ifn, tfn }
}

fn take<'a>(input: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (head, tail) = input.split_at_checked(n)?;
    *input = tail;
    Some(head)
}

impl Stored for u8 {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }
    fn get(input: &mut &[u8]) -> Option<u8> {
        take(input, 1).map(|b| b[0])
    }
}

impl Stored for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn get(input: &mut &[u8]) -> Option<bool> {
        match u8::get(input)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Stored for u16 {
    fn put(&self, out: &mut Vec<u8>) {
        u32::from(*self).put(out);
    }
    fn get(input: &mut &[u8]) -> Option<u16> {
        u16::try_from(u32::get(input)?).ok()
    }
}

impl Stored for u32 {
    fn put(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }
    fn get(input: &mut &[u8]) -> Option<u32> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = u8::get(input)?;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

impl Stored for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
    fn get(input: &mut &[u8]) -> Option<u64> {
        Some(u64::from_le_bytes(take(input, 8)?.try_into().ok()?))
    }
}

impl Stored for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        (*self as u64).put(out);
    }
    fn get(input: &mut &[u8]) -> Option<i64> {
        u64::get(input).map(|v| v as i64)
    }
}

impl Stored for usize {
    fn put(&self, out: &mut Vec<u8>) {
        (*self as u64).put(out);
    }
    fn get(input: &mut &[u8]) -> Option<usize> {
        u64::get(input).map(|v| v as usize)
    }
}

impl Stored for String {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn get(input: &mut &[u8]) -> Option<String> {
        let n = u32::get(input)? as usize;
        std::str::from_utf8(take(input, n)?).ok().map(str::to_string)
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        self.iter().for_each(|x| x.put(out));
    }
    fn get(input: &mut &[u8]) -> Option<Vec<T>> {
        let n = u32::get(input)? as usize;
        // Every element takes a byte or more: a length beyond what is left is wrong.
        let mut all = Vec::with_capacity(n.min(input.len()));
        for _ in 0..n {
            all.push(T::get(input)?);
        }
        Some(all)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(x) = self {
            x.put(out);
        }
    }
    fn get(input: &mut &[u8]) -> Option<Option<T>> {
        if bool::get(input)? { T::get(input).map(Some) } else { Some(None) }
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn get(input: &mut &[u8]) -> Option<(A, B)> {
        Some((A::get(input)?, B::get(input)?))
    }
}

impl Stored for Bitmap {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }
    fn get(input: &mut &[u8]) -> Option<Bitmap> {
        Stored::get(input).map(Bitmap)
    }
}

impl Stored for SwitchTable {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            SwitchTable::Int(keys) => {
                out.push(0);
                keys.put(out);
            }
            SwitchTable::Str(keys) => {
                out.push(1);
                keys.put(out);
            }
        }
    }
    fn get(input: &mut &[u8]) -> Option<SwitchTable> {
        match u8::get(input)? {
            0 => Stored::get(input).map(SwitchTable::Int),
            1 => Stored::get(input).map(SwitchTable::Str),
            _ => None,
        }
    }
}

impl Stored for TypeDesc {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            TypeDesc::Basic(kind) => {
                out.push(0);
                (*kind as u8).put(out);
            }
            TypeDesc::Named { id, string, name, pkg_path, underlying } => {
                out.push(1);
                id.put(out);
                string.put(out);
                name.put(out);
                pkg_path.put(out);
                underlying.put(out);
            }
            TypeDesc::Pointer(elem) => {
                out.push(2);
                elem.put(out);
            }
            TypeDesc::Slice(elem) => {
                out.push(3);
                elem.put(out);
            }
            TypeDesc::Array(elem, len) => {
                out.push(4);
                elem.put(out);
                len.put(out);
            }
            TypeDesc::Chan(dir, elem) => {
                out.push(5);
                dir.put(out);
                elem.put(out);
            }
            TypeDesc::Map(key, value) => {
                out.push(6);
                key.put(out);
                value.put(out);
            }
            TypeDesc::Func { params, results, variadic } => {
                out.push(7);
                params.put(out);
                results.put(out);
                variadic.put(out);
            }
            TypeDesc::Struct(fields) => {
                out.push(8);
                fields.put(out);
            }
            TypeDesc::Interface(methods) => {
                out.push(9);
                methods.put(out);
            }
        }
    }
    fn get(input: &mut &[u8]) -> Option<TypeDesc> {
        Some(match u8::get(input)? {
            0 => {
                let number = u8::get(input)?;
                if number > Kind::UnsafePointer as u8 {
                    return None;
                }
                TypeDesc::Basic(Kind::from_u8(number))
            }
            1 => {
                let (id, string, name) = (Stored::get(input)?, Stored::get(input)?, Stored::get(input)?);
                TypeDesc::Named { id, string, name, pkg_path: Stored::get(input)?, underlying: Stored::get(input)? }
            }
            2 => TypeDesc::Pointer(Stored::get(input)?),
            3 => TypeDesc::Slice(Stored::get(input)?),
            4 => TypeDesc::Array(Stored::get(input)?, Stored::get(input)?),
            5 => TypeDesc::Chan(Stored::get(input)?, Stored::get(input)?),
            6 => TypeDesc::Map(Stored::get(input)?, Stored::get(input)?),
            7 => {
                let (params, results) = (Stored::get(input)?, Stored::get(input)?);
                TypeDesc::Func { params, results, variadic: Stored::get(input)? }
            }
            8 => TypeDesc::Struct(Stored::get(input)?),
            9 => TypeDesc::Interface(Stored::get(input)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Program {
        let pos = Pos { file: 0, line: 300, col: 7, inlined: 1, unsigned: true };
        let mut bits = Bitmap::default();
        bits.set(70);
        let function = Function {
            name: "main.f".into(),
            recover_pc: Some(0),
            flags: FuncFlags { closure: true, ..FuncFlags::default() },
            lines: vec![LineEntry { pc: 200, pos }],
            result_ptrs: bits,
            lives: vec![LiveRange { slot: 3, from: 1, to: 300, sure: true }],
            ..Function::default()
        };
        let all = |kind| TypeDesc::Basic(kind);
        Program {
            functions: vec![function],
            code: vec![u64::MAX, 1],
            data: b"text".to_vec(),
            globals_init: vec![(8, vec![1, 2])],
            types: vec![
                all(Kind::String),
                TypeDesc::Named {
                    id: "i".into(),
                    string: "main.T".into(),
                    name: "T".into(),
                    pkg_path: "main".into(),
                    underlying: 0,
                },
                TypeDesc::Array(0, 1 << 40),
                TypeDesc::Func { params: vec![0], results: vec![1, 2], variadic: true },
                TypeDesc::Struct(vec![FieldDesc { name: "x".into(), ty: 300, ..FieldDesc::default() }]),
            ],
            switches: vec![SwitchTable::Int(vec![-1]), SwitchTable::Str(vec![b"a".to_vec()])],
            selects: vec![SelectTable { cases: Vec::new(), default: true }],
            entry: u32::MAX,
            ..Program::default()
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let program = sample();
        let again = read(&write(&program)).expect("it is whole");
        assert_eq!(format!("{program:?}"), format!("{again:?}"));
    }

    #[test]
    fn parts_and_rubbish_are_refused() {
        let bytes = write(&sample());
        for n in 0..bytes.len() {
            assert!(read(&bytes[..n]).is_none(), "{n} bytes");
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(read(&longer).is_none());
        assert!(read(&[0xff; 64]).is_none());
    }
}
