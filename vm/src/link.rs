//! Program to runnable image: types made, natives bound, calls resolved, memory for globals.

use std::rc::Rc;

use gol_runtime::cx::Cx;
use gol_runtime::native::{NativeFn, NativeTable};
use gol_runtime::object::registry::Registry;
use gol_runtime::object::types::{Kind, TypeRef};

use crate::bytecode::decode::decode;
use crate::bytecode::ops::Op;
use crate::bytecode::{Program, verify};
use crate::interp::{self, Bound, ErrorTypes, Image, Machine};

/// A process ready to run a program.
pub struct Linked {
    /// The runtime.
    pub cx: Cx,
    machine: Rc<Machine>,
}

/// Links a program against the natives. Errors name what does not fit, one per line.
pub fn link(program: Program, natives: &[NativeTable]) -> Result<Linked, Vec<String>> {
    verify::program(&program).map_err(|e| vec![format!("bytecode: {e}")])?;
    let natives = bind(&program, natives)?;
    let mut registry = Registry::new();
    let types = registry.link(&program.types);
    for (ty, methods) in &program.methods {
        registry.set_methods(&types, *ty, methods);
    }
    let errors = error_types(&mut registry, &types);
    let layouts = program
        .layouts
        .iter()
        .map(|l| {
            let ptrs: Vec<usize> = l.ptrs.iter().map(|&w| w as usize).collect();
            Registry::layout_only(&l.name, l.words as usize * 8, &ptrs)
        })
        .collect();

    let mut code = program.code;
    let targets: Vec<u32> = program.functions.iter().map(|f| f.entry).collect();
    for f in &program.functions {
        resolve_calls(&mut code, f.entry as usize, (f.entry + f.len) as usize, &targets);
    }
    let mut trampoline = |op: Op| {
        // The word before a return address is read as a call: its A field is the distance to the caller's frame.
        code.push(Op::nop as u64 | 16 << 16);
        code.push(op as u64);
        code.len() - 1
    };
    let (end_main, end_defer, end_text) =
        (trampoline(Op::end_main), trampoline(Op::end_defer), trampoline(Op::end_text));

    let globals_words = (program.globals_size as usize).div_ceil(8);
    let mut globals = vec![0u64; globals_words].into_boxed_slice();
    for (at, bytes) in &program.globals_init {
        for (i, b) in bytes.iter().enumerate() {
            let at = *at as usize + i;
            globals[at / 8] |= u64::from(*b) << (at % 8 * 8);
        }
    }
    let mut by_entry: Vec<u32> = (0..program.functions.len() as u32).collect();
    by_entry.sort_by_key(|&f| program.functions[f as usize].entry);
    let mut image = Image {
        entries: Vec::new(),
        by_entry,
        statics: (0..program.functions.len() as u64).collect(),
        functions: program.functions,
        code,
        data: program.data,
        types,
        layouts,
        itabs: Vec::new(),
        natives,
        switches: program.switches,
        selects: program.selects,
        files: program.files,
        inlined: program.inlined,
        globals: Box::into_raw(globals).cast(),
        globals_words,
        globals_ptrs: program.globals_ptrs,
        entry: program.entry,
        end_main,
        end_defer,
        end_text,
        errors,
    };
    image.entries = targets.iter().map(|&e| image.pc(e as usize)).collect();

    // The process needs the factory, the factory the machine, and the machine the process's poll word.
    let slot: Rc<std::cell::RefCell<Option<Rc<Machine>>>> = Rc::default();
    let made = slot.clone();
    let mut cx = Cx::new(
        registry,
        Box::new(move || {
            let machine = made.borrow().clone().expect("a process gets its machine before its first goroutine");
            interp::factory(machine)()
        }),
    );
    let mask =
        (0..globals_words.div_ceil(64)).map(|i| image.globals_ptrs.words().get(i).copied().unwrap_or(0)).collect();
    // SAFETY: the block lives as long as the image, and the image as long as the process: both are in `Linked`.
    unsafe { cx.heap.add_globals(image.globals, globals_words, mask) };
    let mut missing = Vec::new();
    for &(inter, ty) in &program.itabs {
        let (inter, ty) = (image.types[inter as usize], image.types[ty as usize]);
        match cx.itabs.get(inter, ty) {
            Ok(i) => image.itabs.push(i.word()),
            Err(m) => {
                image.itabs.push(0);
                missing.push(format!("{} does not implement {}: no method {}", ty.string, inter.string, m.name));
            }
        }
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let machine = Machine::new(image, std::sync::Arc::as_ptr(&cx.poll));
    cx.ext::<interp::callers::Running>().0 = machine.ctx;
    *slot.borrow_mut() = Some(machine.clone());
    Ok(Linked { cx, machine })
}

impl Linked {
    /// Runs the program to its end; answers the exit status.
    pub fn run(mut self) -> i32 {
        let entry = self.machine.image.entry;
        let main = &raw const self.machine.image.statics[entry as usize] as u64;
        gol_runtime::sched::run_main(&mut self.cx, main)
    }
}

/// Finds the Rust function of every native.
fn bind(program: &Program, tables: &[NativeTable]) -> Result<Vec<Bound>, Vec<String>> {
    let tables = tables.iter().chain([&interp::callers::NATIVES]);
    let known: std::collections::HashMap<&str, NativeFn> =
        tables.flat_map(|t| t.iter()).map(|&(name, f)| (name, f)).collect();
    let mut bound = Vec::new();
    let mut errors = Vec::new();
    for n in &program.natives {
        match known.get(n.name.as_str()) {
            Some(&f) => bound.push(Bound { f, args: n.args, results: n.results }),
            None => errors.push(format!("missing function body: no native {}", n.name)),
        }
    }
    if errors.is_empty() { Ok(bound) } else { Err(errors) }
}

/// `call` by index becomes `calld` by distance.
fn resolve_calls(code: &mut [u64], from: usize, to: usize, entries: &[u32]) {
    let mut at = from;
    while at < to {
        let Some(insn) = decode(code, at) else { return };
        let len = insn.info.len;
        if insn.op() == Op::call {
            let w = code[at];
            let distance = i64::from(entries[(w >> 32) as usize]) - at as i64;
            if let Ok(d) = i32::try_from(distance) {
                code[at] = Op::calld as u64 | w & 0xffff_0000 | u64::from(d as u32) << 32;
            }
        }
        at += len;
    }
}

/// The types of package runtime that runtime errors panic with.
fn error_types(registry: &mut Registry, types: &[TypeRef]) -> ErrorTypes {
    let named = |name: &str| types.iter().copied().find(|t| t.pkg_path == "runtime" && t.name == name);
    let text = |name: &str| named(name).filter(|t| t.kind == Kind::String);
    let (assertion, panic_nil) = (named("TypeAssertionError"), named("PanicNilError"));
    ErrorTypes {
        error: text("errorString"),
        plain: text("plainError"),
        assertion: assertion.map(|t| registry.pointer_to(t)),
        panic_nil: panic_nil.map(|t| registry.pointer_to(t)),
        string: Some(registry.basic(Kind::String)),
    }
}
