//! Panics, recover, Goexit in hand-assembled programs.

mod support;

use gol_vm::bytecode::Asm;
use support::*;

/// A function that defers function `deferred` and then does `body`; its one result is in slot 0.
fn deferring(b: &mut Builder, name: &str, deferred: u32, body: impl FnOnce(&mut Asm)) {
    b.func(name, Shape { results: 1, frame: 30, ..Shape::default() }, |a| {
        a.zero(0, 30);
        a.ldfunc(1, deferred);
        a.defer(1);
        body(a);
        let recover = a.here() as u32;
        a.run_defers(10);
        a.ret();
        Some(recover)
    });
}

/// main.main: calls function 1 and shows its result.
fn main_calls(b: &mut Builder) {
    b.func("main.main", F, |a| {
        a.call(6, 1);
        show(a, 6);
        a.ret();
        None
    });
}

/// Panics with an int.
fn panic_with(a: &mut Asm, v: i32) {
    a.ldtype(2, INT);
    a.ldi(3, v);
    a.panic(2);
}

#[test]
fn panic_is_recovered_by_the_deferred_function() {
    let mut b = Builder::new();
    main_calls(&mut b);
    deferring(&mut b, "main.f", 2, |a| {
        a.ldi(0, 7);
        panic_with(a, 99);
    });
    b.func("main.f.func1", F, |a| {
        a.recover(0);
        show(a, 1);
        a.recover(0);
        show(a, 0);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![99, 0, 7], 0));
}

#[test]
fn recover_elsewhere_does_nothing() {
    let mut b = Builder::new();
    main_calls(&mut b);
    // Division by zero; the deferred function calls another one that recovers: in vain.
    deferring(&mut b, "main.f", 2, |a| {
        a.ldi(2, 0);
        a.div(3, 2, 2);
    });
    b.func("main.f.func1", F, |a| {
        a.call(6, 3);
        a.ret();
        None
    });
    b.func("main.g", F, |a| {
        a.recover(0);
        show(a, 0);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![0], 2));
}

#[test]
fn recover_through_a_wrapper() {
    let mut b = Builder::new();
    main_calls(&mut b);
    deferring(&mut b, "main.f", 2, |a| {
        a.ldi(2, 0);
        a.ld_64(3, 2, 0);
    });
    b.func("main.f.thunk", Shape { wrapper: true, ..F }, |a| {
        a.call(6, 3);
        a.ret();
        None
    });
    b.func("main.g", F, |a| {
        a.recover(0);
        a.nei(2, 0, 0);
        show(a, 2);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![1, 0], 0));
}

#[test]
fn nested_panics() {
    let mut b = Builder::new();
    // f defers g, which recovers, and calls h; h defers k, which panics with 2, and panics with 1: g sees 2.
    main_calls(&mut b);
    deferring(&mut b, "main.f", 3, |a| a.call(20, 2));
    deferring(&mut b, "main.h", 4, |a| panic_with(a, 1));
    b.func("main.g", F, |a| {
        a.recover(0);
        show(a, 1);
        a.ret();
        None
    });
    b.func("main.k", F, |a| {
        panic_with(a, 2);
        None
    });
    assert_eq!(b.run(), (vec![2, 0], 0));
}

#[test]
fn uncaught_panics_exit_with_2() {
    let mut b = Builder::new();
    main_calls(&mut b);
    deferring(&mut b, "main.f", 2, |a| panic_with(a, 1));
    b.func("main.k", F, |a| {
        panic_with(a, 2);
        None
    });
    assert_eq!(b.run(), (vec![], 2));
}

#[test]
fn goexit_runs_deferred_calls_and_ignores_recover() {
    let mut b = Builder::new();
    b.func("main.main", F, |a| {
        a.ldfunc(0, 1);
        a.go(0);
        a.calln(WIN, 1);
        a.ret();
        None
    });
    deferring(&mut b, "main.f", 2, |a| a.goexit());
    b.func("main.f.func1", F, |a| {
        a.recover(0);
        show(a, 0);
        a.ret();
        None
    });
    assert_eq!(b.run(), (vec![0], 0));
}
