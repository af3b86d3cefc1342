//! Building hand-assembled test programs.
#![allow(dead_code)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::types::Kind;
use gol_vm::bytecode::{Asm, FieldDesc, Function, Layout, LiveRange, NativeDecl, Pos, Program, TypeDesc};
use gol_vm::link::link;

/// What the running program showed: natives run on whichever thread has their goroutine.
static OUT: Mutex<Vec<u64>> = Mutex::new(Vec::new());
/// Held while a program runs: one at a time shows something.
static RUNNING: Mutex<()> = Mutex::new(());

fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

fn out(call: &mut Call<'_>) -> Ret {
    lock(&OUT).push(call.word(0));
    Ret::Done
}

fn gosched(_: &mut Call<'_>) -> Ret {
    Ret::Yield
}

pub static NATIVES: NativeTable = &[("test.out", out), ("test.gosched", gosched)];

/// Types by index, as every test program has them.
pub const INT: u32 = 0;
pub const STRING: u32 = 1;
pub const ANY: u32 = 2;
pub const MAP_INT: u32 = 3;
pub const CHAN_INT: u32 = 4;
pub const INT32: u32 = 5;
pub const MAP_STR: u32 = 6;
pub const SLICE_INT: u32 = 7;
pub const INT8: u32 = 8;
/// `type Node struct { next *Node; v int }`
pub const NODE: u32 = 9;

fn types() -> Vec<TypeDesc> {
    vec![
        TypeDesc::Basic(Kind::Int),
        TypeDesc::Basic(Kind::String),
        TypeDesc::Interface(vec![]),
        TypeDesc::Map(INT, INT),
        TypeDesc::Chan(3, INT),
        TypeDesc::Basic(Kind::Int32),
        TypeDesc::Map(STRING, INT32),
        TypeDesc::Slice(INT),
        TypeDesc::Basic(Kind::Int8),
        TypeDesc::Named {
            id: "main.Node".into(),
            string: "main.Node".into(),
            name: "Node".into(),
            pkg_path: "main".into(),
            underlying: NODE + 1,
        },
        TypeDesc::Struct(vec![
            FieldDesc { name: "next".into(), pkg_path: "main".into(), ty: NODE + 2, ..FieldDesc::default() },
            FieldDesc { name: "v".into(), pkg_path: "main".into(), ty: INT, ..FieldDesc::default() },
        ]),
        TypeDesc::Pointer(NODE),
    ]
}

/// A program under construction. Function 0 is the entry.
pub struct Builder {
    pub p: Program,
}

/// Shape of a test function; everything behind arguments and results is scanned.
#[derive(Clone, Copy, Default)]
pub struct Shape {
    pub args: u32,
    pub results: u32,
    pub frame: u32,
    pub closure: bool,
    pub wrapper: bool,
}

impl Builder {
    pub fn new() -> Builder {
        let natives = vec![
            NativeDecl { name: "test.out".into(), args: 1, results: 0 },
            NativeDecl { name: "test.gosched".into(), args: 0, results: 0 },
        ];
        let layouts = vec![Layout { name: "closure".into(), words: 3, ptrs: vec![1, 2] }];
        let files = vec!["test.go".into()];
        Builder { p: Program { natives, types: types(), layouts, files, ..Program::default() } }
    }

    /// Adds a function; the body answers where a recovered panic goes on, if it defers.
    pub fn func(&mut self, name: &str, shape: Shape, body: impl FnOnce(&mut Asm) -> Option<u32>) {
        let mut asm = Asm::new(false);
        asm.at(Pos { file: 0, line: self.p.functions.len() as u32 + 1, col: 1, inlined: 0, unsigned: false });
        let recover_pc = body(&mut asm);
        let (words, lines) = asm.finish().expect("jumps reach");
        let mut f = Function {
            name: name.into(),
            entry: self.p.code.len() as u32,
            len: words.len() as u32,
            frame: shape.frame,
            args: shape.args,
            results: shape.results,
            ptr_lo: shape.args + shape.results,
            ptr_hi: shape.frame,
            out: shape.args + shape.results,
            recover_pc,
            lines,
            ..Function::default()
        };
        f.flags.closure = shape.closure;
        f.flags.wrapper = shape.wrapper;
        f.flags.has_defer = recover_pc.is_some();
        for i in shape.args..shape.args + shape.results {
            f.result_ptrs.set(i);
        }
        // Nobody has worked out what lives when: anything may be there at any time.
        let len = f.len;
        let always = |slot| LiveRange { slot, from: 0, to: len, sure: false };
        f.lives = (0..shape.args).chain(f.ptr_lo..f.ptr_hi).map(always).collect();
        self.p.code.extend(words);
        self.p.functions.push(f);
    }

    /// Adds static string data: offset and length.
    pub fn data(&mut self, s: &str) -> (u32, u32) {
        let at = self.p.data.len() as u32;
        self.p.data.extend(s.bytes());
        (at, s.len() as u32)
    }

    /// Runs the program: what it showed, and its exit status.
    pub fn run(self) -> (Vec<u64>, i32) {
        let _one = lock(&RUNNING);
        lock(&OUT).clear();
        let status = match link(self.p, &[NATIVES]) {
            Ok(l) => l.run(),
            Err(e) => panic!("{e:?}"),
        };
        (std::mem::take(&mut lock(&OUT)), status)
    }
}

/// A function without arguments and results.
pub const F: Shape = Shape { args: 0, results: 0, frame: 30, closure: false, wrapper: false };
/// Window of native calls in functions of shape `F`.
pub const WIN: u16 = 24;

/// Shows register `r`.
pub fn show(a: &mut Asm, r: u16) {
    a.mov(WIN, r);
    a.calln(WIN, 0);
}

/// Runs one function of shape `F`; answers what it showed.
pub fn run(body: impl FnOnce(&mut Asm)) -> Vec<u64> {
    run_with(Builder::new(), body)
}

/// Runs one function in a prepared program.
pub fn run_with(mut b: Builder, body: impl FnOnce(&mut Asm)) -> Vec<u64> {
    b.func("main.main", F, |a| {
        body(a);
        a.ret();
        None
    });
    let (out, status) = b.run();
    assert_eq!(status, 0);
    out
}

/// One argument, one result.
pub const FIB: Shape = Shape { args: 1, results: 1, frame: 10, closure: false, wrapper: false };

/// fib(n) as function `index`: argument in slot 0, result in slot 1.
pub fn fib(b: &mut Builder, index: u32) {
    b.func("main.fib", FIB, |a| {
        let rec = a.label();
        a.jgei(0, 2, rec);
        a.mov(1, 0);
        a.ret();
        a.bind(rec);
        a.addi(6, 0, -1);
        a.call(6, index);
        a.mov(2, 7);
        a.addi(6, 0, -2);
        a.call(6, index);
        a.add(1, 2, 7);
        a.ret();
        None
    });
}

/// Entry that calls function 1 with `n` and shows its result.
pub fn call_main(b: &mut Builder, n: i32) {
    b.func("main.main", F, |a| {
        a.ldi(6, n);
        a.call(6, 1);
        show(a, 7);
        a.ret();
        None
    });
}
