//! Typed program to bytecode: typed tree → IR ([`build`]) → passes ([`opt`]) → registers ([`regs`]) → words ([`emit`]).

mod build;
mod cx;
mod emit;
mod inline;
mod layout;
mod opt;
mod regs;
mod types;

use gol_lang::intern::Interner;
use gol_lang::source::SourceMap;
use gol_lang::typed;

use crate::bytecode;

pub use types::PackageName;

/// What the compiler needs besides the program: names and positions.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The names that symbols stand for.
    pub names: &'a Interner,
    /// Packages, by their id in the type store.
    pub packages: &'a [PackageName],
    /// Where positions are.
    pub sources: &'a SourceMap,
}

/// Compiles a whole program.
pub fn compile<'p>(program: &'p typed::Program, env: Env<'p>) -> bytecode::Program {
    run(program, env, &mut |_| {})
}

/// The IR of every function, after the passes, as text: `gol dump --stage=ir`.
pub fn dump_ir<'p>(program: &'p typed::Program, env: Env<'p>) -> String {
    let mut out = String::new();
    run(program, env, &mut |f| {
        out.push_str(&crate::ir::listing(f));
        out.push('\n');
    });
    out
}

fn run<'p>(program: &'p typed::Program, env: Env<'p>, see: &mut dyn FnMut(&crate::ir::Function)) -> bytecode::Program {
    let mut cx = cx::Cx::new(program, env);
    let mut files = emit::Files::default();
    let mut code = Vec::new();
    let mut functions = Vec::with_capacity(program.funcs.len());
    for (i, func) in program.funcs.iter().enumerate() {
        let mut f = build::build(&mut cx, typed::FuncId(i as u32));
        opt::run(&mut f);
        see(&f);
        let frame = regs::allocate(&f);
        let pos = files.pos(&env, func.span.lo, 0);
        functions.push(emit::emit(&mut cx, &env, &mut files, &f, &frame, pos, &mut code));
    }
    // Stands for methods without code.
    functions.push(bytecode::Function {
        name: "unreachable method".to_owned(),
        entry: code.len() as u32,
        len: 1,
        ..Default::default()
    });
    code.push(bytecode::Op::trap as u64 | (bytecode::Trap::Unreachable as u64) << 32);
    let mut methods = Vec::new();
    let types = types::describe(&mut cx, &env, &mut methods);
    for i in 0..cx.inlined.len() {
        let (at, outer) = cx.inlined_calls[i];
        cx.inlined[i].call = files.pos(&env, at, outer);
    }
    bytecode::Program {
        functions,
        code,
        data: cx.data,
        globals_size: cx.globals_size,
        globals_ptrs: cx.globals_ptrs,
        globals_init: Vec::new(),
        types,
        methods,
        layouts: cx.layouts,
        itabs: cx.itabs,
        natives: cx.natives,
        switches: cx.switches,
        selects: cx.selects,
        files: files.into_names(),
        inlined: cx.inlined,
        entry: program.entry.0,
    }
}
