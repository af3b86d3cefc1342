//! Compiling a program that grows: each time only what is new.

use std::collections::HashMap;

use gol_lang::typed::{FuncId, Program};

use super::{Env, cx, emit, part};
use crate::bytecode;

/// What has been compiled so far.
#[derive(Default)]
pub(super) struct Made {
    pub functions: u32,
    pub code: u32,
    /// Types described.
    pub types: u32,
    /// Global variables described.
    pub globals: usize,
    /// The function that stands for methods that nothing calls.
    pub stub: Option<u32>,
    /// Method tables as they were last given out: by type, signature and function of each method.
    pub methods: HashMap<u32, Vec<(u32, u32)>>,
}

/// Compiles the parts of a growing program one after the other.
#[derive(Default)]
pub struct Grower {
    made: Made,
    files: emit::Files,
    kept: cx::Kept,
    /// Whether nothing is ever replaced: see [`Grower::settled`].
    settled: bool,
}

impl Grower {
    /// A compiler for a program whose functions stay what they are, and whose parts are joined before they are linked. Without this,
    /// functions of package main may be replaced later: they are never inlined.
    pub fn settled() -> Grower {
        Grower { settled: true, ..Grower::default() }
    }

    /// Says which function number is free for the function that stands for methods that nothing calls.
    pub fn set_stub(&mut self, f: FuncId) {
        self.made.stub = Some(f.0);
    }

    /// Compiles what is new since the last time.
    pub fn compile(&mut self, program: &Program, env: Env<'_>) -> bytecode::Program {
        let cx = cx::Cx::resume(program, env, std::mem::take(&mut self.kept), !self.settled);
        let (out, kept) = part(cx, env, &mut self.files, &mut self.made, true, &mut |_| {});
        self.kept = kept;
        if out.base.code == 0 && !self.settled {
            self.made.code += crate::link::TRAMPOLINES;
        }
        out
    }

    /// Compiles what is new since the last time, for the last time.
    pub fn finish(mut self, program: &Program, env: Env<'_>) -> bytecode::Program {
        let cx = cx::Cx::resume(program, env, std::mem::take(&mut self.kept), !self.settled);
        part(cx, env, &mut self.files, &mut self.made, false, &mut |_| {}).0
    }

    /// Whether a later part may need the body of a function of an earlier one, to inline it.
    pub fn needs_body(&self, f: FuncId) -> bool {
        self.kept.may_inline(f)
    }
}
