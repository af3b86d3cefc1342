//! Hand-assembled programs: one check per family of instructions, and small whole programs.

mod support;

use gol_vm::bytecode::{Asm, Function, NO_REG, NativeDecl, RED_ZONE, disasm, verify};
use gol_vm::link::link;
use support::*;

fn i(v: i64) -> u64 {
    v as u64
}
fn f(v: f64) -> u64 {
    v.to_bits()
}

/// Shows the result of each op on two given operands.
macro_rules! check {
    ($x:expr, $y:expr; $($op:ident => $want:expr),* $(,)?) => {{
        let got = run(|a| {
            a.ldk(0, $x);
            a.ldk(1, $y);
            $(a.$op(2, 0, 1); show(a, 2);)*
        });
        assert_eq!(got, vec![$($want),*], "{}", stringify!($($op)*));
    }};
}

#[test]
fn integers() {
    check!(i(7), i(-3);
        add => 4, sub => 10, mul => i(-21), and => 7 & i(-3), or => 7 | i(-3), xor => 7 ^ i(-3), andnot => 7 & !i(-3),
        div => i(-2), rem => 1, divu => 0, remu => 7, imin => i(-3), imax => 7, umin => 7, umax => i(-3),
        lt => 0, le => 0, ltu => 1, leu => 1, eq => 0, ne => 1);
    check!(i(i64::MIN), i(-1); div => i(i64::MIN), rem => 0);
    check!(0xdead_beef, 70; shl => 0, shr => 0, sar => 0, rotl => 0xdead_beefu64.rotate_left(6));
    check!(i(-8), 1; sar => i(-4), shr => i(-8) >> 1, shl => i(-16));
    check!(i(i32::MAX as i64), 1; add32 => i(i32::MIN as i64), addu32 => 1 << 31, mul32 => i(i32::MAX as i64));
    check!(i(i32::MIN as i64), i(-1); div32 => i(i32::MIN as i64), sub32 => i(i32::MIN as i64 + 1));
    check!(0xffff_ffff, 0xffff_ffff; mulu32 => 1, addu32 => 0xffff_fffe, subu32 => 0);
    check!(1, 31; shl32 => i(i32::MIN as i64), shlu32 => 1 << 31, rotlu32 => 1 << 31);
    check!(250, 10; addu8 => 4, subu8 => 240, mulu8 => 196);
    check!(u64::MAX, 2; mulhu => 1);
}

#[test]
fn immediates_and_unary() {
    let got = run(|a| {
        a.ldi(0, -5);
        a.addi(1, 0, -10);
        show(a, 1);
        a.rsubi(1, 0, 1);
        show(a, 1);
        a.muli(1, 0, 3);
        show(a, 1);
        a.divi(1, 0, 2);
        show(a, 1);
        a.remi(1, 0, 2);
        show(a, 1);
        a.shri(1, 0, 60);
        show(a, 1);
        a.sari(1, 0, 1);
        show(a, 1);
        a.ldi(0, 0x1ff);
        a.sext8(1, 0);
        show(a, 1);
        a.zext8(1, 0);
        show(a, 1);
        a.gti(1, 0, 510);
        show(a, 1);
        a.popcnt(1, 0);
        show(a, 1);
        a.ctz(1, 0);
        show(a, 1);
        a.rotliu32(1, 0, 28);
        show(a, 1);
        a.mulk(1, 0, 1 << 40);
        show(a, 1);
    });
    let want = [i(-15), 6, i(-15), i(-2), i(-1), 15, i(-3), i(-1), 0xff, 1, 9, 0, 0xf000_001f, 0x1ff << 40];
    assert_eq!(got, want);
}

#[test]
fn floats() {
    check!(f(1.5), f(-2.0); fadd => f(-0.5), fsub => f(3.5), fmul => f(-3.0), fdiv => f(-0.75), flt => 0, fle => 0,
        fne => 1, fmin => f(-2.0), fmax => f(1.5));
    check!(f(f64::NAN), f(1.0); flt => 0, fle => 0, feq => 0, fne => 1);
    let g = |v: f32| u64::from(v.to_bits());
    check!(g(1.5), g(0.25); gadd => g(1.75), gmul => g(0.375), glt => 0, gdiv => g(6.0));
    let got = run(|a| {
        for x in [1e30, -1.0, 1e19, 300.0] {
            a.ldk(0, f(x));
            a.f2i(1, 0);
            show(a, 1);
            a.f2u(1, 0);
            show(a, 1);
            a.f2i32(1, 0);
            show(a, 1);
        }
        a.ldi(0, -1);
        a.u2f(1, 0);
        show(a, 1);
        a.i2f(1, 0);
        show(a, 1);
        a.ldk(0, f(2.25));
        a.fsqrt(1, 0);
        show(a, 1);
        a.ffloor(1, 0);
        show(a, 1);
    });
    let (min, min32) = (i(i64::MIN), i(i32::MIN as i64));
    let big = 10_000_000_000_000_000_000;
    let mut want = vec![min, min, min32, i(-1), u64::MAX, i(-1), min, big, min32, 300, 300, 300];
    want.extend([f(18446744073709551615.0), f(-1.0), f(1.5), f(2.0)]);
    assert_eq!(got, want);
}

#[test]
fn complex() {
    let got = run(|a| {
        for (r, v) in [(0, 1.0), (1, 2.0), (2, 3.0), (3, -1.0)] {
            a.ldk(r, f(v));
        }
        a.cmul(4, 0, 2);
        show(a, 4);
        show(a, 5);
        a.cdiv(4, 4, 2);
        show(a, 4);
        show(a, 5);
        a.ceq(6, 0, 4);
        show(a, 6);
        a.c2d(6, 0);
        a.d2c(4, 6);
        show(a, 5);
    });
    // Go's quotient is not exact either.
    assert_eq!(got, [f(5.0), f(5.0), f(1.0), f(1.9999999999999998), 0, f(2.0)]);
}

#[test]
fn loops_and_switches() {
    let got = run(|a| {
        let (top, exit, case1, default, done) = (a.label(), a.label(), a.label(), a.label(), a.label());
        a.ldi(0, 0);
        a.ldi(1, 0);
        a.ldi(2, 10_000_000);
        a.bind(top);
        a.add(1, 1, 0);
        a.looplt(0, 2, top);
        show(a, 1);
        a.jlti(0, 5, exit);
        a.ldi(3, 1);
        a.jmptab(3, 2);
        a.jmp(exit);
        a.jmp(case1);
        a.jmp(default);
        a.bind(case1);
        a.ldi(4, 11);
        a.jmp(done);
        a.bind(default);
        a.bind(exit);
        a.ldi(4, 12);
        a.bind(done);
        show(a, 4);
    });
    assert_eq!(got, [49_999_995_000_000, 11]);
}

#[test]
fn memory_and_slices() {
    let got = run(|a| {
        a.ldi(0, 3);
        a.mkslice(1, 0, 0, INT);
        a.ldi(4, 42);
        a.ldi(5, 2);
        a.stx_64(4, 1, 5);
        a.ldx_64(6, 1, 5);
        show(a, 6);
        a.append_64(1, 1, 4, INT);
        show(a, 2);
        show(a, 3);
        a.ldi(5, 1);
        a.slice(7, 1, 3, 5, 5, NO_REG, 8);
        show(a, 8);
        show(a, 9);
        a.alloc(10, INT);
        a.ldi(11, -2);
        a.st_32(11, 10, 4);
        a.ld_i16(12, 10, 6);
        show(a, 12);
        a.ld_u8(12, 10, 4);
        show(a, 12);
        a.ldi(12, 0);
        a.ldi(13, 77);
        a.fput_8(13, 12 * 8 + 3);
        a.fget_u8(14, 12 * 8 + 3);
        show(a, 14);
        show(a, 12);
    });
    assert_eq!(got, [42, 4, 6, 0, 5, i(-1), 254, 77, 77 << 24]);
}

#[test]
fn strings() {
    let mut b = Builder::new();
    let (at, n) = b.data("héllo");
    let got = run_with(b, |a| {
        let (top, exit) = (a.label(), a.label());
        a.ldstr(0, at, n);
        a.zero(2, 3);
        a.bind(top);
        a.rangestr(2, 0, exit);
        show(a, 2);
        show(a, 3);
        a.jmpb(top);
        a.bind(exit);
        a.concat2(5, 0, 0);
        show(a, 6);
        a.str2bytes(7, 5);
        a.bytes2str(10, 7);
        a.seq(12, 5, 10);
        show(a, 12);
        a.scmp(12, 0, 5);
        show(a, 12);
        let same = a.label();
        a.jseqk(0, same, at, n);
        show(a, 0);
        a.bind(same);
        a.ldi(12, 3);
        a.slice_str(13, 0, 1, 12, NO_REG);
        show(a, 14);
    });
    let want = [0, 'h' as u64, 1, 'é' as u64, 3, 'l' as u64, 4, 'l' as u64, 5, 'o' as u64, 12, 1, i(-1), 3];
    assert_eq!(got, want);
}

#[test]
fn maps() {
    let mut b = Builder::new();
    let (at, n) = b.data("key");
    let got = run_with(b, |a| {
        a.ldi(0, 0);
        a.mkmap(1, 0, MAP_INT);
        let (top, next, end) = (a.label(), a.label(), a.label());
        a.ldi(2, 0);
        a.bind(top);
        a.mul(3, 2, 2);
        a.mapset_64(3, 1, 2, MAP_INT);
        a.looplti(2, 1000, top);
        a.maplen(4, 1);
        show(a, 4);
        a.ldi(5, 30);
        a.mapget_64(6, 1, 5, MAP_INT);
        show(a, 6);
        a.mapget2(6, 1, 0, MAP_INT, 7);
        show(a, 7);
        a.mapdel_64(1, 5, MAP_INT);
        a.mapget2_64(6, 1, 5, MAP_INT, 7);
        show(a, 7);
        a.mapiter(8, 1, MAP_INT);
        a.ldi(9, 0);
        a.bind(next);
        a.mapnext(8, end, MAP_INT, 10, 11);
        a.add(9, 9, 11);
        a.jmpb(next);
        a.bind(end);
        show(a, 9);
        a.mkmap(1, 0, MAP_STR);
        a.ldstr(2, at, n);
        a.ldi(4, -7);
        a.mapset_str(4, 1, 2, MAP_STR);
        a.mapget(5, 1, 2, MAP_STR);
        show(a, 5);
        a.mapref_str(5, 1, 2, MAP_STR);
        a.ld_i32(6, 5, 0);
        show(a, 6);
    });
    assert_eq!(got, [1000, 900, 1, 0, 332_833_500 - 900, i(-7), i(-7)]);
}

#[test]
fn interfaces() {
    let got = run(|a| {
        a.ldtype(0, INT8);
        a.ldi(1, -3);
        a.mkidata(1, 1, INT8);
        a.assert(2, 0, INT8, ANY);
        show(a, 2);
        a.assert2(2, 0, 3, INT, ANY);
        show(a, 3);
        a.ldtype(4, INT8);
        a.mov(5, 1);
        a.ifeq(6, 0, 4);
        show(a, 6);
        let yes = a.label();
        a.jtype(0, yes, INT8);
        show(a, 0);
        a.bind(yes);
        // A slice is boxed.
        a.ldi(7, 2);
        a.mkslice(8, 7, 7, INT);
        a.ldtype(12, SLICE_INT);
        a.mkidata(13, 8, SLICE_INT);
        a.assert(14, 12, SLICE_INT, ANY);
        show(a, 15);
    });
    assert_eq!(got, [i(-3), 0, 1, 2]);
}

#[test]
fn fib_30() {
    let mut b = Builder::new();
    call_main(&mut b, 30);
    fib(&mut b, 1);
    assert_eq!(b.run(), (vec![832_040], 0));
}

/// `cargo test --release -p gol-vm --test ops -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn bench_fib_35() {
    for _ in 0..5 {
        let mut b = Builder::new();
        call_main(&mut b, 35);
        fib(&mut b, 1);
        let t = std::time::Instant::now();
        assert_eq!(b.run().0, [9_227_465]);
        println!("fib(35): {:?}", t.elapsed());
    }
}

#[test]
fn deep_recursion() {
    let mut b = Builder::new();
    call_main(&mut b, 1_000_000);
    b.func("main.down", FIB, |a| {
        let (rec, done) = (a.label(), a.label());
        a.jnei(0, 0, rec);
        a.ldi(1, 0);
        a.jmp(done);
        a.bind(rec);
        a.addi(6, 0, -1);
        a.call(6, 1);
        a.addi(1, 7, 1);
        a.bind(done);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![1_000_000], 0));
}

#[test]
fn endless_recursion_is_a_stack_overflow() {
    let mut b = Builder::new();
    call_main(&mut b, 1);
    b.func("main.down", FIB, |a| {
        a.call(6, 1);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![], 2));
}

#[test]
fn large_frames_ask_for_room() {
    let mut b = Builder::new();
    call_main(&mut b, 5);
    let frame = 3000;
    assert!(frame > RED_ZONE);
    b.func("main.big", Shape { frame, ..FIB }, |a| {
        a.stkchk(frame * 8);
        a.mov(2999, 0);
        a.addi(1, 2999, 1);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![6], 0));
}

#[test]
fn closures_and_goroutines() {
    let mut b = Builder::new();
    // c := make(chan int); k := 10; go func() { for i := 0; i < 3; i++ { c <- i * k }; close(c) }(); show what comes
    b.func("main.main", F, |a| {
        let (top, end) = (a.label(), a.label());
        a.ldi(0, 0);
        a.mkchan(1, 0, CHAN_INT);
        a.ldi(2, 10);
        a.closure(3, 1, 2, 1, 0);
        a.go(3);
        a.bind(top);
        a.recv2(4, 1, 5, INT);
        a.jf(5, end);
        show(a, 4);
        a.jmpb(top);
        a.bind(end);
        a.ret();
        None
    });
    b.func("main.main.func1", Shape { closure: true, frame: 10, ..Shape::default() }, |a| {
        let top = a.label();
        a.ldcap2(0, 0);
        a.ldi(2, 0);
        a.bind(top);
        a.mul(3, 2, 1);
        a.send(3, 0, INT);
        a.looplti(2, 3, top);
        a.chclose(0);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![0, 10, 20], 0));
}

#[test]
fn busy_goroutines_share_the_thread() {
    let mut b = Builder::new();
    // One goroutine spins until another, started later, has set a global.
    b.p.globals_size = 8;
    b.func("main.main", F, |a| {
        let top = a.label();
        a.ldfunc(0, 1);
        a.go(0);
        a.bind(top);
        a.ldg_64(1, 0);
        a.jfb(1, top);
        show(a, 1);
        a.ret();
        None
    });
    b.func("main.main.func1", F, |a| {
        a.ldi(0, 5);
        a.stg_64(0, 0);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![5], 0));
}

#[test]
fn lists_survive_collections() {
    // Builds a list of 300 000 nodes, with as many strings as garbage, and adds it up.
    let mut b = Builder::new();
    let (at, n) = b.data("some text that is thrown away");
    let got = run_with(b, |a| {
        let (top, next, end) = (a.label(), a.label(), a.label());
        a.zero(0, 24);
        a.ldk(2, 300_000);
        a.bind(top);
        a.alloc(3, NODE);
        a.st_64p(0, 3, 0);
        a.st_64(1, 3, 8);
        a.mov(0, 3);
        a.ldstr(4, at, n);
        a.concat2(6, 4, 4);
        a.concat2(6, 6, 6);
        a.looplt(1, 2, top);
        a.ldi(1, 0);
        a.bind(next);
        a.jf(0, end);
        a.ld_64(2, 0, 8);
        a.add(1, 1, 2);
        a.ld_64(0, 0, 0);
        a.jmpb(next);
        a.bind(end);
        show(a, 1);
    });
    assert_eq!(got, [44_999_850_000]);
}

#[test]
fn far_jumps() {
    let mut asm = Asm::new(true);
    let end = asm.label();
    asm.ldi(0, 1);
    asm.jeqi(0, 1, end);
    for _ in 0..40_000 {
        asm.nop();
    }
    asm.bind(end);
    asm.mov(4, 0);
    asm.calln(4, 0);
    asm.ret();
    let (code, lines) = asm.finish().expect("far mode reaches everything");
    let f = Function { name: "main.main".into(), len: code.len() as u32, frame: 10, lines, ..Function::default() };
    let mut b = Builder::new();
    b.p.code = code;
    b.p.functions.push(f);
    assert_eq!(b.run(), (vec![1], 0));
    let mut near = Asm::new(false);
    let end = near.label();
    near.jeqi(0, 1, end);
    for _ in 0..40_000 {
        near.nop();
    }
    near.bind(end);
    assert!(near.finish().is_err());
}

#[test]
fn listing_and_verifier() {
    let mut b = Builder::new();
    call_main(&mut b, 1);
    fib(&mut b, 1);
    let text = disasm::program(&b.p);
    assert!(text.contains("jgei        r0, 2, ->3"), "{text}");
    assert!(text.contains("call        win 6, main.fib"), "{text}");
    assert_eq!(verify::program(&b.p), Ok(()));
    b.p.functions[1].frame = 5;
    let e = verify::program(&b.p).expect_err("frame too small");
    assert!(e.contains("main.fib"), "{e}");
    b.p.functions[1].frame = 10;
    let last = b.p.code.len() - 1;
    b.p.code[last] = 0xffff;
    assert!(verify::program(&b.p).is_err());
}

#[test]
fn missing_natives_are_reported() {
    let mut b = Builder::new();
    b.p.natives.push(NativeDecl { name: "strings.nothing".into(), args: 0, results: 0 });
    call_main(&mut b, 1);
    fib(&mut b, 1);
    let e = link(b.p, &[NATIVES]).err().unwrap_or_default();
    assert_eq!(e, ["missing function body: no native strings.nothing"]);
}
