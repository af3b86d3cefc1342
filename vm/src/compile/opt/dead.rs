//! Dead code: pure instructions whose results nobody reads, one backward walk.

use super::Counts;
use crate::bytecode::ops::Op;
use crate::ir::{Access, Function, Reg, Term};

/// Whether an operation does nothing but compute its result.
fn is_pure(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        mov | mov2
            | mov3
            | mov4
            | movn
            | ldi
            | ldk
            | ldstr
            | ldtype
            | lditab
            | ldfunc
            | zero
            | zero2
            | zero3
            | select_val
            | add
            | sub
            | mul
            | and
            | or
            | xor
            | andnot
            | addi
            | muli
            | andi
            | ori
            | xori
            | rsubi
            | divpi
            | rempi
            | divi
            | remi
            | divui
            | remui
            | addk
            | mulk
            | andk
            | ork
            | xork
            | neg
            | not
            | notb
            | shl
            | shr
            | sar
            | shli
            | shri
            | sari
            | rotl
            | rotli
            | add32
            | addu32
            | sub32
            | subu32
            | mul32
            | mulu32
            | addi32
            | addiu32
            | muli32
            | muliu32
            | addku32
            | add3u32
            | neg32
            | negu32
            | notu32
            | shl32
            | shlu32
            | shli32
            | shliu32
            | rotlu32
            | rotliu32
            | sext8
            | zext8
            | sext16
            | zext16
            | sext32
            | zext32
            | addu8
            | subu8
            | mulu8
            | shlu8
            | addiu8
            | fadd
            | fsub
            | fmul
            | fdiv
            | fneg
            | fmin
            | fmax
            | fsqrt
            | gadd
            | gsub
            | gmul
            | gdiv
            | gneg
            | gmin
            | gmax
            | gsqrt
            | fabs
            | ffloor
            | fceil
            | ftrunc
            | fcopysign
            | ffma
            | i2f
            | u2f
            | i2g
            | u2g
            | f2i
            | f2u
            | g2i
            | g2u
            | f2i32
            | g2i32
            | f2g
            | g2f
            | cadd
            | csub
            | cmul
            | cdiv
            | cneg
            | ceq
            | dadd
            | dsub
            | dmul
            | ddiv
            | dneg
            | deq
            | dmake
            | dreal
            | dimag
            | c2d
            | d2c
            | imin
            | imax
            | umin
            | umax
            | eq
            | ne
            | lt
            | le
            | ltu
            | leu
            | feq
            | fne
            | flt
            | fle
            | geq
            | gne
            | glt
            | gle
            | eqi
            | nei
            | lti
            | lei
            | gti
            | gei
            | ltui
            | gtui
            | seq
            | sne
            | slt
            | sle
            | fget_i8
            | fget_u8
            | fget_i16
            | fget_u16
            | fget_i32
            | fget_u32
            | ldg_i8
            | ldg_u8
            | ldg_i16
            | ldg_u16
            | ldg_i32
            | ldg_u32
            | ldg_64
            | ldg2
            | ldg3
            | ldgn
            | gaddr
            | ldcap
            | ldcap2
            | ldcap3
            | ldcapn
            | iftype
            // Nobody knows an object that nobody has.
            | closure
            | alloc
            | alloc_noted
            | mkbox
    )
}

/// Runs the pass.
pub fn run(f: &mut Function) {
    let mut c = Counts::of(f);
    for bi in (0..f.order.len()).rev() {
        let block = &mut f.blocks[f.order[bi].0 as usize];
        // Entries of map iterations that are not wanted.
        if let Term::Exit { ins, .. } = &mut block.term
            && ins.op == Op::mapnext
        {
            for i in [3, 4] {
                let r = ins.reg(i);
                if r != Reg::NONE && c.uses[r.v as usize] == 0 {
                    ins.set_reg(i, Reg::NONE);
                }
            }
        }
        let mut i = block.ins.len();
        let mut removed = false;
        while i > 0 {
            i -= 1;
            let ins = &block.ins[i];
            if !is_pure(ins.op) {
                continue;
            }
            let mut live = false;
            ins.visit(|r, a| live |= a != Access::Use && c.uses[r.v as usize] > 0);
            if live {
                continue;
            }
            ins.visit(|r, a| {
                if a != Access::Def {
                    c.uses[r.v as usize] -= 1;
                }
            });
            block.ins[i].op = Op::nop;
            removed = true;
        }
        if removed {
            block.ins.retain(|i| i.op != Op::nop);
        }
    }
}
