//! Typed program to bytecode: typed tree → IR ([`build`]) → passes ([`opt`]) → registers ([`regs`]) → words ([`emit`]).

mod build;
mod cx;
mod emit;
pub mod grow;
mod inline;
mod layout;
mod liveness;
mod lives;
mod opt;
mod places;
mod regs;
mod types;
mod waited;

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
    let mut files = emit::Files::default();
    let cx = cx::Cx::new(program, env);
    let stub = program.funcs.len() as u32;
    part(cx, env, &mut files, &mut grow::Made { stub: Some(stub), ..Default::default() }, false, see).0
}

/// Compiles what is new of a program since `made`; `more` says whether other parts may follow.
fn part<'p>(
    mut cx: cx::Cx<'p>,
    env: Env<'p>,
    files: &mut emit::Files,
    made: &mut grow::Made,
    more: bool,
    see: &mut dyn FnMut(&crate::ir::Function),
) -> (bytecode::Program, cx::Kept) {
    let program = cx.program;
    let base = bytecode::Base { types: made.types, ..cx.base(made.functions, made.code, files.len() as u32) };
    let mut code = Vec::new();
    let mut functions = Vec::with_capacity(program.funcs.len() - made.functions as usize);
    for i in made.functions..program.funcs.len() as u32 {
        let func = &program.funcs[i as usize];
        if made.stub == Some(i) {
            functions.push(stub(&mut code));
            continue;
        }
        let mut f = build::build(&mut cx, typed::FuncId(i));
        opt::run(&mut f);
        see(&f);
        let frame = regs::allocate(&f);
        let pos = files.pos(&env, func.span.lo, 0);
        let mut made = emit::emit(&mut cx, &env, files, &f, &frame, pos, &mut code);
        made.flags.late = cx.late && func.pkg == "main";
        functions.push(made);
    }
    if made.stub == Some(program.funcs.len() as u32) {
        functions.push(stub(&mut code));
    }
    for f in &mut functions {
        f.entry += base.code;
    }
    if more {
        // Whoever keeps functions for later wants to know which may be inlined.
        for i in base.functions..program.funcs.len() as u32 {
            cx.summary(typed::FuncId(i));
        }
    }
    let mut methods = Vec::new();
    let types = types::describe(&mut cx, &env, made, &mut methods);
    for i in base.inlined as usize..cx.inlined.len() {
        let (at, outer) = cx.inlined_calls[i];
        cx.inlined[i].call = files.pos(&env, at, outer);
    }
    let waited = waited_globals(&cx, files, made.globals);
    made.globals = cx.globals.len();
    made.functions += functions.len() as u32;
    made.code += code.len() as u32;
    made.types += types.len() as u32;
    let out = bytecode::Program {
        base,
        functions,
        code,
        data: cx.data[base.data as usize..].to_vec(),
        globals_size: cx.globals_size,
        globals_ptrs: cx.globals_ptrs.clone(),
        globals_init: Vec::new(),
        types,
        methods,
        layouts: cx.layouts[base.layouts as usize..].to_vec(),
        itabs: cx.itabs[base.itabs as usize..].to_vec(),
        natives: cx.natives[base.natives as usize..].to_vec(),
        switches: cx.switches[base.switches as usize..].to_vec(),
        selects: cx.selects[base.selects as usize..].to_vec(),
        files: files.names_from(base.files as usize),
        inlined: cx.inlined[base.inlined as usize..].to_vec(),
        waited,
        entry: program.entry.0,
    };
    (out, cx.keep())
}

/// The global variables from number `from` on that goroutines can wait on.
fn waited_globals(cx: &cx::Cx<'_>, files: &mut emit::Files, from: usize) -> Vec<bytecode::GlobalVar> {
    let new = cx.program.globals.iter().zip(&cx.globals).skip(from);
    let found = new.filter(|(g, _)| cx.is_waited(g.ty)).map(|(g, &at)| bytecode::GlobalVar {
        name: g.name.clone(),
        at,
        size: cx.lay.get(g.ty).size as u32,
        pos: files.pos(&cx.env, g.span.lo, 0),
    });
    found.collect()
}

/// Stands for methods without code.
fn stub(code: &mut Vec<u64>) -> bytecode::Function {
    let entry = code.len() as u32;
    code.push(bytecode::Op::trap as u64 | (bytecode::Trap::Unreachable as u64) << 32);
    bytecode::Function { name: "unreachable method".to_owned(), entry, len: 1, ..Default::default() }
}
