//! Runs: short sequences of instructions done by one handler. `link` looks for them in finished code and changes only the
//! first instruction's opcode, so the others can still be jumped to, called and returned to, and faults are theirs.
//!
//! A body is made of those of its instructions: what the first does to go on is the second's body instead of a dispatch.

use std::marker::PhantomData;

use super::prelude::*;
use crate::bytecode::ops::Op;
use crate::interp::ctx::Ctx;

/// A dispatch that goes on with the body of one known instruction.
macro_rules! then {
    ($name:ident: $op:ident, $after:ty) => {
        struct $name<D>(PhantomData<D>);
        impl<D: Dispatch> Dispatch for $name<D> {
            type Out = D::Out;
            #[inline(always)]
            fn next(pc: Pc, fp: Fp, cx: *mut Ctx) -> D::Out {
                // SAFETY: `link` found the instruction there.
                let w = unsafe { *pc };
                super::$op::<$after>(M { pc, fp, cx, w })
            }
            #[inline(always)]
            fn exit() -> D::Out {
                D::exit()
            }
        }
    };
}

macro_rules! body {
    ($name:ident: $x:ident $y:ident) => {
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            then!(Second: $y, D);
            super::$x::<Second<D>>(m)
        }
    };
    ($name:ident: $x:ident $y:ident $z:ident) => {
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            then!(Third: $z, D);
            then!(Second: $y, Third<D>);
            super::$x::<Second<D>>(m)
        }
    };
}

macro_rules! runs {
    ($($name:ident: $($op:ident)*;)*) => {
        $(body!($name: $($op)*);)*

        /// All runs: the opcode and what it stands for.
        const RUNS: &[(Op, &[Op])] = &[$((Op::$name, &[$(Op::$op),*])),*];
    };
}

/// A run: its opcode, and the instructions it stands for.
type Run = (Op, &'static [Op]);

/// The runs that begin with an instruction, longest first.
pub(crate) fn beginning(op: Op) -> &'static [Run] {
    static BY_FIRST: std::sync::OnceLock<Vec<Vec<Run>>> = std::sync::OnceLock::new();
    let all = BY_FIRST.get_or_init(|| {
        let mut all = vec![Vec::new(); Op::COUNT];
        for &(run, parts) in RUNS {
            all[parts[0] as usize].push((run, parts));
        }
        all.iter_mut().for_each(|list| list.sort_by_key(|r| std::cmp::Reverse(r.1.len())));
        all
    });
    &all[op as usize]
}

runs! {
    addi_then_ldx_64: addi ldx_64;
    addi_then_ldx_u8: addi ldx_u8;
    addi_then_ldx_64_then_jltb: addi ldx_64 jltb;
    addi_then_ldx_64_then_jlt: addi ldx_64 jlt;
    addi_then_ldx_64_then_jleb: addi ldx_64 jleb;
    addi_then_ldx_64_then_jle: addi ldx_64 jle;
    ldx_64_then_jlt: ldx_64 jlt;
    ldx_64_then_jltb: ldx_64 jltb;
    ldx_64_then_jle: ldx_64 jle;
    ldx_64_then_jleb: ldx_64 jleb;
    ldx_64_then_jeq: ldx_64 jeq;
    ldx_64_then_jne: ldx_64 jne;
    ldx_64_then_jt: ldx_64 jt;
    ldx_64_then_jf: ldx_64 jf;
    ldx_64_then_add: ldx_64 add;
    ldx_64_then_sub: ldx_64 sub;
    ldx_64_then_addi: ldx_64 addi;
    ldx_64_then_ldx_64: ldx_64 ldx_64;
    ldx_64_then_ldx_64_then_jle: ldx_64 ldx_64 jle;
    ldx_64_then_ldx_64_then_jlt: ldx_64 ldx_64 jlt;
    ldx_64_then_stx_64: ldx_64 stx_64;
    ldx_64_then_looplt: ldx_64 looplt;
    ldx_u8_then_jt: ldx_u8 jt;
    ldx_u8_then_jf: ldx_u8 jf;
    ldx_u8_then_jne: ldx_u8 jne;
    ldx_u8_then_jeq: ldx_u8 jeq;
    ldx_u8_then_jnei: ldx_u8 jnei;
    ldx_u8_then_jeqi: ldx_u8 jeqi;
    ldx_u8_then_add: ldx_u8 add;
    ldx_u8_then_ldx_u8: ldx_u8 ldx_u8;
    stx_64_then_stx_64: stx_64 stx_64;
    stx_64_then_addi: stx_64 addi;
    stx_64_then_looplt: stx_64 looplt;
    stx_64_then_looplti: stx_64 looplti;
    stx_64_then_mov: stx_64 mov;
    stx_8_then_looplt: stx_8 looplt;
    stx_8_then_looprle: stx_8 looprle;
    stx_8_then_looprlt: stx_8 looprlt;
    add_then_add: add add;
    add_then_addi: add addi;
    add_then_looplt: add looplt;
    add_then_looplti: add looplti;
    add_then_loople: add loople;
    add_then_ldx_64: add ldx_64;
    add_then_stx_64: add stx_64;
    add_then_ld_64: add ld_64;
    add_then_mul: add mul;
    add_then_ret: add ret;
    addi_then_addi: addi addi;
    addi_then_mul: addi mul;
    addi_then_jlt: addi jlt;
    addi_then_jltb: addi jltb;
    addi_then_jle: addi jle;
    addi_then_jleb: addi jleb;
    addi_then_jnei: addi jnei;
    addi_then_jneib: addi jneib;
    addi_then_jmp: addi jmp;
    addi_then_jmpb: addi jmpb;
    addi_then_stx_64: addi stx_64;
    addi_then_add: addi add;
    addi_then_calld: addi calld;
    sub_then_stx_64: sub stx_64;
    sub_then_looplt: sub looplt;
    sub_then_looplti: sub looplti;
    sub_then_jlt: sub jlt;
    sub_then_jle: sub jle;
    mul_then_add: mul add;
    mul_then_sub: mul sub;
    mul_then_addi: mul addi;
    muli_then_add: muli add;
    muli_then_addi: muli addi;
    muli_then_rem: muli rem;
    muladd_then_looplti: muladd looplti;
    muladd_then_rem: muladd rem;
    mulrsub_then_looplti: mulrsub looplti;
    madd_then_looplt: madd looplt;
    rem_then_andi: rem andi;
    rem_then_addi: rem addi;
    rempi_then_jt: rempi jt;
    rempi_then_jf: rempi jf;
    andi_then_jt: andi jt;
    andi_then_jf: andi jf;
    andi_then_jnei: andi jnei;
    andi_then_jeqi: andi jeqi;
    andi_then_add: andi add;
    sari_then_addi: sari addi;
    sari_then_jmp: sari jmp;
    shri_then_xor: shri xor;
    xor_then_shri: xor shri;
    xor_then_shli: xor shli;
    shli_then_add: shli add;
    shli_then_xor: shli xor;
    ld_64_then_jf: ld_64 jf;
    ld_64_then_jt: ld_64 jt;
    ld_64_then_jfb: ld_64 jfb;
    ld_64_then_jtb: ld_64 jtb;
    ld_64_then_jlt: ld_64 jlt;
    ld_64_then_jle: ld_64 jle;
    ld_64_then_jltb: ld_64 jltb;
    ld_64_then_jleb: ld_64 jleb;
    ld_64_then_jeq: ld_64 jeq;
    ld_64_then_jne: ld_64 jne;
    ld_64_then_add: ld_64 add;
    ld_64_then_addi: ld_64 addi;
    ld_64_then_ld_64: ld_64 ld_64;
    ld_64_then_mul: ld_64 mul;
    ld_64_then_fmul: ld_64 fmul;
    ld_64_then_fadd: ld_64 fadd;
    ld_64_then_ldx_64: ld_64 ldx_64;
    ld_u8_then_jt: ld_u8 jt;
    ld_u8_then_jf: ld_u8 jf;
    ld_u8_then_jtb: ld_u8 jtb;
    ld_u8_then_jfb: ld_u8 jfb;
    st_64_then_ret: st_64 ret;
    fmul_then_fmul: fmul fmul;
    fmul_then_fadd: fmul fadd;
    fmul_then_fsub: fmul fsub;
    fmul_then_fmuladd: fmul fmuladd;
    fmul_then_fmulrdiv: fmul fmulrdiv;
    fmuladd_then_fmuladd: fmuladd fmuladd;
    fadd_then_jflt: fadd jflt;
    fadd_then_jfle: fadd jfle;
    fadd_then_looplt: fadd looplt;
    fadd_then_fmul: fadd fmul;
    fsubadd_then_looplt: fsubadd looplt;
    fsubadd_then_looplti: fsubadd looplti;
    fsqrt_then_fmulrdiv: fsqrt fmulrdiv;
    fdiv_then_fadd: fdiv fadd;
    i2f_then_fmul: i2f fmul;
    i2f_then_fdiv: i2f fdiv;
    fdiv_then_ldx_64: fdiv ldx_64;
    fmadd_then_looplt: fmadd looplt;
    fmadd_then_looplti: fmadd looplti;
    fmaddx_then_looplt: fmaddx looplt;
    fmaddxx_then_looplt: fmaddxx looplt;
    fsubll_then_fsubll: fsubll fsubll;
    fmull_then_fmull: fmull fmull;
    fmsubm_then_fmsubm: fmsubm fmsubm;
    fmaddm_then_fmaddm: fmaddm fmaddm;
    fmaddm_then_looplt: fmaddm looplt;
    ldx_64_then_fmaddxx_then_looplt: ldx_64 fmaddxx looplt;
    mov_then_calld: mov calld;
    mov_then_looplt: mov looplt;
    mov_then_ret_mov: mov ret_mov;
    ldi_then_calld: ldi calld;
    movp_then_calld: movp calld;
    mov3_then_movp: mov3 movp;
    mov_then_calli: mov calli;
    and_then_xor: and xor;
    and_then_andxor: and andxor;
    and_then_andnotxor: and andnotxor;
    addi_then_ldf_u32: addi ldf_u32;
    ldf_u32_then_xrot2s: ldf_u32 xrot2s;
    ldf_u32_then_add3u32: ldf_u32 add3u32;
    ldf_u32_then_addu32: ldf_u32 addu32;
    ldga_u32_then_ldf_u32: ldga_u32 ldf_u32;
    add3u32_then_xrot3: add3u32 xrot3;
    add3u32_then_stf_32: add3u32 stf_32;
    addu32_then_movp: addu32 movp;
    addu32_then_mov: addu32 mov;
    movp_then_mov: movp mov;
    movp_then_addu32: movp addu32;
    mov_then_addu32: mov addu32;
    addu32_then_looplti: addu32 looplti;
    stf_32_then_looplti: stf_32 looplti;
    ldx_u8_then_shliu32: ldx_u8 shliu32;
    shliu32_then_or: shliu32 or;
    fsubll_then_fsubll_then_fsubll: fsubll fsubll fsubll;
    fmul_then_fmuladd_then_fmuladd: fmul fmuladd fmuladd;
    fmsubm_then_fmsubm_then_fmsubm: fmsubm fmsubm fmsubm;
    fmaddm_then_fmaddm_then_fmaddm: fmaddm fmaddm fmaddm;
    muladd_then_addi: muladd addi;
    addi_then_mulrsub: addi mulrsub;
    addi_then_mulrsub_then_looplti: addi mulrsub looplti;
    rem_then_andi_then_jt: rem andi jt;
    rem_then_andi_then_jf: rem andi jf;
    addi_then_jgei: addi jgei;
    addi_then_jlti: addi jlti;
    sari_then_addi_then_jneib: sari addi jneib;
    muliaddi_then_addi: muliaddi addi;
    muliaddi_then_addi_then_jneib: muliaddi addi jneib;
    ldx2_then_addi: ldx2 addi;
    ldx2_then_addi_then_jmptab: ldx2 addi jmptab;
    mul_then_divpi: mul divpi;
    addaddi_then_i2f: addaddi i2f;
    fdiv_then_fmaddx: fdiv fmaddx;
    fdiv_then_fmaddx_then_looplt: fdiv fmaddx looplt;
    fmaddx_then_looplti: fmaddx looplti;
    maddx_then_looplt: maddx looplt;
    imin_then_imin: imin imin;
    imin_then_stx_64: imin stx_64;
    imax_then_imax: imax imax;
    stx_64_then_loople: stx_64 loople;
    ne_then_ldx_64: ne ldx_64;
    muliadd_then_rem: muliadd rem;
    muli_then_rem_then_stx_64: muli rem stx_64;
    ldi_then_ret: ldi ret;
    st_64p_then_ret: st_64p ret;
    ldxx_64_then_addi: ldxx_64 addi;
    add3_then_looplt: add3 looplt;
    ldx2_then_addi_then_jmptabb: ldx2 addi jmptabb;
    addi_then_jmptabb: addi jmptabb;
    slice_to_then_ldx2: slice_to ldx2;
    and_then_andnotxor_then_add3u32: and andnotxor add3u32;
    and_then_andxor_then_andxor: and andxor andxor;
    andxor_then_addu32: andxor addu32;
    ldga_u32_then_ldf_u32_then_add3u32: ldga_u32 ldf_u32 add3u32;
    movp_then_mov_then_addu32: movp mov addu32;
    addu32_then_movp_then_mov: addu32 movp mov;
    mov_then_addu32_then_looplti: mov addu32 looplti;
    addi_then_ldf_u32_then_xrot2s: addi ldf_u32 xrot2s;
    addi_then_ldf_u32_then_addu32: addi ldf_u32 addu32;
    addi_then_ldf_u32_then_add3u32: addi ldf_u32 add3u32;
    xrot3_then_and: xrot3 and;
    ldx_u8_then_shliu32_then_or: ldx_u8 shliu32 or;
    addi_then_ldx_u8_then_shliu32: addi ldx_u8 shliu32;
    or_then_addi: or addi;
    ldx_u8_then_zext8: ldx_u8 zext8;
    zext8_then_xor: zext8 xor;
    xor_then_ldf_u32: xor ldf_u32;
    xorshri_then_looplt: xorshri looplt;
    ldf_u32_then_xorshri_then_looplt: ldf_u32 xorshri looplt;
    st_64p_then_st_64p: st_64p st_64p;
    ld_64_then_st_64p: ld_64 st_64p;
    ld2_then_ldx_64: ld2 ldx_64;
    ld2_then_ldxi_64: ld2 ldxi_64;
    mov_then_jf: mov jf;
    mov_then_jt: mov jt;
    mov_then_jtb: mov jtb;
    ld_64_then_incm_64: ld_64 incm_64;
    incm_64_then_incm_64: incm_64 incm_64;
    incmi_64_then_incmi_64: incmi_64 incmi_64;
    remi_then_st_64: remi st_64;
    ldx_64_then_ld_64: ldx_64 ld_64;
    ldx_64_then_ld2: ldx_64 ld2;
    ld2_then_calli: ld2 calli;
    movp_then_calli: movp calli;
    mov2_then_calli: mov2 calli;
    fadd_then_ret: fadd ret;
    fmul_then_ret: fmul ret;
    ld_64_then_ret: ld_64 ret;
    ldcap_then_add: ldcap add;
    sub_then_jf: sub jf;
    sub_then_jt: sub jt;
    sub_then_jeq: sub jeq;
    sub_then_jne: sub jne;
    shri_then_ldx_64: shri ldx_64;
    ldx_64_then_shri: ldx_64 shri;
    mov2_then_mov: mov2 mov;
    movn_then_mov: movn mov;
    fadd_then_fadd: fadd fadd;
    fadd_then_fadd_then_fadd: fadd fadd fadd;
    fmul_then_fmul_then_fmul: fmul fmul fmul;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The operands of a run are those of its first instruction, or decoders would lose their way.
    #[test]
    fn runs_look_like_their_beginning() {
        for (run, parts) in RUNS {
            assert_eq!(run.info().operands, parts[0].info().operands, "{run:?}");
            let name: Vec<&str> = parts.iter().map(|p| p.info().name).collect();
            assert_eq!(run.info().name, name.join("_then_"), "{run:?}");
        }
    }

    /// Only the last may go anywhere but to the next instruction.
    #[test]
    fn runs_are_straight() {
        use crate::bytecode::encode::KindTag::{L16, L32, W};
        for (run, parts) in RUNS {
            for p in &parts[..parts.len() - 1] {
                let jumps = p.info().operands.iter().any(|o| matches!(o.1, L16 | L32 | W));
                assert!(!jumps && !matches!(p, Op::ret | Op::ret_mov | Op::ret_ldi), "{run:?}");
            }
        }
    }
}
