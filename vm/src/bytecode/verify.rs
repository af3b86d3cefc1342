//! Checks that bytecode keeps the promises the interpreter relies on: registers inside the frame, jumps onto
//! instructions of the same function, indices inside their tables, pointer maps inside the frame.

use super::decode::decode;
use super::encode::{KindTag, NO_REG};
use super::ops::Op;
use super::{Function, Program, RED_ZONE};

/// Checks every function; the message names function, offset and what is wrong.
pub fn program(p: &Program) -> Result<(), String> {
    for f in &p.functions {
        function(p, f).map_err(|e| format!("{}: {e}", f.name))?;
    }
    if p.entry as usize >= p.base.functions as usize + p.functions.len() {
        return Err("entry function does not exist".into());
    }
    Ok(())
}

/// Checks one function.
pub fn function(p: &Program, f: &Function) -> Result<(), String> {
    frame(f)?;
    let (start, end) =
        (f.entry.wrapping_sub(p.base.code) as usize, (f.entry + f.len).wrapping_sub(p.base.code) as usize);
    let code = p.code.get(start..end).ok_or("code range outside the program")?;
    let mut starts = vec![false; code.len() + 1];
    let mut at = 0;
    let mut falls = true;
    while at < code.len() {
        let insn = decode(code, at).ok_or_else(|| format!("at {at}: not an instruction"))?;
        starts[at] = true;
        falls = !insn.ends_block();
        at += insn.info.len;
    }
    if falls {
        return Err("control falls off the end".into());
    }
    let mut at = 0;
    while let Some(insn) = decode(code, at) {
        let name = insn.info.name;
        for (kind, bits) in insn.operands() {
            if kind == KindTag::W && bits == 0 && insn.op() == Op::calln {
                continue; // the body of a native function: its own frame is the window
            }
            operand(p, f, kind, bits).map_err(|e| format!("at {at} ({name}): {e}"))?;
        }
        if matches!(insn.op(), Op::divi | Op::remi | Op::divui | Op::remui) && insn.words[0] >> 48 == 0 {
            return Err(format!("at {at} ({name}): division by constant 0"));
        }
        let target_ok = |t: i64| usize::try_from(t).is_ok_and(|t| t < code.len() && starts[t]);
        if insn.jump().is_some_and(|off| !target_ok(at as i64 + off)) {
            return Err(format!("at {at} ({name}): jump outside the function or into an instruction"));
        }
        let cases = match insn.op() {
            Op::jmptab | Op::jmptabb => Some((insn.words[0] >> 32) as usize),
            Op::switch_int | Op::switch_str => {
                Some(match &p.switches[(insn.words[0] >> 32) as usize - p.base.switches as usize] {
                    super::SwitchTable::Int(k) => k.len(),
                    super::SwitchTable::Str(k) => k.len(),
                })
            }
            _ => None,
        };
        if let Some(n) = cases {
            for t in at + 1..=at + 1 + n {
                if code.get(t).is_none_or(|&w| w & 0xffff != Op::jmp as u64) {
                    return Err(format!("at {at} ({name}): {} jmps must follow", n + 1));
                }
            }
        }
        if matches!(insn.op(), Op::rundefers) && code.get(at + 1).is_none_or(|&w| w & 0xffff != Op::jmp as u64) {
            return Err(format!("at {at}: rundefers must be followed by jmp"));
        }
        at += insn.info.len;
    }
    Ok(())
}

fn frame(f: &Function) -> Result<(), String> {
    let linked = f.args + f.results;
    if f.ptr_lo > f.ptr_hi || f.ptr_hi > f.frame || linked > f.frame || f.out > f.frame {
        return Err("frame ranges are out of order".into());
    }
    if f.flags.has_defer && f.recover_pc.is_none() {
        return Err("has_defer without recover_pc".into());
    }
    Ok(())
}

fn operand(p: &Program, f: &Function, kind: KindTag, bits: u64) -> Result<(), String> {
    use KindTag::*;
    let width = match kind {
        D | R | M => 1,
        D2 | R2 => 2,
        D3 | R3 | M3 => 3,
        D4 | R4 => 4,
        DN | RN => 0,
        O if bits == u64::from(NO_REG) * 8 => return Ok(()),
        O => 0,
        // Window 0: a body-less function passes its own arguments on to its native.
        W => {
            let slot = bits / 8;
            return if slot != 1 && slot <= u64::from(f.frame) + 2 {
                Ok(())
            } else {
                Err(format!("window at slot {slot} outside the frame of {}", f.frame))
            };
        }
        P => {
            return if bits <= u64::from(f.frame) * 8 { Ok(()) } else { Err(format!("byte {bits} outside the frame")) };
        }
        Func => return index(bits, p.base.functions, p.functions.len(), "function"),
        Native => return index(bits, p.base.natives, p.natives.len(), "native"),
        Type => return index(bits, p.base.types, p.types.len(), "type"),
        Layout => return index(bits, p.base.layouts, p.layouts.len(), "layout"),
        Itab => return index(bits, p.base.itabs, p.itabs.len(), "itab"),
        // New code has its own tables.
        Switch => return index(bits.wrapping_sub(u64::from(p.base.switches)), 0, p.switches.len(), "switch table"),
        Select => return index(bits.wrapping_sub(u64::from(p.base.selects)), 0, p.selects.len(), "select table"),
        Str => return index(bits, p.base.data, p.data.len() + 1, "static data"),
        Global => return index(bits, 0, p.globals_size as usize + 1, "globals"),
        I16 | U16 | I32 | U32 | U64 | L16 | L32 | Disp => return Ok(()),
    };
    if bits / 8 + width > u64::from(f.frame) {
        return Err(format!("register {} (+{width}) outside the frame of {}", bits / 8, f.frame));
    }
    Ok(())
}

fn index(bits: u64, base: u32, len: usize, what: &str) -> Result<(), String> {
    if bits < u64::from(base) + len as u64 { Ok(()) } else { Err(format!("{what} {bits} does not exist")) }
}

/// Whether a function needs `stkchk`.
pub fn needs_check(f: &Function) -> bool {
    f.frame > RED_ZONE
}
