//! Program to runnable image: types made, natives bound, calls resolved, memory for globals.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use gol_runtime::cx::Cx;
use gol_runtime::native::{NativeFn, NativeTable};
use gol_runtime::object::registry::Registry;
use gol_runtime::object::types::{Kind, TypeRef};

use crate::bytecode::decode::decode;
use crate::bytecode::ops::Op;
use crate::bytecode::{Bitmap, Function, Program, verify};
use crate::interp::ops::runs;
use crate::interp::table::Table;
use crate::interp::{self, Bound, ErrorTypes, Image, Machine};

/// A process ready to run a program.
pub struct Linked {
    /// The runtime.
    pub cx: Cx,
    pub(crate) machine: Arc<Machine>,
    /// Words of the globals that are in use.
    globals_used: usize,
    /// Which functions run in the place of others.
    running: HashMap<u32, u32>,
}

/// How large tables may become.
#[derive(Clone, Copy, Default)]
struct Room {
    words: usize,
    entries: usize,
    globals: usize,
}

/// Room of a program that grows: address space, of which only what is used costs memory.
const GROWING: Room = Room { words: 16 << 20, entries: 1 << 19, globals: 4 << 20 };

/// Words of code that linking adds behind the code of a program's first part.
pub const TRAMPOLINES: u32 = 6;

/// Links a program against the natives. Errors name what does not fit, one per line.
pub fn link(program: Program, natives: &[NativeTable]) -> Result<Linked, Vec<String>> {
    link_with(program, natives, Room::default())
}

/// Links the first part of a program that will grow by [`Linked::extend`].
pub fn link_growing(program: Program, natives: &[NativeTable]) -> Result<Linked, Vec<String>> {
    link_with(program, natives, GROWING)
}

fn link_with(program: Program, natives: &[NativeTable], room: Room) -> Result<Linked, Vec<String>> {
    verify::program(&program).map_err(|e| vec![format!("bytecode: {e}")])?;
    let natives = bind(&program, natives)?;
    let mut registry = Registry::new();
    let types = registry.link(&program.types);
    for (ty, methods) in &program.methods {
        registry.set_methods(&types, *ty, methods);
    }
    let errors = error_types(&mut registry, &types);
    let layouts = layouts(&program.layouts);

    let mut code = program.code;
    let targets: Vec<u32> = program.functions.iter().map(|f| f.entry).collect();
    let late = |f: usize| program.functions[f].flags.late;
    for f in &program.functions {
        resolve_calls(&mut code, 0, f, |callee| (targets[callee], late(callee)));
        join_runs(&mut code, 0, f);
    }
    let mut trampoline = |op: Op| {
        // The word before a return address is read as a call: its A field is the distance to the caller's frame.
        code.push(Op::nop as u64 | 16 << 16);
        code.push(op as u64);
        code.len() - 1
    };
    let (end_main, end_defer, end_text) =
        (trampoline(Op::end_main), trampoline(Op::end_defer), trampoline(Op::end_text));

    let used_words = (program.globals_size as usize).div_ceil(8);
    let globals_words = used_words.max(room.globals);
    let mut globals = vec![0u64; globals_words].into_boxed_slice();
    for (at, bytes) in &program.globals_init {
        for (i, b) in bytes.iter().enumerate() {
            let at = *at as usize + i;
            globals[at / 8] |= u64::from(*b) << (at % 8 * 8);
        }
    }
    let mut by_entry: Vec<u32> = (0..program.functions.len() as u32).collect();
    by_entry.sort_by_key(|&f| program.functions[f as usize].entry);
    let image = Image {
        entries: Table::new(Vec::new(), room.entries.max(targets.len())),
        by_entry: Table::new(by_entry, room.entries),
        statics: Table::new((0..program.functions.len() as u64).collect(), room.entries),
        functions: Table::new(program.functions, room.entries),
        code: Table::new(code, room.words),
        data: Table::new(program.data, room.words),
        types: Table::new(types, room.entries),
        layouts: Table::new(layouts, room.entries),
        itabs: Table::new(Vec::new(), room.entries.max(program.itabs.len())),
        natives: Table::new(natives, room.entries),
        switches: Table::new(program.switches, room.entries),
        selects: Table::new(program.selects, room.entries),
        files: Table::new(program.files, room.entries),
        inlined: Table::new(program.inlined, room.entries),
        waited: Table::new(program.waited, room.entries),
        globals: Box::into_raw(globals).cast(),
        globals_words,
        entry: program.entry,
        end_main,
        end_defer,
        end_text,
        errors,
    };
    image.add_entries(targets.iter().copied());

    // The process needs the factory, the factory the machine, and the machine the process's poll word.
    let slot: Arc<OnceLock<Arc<Machine>>> = Arc::default();
    let made = slot.clone();
    let mut cx = Cx::new(
        registry,
        Box::new(move || {
            let machine = made.get().cloned().expect("a process gets its machine before its first goroutine");
            interp::factory(machine)()
        }),
    );
    add_globals(&mut cx, &image, 0, used_words, &program.globals_ptrs);
    add_itabs(&mut cx, &image, &program.itabs)?;
    let machine = Machine::new(image);
    let _ = slot.set(machine.clone());
    Ok(Linked { cx, machine, globals_used: used_words, running: HashMap::new() })
}

fn layouts(list: &[crate::bytecode::Layout]) -> Vec<TypeRef> {
    let layout = |l: &crate::bytecode::Layout| {
        let ptrs: Vec<usize> = l.ptrs.iter().map(|&w| w as usize).collect();
        Registry::layout_only(&l.name, l.words as usize * 8, &ptrs)
    };
    list.iter().map(layout).collect()
}

/// Makes words of the globals roots.
fn add_globals(cx: &mut Cx, image: &Image, from: usize, to: usize, ptrs: &Bitmap) {
    if from == to {
        return;
    }
    let mut mask = vec![0u64; (to - from).div_ceil(64)];
    for w in (from..to).filter(|&w| ptrs.get(w as u32)) {
        mask[(w - from) / 64] |= 1 << ((w - from) % 64);
    }
    // SAFETY: the block lives as long as the image, and the image as long as the process: both are in `Linked`.
    unsafe { cx.heap.add_globals(image.globals.add(from), to - from, mask.into_boxed_slice()) };
}

/// Makes the itabs that operands name.
fn add_itabs(cx: &mut Cx, image: &Image, wanted: &[(u32, u32)]) -> Result<(), Vec<String>> {
    let mut made = Vec::with_capacity(wanted.len());
    let mut missing = Vec::new();
    for &(inter, ty) in wanted {
        let (inter, ty) = (image.types[inter as usize], image.types[ty as usize]);
        match cx.itabs.get(inter, ty) {
            Ok(i) => made.push(i.word()),
            Err(m) => {
                made.push(0);
                missing.push(format!("{} does not implement {}: no method {}", ty.string, inter.string, m.name));
            }
        }
    }
    // SAFETY: only the thread that links and extends appends.
    unsafe { image.itabs.append(made) };
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

impl Drop for Linked {
    fn drop(&mut self) {
        self.cx.sched.shared().shut_down();
    }
}

impl Linked {
    /// Runs the program to its end; answers the exit status.
    pub fn run(mut self) -> i32 {
        let main = self.closure(self.machine.image.entry);
        let status = gol_runtime::sched::run_main(&mut self.cx, main);
        // Threads that have not come to rest yet may still use it, and the process is about to end anyway.
        std::mem::forget(self);
        status
    }

    /// The func value of a function that captures nothing.
    pub fn closure(&self, f: u32) -> u64 {
        &raw const self.machine.image.statics[f as usize] as u64
    }

    /// Adds a part to a program that grows. Goroutines, closures and values of earlier parts stay what they are.
    pub fn extend(&mut self, part: Program, natives: &[NativeTable]) -> Result<(), Vec<String>> {
        verify::program(&part).map_err(|e| vec![format!("bytecode: {e}")])?;
        let image = &self.machine.image;
        let counts = [part.functions.len(), part.types.len(), part.layouts.len(), part.itabs.len(), part.inlined.len()];
        let full = !image.code.fits(part.code.len())
            || !image.data.fits(part.data.len())
            || part.globals_size as usize > image.globals_words * 8
            || counts.iter().any(|&n| !image.entries.fits(n) || !image.types.fits(n) || !image.inlined.fits(n))
            || !image.waited.fits(part.waited.len());
        if full {
            return Err(vec!["the session is full".into()]);
        }
        debug_assert_eq!(part.base.code as usize, image.code.len());
        debug_assert_eq!(part.base.functions as usize, image.functions.len());
        let natives = bind(&part, natives)?;
        let cx = &mut self.cx;
        let types = cx.types.link_more(&image.types, &part.types);
        let mut code = part.code;
        let base = part.base;
        let target = |callee: usize| {
            let f = match callee.checked_sub(base.functions as usize) {
                Some(new) => &part.functions[new],
                None => &image.functions[callee],
            };
            (f.entry, f.flags.late)
        };
        for f in &part.functions {
            resolve_calls(&mut code, base.code as usize, f, target);
            join_runs(&mut code, base.code as usize, f);
        }
        let entries: Vec<u32> = part.functions.iter().map(|f| f.entry).collect();
        let numbers = base.functions..base.functions + part.functions.len() as u32;
        // SAFETY: only the thread that links and extends appends; code comes before what leads to it.
        unsafe {
            image.types.append(types);
            image.layouts.append(layouts(&part.layouts));
            image.natives.append(natives);
            image.switches.append(part.switches);
            image.selects.append(part.selects);
            image.files.append(part.files);
            image.inlined.append(part.inlined);
            image.waited.append(part.waited);
            image.data.append(part.data);
            image.code.append(code);
            image.functions.append(part.functions);
            image.by_entry.append(numbers.clone());
            image.statics.append(numbers.map(u64::from));
        }
        image.add_entries(entries);
        for (ty, methods) in &part.methods {
            cx.types.set_methods(&image.types, *ty, methods);
        }
        if !part.methods.is_empty() {
            cx.itabs.refresh();
        }
        let words = (part.globals_size as usize).div_ceil(8);
        add_globals(cx, image, self.globals_used, words, &part.globals_ptrs);
        self.globals_used = words;
        add_itabs(cx, image, &part.itabs)
    }

    /// The bytecode of the functions whose full name is `wanted`.
    pub fn disassemble(&self, wanted: &dyn Fn(&str) -> bool) -> String {
        let image = &self.machine.image;
        let whole = Program { functions: image.functions.to_vec(), code: image.code.to_vec(), ..Program::default() };
        let mut out = String::new();
        for (i, f) in whole.functions.iter().enumerate().filter(|(_, f)| wanted(&f.name)) {
            // What another function runs in the place of is history.
            if !self.running.contains_key(&(i as u32)) {
                crate::bytecode::disasm::function(&whole, f, &mut out);
            }
        }
        out
    }

    /// Makes calls of `old` run `new`, a function of the same type; answers what they ran before.
    pub fn redirect(&mut self, old: u32, new: u32) -> u32 {
        let image = &self.machine.image;
        let before = self.running.insert(old, new).unwrap_or(old);
        // SAFETY: only the thread that links and extends sets; an entry is a word.
        unsafe { image.entries.set(old as usize, image.pc(image.functions[new as usize].entry as usize)) };
        before
    }
}

/// Finds the Rust function of every native.
fn bind(program: &Program, tables: &[NativeTable]) -> Result<Vec<Bound>, Vec<String>> {
    let tables = tables.iter().chain([&interp::callers::NATIVES]);
    let known: HashMap<&str, NativeFn> = tables.flat_map(|t| t.iter()).map(|&(name, f)| (name, f)).collect();
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

/// `call` by index becomes `calld` by distance, except to functions that may be replaced. `code` begins at word `base`.
fn resolve_calls(code: &mut [u64], base: usize, f: &Function, target: impl Fn(usize) -> (u32, bool)) {
    let mut at = f.entry as usize - base;
    let to = at + f.len as usize;
    while at < to {
        let Some(insn) = decode(code, at) else { return };
        let len = insn.info.len;
        if insn.op() == Op::call {
            let w = code[at];
            let (entry, late) = target((w >> 32) as usize);
            let distance = i64::from(entry) - (base + at) as i64;
            if let (false, Ok(d)) = (late, i32::try_from(distance)) {
                code[at] = Op::calld as u64 | w & 0xffff_0000 | u64::from(d as u32) << 32;
            }
        }
        at += len;
    }
}

/// Instructions that begin a run get its opcode. `code` begins at word `base`.
fn join_runs(code: &mut [u64], base: usize, f: &Function) {
    let from = f.entry as usize - base;
    let to = from + f.len as usize;
    let op_at = |code: &[u64], at: usize| if at < to { Op::of(code[at]) } else { None };
    let mut at = from;
    while let Some(op) = op_at(code, at) {
        let fits = |parts: &[Op]| {
            let mut next = at;
            parts.iter().all(|&p| {
                let same = op_at(code, next) == Some(p);
                next += p.info().len;
                same
            })
        };
        if let Some(&(run, _)) = runs::beginning(op).iter().find(|r| fits(r.1)) {
            code[at] = code[at] & !0xffff | run as u64;
        }
        at += op.info().len;
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
