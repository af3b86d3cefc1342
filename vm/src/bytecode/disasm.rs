//! Bytecode as text, for `gol dump --stage=bytecode` and tests.

use std::fmt::Write;

use super::decode::decode;
use super::encode::{KindTag, NO_REG};
use super::{Function, Program};

/// The listing of a whole program.
pub fn program(p: &Program) -> String {
    let mut out = String::new();
    for f in &p.functions {
        function(p, f, &mut out);
    }
    out
}

/// The listing of one function.
pub fn function(p: &Program, f: &Function, out: &mut String) {
    let _ = writeln!(
        out,
        "func {}: args {} results {} pointers {}..{} out {} frame {}",
        f.name, f.args, f.results, f.ptr_lo, f.ptr_hi, f.out, f.frame
    );
    let end = (f.entry + f.len) as usize;
    let mut at = f.entry as usize;
    let mut lines = f.lines.iter().peekable();
    let mut line = 0;
    while at < end {
        let off = at as u32 - f.entry;
        while let Some(l) = lines.next_if(|l| l.pc <= off) {
            line = l.pos.line;
        }
        let Some(insn) = decode(&p.code, at) else {
            let _ = writeln!(out, "  {off:5} .word {:#x}", p.code[at]);
            at += 1;
            continue;
        };
        let _ = write!(out, "  {off:5} {:12}", insn.info.name);
        for (i, (kind, bits)) in insn.operands().enumerate() {
            out.push_str(if i == 0 { "" } else { ", " });
            operand(p, kind, bits, i64::from(off), out);
        }
        let _ = writeln!(out, "  ; line {line}");
        at += insn.info.len;
    }
}

fn operand(p: &Program, kind: KindTag, bits: u64, off: i64, out: &mut String) {
    use KindTag::*;
    let _ = match kind {
        O if bits == u64::from(NO_REG) * 8 => write!(out, "-"),
        D | D2 | D3 | D4 | DN | R | R2 | R3 | R4 | RN | M | M3 | O => write!(out, "r{}", bits / 8),
        W => write!(out, "win {}", bits / 8),
        P => write!(out, "byte {bits}"),
        I16 => write!(out, "{}", bits as i16),
        I32 | Disp => write!(out, "{}", bits as i32),
        U16 | U32 => write!(out, "{bits}"),
        U64 => write!(out, "{:#x}", bits),
        L16 => write!(out, "->{}", off + i64::from(bits as i16)),
        L32 => write!(out, "->{}", off + i64::from(bits as i32)),
        Func => match p.functions.get(bits as usize) {
            Some(f) => write!(out, "{}", f.name),
            None => write!(out, "func#{bits}"),
        },
        Native => match p.natives.get(bits as usize) {
            Some(n) => write!(out, "{}", n.name),
            None => write!(out, "native#{bits}"),
        },
        Type => write!(out, "type#{bits}"),
        Layout => write!(out, "layout#{bits}"),
        Itab => write!(out, "itab#{bits}"),
        Switch => write!(out, "switch#{bits}"),
        Select => write!(out, "select#{bits}"),
        Str => write!(out, "data+{bits}"),
        Global => write!(out, "global+{bits}"),
    };
}
