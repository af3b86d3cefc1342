//! The list of instructions, once: every consumer (opcodes, encoder, decoder, disassembler, verifier, handlers,
//! both dispatch loops) is generated from [`for_each_op!`].
//!
//! # Conventions
//! - A word is `op:16 | A:16 | B:16 | C:16` (op lowest); `BC` is B and C taken as 32 bits. Extension words follow: `X`
//!   (64 bits), or its halves `XL`, `XH`, or its quarters `X0`..`X3`; then `Y` alike. Lengths are fixed per opcode.
//! - A register is named by its slot number in the encoder and held as a byte offset from fp (slot * 8) in the word,
//!   so slots 0..=8191 are direct; `far_*` ops move between those and any other slot.
//! - Jump offsets count words from the jumping instruction. The encoder takes labels and, in far mode, turns a 16-bit jump
//!   into a hop over a 32-bit one. Loops must contain a polling jump (`jmpb`, `*b`, `loop*`) on every back-edge.
//! - Integers are canonical (sign- or zero-extended) in registers; bools 0/1; float32 its bits zero-extended.
//! - "Image": the memory layout of a struct or array, padded to whole slots; padding bytes are unspecified.
//! - "Register form" of a type: scalars in one canonical slot, string 2, slice 3, interface 2, complex128 2, image otherwise.
//! - Frames: fp[-1] return pc, fp[-2] closure, args, results, pointerful locals, scalar locals, outgoing windows. The callee
//!   clears its results and pointerful locals first (`zero`). Functions with more than `RED_ZONE` slots start with
//!   `stkchk`. A function using `defer` ends in: (label recover) `run_defers`, copies of boxed results, `ret`.
//! - Every op that allocates, calls, polls or may park is a safepoint: pointerful locals must be in their slots
//!   (they always are) and clean. Destination and source registers may overlap: bodies read before they write.
//!
//! # Adding an instruction
//! Add one documented line here and a body of the same name in `interp/ops/`; nothing else. Operand kinds are in
//! `encode.rs` (`kind`), positions are the names used above in lower case.

/// Calls `$m!` with all instructions: `/// doc` `name(position: Kind, ...);`.
#[macro_export]
macro_rules! for_each_op {
    ($m:ident) => {
        $m! {
            // ---- moves and constants
            /// Nothing.
            nop();
            /// A = B.
            mov(a: D, b: R);
            /// Two slots A = B (overlap allowed, as in all moves).
            mov2(a: D2, b: R2);
            /// Three slots A = B.
            mov3(a: D3, b: R3);
            /// Four slots A = B.
            mov4(a: D4, b: R4);
            /// C slots A = B.
            movn(a: DN, b: RN, c: U16);
            /// A = B; X0 = X1 (two unrelated moves, in this order).
            movp(a: D, b: R, x0: D, x1: R);
            /// A = slot number X (any distance from fp): reaches frames beyond 8191 slots.
            far_ld(a: D, x: U64);
            /// Slot number X = A.
            far_st(a: R, x: U64);
            /// BC slots A = slots from number X.
            far_ldn(a: DN, bc: U32, x: U64);
            /// BC slots from number X = A.
            far_stn(a: RN, bc: U32, x: U64);
            /// Clears XH slots from slot number XL.
            far_zero(xl: U32, xh: U32);
            /// A = sign-extended BC.
            ldi(a: D, bc: I32);
            /// A = X.
            ldk(a: D, x: U64);
            /// A = string at offset XL of the static data, XH bytes.
            ldstr(a: D2, xl: Str, xh: U32);
            /// A = address of type BC (type word of an `any`).
            ldtype(a: D, bc: Type);
            /// A = address of itab BC (type word of a non-empty interface).
            lditab(a: D, bc: Itab);
            /// A = static closure object of function BC (a func value without captures).
            ldfunc(a: D, bc: Func);
            /// Clears BC slots from A.
            zero(a: DN, bc: U32);
            /// Clears two slots.
            zero2(a: D2);
            /// Clears three slots.
            zero3(a: D3);
            /// Exchanges A and B.
            swap(a: M, b: M);
            /// A = X0 != 0 ? B : C.
            select_val(a: D, b: R, c: R, x0: R);

            // ---- 64-bit integers (wrapping; also every canonical narrower type where the result cannot leave it)
            /// A = B + C.
            add(a: D, b: R, c: R);
            /// A = B - C.
            sub(a: D, b: R, c: R);
            /// A = B * C.
            mul(a: D, b: R, c: R);
            /// A = B & C.
            and(a: D, b: R, c: R);
            /// A = B | C.
            or(a: D, b: R, c: R);
            /// A = B ^ C.
            xor(a: D, b: R, c: R);
            /// A = B &^ C.
            andnot(a: D, b: R, c: R);
            /// A = B / C, signed; panics on 0.
            div(a: D, b: R, c: R);
            /// A = B % C, signed; panics on 0.
            rem(a: D, b: R, c: R);
            /// A = B / C, unsigned; panics on 0.
            divu(a: D, b: R, c: R);
            /// A = B % C, unsigned; panics on 0.
            remu(a: D, b: R, c: R);
            /// A = B + imm.
            addi(a: D, b: R, c: I16);
            /// A = B * imm.
            muli(a: D, b: R, c: I16);
            /// A = B & imm (sign-extended).
            andi(a: D, b: R, c: I16);
            /// A = B | imm.
            ori(a: D, b: R, c: I16);
            /// A = B ^ imm.
            xori(a: D, b: R, c: I16);
            /// A = imm - B.
            rsubi(a: D, b: R, c: I16);
            /// A = B / imm, signed, imm not 0.
            divi(a: D, b: R, c: I16);
            /// A = B % imm, signed, imm not 0.
            remi(a: D, b: R, c: I16);
            /// A = B / imm, unsigned, imm not 0.
            divui(a: D, b: R, c: U16);
            /// A = B % imm, unsigned, imm not 0.
            remui(a: D, b: R, c: U16);
            /// A = B / 2^C, signed, rounded to zero (0 < C < 63).
            divpi(a: D, b: R, c: U16);
            /// A = B % 2^C, signed (0 < C < 63).
            rempi(a: D, b: R, c: U16);
            /// A = B + X (any constant).
            addk(a: D, b: R, x: U64);
            /// A = B * X.
            mulk(a: D, b: R, x: U64);
            /// A = B & X.
            andk(a: D, b: R, x: U64);
            /// A = B | X.
            ork(a: D, b: R, x: U64);
            /// A = B ^ X.
            xork(a: D, b: R, x: U64);
            /// A = -B.
            neg(a: D, b: R);
            /// A = ^B (signed types and uint64).
            not(a: D, b: R);
            /// A = !B (bool).
            notb(a: D, b: R);
            /// A += B * C, 64 bits.
            madd(a: M, b: R, c: R);
            /// A = B + C + X0.
            add3(a: D, b: R, c: R, x0: R);
            /// A = B + C + imm.
            addaddi(a: D, b: R, c: R, x0: I16);
            /// A = B * C + X0.
            muladd(a: D, b: R, c: R, x0: R);
            /// A = X0 - B * C.
            mulrsub(a: D, b: R, c: R, x0: R);
            /// A = B * imm + X0.
            muliadd(a: D, b: R, c: I16, x0: R);
            /// A = B * imm + imm.
            muliaddi(a: D, b: R, c: I16, x0: I16);
            /// A += B * C[X0], 64-bit elements.
            maddx(a: M, b: R, c: R2, x0: R);
            /// A = (B >> imm) & imm, logical shift.
            shriandi(a: D, b: R, c: U16, x0: I16);
            /// A = B ^ (C >> imm), logical shift.
            xorshri(a: D, b: R, c: R, x0: U16);
            /// A = B ^ (C << imm).
            xorshli(a: D, b: R, c: R, x0: U16);
            /// A = (B & C) ^ X0.
            andxor(a: D, b: R, c: R, x0: R);
            /// A = (B &^ C) ^ X0.
            andnotxor(a: D, b: R, c: R, x0: R);
            /// A = high 64 bits of unsigned B * C.
            mulhu(a: D, b: R, c: R);
            /// A = high, A+1 = low word of unsigned B * C.
            mulwide(a: D2, b: R, c: R);
            /// A = B + C + X0, A+1 = carry out.
            addcarry(a: D2, b: R, c: R, x0: R);
            /// A = B - C - X0, A+1 = borrow out.
            subborrow(a: D2, b: R, c: R, x0: R);
            /// A = B << C; counts of 64 and more give 0 (C unsigned).
            shl(a: D, b: R, c: R);
            /// A = B >> C, logical; right for every canonical unsigned type.
            shr(a: D, b: R, c: R);
            /// A = B >> C, arithmetic; right for every canonical signed type.
            sar(a: D, b: R, c: R);
            /// A = B << imm (imm < 64).
            shli(a: D, b: R, c: U16);
            /// A = B >> imm, logical (imm < 64).
            shri(a: D, b: R, c: U16);
            /// A = B >> imm, arithmetic (imm < 64).
            sari(a: D, b: R, c: U16);
            /// Panics (negative shift amount) if A, signed, is negative.
            shchk(a: R);
            /// A = B rotated left by C mod 64.
            rotl(a: D, b: R, c: R);
            /// A = B rotated left by imm.
            rotli(a: D, b: R, c: U16);
            /// A = number of leading zero bits of B (64 for 0).
            clz(a: D, b: R);
            /// A = number of trailing zero bits of B (64 for 0).
            ctz(a: D, b: R);
            /// A = number of one bits of B.
            popcnt(a: D, b: R);
            /// A = B with its eight bytes reversed.
            bswap(a: D, b: R);
            /// A = B with its 64 bits reversed.
            bitrev(a: D, b: R);

            // ---- narrow integers: 32-bit forms keep the canonical form; 8/16 bits are op + extension
            /// A = B + C as int32.
            add32(a: D, b: R, c: R);
            /// A = B + C as uint32.
            addu32(a: D, b: R, c: R);
            /// A = B - C as int32.
            sub32(a: D, b: R, c: R);
            /// A = B - C as uint32.
            subu32(a: D, b: R, c: R);
            /// A = B * C as int32.
            mul32(a: D, b: R, c: R);
            /// A = B * C as uint32.
            mulu32(a: D, b: R, c: R);
            /// A = B + imm as int32.
            addi32(a: D, b: R, c: I16);
            /// A = B + imm as uint32.
            addiu32(a: D, b: R, c: I16);
            /// A = B * imm as int32.
            muli32(a: D, b: R, c: I16);
            /// A = B * imm as uint32.
            muliu32(a: D, b: R, c: I16);
            /// A = B + XL as uint32.
            addku32(a: D, b: R, xl: U32);
            /// A = B + C + X0 as uint32.
            add3u32(a: D, b: R, c: R, x0: R);
            /// A = B / C as int32; panics on 0.
            div32(a: D, b: R, c: R);
            /// A = -B as int32.
            neg32(a: D, b: R);
            /// A = -B as uint32.
            negu32(a: D, b: R);
            /// A = ^B as uint32.
            notu32(a: D, b: R);
            /// A = B << C as int32.
            shl32(a: D, b: R, c: R);
            /// A = B << C as uint32.
            shlu32(a: D, b: R, c: R);
            /// A = B << imm as int32 (imm < 32).
            shli32(a: D, b: R, c: U16);
            /// A = B << imm as uint32 (imm < 32).
            shliu32(a: D, b: R, c: U16);
            /// A = uint32 B rotated left by C mod 32.
            rotlu32(a: D, b: R, c: R);
            /// A = uint32 B rotated left by imm.
            rotliu32(a: D, b: R, c: U16);
            /// A = uint32 B rotated left by X0, exclusive or by X1 (sigma functions of hashes).
            xrot2(a: D, b: R, x0: U16, x1: U16);
            /// A = uint32 B rotated left by X0, exclusive or by X1, by X2.
            xrot3(a: D, b: R, x0: U16, x1: U16, x2: U16);
            /// A = uint32 B rotated left by X0, exclusive or by X1, and shifted right by X2.
            xrot2s(a: D, b: R, x0: U16, x1: U16, x2: U16);
            /// A = uint32 B with its four bytes reversed.
            bswapu32(a: D, b: R);
            /// A = uint16 B with its two bytes exchanged.
            bswapu16(a: D, b: R);
            /// A = low 8 bits of B, sign-extended (conversion to int8).
            sext8(a: D, b: R);
            /// A = low 8 bits of B, zero-extended (conversion to uint8).
            zext8(a: D, b: R);
            /// A = low 16 bits of B, sign-extended (conversion to int16).
            sext16(a: D, b: R);
            /// A = low 16 bits of B, zero-extended (conversion to uint16).
            zext16(a: D, b: R);
            /// A = low 32 bits of B, sign-extended (conversion to int32).
            sext32(a: D, b: R);
            /// A = low 32 bits of B, zero-extended (conversion to uint32).
            zext32(a: D, b: R);
            /// A = B + C as uint8.
            addu8(a: D, b: R, c: R);
            /// A = B - C as uint8.
            subu8(a: D, b: R, c: R);
            /// A = B * C as uint8.
            mulu8(a: D, b: R, c: R);
            /// A = B << C as uint8.
            shlu8(a: D, b: R, c: R);
            /// A = B + imm as uint8.
            addiu8(a: D, b: R, c: I16);

            // ---- floats (registers hold the bits; a float32 zero-extended)
            /// A = B + C, float64.
            fadd(a: D, b: R, c: R);
            /// A = B - C, float64.
            fsub(a: D, b: R, c: R);
            /// A = B * C, float64.
            fmul(a: D, b: R, c: R);
            /// A = B / C, float64.
            fdiv(a: D, b: R, c: R);
            /// A = -B, float64.
            fneg(a: D, b: R);
            /// A = min(B, C), float64: NaN wins, -0 < +0.
            fmin(a: D, b: R, c: R);
            /// A = max(B, C), float64: NaN wins.
            fmax(a: D, b: R, c: R);
            /// A = square root of B, float64.
            fsqrt(a: D, b: R);
            /// A = B + C, float32.
            gadd(a: D, b: R, c: R);
            /// A = B - C, float32.
            gsub(a: D, b: R, c: R);
            /// A = B * C, float32.
            gmul(a: D, b: R, c: R);
            /// A = B / C, float32.
            gdiv(a: D, b: R, c: R);
            /// A = -B, float32.
            gneg(a: D, b: R);
            /// A = min(B, C), float32: NaN wins, -0 < +0.
            gmin(a: D, b: R, c: R);
            /// A = max(B, C), float32: NaN wins.
            gmax(a: D, b: R, c: R);
            /// A = square root of B, float32.
            gsqrt(a: D, b: R);
            /// A -= B * C, float64, product rounded first.
            fmsub(a: M, b: R, c: R);
            /// A += B * C, float64, product rounded first (as amd64 Go).
            fmadd(a: M, b: R, c: R);
            /// A = |B|, float64.
            fabs(a: D, b: R);
            /// A = floor of B.
            ffloor(a: D, b: R);
            /// A = ceiling of B.
            fceil(a: D, b: R);
            /// A = B towards zero.
            ftrunc(a: D, b: R);
            /// A = magnitude of B, sign of C.
            fcopysign(a: D, b: R, c: R);
            /// A = B * C + X0 with one rounding (math.FMA).
            ffma(a: D, b: R, c: R, x0: R);

            /// A = B * C + X0, float64, product rounded first.
            fmuladd(a: D, b: R, c: R, x0: R);
            /// A = B * C - X0, float64, product rounded first.
            fmulsub(a: D, b: R, c: R, x0: R);
            /// A = X0 - B * C, float64, product rounded first.
            fmulrsub(a: D, b: R, c: R, x0: R);
            /// A = X0 / (B * C), float64.
            fmulrdiv(a: D, b: R, c: R, x0: R);
            /// A = (B - C) + X0, float64.
            fsubadd(a: D, b: R, c: R, x0: R);
            /// A = (B - C) * X0, float64.
            fsubmul(a: D, b: R, c: R, x0: R);
            /// A = (B + C) + X0, float64.
            fadd3(a: D, b: R, c: R, x0: R);
            /// A = (B + C) * X0, float64.
            faddmul(a: D, b: R, c: R, x0: R);
            /// A += B * C[X0], float64 elements, product rounded first.
            fmaddx(a: M, b: R, c: R2, x0: R);
            /// A += B * C[X0][X1], C a slice of slices of float64, product rounded first.
            fmaddxx(a: M, b: R, c: R2, x0: R, x1: R);

            // ---- numeric conversions (Go on amd64; narrower integer targets add sext/zext)
            /// A = float64 of int64 B.
            i2f(a: D, b: R);
            /// A = float64 of uint64 B.
            u2f(a: D, b: R);
            /// A = float32 of int64 B.
            i2g(a: D, b: R);
            /// A = float32 of uint64 B.
            u2g(a: D, b: R);
            /// A = int64 of float64 B.
            f2i(a: D, b: R);
            /// A = uint64 of float64 B.
            f2u(a: D, b: R);
            /// A = int64 of float32 B.
            g2i(a: D, b: R);
            /// A = uint64 of float32 B.
            g2u(a: D, b: R);
            /// A = int32 of float64 B (also for int8, int16, uint8, uint16, with an extension after it).
            f2i32(a: D, b: R);
            /// A = int32 of float32 B (the same).
            g2i32(a: D, b: R);
            /// A = float32 of float64 B.
            f2g(a: D, b: R);
            /// A = float64 of float32 B.
            g2f(a: D, b: R);

            // ---- complex: complex128 in two slots, complex64 packed (real part low) in one
            /// A = B + C, complex128.
            cadd(a: D2, b: R2, c: R2);
            /// A = B - C, complex128.
            csub(a: D2, b: R2, c: R2);
            /// A = B * C, complex128.
            cmul(a: D2, b: R2, c: R2);
            /// A = B / C, complex128.
            cdiv(a: D2, b: R2, c: R2);
            /// A = -B, complex128.
            cneg(a: D2, b: R2);
            /// A = B == C, complex128.
            ceq(a: D, b: R2, c: R2);
            /// A = B + C, complex64.
            dadd(a: D, b: R, c: R);
            /// A = B - C, complex64.
            dsub(a: D, b: R, c: R);
            /// A = B * C, complex64.
            dmul(a: D, b: R, c: R);
            /// A = B / C, complex64.
            ddiv(a: D, b: R, c: R);
            /// A = -B, complex64.
            dneg(a: D, b: R);
            /// A = B == C, complex64.
            deq(a: D, b: R, c: R);
            /// A = complex64 of the float32s B, C.
            dmake(a: D, b: R, c: R);
            /// A = float32 real part of complex64 B.
            dreal(a: D, b: R);
            /// A = float32 imaginary part of complex64 B.
            dimag(a: D, b: R);
            /// A = complex64 of complex128 B.
            c2d(a: D, b: R2);
            /// A = complex128 of complex64 B.
            d2c(a: D2, b: R);

            // ---- minimum and maximum of integers
            /// A = min(B, C), signed.
            imin(a: D, b: R, c: R);
            /// A = max(B, C), signed.
            imax(a: D, b: R, c: R);
            /// A = min(B, C), unsigned.
            umin(a: D, b: R, c: R);
            /// A = max(B, C), unsigned.
            umax(a: D, b: R, c: R);

            // ---- comparisons to bool (> and >= by exchanging operands)
            /// A = B == C.
            eq(a: D, b: R, c: R);
            /// A = B != C.
            ne(a: D, b: R, c: R);
            /// A = B < C, signed.
            lt(a: D, b: R, c: R);
            /// A = B <= C, signed.
            le(a: D, b: R, c: R);
            /// A = B < C, unsigned.
            ltu(a: D, b: R, c: R);
            /// A = B <= C, unsigned.
            leu(a: D, b: R, c: R);
            /// A = B == C, float64.
            feq(a: D, b: R, c: R);
            /// A = B != C, float64.
            fne(a: D, b: R, c: R);
            /// A = B < C, float64.
            flt(a: D, b: R, c: R);
            /// A = B <= C, float64.
            fle(a: D, b: R, c: R);
            /// A = B == C, float32.
            geq(a: D, b: R, c: R);
            /// A = B != C, float32.
            gne(a: D, b: R, c: R);
            /// A = B < C, float32.
            glt(a: D, b: R, c: R);
            /// A = B <= C, float32.
            gle(a: D, b: R, c: R);
            /// A = B == imm.
            eqi(a: D, b: R, c: I16);
            /// A = B != imm.
            nei(a: D, b: R, c: I16);
            /// A = B < imm, signed.
            lti(a: D, b: R, c: I16);
            /// A = B <= imm, signed.
            lei(a: D, b: R, c: I16);
            /// A = B > imm, signed.
            gti(a: D, b: R, c: I16);
            /// A = B >= imm, signed.
            gei(a: D, b: R, c: I16);
            /// A = B < imm, unsigned.
            ltui(a: D, b: R, c: U16);
            /// A = B > imm, unsigned.
            gtui(a: D, b: R, c: U16);
            /// A = B == C, strings.
            seq(a: D, b: R2, c: R2);
            /// A = B != C, strings.
            sne(a: D, b: R2, c: R2);
            /// A = B < C, strings.
            slt(a: D, b: R2, c: R2);
            /// A = B <= C, strings.
            sle(a: D, b: R2, c: R2);
            /// A = -1, 0 or 1 as string B is less, equal or greater than C.
            scmp(a: D, b: R2, c: R2);

            // ---- jumps; a target is an offset in words from the jumping instruction
            /// Goto BC (forward, or known to be bounded).
            jmp(bc: L32);
            /// Goto BC, polling: the back-edge.
            jmpb(bc: L32);
            /// If A != 0 goto BC (bool, pointer, interface type word).
            jt(a: R, bc: L32);
            /// If A == 0 goto BC.
            jf(a: R, bc: L32);
            /// jt as a back-edge (polls when taken).
            jtb(a: R, bc: L32);
            /// jf as a back-edge (polls when taken).
            jfb(a: R, bc: L32);
            /// If A == B goto C.
            jeq(a: R, b: R, c: L16);
            /// If A != B goto C.
            jne(a: R, b: R, c: L16);
            /// If A < B, signed goto C.
            jlt(a: R, b: R, c: L16);
            /// If A <= B, signed goto C.
            jle(a: R, b: R, c: L16);
            /// If A < B, unsigned goto C.
            jltu(a: R, b: R, c: L16);
            /// If A <= B, unsigned goto C.
            jleu(a: R, b: R, c: L16);
            /// If A == B goto C: back-edge.
            jeqb(a: R, b: R, c: L16);
            /// If A != B goto C: back-edge.
            jneb(a: R, b: R, c: L16);
            /// If A < B, signed goto C: back-edge.
            jltb(a: R, b: R, c: L16);
            /// If A <= B, signed goto C: back-edge.
            jleb(a: R, b: R, c: L16);
            /// If A < B, unsigned goto C: back-edge.
            jltub(a: R, b: R, c: L16);
            /// If A <= B, unsigned goto C: back-edge.
            jleub(a: R, b: R, c: L16);
            /// If A == imm goto C.
            jeqi(a: R, b: I16, c: L16);
            /// If A != imm goto C.
            jnei(a: R, b: I16, c: L16);
            /// If A < imm, signed goto C.
            jlti(a: R, b: I16, c: L16);
            /// If A <= imm, signed goto C.
            jlei(a: R, b: I16, c: L16);
            /// If A > imm, signed goto C.
            jgti(a: R, b: I16, c: L16);
            /// If A >= imm, signed goto C.
            jgei(a: R, b: I16, c: L16);
            /// If A < imm, unsigned goto C.
            jltui(a: R, b: U16, c: L16);
            /// If A <= imm, unsigned goto C.
            jleui(a: R, b: U16, c: L16);
            /// If A > imm, unsigned goto C.
            jgtui(a: R, b: U16, c: L16);
            /// If A >= imm, unsigned goto C.
            jgeui(a: R, b: U16, c: L16);
            /// If A == imm goto C: back-edge.
            jeqib(a: R, b: I16, c: L16);
            /// If A != imm goto C: back-edge.
            jneib(a: R, b: I16, c: L16);
            /// If A < imm, signed goto C: back-edge.
            jltib(a: R, b: I16, c: L16);
            /// If A <= imm, signed goto C: back-edge.
            jleib(a: R, b: I16, c: L16);
            /// If A > imm, signed goto C: back-edge.
            jgtib(a: R, b: I16, c: L16);
            /// If A >= imm, signed goto C: back-edge.
            jgeib(a: R, b: I16, c: L16);
            /// If A < imm, unsigned goto C: back-edge.
            jltuib(a: R, b: U16, c: L16);
            /// If A <= imm, unsigned goto C: back-edge.
            jleuib(a: R, b: U16, c: L16);
            /// If A > imm, unsigned goto C: back-edge.
            jgtuib(a: R, b: U16, c: L16);
            /// If A >= imm, unsigned goto C: back-edge.
            jgeuib(a: R, b: U16, c: L16);
            /// If A == B goto C, float64.
            jfeq(a: R, b: R, c: L16);
            /// If A != B goto C, float64.
            jfne(a: R, b: R, c: L16);
            /// If A < B goto C, float64.
            jflt(a: R, b: R, c: L16);
            /// If A <= B goto C, float64.
            jfle(a: R, b: R, c: L16);
            /// If !(A < B) goto C, float64.
            jfnlt(a: R, b: R, c: L16);
            /// If !(A <= B) goto C, float64.
            jfnle(a: R, b: R, c: L16);
            /// If A == B goto C, float32.
            jgeq(a: R, b: R, c: L16);
            /// If A != B goto C, float32.
            jgne(a: R, b: R, c: L16);
            /// If A < B goto C, float32.
            jglt(a: R, b: R, c: L16);
            /// If A <= B goto C, float32.
            jgle(a: R, b: R, c: L16);
            /// If !(A < B) goto C, float32.
            jgnlt(a: R, b: R, c: L16);
            /// If !(A <= B) goto C, float32.
            jgnle(a: R, b: R, c: L16);
            /// If A == B goto C, strings.
            jseq(a: R2, b: R2, c: L16);
            /// If A != B goto C, strings.
            jsne(a: R2, b: R2, c: L16);
            /// If A < B goto C, strings.
            jslt(a: R2, b: R2, c: L16);
            /// If A <= B goto C, strings.
            jsle(a: R2, b: R2, c: L16);
            /// If string A equals the static string (XL, XH) goto C.
            jseqk(a: R2, c: L16, xl: Str, xh: U32);
            /// If string A differs from the static string (XL, XH) goto C.
            jsnek(a: R2, c: L16, xl: Str, xh: U32);
            /// A += 1; if A < B (signed) goto C: back-edge.
            looplt(a: M, b: R, c: L16);
            /// A += 1; if A <= B (signed) goto C: back-edge.
            loople(a: M, b: R, c: L16);
            /// A += 1; if A != B goto C: back-edge.
            loopne(a: M, b: R, c: L16);
            /// A += 1; if A < imm goto C: back-edge.
            looplti(a: M, b: I16, c: L16);
            /// A += 1; if A <= imm goto C: back-edge.
            looplei(a: M, b: I16, c: L16);
            /// A -= 1; if A >= imm goto C: back-edge.
            loopgei(a: M, b: I16, c: L16);
            /// A -= 1; if A > imm goto C: back-edge.
            loopgti(a: M, b: I16, c: L16);
            /// A += X; if A < B (signed) goto C: back-edge.
            loopaddlt(a: M, b: R, c: L16, x: U64);
            /// A += X; if A <= B (signed) goto C: back-edge.
            loopaddle(a: M, b: R, c: L16, x: U64);
            /// A += X0; if A < B (signed) goto C: back-edge.
            looprlt(a: M, b: R, c: L16, x0: R);
            /// A += X0; if A <= B (signed) goto C: back-edge.
            looprle(a: M, b: R, c: L16, x0: R);
            /// Does the `jmp` number min(A, BC) of those after this word, A unsigned: BC + 1 follow, the last the default.
            jmptab(a: R, bc: U32);
            /// jmptab that polls: some of its targets are back-edges.
            jmptabb(a: R, bc: U32);
            /// Looks A up in the integer keys of switch table BC; n + 1 `jmp`s follow as for jmptab.
            switch_int(a: R, bc: Switch);
            /// Looks string A up in the string keys of switch table BC; n + 1 `jmp`s follow.
            switch_str(a: R2, bc: Switch);
            /// A safepoint by itself.
            poll();

            // ---- frame memory: packed leaves of struct and array locals (P is a byte offset from fp)
            /// A = i8 at frame byte B.
            fget_i8(a: D, b: P);
            /// A = u8 at frame byte B.
            fget_u8(a: D, b: P);
            /// A = i16 at frame byte B.
            fget_i16(a: D, b: P);
            /// A = u16 at frame byte B.
            fget_u16(a: D, b: P);
            /// A = i32 at frame byte B.
            fget_i32(a: D, b: P);
            /// A = u32 at frame byte B.
            fget_u32(a: D, b: P);
            /// Low 8 bits of A to frame byte B.
            fput_8(a: R, b: P);
            /// Low 16 bits of A to frame byte B.
            fput_16(a: R, b: P);
            /// Low 32 bits of A to frame byte B.
            fput_32(a: R, b: P);
            /// C bytes at frame byte A = those at B (overlap allowed).
            fcopy(a: P, b: P, c: U16);
            /// A = element C (i8) of the frame array at byte B with XL elements; bounds-checked.
            ldf_i8(a: D, b: P, c: R, xl: U32);
            /// A = element C (u8) of the frame array at byte B with XL elements; bounds-checked.
            ldf_u8(a: D, b: P, c: R, xl: U32);
            /// A = element C (i16) of the frame array at byte B with XL elements; bounds-checked.
            ldf_i16(a: D, b: P, c: R, xl: U32);
            /// A = element C (u16) of the frame array at byte B with XL elements; bounds-checked.
            ldf_u16(a: D, b: P, c: R, xl: U32);
            /// A = element C (i32) of the frame array at byte B with XL elements; bounds-checked.
            ldf_i32(a: D, b: P, c: R, xl: U32);
            /// A = element C (u32) of the frame array at byte B with XL elements; bounds-checked.
            ldf_u32(a: D, b: P, c: R, xl: U32);
            /// A = element C (64) of the frame array at byte B with XL elements; bounds-checked.
            ldf_64(a: D, b: P, c: R, xl: U32);
            /// Element C (8) of the frame array at byte B with XL elements = A; bounds-checked.
            stf_8(a: R, b: P, c: R, xl: U32);
            /// Element C (16) of the frame array at byte B with XL elements = A; bounds-checked.
            stf_16(a: R, b: P, c: R, xl: U32);
            /// Element C (32) of the frame array at byte B with XL elements = A; bounds-checked.
            stf_32(a: R, b: P, c: R, xl: U32);
            /// Element C (64) of the frame array at byte B with XL elements = A; bounds-checked.
            stf_64(a: R, b: P, c: R, xl: U32);
            /// A = image of element C (XH bytes) of the frame array at byte B with XL elements.
            ldf_n(a: DN, b: P, c: R, xl: U32, xh: U32);
            /// Element C (XH bytes) of the frame array at byte B with XL elements = image A.
            stf_n(a: RN, b: P, c: R, xl: U32, xh: U32);

            // ---- memory through pointers: address B + imm C, nil-checked; `p` forms store pointers (future barrier)
            /// A = *(i8*)(B + C).
            ld_i8(a: D, b: R, c: U16);
            /// A = *(u8*)(B + C).
            ld_u8(a: D, b: R, c: U16);
            /// A = *(i16*)(B + C).
            ld_i16(a: D, b: R, c: U16);
            /// A = *(u16*)(B + C).
            ld_u16(a: D, b: R, c: U16);
            /// A = *(i32*)(B + C).
            ld_i32(a: D, b: R, c: U16);
            /// A = *(u32*)(B + C).
            ld_u32(a: D, b: R, c: U16);
            /// A = *(64*)(B + C).
            ld_64(a: D, b: R, c: U16);
            /// A = two words at B + C.
            ld2(a: D2, b: R, c: U16);
            /// A = three words at B + C.
            ld3(a: D3, b: R, c: U16);
            /// Image A = XL bytes at B + C.
            ldn(a: DN, b: R, c: U16, xl: U32);
            /// *(u8*)(B + C) = A.
            st_8(a: R, b: R, c: U16);
            /// *(u16*)(B + C) = A.
            st_16(a: R, b: R, c: U16);
            /// *(u32*)(B + C) = A.
            st_32(a: R, b: R, c: U16);
            /// *(u64*)(B + C) = A.
            st_64(a: R, b: R, c: U16);
            /// Pointer store: *(B + C) = A.
            st_64p(a: R, b: R, c: U16);
            /// 2 words at B + C = A, no pointers.
            st2(a: R2, b: R, c: U16);
            /// 2 words at B + C = A, some are pointers.
            st2p(a: R2, b: R, c: U16);
            /// 3 words at B + C = A, no pointers.
            st3(a: R3, b: R, c: U16);
            /// 3 words at B + C = A, some are pointers.
            st3p(a: R3, b: R, c: U16);
            /// XL bytes at B + C = image A, no pointers.
            stn(a: RN, b: R, c: U16, xl: U32);
            /// XL bytes at B + C = image A, with pointers.
            stnp(a: RN, b: R, c: U16, xl: U32);
            /// Clears BC bytes at pointer A (nil-checked), no pointers in it.
            memzero(a: R, bc: U32);
            /// Clears BC bytes at pointer A (nil-checked), with pointers.
            memzerop(a: R, bc: U32);
            /// Copies XL bytes from pointer B to pointer A (both nil-checked; may overlap), no pointers.
            memcopy(a: R, b: R, xl: U32);
            /// Copies XL bytes from pointer B to pointer A, with pointers.
            memcopyp(a: R, b: R, xl: U32);
            /// A = B + C, B nil-checked (address of a field).
            lea(a: D, b: R, c: U16);
            /// A = B + XL, B nil-checked.
            leax(a: D, b: R, xl: U32);
            /// Panics if A is nil.
            nilchk(a: R);
            /// *(u64*)(B + C) += A.
            incm_64(a: R, b: R, c: U16);

            /// *(u64*)(B + C) += imm A.
            incmi_64(a: I16, b: R, c: U16);
            /// *(u8*)(B + C) = imm A.
            sti_8(a: I16, b: R, c: U16);
            /// *(u32*)(B + C) = imm A.
            sti_32(a: I16, b: R, c: U16);
            /// *(u64*)(B + C) = imm A, no pointer.
            sti_64(a: I16, b: R, c: U16);
            /// Pointer store: *(A + BC) = nil.
            stnil(a: R, bc: U32);
            /// A = B + *(f64*)(C + X0).
            faddl(a: D, b: R, c: R, x0: U16);
            /// A = B - *(f64*)(C + X0).
            fsubl(a: D, b: R, c: R, x0: U16);
            /// A = B * *(f64*)(C + X0).
            fmull(a: D, b: R, c: R, x0: U16);
            /// A = *(f64*)(B + X0) - *(f64*)(C + X1).
            fsubll(a: D, b: R, c: R, x0: U16, x1: U16);
            /// *(f64*)(B + C) += A.
            faddm(a: R, b: R, c: U16);
            /// *(f64*)(B + C) -= A.
            fsubm(a: R, b: R, c: U16);
            /// *(f64*)(B + C) *= A.
            fmulm(a: R, b: R, c: U16);
            /// *(f64*)(B + C) += A * X0, product rounded first.
            fmaddm(a: R, b: R, c: U16, x0: R);
            /// *(f64*)(B + C) -= A * X0, product rounded first.
            fmsubm(a: R, b: R, c: U16, x0: R);
            /// A = S[X0], S the slice of bytes or string at B + C; bounds-checked.
            ldmx_u8(a: D, b: R, c: U16, x0: R);
            /// A = S[X0], S the slice of int32 at B + C.
            ldmx_i32(a: D, b: R, c: U16, x0: R);
            /// A = S[X0], S the slice of 64-bit elements at B + C.
            ldmx_64(a: D, b: R, c: U16, x0: R);
            /// S[X0] = A, S the slice of bytes at B + C.
            stmx_8(a: R, b: R, c: U16, x0: R);
            /// S[X0] = A, S the slice of 64-bit elements without pointers at B + C.
            stmx_64(a: R, b: R, c: U16, x0: R);

            // ---- slice and string elements: B = (ptr, len), C = index, bounds-checked; A the value both in loads and stores
            /// A = B[C], i8.
            ldx_i8(a: D, b: R2, c: R);
            /// A = B[C], u8.
            ldx_u8(a: D, b: R2, c: R);
            /// A = B[C], i16.
            ldx_i16(a: D, b: R2, c: R);
            /// A = B[C], u16.
            ldx_u16(a: D, b: R2, c: R);
            /// A = B[C], i32.
            ldx_i32(a: D, b: R2, c: R);
            /// A = B[C], u32.
            ldx_u32(a: D, b: R2, c: R);
            /// A = B[C], 64.
            ldx_64(a: D, b: R2, c: R);
            /// A = B[C], 16-byte elements.
            ldx2(a: D2, b: R2, c: R);
            /// A = B[C], 24-byte elements.
            ldx3(a: D3, b: R2, c: R);
            /// Image A = B[C], XL-byte elements.
            ldxn(a: DN, b: R2, c: R, xl: U32);
            /// B[C] = A, 8-bit elements.
            stx_8(a: R, b: R2, c: R);
            /// B[C] = A, 16-bit elements.
            stx_16(a: R, b: R2, c: R);
            /// B[C] = A, 32-bit elements.
            stx_32(a: R, b: R2, c: R);
            /// B[C] = A, 64-bit elements.
            stx_64(a: R, b: R2, c: R);
            /// B[C] = A, pointers.
            stx_64p(a: R, b: R2, c: R);
            /// B[C] = A, 16-byte elements without pointers.
            stx2(a: R2, b: R2, c: R);
            /// B[C] = A, 16-byte elements with pointers.
            stx2p(a: R2, b: R2, c: R);
            /// B[C] = A, 24-byte elements without pointers.
            stx3(a: R3, b: R2, c: R);
            /// B[C] = A, 24-byte elements with pointers.
            stx3p(a: R3, b: R2, c: R);
            /// B[C] = image A, XL-byte elements without pointers.
            stxn(a: RN, b: R2, c: R, xl: U32);
            /// B[C] = image A, XL-byte elements with pointers.
            stxnp(a: RN, b: R2, c: R, xl: U32);
            /// A = B[imm], i8.
            ldxi_i8(a: D, b: R2, c: U16);
            /// A = B[imm], u8.
            ldxi_u8(a: D, b: R2, c: U16);
            /// A = B[imm], i16.
            ldxi_i16(a: D, b: R2, c: U16);
            /// A = B[imm], u16.
            ldxi_u16(a: D, b: R2, c: U16);
            /// A = B[imm], i32.
            ldxi_i32(a: D, b: R2, c: U16);
            /// A = B[imm], u32.
            ldxi_u32(a: D, b: R2, c: U16);
            /// A = B[imm], 64.
            ldxi_64(a: D, b: R2, c: U16);
            /// B[imm] = A, 8-bit elements, no pointers.
            stxi_8(a: R, b: R2, c: U16);
            /// B[imm] = A, 16-bit elements, no pointers.
            stxi_16(a: R, b: R2, c: U16);
            /// B[imm] = A, 32-bit elements, no pointers.
            stxi_32(a: R, b: R2, c: U16);
            /// B[imm] = A, 64-bit elements, no pointers.
            stxi_64(a: R, b: R2, c: U16);
            /// A = B[imm], 16-byte elements.
            ldxi2(a: D2, b: R2, c: U16);
            /// A = B[C][X0], B a slice of slices of i8; both bounds-checked.
            ldxx_i8(a: D, b: R2, c: R, x0: R);
            /// A = B[C][X0], B a slice of slices of u8; both bounds-checked.
            ldxx_u8(a: D, b: R2, c: R, x0: R);
            /// A = B[C][X0], B a slice of slices of i16; both bounds-checked.
            ldxx_i16(a: D, b: R2, c: R, x0: R);
            /// A = B[C][X0], B a slice of slices of u16; both bounds-checked.
            ldxx_u16(a: D, b: R2, c: R, x0: R);
            /// A = B[C][X0], B a slice of slices of i32; both bounds-checked.
            ldxx_i32(a: D, b: R2, c: R, x0: R);
            /// A = B[C][X0], B a slice of slices of u32; both bounds-checked.
            ldxx_u32(a: D, b: R2, c: R, x0: R);
            /// A = B[C][X0], B a slice of slices of 64; both bounds-checked.
            ldxx_64(a: D, b: R2, c: R, x0: R);
            /// B[C][X0] = A, B a slice of slices of 8-bit elements; no pointers.
            stxx_8(a: R, b: R2, c: R, x0: R);
            /// B[C][X0] = A, B a slice of slices of 16-bit elements; no pointers.
            stxx_16(a: R, b: R2, c: R, x0: R);
            /// B[C][X0] = A, B a slice of slices of 32-bit elements; no pointers.
            stxx_32(a: R, b: R2, c: R, x0: R);
            /// B[C][X0] = A, B a slice of slices of 64-bit elements; no pointers.
            stxx_64(a: R, b: R2, c: R, x0: R);
            /// A = 64 bits at byte XH of element B[C] of XL bytes.
            ldxf_64(a: D, b: R2, c: R, xl: U32, xh: U32);
            /// 64 bits at byte XH of element B[C] of XL bytes = A, no pointer.
            stxf_64(a: R, b: R2, c: R, xl: U32, xh: U32);
            /// B[C] += A, float64 elements.
            faddx(a: R, b: R2, c: R);
            /// B[C] += A, 64-bit elements.
            incx_64(a: R, b: R2, c: R);
            /// A = &B[C], XL-byte elements.
            eaddr(a: D, b: R2, c: R, xl: U32);
            /// Panics unless index A < length B (unsigned comparison).
            bound(a: R, b: R);
            /// Panics unless index A < constant length BC.
            boundk(a: R, bc: U32);
            /// Panics unless constant index BC < length A.
            boundi(a: R, bc: U32);
            /// A = (((i8*)B)[C], unchecked (index proved, B not nil).
            ldu_i8(a: D, b: R, c: R);
            /// A = (((u8*)B)[C], unchecked (index proved, B not nil).
            ldu_u8(a: D, b: R, c: R);
            /// A = (((i16*)B)[C], unchecked (index proved, B not nil).
            ldu_i16(a: D, b: R, c: R);
            /// A = (((u16*)B)[C], unchecked (index proved, B not nil).
            ldu_u16(a: D, b: R, c: R);
            /// A = (((i32*)B)[C], unchecked (index proved, B not nil).
            ldu_i32(a: D, b: R, c: R);
            /// A = (((u32*)B)[C], unchecked (index proved, B not nil).
            ldu_u32(a: D, b: R, c: R);
            /// A = (((64*)B)[C], unchecked (index proved, B not nil).
            ldu_64(a: D, b: R, c: R);
            /// ((u8*)B)[C] = A, unchecked, no pointers.
            stu_8(a: R, b: R, c: R);
            /// ((u16*)B)[C] = A, unchecked, no pointers.
            stu_16(a: R, b: R, c: R);
            /// ((u32*)B)[C] = A, unchecked, no pointers.
            stu_32(a: R, b: R, c: R);
            /// ((u64*)B)[C] = A, unchecked, no pointers.
            stu_64(a: R, b: R, c: R);
            /// ((u64*)B)[C] = A, unchecked, pointers.
            stu_64p(a: R, b: R, c: R);
            /// A = 16-byte element C at B, unchecked.
            ldu2(a: D2, b: R, c: R);

            // ---- arrays in memory: B = pointer (nil-checked), C = index, XL = length
            /// A = (*B)[C], i8, XL elements.
            lda_i8(a: D, b: R, c: R, xl: U32);
            /// A = (*B)[C], u8, XL elements.
            lda_u8(a: D, b: R, c: R, xl: U32);
            /// A = (*B)[C], i16, XL elements.
            lda_i16(a: D, b: R, c: R, xl: U32);
            /// A = (*B)[C], u16, XL elements.
            lda_u16(a: D, b: R, c: R, xl: U32);
            /// A = (*B)[C], i32, XL elements.
            lda_i32(a: D, b: R, c: R, xl: U32);
            /// A = (*B)[C], u32, XL elements.
            lda_u32(a: D, b: R, c: R, xl: U32);
            /// A = (*B)[C], 64, XL elements.
            lda_64(a: D, b: R, c: R, xl: U32);
            /// (*B)[C] = A, 8-bit elements, XL elements, no pointers.
            sta_8(a: R, b: R, c: R, xl: U32);
            /// (*B)[C] = A, 16-bit elements, XL elements, no pointers.
            sta_16(a: R, b: R, c: R, xl: U32);
            /// (*B)[C] = A, 32-bit elements, XL elements, no pointers.
            sta_32(a: R, b: R, c: R, xl: U32);
            /// (*B)[C] = A, 64-bit elements, XL elements, no pointers.
            sta_64(a: R, b: R, c: R, xl: U32);
            /// (*B)[C] = A, pointers, XL elements.
            sta_64p(a: R, b: R, c: R, xl: U32);
            /// A = &(*B)[C], XL elements of XH bytes.
            aaddr(a: D, b: R, c: R, xl: U32, xh: U32);

            // ---- globals: byte offset BC from the globals' base
            /// A = i8 global.
            ldg_i8(a: D, bc: Global);
            /// A = u8 global.
            ldg_u8(a: D, bc: Global);
            /// A = i16 global.
            ldg_i16(a: D, bc: Global);
            /// A = u16 global.
            ldg_u16(a: D, bc: Global);
            /// A = i32 global.
            ldg_i32(a: D, bc: Global);
            /// A = u32 global.
            ldg_u32(a: D, bc: Global);
            /// A = 64 global.
            ldg_64(a: D, bc: Global);
            /// A = two words of globals.
            ldg2(a: D2, bc: Global);
            /// A = three words of globals.
            ldg3(a: D3, bc: Global);
            /// Image A = XL bytes of globals.
            ldgn(a: DN, bc: Global, xl: U32);
            /// 8-bit global = A.
            stg_8(a: R, bc: Global);
            /// 16-bit global = A.
            stg_16(a: R, bc: Global);
            /// 32-bit global = A.
            stg_32(a: R, bc: Global);
            /// 64-bit global = A.
            stg_64(a: R, bc: Global);
            /// Pointer global = A.
            stg_64p(a: R, bc: Global);
            /// 2 words of globals = A, no pointers.
            stg2(a: R2, bc: Global);
            /// 2 words of globals = A, some are pointers.
            stg2p(a: R2, bc: Global);
            /// 3 words of globals = A, no pointers.
            stg3(a: R3, bc: Global);
            /// 3 words of globals = A, some are pointers.
            stg3p(a: R3, bc: Global);
            /// XL bytes of globals = image A, no pointers.
            stgn(a: RN, bc: Global, xl: U32);
            /// XL bytes of globals = image A, with pointers.
            stgnp(a: RN, bc: Global, xl: U32);
            /// A = address of the global.
            gaddr(a: D, bc: Global);
            /// A = G[B], G the global slice of 64-bit elements at XL; bounds-checked.
            ldgx_64(a: D, b: R, xl: Global);
            /// G[B] = A, G the global slice of 64-bit elements at XL, no pointers.
            stgx_64(a: R, b: R, xl: Global);
            /// A = G[B], G the global slice of bytes or string at XL.
            ldgx_u8(a: D, b: R, xl: Global);
            /// G[B] = A, G the global slice of bytes at XL.
            stgx_8(a: R, b: R, xl: Global);
            /// A = element B of the global array of 64-bit elements at XL with XH elements.
            ldga_64(a: D, b: R, xl: Global, xh: U32);
            /// A = element B of the global array of uint32 at XL with XH elements.
            ldga_u32(a: D, b: R, xl: Global, xh: U32);
            /// A = element B of the global array of bytes at XL with XH elements.
            ldga_u8(a: D, b: R, xl: Global, xh: U32);

            // ---- calls; A = callee's fp (args from A, results after them; are linkage)
            /// Calls function BC. (`link` turns it into calld.)
            call(a: W, bc: Func);
            /// Calls the function whose entry is BC words from here. Written by `link` only.
            calld(a: W, bc: Disp);
            /// Calls func value B; nil panics.
            callc(a: W, b: R);
            /// Calls method C of non-empty interface B; its data word becomes the first argument slot; nil panics.
            calli(a: W, b: R2, c: U16);
            /// Calls native function BC.
            calln(a: W, bc: Native);
            /// Returns; results are in their slots.
            ret();
            /// A = B, then returns.
            ret_mov(a: D, b: R);
            /// A = sign-extended BC, then returns.
            ret_ldi(a: D, bc: I32);
            /// Calls the func value in captured word BC; nil panics.
            callcap(a: W, bc: U32);
            /// Makes sure BC bytes are available from fp: first op of functions with frames above RED_ZONE slots.
            stkchk(bc: U32);
            /// Starts a goroutine running closure A (no parameters, no results); nil is fatal.
            go(a: R);
            /// Defers closure A (no parameters, no results) to the end of this call.
            defer(a: R);
            /// A = token of this frame, for `defer_at`.
            defer_token(a: D);
            /// Defers closure B to the end of the call that token A names, an outer one of this goroutine.
            defer_at(a: R, b: R);
            /// Calls the newest deferred closure of this call, returning to the next word (`jmp -1`); with none left skips that word.
            rundefers(a: W);
            /// Panics with the `any` A.
            panic(a: R2);
            /// A = recover().
            recover(a: D2);
            /// Ends the goroutine after running its deferred calls (runtime.Goexit).
            goexit();
            /// Raises runtime error BC (`Trap`).
            trap(bc: U32);

            /// Where a goroutine's first function returns to. Trampoline only.
            end_main();
            /// Where deferred calls made by panic processing return to. Trampoline only.
            end_defer();
            /// Where calls that make a panic value's text return to. Trampoline only.
            end_text();

            // ---- closures
            /// A = new closure of function XL capturing C slots from B; XH lays out {func, slots...}.
            closure(a: D, b: RN, c: U16, xl: Func, xh: Layout);
            /// A = captured word BC of the running closure.
            ldcap(a: D, bc: U32);
            /// A = captured words BC, BC+1.
            ldcap2(a: D2, bc: U32);
            /// A = captured words from BC.
            ldcap3(a: D3, bc: U32);
            /// A = C captured words from number B.
            ldcapn(a: DN, b: U16, c: U16);
            /// A = 64-bit variable behind captured pointer BC.
            ldcapv_64(a: D, bc: U32);
            /// 64-bit variable (no pointer) behind captured pointer BC = A.
            stcapv_64(a: R, bc: U32);
            /// Pointer variable behind captured pointer BC = A.
            stcapv_64p(a: R, bc: U32);
            /// 64-bit variable behind captured pointer BC += A.
            addcapv_64(a: R, bc: U32);

            // ---- allocation, slices, strings
            /// A = pointer to a new zero value of type BC.
            alloc(a: D, bc: Type);
            /// The same; the object remembers this place.
            alloc_noted(a: D, bc: Type);
            /// A = pointer to a new heap copy of B, a value of type XL in registers.
            mkbox(a: D, b: RN, xl: Type);
            /// A = value of type XL (register form) at pointer B, nil-checked.
            load(a: DN, b: R, xl: Type);
            /// Value at pointer B (nil-checked) = A of type XL.
            store(a: RN, b: R, xl: Type);
            /// A = make([]T, B, C), XL = T; lengths signed.
            mkslice(a: D3, b: R, c: R, xl: Type);
            /// The same; the array remembers this place.
            mkslice_noted(a: D3, b: R, c: R, xl: Type);
            /// A = append(B, C), XL = element type of 8 bits.
            append_8(a: D3, b: R3, c: R, xl: Type);
            /// A = append(B, C), 16 bits.
            append_16(a: D3, b: R3, c: R, xl: Type);
            /// A = append(B, C), 32 bits.
            append_32(a: D3, b: R3, c: R, xl: Type);
            /// A = append(B, C), 64 bits, pointer or not.
            append_64(a: D3, b: R3, c: R, xl: Type);
            /// A = append(B, C), 16-byte elements.
            append_2(a: D3, b: R3, c: R2, xl: Type);
            /// A = append(B, C), 24-byte elements.
            append_3(a: D3, b: R3, c: R3, xl: Type);
            /// A = append(B, C), any element type in register form.
            append_n(a: D3, b: R3, c: RN, xl: Type);
            /// A = B with C more (zero) elements of type XL, reallocated if needed: multi-value append then stores them.
            append_grow(a: D3, b: R3, c: U16, xl: Type);
            /// A = append(B, C...), XL = element type.
            append_s(a: D3, b: R3, c: R3, xl: Type);
            /// A = append(B, C...), B []byte, C string, XL = element type.
            append_str(a: D3, b: R3, c: R2, xl: Type);
            /// A = copy(B, C), XL = element type.
            copy(a: D, b: R3, c: R3, xl: Type);
            /// A = copy(B, C), C a string.
            copy_str(a: D, b: R3, c: R2);
            /// clear(A), BC = element type.
            clear_slice(a: R3, bc: Type);
            /// A = B[X0:X1:X2], YL-byte elements; C bits 1, 2, 4: low, high, max given.
            slice(a: D3, b: R3, c: U16, x0: O, x1: O, x2: O, yl: U32);
            /// A = B[:C].
            slice_to(a: D3, b: R3, c: R);
            /// A = B[C:], XL-byte elements.
            slice_from(a: D3, b: R3, c: R, xl: U32);
            /// A = B[:C], strings.
            str_to(a: D2, b: R2, c: R);
            /// A = B[C:], strings.
            str_from(a: D2, b: R2, c: R);
            /// A = B[X0:X1], strings; C as for slice.
            slice_str(a: D2, b: R2, c: U16, x0: O, x1: O);
            /// A = (*B)[X0:X1:X2], B pointer to array of YH elements of YL bytes; C as for slice.
            slice_arr(a: D3, b: R, c: U16, x0: O, x1: O, x2: O, yl: U32, yh: U32);
            /// A = pointer to array of XL elements from slice B; panics if len(B) < XL; nil stays nil.
            slice2arr(a: D, b: R3, xl: U32);
            /// unsafe.Slice(A, B) with elements of type XL; C = 1: unsafe.String. Panics if that cannot be memory.
            chkunsafe(a: R, b: R, c: U16, xl: Type);
            /// A = concatenation of C strings from B.
            concat(a: D2, b: RN, c: U16);
            /// A = B + C, strings.
            concat2(a: D2, b: R2, c: R2);
            /// A = []byte(B).
            str2bytes(a: D3, b: R2);
            /// A = string(B), B []byte.
            bytes2str(a: D2, b: R3);
            /// A = []rune(B).
            str2runes(a: D3, b: R2);
            /// A = string(B), B []rune.
            runes2str(a: D2, b: R3);
            /// A = string(rune(B)).
            rune2str(a: D2, b: R);
            /// A = (index, rune, next): index = next; at the end of string B goto C, else decode there. Start with next = 0.
            rangestr(a: M3, b: R2, c: L16);

            // ---- maps; XL = map type; keys and values in register form
            /// A = B[C], any key; zero if absent.
            mapget(a: DN, b: R, c: RN, xl: Type);
            /// A, X2 = B[C], any key.
            mapget2(a: DN, b: R, c: RN, xl: Type, x2: D);
            /// A = whether B has key C, any key.
            maphas(a: D, b: R, c: RN, xl: Type);
            /// B[C] = A, any key; nil map panics.
            mapset(a: RN, b: R, c: RN, xl: Type);
            /// A = pointer to B[C], inserted as zero if absent, any key: valid until the next operation on the map.
            mapref(a: D, b: R, c: RN, xl: Type);
            /// delete(A, B), any key.
            mapdel(a: R, b: RN, xl: Type);
            /// A = B[C], 8-byte integer or pointer-free key; zero if absent.
            mapget_64(a: DN, b: R, c: R, xl: Type);
            /// A, X2 = B[C], 8-byte integer or pointer-free key.
            mapget2_64(a: DN, b: R, c: R, xl: Type, x2: D);
            /// A = whether B has key C, 8-byte integer or pointer-free key.
            maphas_64(a: D, b: R, c: R, xl: Type);
            /// B[C] = A, 8-byte integer or pointer-free key; nil map panics.
            mapset_64(a: RN, b: R, c: R, xl: Type);
            /// A = pointer to B[C], inserted as zero if absent, 8-byte integer or pointer-free key: valid until the next operation on the map.
            mapref_64(a: D, b: R, c: R, xl: Type);
            /// delete(A, B), 8-byte integer or pointer-free key.
            mapdel_64(a: R, b: R, xl: Type);
            /// A = B[C], 4-byte integer key; zero if absent.
            mapget_32(a: DN, b: R, c: R, xl: Type);
            /// A, X2 = B[C], 4-byte integer key.
            mapget2_32(a: DN, b: R, c: R, xl: Type, x2: D);
            /// A = whether B has key C, 4-byte integer key.
            maphas_32(a: D, b: R, c: R, xl: Type);
            /// B[C] = A, 4-byte integer key; nil map panics.
            mapset_32(a: RN, b: R, c: R, xl: Type);
            /// A = pointer to B[C], inserted as zero if absent, 4-byte integer key: valid until the next operation on the map.
            mapref_32(a: D, b: R, c: R, xl: Type);
            /// delete(A, B), 4-byte integer key.
            mapdel_32(a: R, b: R, xl: Type);
            /// A = B[C], string key; zero if absent.
            mapget_str(a: DN, b: R, c: R2, xl: Type);
            /// A, X2 = B[C], string key.
            mapget2_str(a: DN, b: R, c: R2, xl: Type, x2: D);
            /// A = whether B has key C, string key.
            maphas_str(a: D, b: R, c: R2, xl: Type);
            /// B[C] = A, string key; nil map panics.
            mapset_str(a: RN, b: R, c: R2, xl: Type);
            /// A = pointer to B[C], inserted as zero if absent, string key: valid until the next operation on the map.
            mapref_str(a: D, b: R, c: R2, xl: Type);
            /// delete(A, B), string key.
            mapdel_str(a: R, b: R2, xl: Type);
            /// A = make(map, B).
            mkmap(a: D, b: R, xl: Type);
            /// A = len(B); 0 for nil.
            maplen(a: D, b: R);
            /// clear(A).
            clear_map(a: R, bc: Type);
            /// A = new iterator over map B (may be nil).
            mapiter(a: D, b: R, xl: Type);
            /// Next entry of iterator A: key to X2, value to X3 (NO_REG: not wanted); goto C when there is none.
            mapnext(a: R, c: L16, xl: Type, x2: O, x3: O);

            // ---- interfaces; a source interface type tells `any`-like from itab-carrying
            /// A = type address of itab word B (0 for nil): non-empty interface to `any` type word.
            iftype(a: D, b: R);
            /// A = B (of interface type XH) converted to interface type XL it implements; nil stays nil.
            i2i(a: D2, b: R2, xl: Type, xh: Type);
            /// A = B.(XL), concrete XL; B of interface type XH; panics.
            assert(a: DN, b: R2, xl: Type, xh: Type);
            /// A, C = B.(XL), concrete.
            assert2(a: DN, b: R2, c: D, xl: Type, xh: Type);
            /// A = B.(XL), interface XL; panics.
            asserti(a: D2, b: R2, xl: Type, xh: Type);
            /// A, C = B.(XL), interface XL.
            asserti2(a: D2, b: R2, c: D, xl: Type, xh: Type);
            /// If type word A (an `any`'s) is type XL goto C.
            jtype(a: R, c: L16, xl: Type);
            /// If type word A (an `any`'s) is not type XL goto C.
            jntype(a: R, c: L16, xl: Type);
            /// A = whether the type of type word B (an `any`'s, may be 0) implements interface XL.
            implements(a: D, b: R, xl: Type);
            /// A = value of type XL from interface data word B.
            idata(a: DN, b: R, xl: Type);
            /// A = interface data word for B, a value of type XL (direct, inline or boxed).
            mkidata(a: D, b: RN, xl: Type);
            /// A = B == C, `any`-like interfaces; panics on uncomparable dynamic types.
            ifeq(a: D, b: R2, c: R2);
            /// A = B == C, non-empty interfaces of one type.
            ifeqi(a: D, b: R2, c: R2);
            /// A = B == C, values of type XL in registers.
            regeq(a: D, b: RN, c: RN, xl: Type);
            /// A = *B == *C, values of type XL in memory, nil-checked.
            memeq(a: D, b: R, c: R, xl: Type);

            // ---- channels
            /// A = make(chan, B), XL = channel type.
            mkchan(a: D, b: R, xl: Type);
            /// B <- A, XL = element type.
            send(a: RN, b: R, xl: Type);
            /// A = <-B, XL = element type.
            recv(a: DN, b: R, xl: Type);
            /// A, C = <-B, XL = element type.
            recv2(a: DN, b: R, c: D, xl: Type);
            /// close(A).
            chclose(a: R);
            /// A = len(B).
            chlen(a: D, b: R);
            /// A = cap(B).
            chcap(a: D, b: R);
            /// A = index of the case of select table BC that went ahead, -1 for default; received values are in the table's registers.
            select(a: D, bc: Select);

            // ---- print, println
            /// Writes A to standard error as `PrintKind` BC says.
            print(a: RN, bc: U32);

            // ---- runs: the first instruction, which does the following ones in the same handler. Written by `link` only: the
            // words of those stay what they are, to be jumped to.
            /// `addi`, then the `ldx_64` after it.
            addi_then_ldx_64(a: D, b: R, c: I16);
            /// `addi`, then the `ldx_u8` after it.
            addi_then_ldx_u8(a: D, b: R, c: I16);
            /// `addi`, then the `ldx_64` and `jltb` after it.
            addi_then_ldx_64_then_jltb(a: D, b: R, c: I16);
            /// `addi`, then the `ldx_64` and `jlt` after it.
            addi_then_ldx_64_then_jlt(a: D, b: R, c: I16);
            /// `addi`, then the `ldx_64` and `jleb` after it.
            addi_then_ldx_64_then_jleb(a: D, b: R, c: I16);
            /// `addi`, then the `ldx_64` and `jle` after it.
            addi_then_ldx_64_then_jle(a: D, b: R, c: I16);
            /// `ldx_64`, then the `jlt` after it.
            ldx_64_then_jlt(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jltb` after it.
            ldx_64_then_jltb(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jle` after it.
            ldx_64_then_jle(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jleb` after it.
            ldx_64_then_jleb(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jeq` after it.
            ldx_64_then_jeq(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jne` after it.
            ldx_64_then_jne(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jt` after it.
            ldx_64_then_jt(a: D, b: R2, c: R);
            /// `ldx_64`, then the `jf` after it.
            ldx_64_then_jf(a: D, b: R2, c: R);
            /// `ldx_64`, then the `add` after it.
            ldx_64_then_add(a: D, b: R2, c: R);
            /// `ldx_64`, then the `sub` after it.
            ldx_64_then_sub(a: D, b: R2, c: R);
            /// `ldx_64`, then the `addi` after it.
            ldx_64_then_addi(a: D, b: R2, c: R);
            /// `ldx_64`, then the `ldx_64` after it.
            ldx_64_then_ldx_64(a: D, b: R2, c: R);
            /// `ldx_64`, then the `ldx_64` and `jle` after it.
            ldx_64_then_ldx_64_then_jle(a: D, b: R2, c: R);
            /// `ldx_64`, then the `ldx_64` and `jlt` after it.
            ldx_64_then_ldx_64_then_jlt(a: D, b: R2, c: R);
            /// `ldx_64`, then the `stx_64` after it.
            ldx_64_then_stx_64(a: D, b: R2, c: R);
            /// `ldx_64`, then the `looplt` after it.
            ldx_64_then_looplt(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `jt` after it.
            ldx_u8_then_jt(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `jf` after it.
            ldx_u8_then_jf(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `jne` after it.
            ldx_u8_then_jne(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `jeq` after it.
            ldx_u8_then_jeq(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `jnei` after it.
            ldx_u8_then_jnei(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `jeqi` after it.
            ldx_u8_then_jeqi(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `add` after it.
            ldx_u8_then_add(a: D, b: R2, c: R);
            /// `ldx_u8`, then the `ldx_u8` after it.
            ldx_u8_then_ldx_u8(a: D, b: R2, c: R);
            /// `stx_64`, then the `stx_64` after it.
            stx_64_then_stx_64(a: R, b: R2, c: R);
            /// `stx_64`, then the `addi` after it.
            stx_64_then_addi(a: R, b: R2, c: R);
            /// `stx_64`, then the `looplt` after it.
            stx_64_then_looplt(a: R, b: R2, c: R);
            /// `stx_64`, then the `looplti` after it.
            stx_64_then_looplti(a: R, b: R2, c: R);
            /// `stx_64`, then the `mov` after it.
            stx_64_then_mov(a: R, b: R2, c: R);
            /// `stx_8`, then the `looplt` after it.
            stx_8_then_looplt(a: R, b: R2, c: R);
            /// `stx_8`, then the `looprle` after it.
            stx_8_then_looprle(a: R, b: R2, c: R);
            /// `stx_8`, then the `looprlt` after it.
            stx_8_then_looprlt(a: R, b: R2, c: R);
            /// `add`, then the `add` after it.
            add_then_add(a: D, b: R, c: R);
            /// `add`, then the `addi` after it.
            add_then_addi(a: D, b: R, c: R);
            /// `add`, then the `looplt` after it.
            add_then_looplt(a: D, b: R, c: R);
            /// `add`, then the `looplti` after it.
            add_then_looplti(a: D, b: R, c: R);
            /// `add`, then the `loople` after it.
            add_then_loople(a: D, b: R, c: R);
            /// `add`, then the `ldx_64` after it.
            add_then_ldx_64(a: D, b: R, c: R);
            /// `add`, then the `stx_64` after it.
            add_then_stx_64(a: D, b: R, c: R);
            /// `add`, then the `ld_64` after it.
            add_then_ld_64(a: D, b: R, c: R);
            /// `add`, then the `mul` after it.
            add_then_mul(a: D, b: R, c: R);
            /// `add`, then the `ret` after it.
            add_then_ret(a: D, b: R, c: R);
            /// `addi`, then the `addi` after it.
            addi_then_addi(a: D, b: R, c: I16);
            /// `addi`, then the `mul` after it.
            addi_then_mul(a: D, b: R, c: I16);
            /// `addi`, then the `jlt` after it.
            addi_then_jlt(a: D, b: R, c: I16);
            /// `addi`, then the `jltb` after it.
            addi_then_jltb(a: D, b: R, c: I16);
            /// `addi`, then the `jle` after it.
            addi_then_jle(a: D, b: R, c: I16);
            /// `addi`, then the `jleb` after it.
            addi_then_jleb(a: D, b: R, c: I16);
            /// `addi`, then the `jnei` after it.
            addi_then_jnei(a: D, b: R, c: I16);
            /// `addi`, then the `jneib` after it.
            addi_then_jneib(a: D, b: R, c: I16);
            /// `addi`, then the `jmp` after it.
            addi_then_jmp(a: D, b: R, c: I16);
            /// `addi`, then the `jmpb` after it.
            addi_then_jmpb(a: D, b: R, c: I16);
            /// `addi`, then the `stx_64` after it.
            addi_then_stx_64(a: D, b: R, c: I16);
            /// `addi`, then the `add` after it.
            addi_then_add(a: D, b: R, c: I16);
            /// `addi`, then the `calld` after it.
            addi_then_calld(a: D, b: R, c: I16);
            /// `sub`, then the `stx_64` after it.
            sub_then_stx_64(a: D, b: R, c: R);
            /// `sub`, then the `looplt` after it.
            sub_then_looplt(a: D, b: R, c: R);
            /// `sub`, then the `looplti` after it.
            sub_then_looplti(a: D, b: R, c: R);
            /// `sub`, then the `jlt` after it.
            sub_then_jlt(a: D, b: R, c: R);
            /// `sub`, then the `jle` after it.
            sub_then_jle(a: D, b: R, c: R);
            /// `mul`, then the `add` after it.
            mul_then_add(a: D, b: R, c: R);
            /// `mul`, then the `sub` after it.
            mul_then_sub(a: D, b: R, c: R);
            /// `mul`, then the `addi` after it.
            mul_then_addi(a: D, b: R, c: R);
            /// `muli`, then the `add` after it.
            muli_then_add(a: D, b: R, c: I16);
            /// `muli`, then the `addi` after it.
            muli_then_addi(a: D, b: R, c: I16);
            /// `muli`, then the `rem` after it.
            muli_then_rem(a: D, b: R, c: I16);
            /// `muladd`, then the `looplti` after it.
            muladd_then_looplti(a: D, b: R, c: R, x0: R);
            /// `muladd`, then the `rem` after it.
            muladd_then_rem(a: D, b: R, c: R, x0: R);
            /// `mulrsub`, then the `looplti` after it.
            mulrsub_then_looplti(a: D, b: R, c: R, x0: R);
            /// `madd`, then the `looplt` after it.
            madd_then_looplt(a: M, b: R, c: R);
            /// `rem`, then the `andi` after it.
            rem_then_andi(a: D, b: R, c: R);
            /// `rem`, then the `addi` after it.
            rem_then_addi(a: D, b: R, c: R);
            /// `rempi`, then the `jt` after it.
            rempi_then_jt(a: D, b: R, c: U16);
            /// `rempi`, then the `jf` after it.
            rempi_then_jf(a: D, b: R, c: U16);
            /// `andi`, then the `jt` after it.
            andi_then_jt(a: D, b: R, c: I16);
            /// `andi`, then the `jf` after it.
            andi_then_jf(a: D, b: R, c: I16);
            /// `andi`, then the `jnei` after it.
            andi_then_jnei(a: D, b: R, c: I16);
            /// `andi`, then the `jeqi` after it.
            andi_then_jeqi(a: D, b: R, c: I16);
            /// `andi`, then the `add` after it.
            andi_then_add(a: D, b: R, c: I16);
            /// `sari`, then the `addi` after it.
            sari_then_addi(a: D, b: R, c: U16);
            /// `sari`, then the `jmp` after it.
            sari_then_jmp(a: D, b: R, c: U16);
            /// `shri`, then the `xor` after it.
            shri_then_xor(a: D, b: R, c: U16);
            /// `xor`, then the `shri` after it.
            xor_then_shri(a: D, b: R, c: R);
            /// `xor`, then the `shli` after it.
            xor_then_shli(a: D, b: R, c: R);
            /// `shli`, then the `add` after it.
            shli_then_add(a: D, b: R, c: U16);
            /// `shli`, then the `xor` after it.
            shli_then_xor(a: D, b: R, c: U16);
            /// `ld_64`, then the `jf` after it.
            ld_64_then_jf(a: D, b: R, c: U16);
            /// `ld_64`, then the `jt` after it.
            ld_64_then_jt(a: D, b: R, c: U16);
            /// `ld_64`, then the `jfb` after it.
            ld_64_then_jfb(a: D, b: R, c: U16);
            /// `ld_64`, then the `jtb` after it.
            ld_64_then_jtb(a: D, b: R, c: U16);
            /// `ld_64`, then the `jlt` after it.
            ld_64_then_jlt(a: D, b: R, c: U16);
            /// `ld_64`, then the `jle` after it.
            ld_64_then_jle(a: D, b: R, c: U16);
            /// `ld_64`, then the `jltb` after it.
            ld_64_then_jltb(a: D, b: R, c: U16);
            /// `ld_64`, then the `jleb` after it.
            ld_64_then_jleb(a: D, b: R, c: U16);
            /// `ld_64`, then the `jeq` after it.
            ld_64_then_jeq(a: D, b: R, c: U16);
            /// `ld_64`, then the `jne` after it.
            ld_64_then_jne(a: D, b: R, c: U16);
            /// `ld_64`, then the `add` after it.
            ld_64_then_add(a: D, b: R, c: U16);
            /// `ld_64`, then the `addi` after it.
            ld_64_then_addi(a: D, b: R, c: U16);
            /// `ld_64`, then the `ld_64` after it.
            ld_64_then_ld_64(a: D, b: R, c: U16);
            /// `ld_64`, then the `mul` after it.
            ld_64_then_mul(a: D, b: R, c: U16);
            /// `ld_64`, then the `fmul` after it.
            ld_64_then_fmul(a: D, b: R, c: U16);
            /// `ld_64`, then the `fadd` after it.
            ld_64_then_fadd(a: D, b: R, c: U16);
            /// `ld_64`, then the `ldx_64` after it.
            ld_64_then_ldx_64(a: D, b: R, c: U16);
            /// `ld_u8`, then the `jt` after it.
            ld_u8_then_jt(a: D, b: R, c: U16);
            /// `ld_u8`, then the `jf` after it.
            ld_u8_then_jf(a: D, b: R, c: U16);
            /// `ld_u8`, then the `jtb` after it.
            ld_u8_then_jtb(a: D, b: R, c: U16);
            /// `ld_u8`, then the `jfb` after it.
            ld_u8_then_jfb(a: D, b: R, c: U16);
            /// `st_64`, then the `ret` after it.
            st_64_then_ret(a: R, b: R, c: U16);
            /// `fmul`, then the `fmul` after it.
            fmul_then_fmul(a: D, b: R, c: R);
            /// `fmul`, then the `fadd` after it.
            fmul_then_fadd(a: D, b: R, c: R);
            /// `fmul`, then the `fsub` after it.
            fmul_then_fsub(a: D, b: R, c: R);
            /// `fmul`, then the `fmuladd` after it.
            fmul_then_fmuladd(a: D, b: R, c: R);
            /// `fmul`, then the `fmulrdiv` after it.
            fmul_then_fmulrdiv(a: D, b: R, c: R);
            /// `fmuladd`, then the `fmuladd` after it.
            fmuladd_then_fmuladd(a: D, b: R, c: R, x0: R);
            /// `fadd`, then the `jflt` after it.
            fadd_then_jflt(a: D, b: R, c: R);
            /// `fadd`, then the `jfle` after it.
            fadd_then_jfle(a: D, b: R, c: R);
            /// `fadd`, then the `looplt` after it.
            fadd_then_looplt(a: D, b: R, c: R);
            /// `fadd`, then the `fmul` after it.
            fadd_then_fmul(a: D, b: R, c: R);
            /// `fsubadd`, then the `looplt` after it.
            fsubadd_then_looplt(a: D, b: R, c: R, x0: R);
            /// `fsubadd`, then the `looplti` after it.
            fsubadd_then_looplti(a: D, b: R, c: R, x0: R);
            /// `fsqrt`, then the `fmulrdiv` after it.
            fsqrt_then_fmulrdiv(a: D, b: R);
            /// `fdiv`, then the `fadd` after it.
            fdiv_then_fadd(a: D, b: R, c: R);
            /// `i2f`, then the `fmul` after it.
            i2f_then_fmul(a: D, b: R);
            /// `i2f`, then the `fdiv` after it.
            i2f_then_fdiv(a: D, b: R);
            /// `fdiv`, then the `ldx_64` after it.
            fdiv_then_ldx_64(a: D, b: R, c: R);
            /// `fmadd`, then the `looplt` after it.
            fmadd_then_looplt(a: M, b: R, c: R);
            /// `fmadd`, then the `looplti` after it.
            fmadd_then_looplti(a: M, b: R, c: R);
            /// `fmaddx`, then the `looplt` after it.
            fmaddx_then_looplt(a: M, b: R, c: R2, x0: R);
            /// `fmaddxx`, then the `looplt` after it.
            fmaddxx_then_looplt(a: M, b: R, c: R2, x0: R, x1: R);
            /// `fsubll`, then the `fsubll` after it.
            fsubll_then_fsubll(a: D, b: R, c: R, x0: U16, x1: U16);
            /// `fmull`, then the `fmull` after it.
            fmull_then_fmull(a: D, b: R, c: R, x0: U16);
            /// `fmsubm`, then the `fmsubm` after it.
            fmsubm_then_fmsubm(a: R, b: R, c: U16, x0: R);
            /// `fmaddm`, then the `fmaddm` after it.
            fmaddm_then_fmaddm(a: R, b: R, c: U16, x0: R);
            /// `fmaddm`, then the `looplt` after it.
            fmaddm_then_looplt(a: R, b: R, c: U16, x0: R);
            /// `ldx_64`, then the `fmaddxx` and `looplt` after it.
            ldx_64_then_fmaddxx_then_looplt(a: D, b: R2, c: R);
            /// `mov`, then the `calld` after it.
            mov_then_calld(a: D, b: R);
            /// `mov`, then the `looplt` after it.
            mov_then_looplt(a: D, b: R);
            /// `mov`, then the `ret_mov` after it.
            mov_then_ret_mov(a: D, b: R);
            /// `ldi`, then the `calld` after it.
            ldi_then_calld(a: D, bc: I32);
            /// `movp`, then the `calld` after it.
            movp_then_calld(a: D, b: R, x0: D, x1: R);
            /// `mov3`, then the `movp` after it.
            mov3_then_movp(a: D3, b: R3);
            /// `mov`, then the `calli` after it.
            mov_then_calli(a: D, b: R);
            /// `and`, then the `xor` after it.
            and_then_xor(a: D, b: R, c: R);
            /// `and`, then the `andxor` after it.
            and_then_andxor(a: D, b: R, c: R);
            /// `and`, then the `andnotxor` after it.
            and_then_andnotxor(a: D, b: R, c: R);
            /// `addi`, then the `ldf_u32` after it.
            addi_then_ldf_u32(a: D, b: R, c: I16);
            /// `ldf_u32`, then the `xrot2s` after it.
            ldf_u32_then_xrot2s(a: D, b: P, c: R, xl: U32);
            /// `ldf_u32`, then the `add3u32` after it.
            ldf_u32_then_add3u32(a: D, b: P, c: R, xl: U32);
            /// `ldf_u32`, then the `addu32` after it.
            ldf_u32_then_addu32(a: D, b: P, c: R, xl: U32);
            /// `ldga_u32`, then the `ldf_u32` after it.
            ldga_u32_then_ldf_u32(a: D, b: R, xl: Global, xh: U32);
            /// `add3u32`, then the `xrot3` after it.
            add3u32_then_xrot3(a: D, b: R, c: R, x0: R);
            /// `add3u32`, then the `stf_32` after it.
            add3u32_then_stf_32(a: D, b: R, c: R, x0: R);
            /// `addu32`, then the `movp` after it.
            addu32_then_movp(a: D, b: R, c: R);
            /// `addu32`, then the `mov` after it.
            addu32_then_mov(a: D, b: R, c: R);
            /// `movp`, then the `mov` after it.
            movp_then_mov(a: D, b: R, x0: D, x1: R);
            /// `movp`, then the `addu32` after it.
            movp_then_addu32(a: D, b: R, x0: D, x1: R);
            /// `mov`, then the `addu32` after it.
            mov_then_addu32(a: D, b: R);
            /// `addu32`, then the `looplti` after it.
            addu32_then_looplti(a: D, b: R, c: R);
            /// `stf_32`, then the `looplti` after it.
            stf_32_then_looplti(a: R, b: P, c: R, xl: U32);
            /// `ldx_u8`, then the `shliu32` after it.
            ldx_u8_then_shliu32(a: D, b: R2, c: R);
            /// `shliu32`, then the `or` after it.
            shliu32_then_or(a: D, b: R, c: U16);
            /// `fsubll`, then the `fsubll` and `fsubll` after it.
            fsubll_then_fsubll_then_fsubll(a: D, b: R, c: R, x0: U16, x1: U16);
            /// `fmul`, then the `fmuladd` and `fmuladd` after it.
            fmul_then_fmuladd_then_fmuladd(a: D, b: R, c: R);
            /// `fmsubm`, then the `fmsubm` and `fmsubm` after it.
            fmsubm_then_fmsubm_then_fmsubm(a: R, b: R, c: U16, x0: R);
            /// `fmaddm`, then the `fmaddm` and `fmaddm` after it.
            fmaddm_then_fmaddm_then_fmaddm(a: R, b: R, c: U16, x0: R);
            /// `muladd`, then the `addi` after it.
            muladd_then_addi(a: D, b: R, c: R, x0: R);
            /// `addi`, then the `mulrsub` after it.
            addi_then_mulrsub(a: D, b: R, c: I16);
            /// `addi`, then the `mulrsub` and `looplti` after it.
            addi_then_mulrsub_then_looplti(a: D, b: R, c: I16);
            /// `rem`, then the `andi` and `jt` after it.
            rem_then_andi_then_jt(a: D, b: R, c: R);
            /// `rem`, then the `andi` and `jf` after it.
            rem_then_andi_then_jf(a: D, b: R, c: R);
            /// `addi`, then the `jgei` after it.
            addi_then_jgei(a: D, b: R, c: I16);
            /// `addi`, then the `jlti` after it.
            addi_then_jlti(a: D, b: R, c: I16);
            /// `sari`, then the `addi` and `jneib` after it.
            sari_then_addi_then_jneib(a: D, b: R, c: U16);
            /// `muliaddi`, then the `addi` after it.
            muliaddi_then_addi(a: D, b: R, c: I16, x0: I16);
            /// `muliaddi`, then the `addi` and `jneib` after it.
            muliaddi_then_addi_then_jneib(a: D, b: R, c: I16, x0: I16);
            /// `ldx2`, then the `addi` after it.
            ldx2_then_addi(a: D2, b: R2, c: R);
            /// `ldx2`, then the `addi` and `jmptab` after it.
            ldx2_then_addi_then_jmptab(a: D2, b: R2, c: R);
            /// `mul`, then the `divpi` after it.
            mul_then_divpi(a: D, b: R, c: R);
            /// `addaddi`, then the `i2f` after it.
            addaddi_then_i2f(a: D, b: R, c: R, x0: I16);
            /// `fdiv`, then the `fmaddx` after it.
            fdiv_then_fmaddx(a: D, b: R, c: R);
            /// `fdiv`, then the `fmaddx` and `looplt` after it.
            fdiv_then_fmaddx_then_looplt(a: D, b: R, c: R);
            /// `fmaddx`, then the `looplti` after it.
            fmaddx_then_looplti(a: M, b: R, c: R2, x0: R);
            /// `maddx`, then the `looplt` after it.
            maddx_then_looplt(a: M, b: R, c: R2, x0: R);
            /// `imin`, then the `imin` after it.
            imin_then_imin(a: D, b: R, c: R);
            /// `imin`, then the `stx_64` after it.
            imin_then_stx_64(a: D, b: R, c: R);
            /// `imax`, then the `imax` after it.
            imax_then_imax(a: D, b: R, c: R);
            /// `stx_64`, then the `loople` after it.
            stx_64_then_loople(a: R, b: R2, c: R);
            /// `ne`, then the `ldx_64` after it.
            ne_then_ldx_64(a: D, b: R, c: R);
            /// `muliadd`, then the `rem` after it.
            muliadd_then_rem(a: D, b: R, c: I16, x0: R);
            /// `muli`, then the `rem` and `stx_64` after it.
            muli_then_rem_then_stx_64(a: D, b: R, c: I16);
            /// `ldi`, then the `ret` after it.
            ldi_then_ret(a: D, bc: I32);
            /// `st_64p`, then the `ret` after it.
            st_64p_then_ret(a: R, b: R, c: U16);
            /// `ldxx_64`, then the `addi` after it.
            ldxx_64_then_addi(a: D, b: R2, c: R, x0: R);
            /// `add3`, then the `looplt` after it.
            add3_then_looplt(a: D, b: R, c: R, x0: R);
            /// `ldx2`, then the `addi` and `jmptabb` after it.
            ldx2_then_addi_then_jmptabb(a: D2, b: R2, c: R);
            /// `addi`, then the `jmptabb` after it.
            addi_then_jmptabb(a: D, b: R, c: I16);
            /// `slice_to`, then the `ldx2` after it.
            slice_to_then_ldx2(a: D3, b: R3, c: R);
            /// `and`, then the `andnotxor` and `add3u32` after it.
            and_then_andnotxor_then_add3u32(a: D, b: R, c: R);
            /// `and`, then the `andxor` and `andxor` after it.
            and_then_andxor_then_andxor(a: D, b: R, c: R);
            /// `andxor`, then the `addu32` after it.
            andxor_then_addu32(a: D, b: R, c: R, x0: R);
            /// `ldga_u32`, then the `ldf_u32` and `add3u32` after it.
            ldga_u32_then_ldf_u32_then_add3u32(a: D, b: R, xl: Global, xh: U32);
            /// `movp`, then the `mov` and `addu32` after it.
            movp_then_mov_then_addu32(a: D, b: R, x0: D, x1: R);
            /// `addu32`, then the `movp` and `mov` after it.
            addu32_then_movp_then_mov(a: D, b: R, c: R);
            /// `mov`, then the `addu32` and `looplti` after it.
            mov_then_addu32_then_looplti(a: D, b: R);
            /// `addi`, then the `ldf_u32` and `xrot2s` after it.
            addi_then_ldf_u32_then_xrot2s(a: D, b: R, c: I16);
            /// `addi`, then the `ldf_u32` and `addu32` after it.
            addi_then_ldf_u32_then_addu32(a: D, b: R, c: I16);
            /// `addi`, then the `ldf_u32` and `add3u32` after it.
            addi_then_ldf_u32_then_add3u32(a: D, b: R, c: I16);
            /// `xrot3`, then the `and` after it.
            xrot3_then_and(a: D, b: R, x0: U16, x1: U16, x2: U16);
            /// `ldx_u8`, then the `shliu32` and `or` after it.
            ldx_u8_then_shliu32_then_or(a: D, b: R2, c: R);
            /// `addi`, then the `ldx_u8` and `shliu32` after it.
            addi_then_ldx_u8_then_shliu32(a: D, b: R, c: I16);
            /// `or`, then the `addi` after it.
            or_then_addi(a: D, b: R, c: R);
            /// `ldx_u8`, then the `zext8` after it.
            ldx_u8_then_zext8(a: D, b: R2, c: R);
            /// `zext8`, then the `xor` after it.
            zext8_then_xor(a: D, b: R);
            /// `xor`, then the `ldf_u32` after it.
            xor_then_ldf_u32(a: D, b: R, c: R);
            /// `xorshri`, then the `looplt` after it.
            xorshri_then_looplt(a: D, b: R, c: R, x0: U16);
            /// `ldf_u32`, then the `xorshri` and `looplt` after it.
            ldf_u32_then_xorshri_then_looplt(a: D, b: P, c: R, xl: U32);
            /// `st_64p`, then the `st_64p` after it.
            st_64p_then_st_64p(a: R, b: R, c: U16);
            /// `ld_64`, then the `st_64p` after it.
            ld_64_then_st_64p(a: D, b: R, c: U16);
            /// `ld2`, then the `ldx_64` after it.
            ld2_then_ldx_64(a: D2, b: R, c: U16);
            /// `ld2`, then the `ldxi_64` after it.
            ld2_then_ldxi_64(a: D2, b: R, c: U16);
            /// `mov`, then the `jf` after it.
            mov_then_jf(a: D, b: R);
            /// `mov`, then the `jt` after it.
            mov_then_jt(a: D, b: R);
            /// `mov`, then the `jtb` after it.
            mov_then_jtb(a: D, b: R);
            /// `ld_64`, then the `incm_64` after it.
            ld_64_then_incm_64(a: D, b: R, c: U16);
            /// `incm_64`, then the `incm_64` after it.
            incm_64_then_incm_64(a: R, b: R, c: U16);
            /// `incmi_64`, then the `incmi_64` after it.
            incmi_64_then_incmi_64(a: I16, b: R, c: U16);
            /// `remi`, then the `st_64` after it.
            remi_then_st_64(a: D, b: R, c: I16);
            /// `ldx_64`, then the `ld_64` after it.
            ldx_64_then_ld_64(a: D, b: R2, c: R);
            /// `ldx_64`, then the `ld2` after it.
            ldx_64_then_ld2(a: D, b: R2, c: R);
            /// `ld2`, then the `calli` after it.
            ld2_then_calli(a: D2, b: R, c: U16);
            /// `movp`, then the `calli` after it.
            movp_then_calli(a: D, b: R, x0: D, x1: R);
            /// `mov2`, then the `calli` after it.
            mov2_then_calli(a: D2, b: R2);
            /// `fadd`, then the `ret` after it.
            fadd_then_ret(a: D, b: R, c: R);
            /// `fmul`, then the `ret` after it.
            fmul_then_ret(a: D, b: R, c: R);
            /// `ld_64`, then the `ret` after it.
            ld_64_then_ret(a: D, b: R, c: U16);
            /// `ldcap`, then the `add` after it.
            ldcap_then_add(a: D, bc: U32);
            /// `sub`, then the `jf` after it.
            sub_then_jf(a: D, b: R, c: R);
            /// `sub`, then the `jt` after it.
            sub_then_jt(a: D, b: R, c: R);
            /// `sub`, then the `jeq` after it.
            sub_then_jeq(a: D, b: R, c: R);
            /// `sub`, then the `jne` after it.
            sub_then_jne(a: D, b: R, c: R);
            /// `shri`, then the `ldx_64` after it.
            shri_then_ldx_64(a: D, b: R, c: U16);
            /// `ldx_64`, then the `shri` after it.
            ldx_64_then_shri(a: D, b: R2, c: R);
            /// `mov2`, then the `mov` after it.
            mov2_then_mov(a: D2, b: R2);
            /// `movn`, then the `mov` after it.
            movn_then_mov(a: DN, b: RN, c: U16);
            /// `fadd`, then the `fadd` after it.
            fadd_then_fadd(a: D, b: R, c: R);
            /// `fadd`, then the `fadd` and `fadd` after it.
            fadd_then_fadd_then_fadd(a: D, b: R, c: R);
            /// `fmul`, then the `fmul` and `fmul` after it.
            fmul_then_fmul_then_fmul(a: D, b: R, c: R);
        }
    };
}

macro_rules! opcodes {
    ($($(#[doc = $doc:literal])* $name:ident($($pos:ident: $kind:ident),*);)*) => {
        /// Opcodes, in list order.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u16)]
        pub enum Op { $($(#[doc = $doc])* $name,)* }

        /// What is known about each opcode, indexed by it.
        pub static OPS: &[OpInfo] = &[$(OpInfo {
            op: Op::$name,
            name: stringify!($name),
            doc: concat!($($doc),*),
            operands: &[$((super::encode::pos::$pos, super::encode::KindTag::$kind)),*],
            len: super::encode::length(&[$(super::encode::pos::$pos),*]),
        },)*];
    };
}
crate::for_each_op!(opcodes);

/// Description of one instruction.
#[derive(Debug)]
pub struct OpInfo {
    /// The opcode itself.
    pub op: Op,
    /// Its name, as in the list.
    pub name: &'static str,
    /// Its documentation line.
    pub doc: &'static str,
    /// Where each operand is and what it is.
    pub operands: &'static [(super::encode::Pos, super::encode::KindTag)],
    /// Length in words.
    pub len: usize,
}

impl Op {
    /// Number of opcodes.
    pub const COUNT: usize = OPS.len();

    /// The opcode in the low bits of a word, if it is one.
    pub fn of(word: u64) -> Option<Op> {
        OPS.get((word & 0xffff) as usize).map(|i| i.op)
    }

    /// The description.
    pub fn info(self) -> &'static OpInfo {
        &OPS[self as usize]
    }
}
