//! What the compilation of a whole program shares: layouts and the program's tables, filled on demand.

use std::collections::HashMap;

use gol_lang::typed::{self, Body, FuncId};
use gol_lang::types::{Type, TypeId};

use super::Env;
use super::inline::{self, Summary};
use super::layout::Layouts;
use super::waited::Waited;
use crate::bytecode::{Base, Bitmap, InlinedCall, Layout, NativeDecl, SelectTable, SwitchTable};
use crate::ir::Mask;

/// What is kept between the compilations of a program that grows: numbers once given stay.
#[derive(Default)]
pub struct Kept {
    method_slots: HashMap<TypeId, Vec<u32>>,
    types: Vec<TypeId>,
    type_index: HashMap<TypeId, u32>,
    itabs: Vec<(u32, u32)>,
    layouts: Vec<Layout>,
    layout_index: HashMap<(u32, Mask), u32>,
    itab_index: HashMap<(u32, u32), u32>,
    data: Vec<u8>,
    strings: HashMap<Box<[u8]>, u32>,
    natives: Vec<NativeDecl>,
    native_index: HashMap<String, u32>,
    switches: Vec<SwitchTable>,
    selects: Vec<SelectTable>,
    inlined: Vec<InlinedCall>,
    inlined_calls: Vec<(gol_lang::source::Pos, u32)>,
    globals: Vec<u32>,
    globals_size: u32,
    globals_ptrs: Bitmap,
    summaries: Vec<Option<Summary>>,
}

impl Kept {
    /// Whether calls of a function may be inlined; a function that nobody has asked about may.
    pub fn may_inline(&self, f: FuncId) -> bool {
        self.summaries.get(f.index()).is_some_and(|s| s.as_ref().is_none_or(|s| s.inline || s.known))
    }
}

/// Program-wide state of a compilation.
pub struct Cx<'p> {
    /// The input.
    pub program: &'p typed::Program,
    /// Names and positions.
    pub env: Env<'p>,
    method_slots: HashMap<TypeId, Vec<u32>>,
    /// Layouts of its types.
    pub lay: Layouts<'p>,
    waited: Waited,
    /// Types that operands name, in order of first mention.
    pub types: Vec<TypeId>,
    type_index: HashMap<TypeId, u32>,
    /// Itabs that operands name.
    pub itabs: Vec<(u32, u32)>,
    /// Closure object layouts.
    pub layouts: Vec<Layout>,
    layout_index: HashMap<(u32, Mask), u32>,
    itab_index: HashMap<(u32, u32), u32>,
    /// Static data.
    pub data: Vec<u8>,
    strings: HashMap<Box<[u8]>, u32>,
    /// Natives.
    pub natives: Vec<NativeDecl>,
    native_index: HashMap<String, u32>,
    /// Switch tables.
    pub switches: Vec<SwitchTable>,
    /// Select tables.
    pub selects: Vec<SelectTable>,
    /// Inlined calls.
    pub inlined: Vec<InlinedCall>,
    /// For each: where the call was (source position, enclosing inlined call).
    pub inlined_calls: Vec<(gol_lang::source::Pos, u32)>,
    /// Byte offset of each global.
    pub globals: Vec<u32>,
    /// Bytes of globals.
    pub globals_size: u32,
    /// Pointer words of globals.
    pub globals_ptrs: Bitmap,
    /// Row of each type in the program's method tables.
    method_index: HashMap<TypeId, usize>,
    /// What is known about each function for inlining.
    pub summaries: Vec<Option<Summary>>,
    /// Whether functions of package main may be replaced while the program runs, so that calls of them stay calls.
    pub late: bool,
}

impl<'p> Cx<'p> {
    /// Prepares the tables.
    pub fn new(program: &'p typed::Program, env: Env<'p>) -> Cx<'p> {
        Cx::resume(program, env, Kept::default(), false)
    }

    /// Goes on with the tables of an earlier compilation of less of the same program.
    pub fn resume(program: &'p typed::Program, env: Env<'p>, kept: Kept, late: bool) -> Cx<'p> {
        let mut cx = Cx {
            program,
            env,
            method_slots: kept.method_slots,
            lay: Layouts::new(&program.types),
            waited: Waited::default(),
            types: kept.types,
            type_index: kept.type_index,
            itabs: kept.itabs,
            layouts: kept.layouts,
            layout_index: kept.layout_index,
            itab_index: kept.itab_index,
            data: kept.data,
            strings: kept.strings,
            natives: kept.natives,
            native_index: kept.native_index,
            switches: kept.switches,
            selects: kept.selects,
            inlined: kept.inlined,
            inlined_calls: kept.inlined_calls,
            globals: kept.globals,
            globals_size: kept.globals_size,
            globals_ptrs: kept.globals_ptrs,
            method_index: program.method_tables.iter().enumerate().map(|(i, t)| (t.ty, i)).collect(),
            summaries: kept.summaries,
            late,
        };
        cx.summaries.resize_with(program.funcs.len(), || None);
        let mut at = u64::from(cx.globals_size);
        for g in &program.globals[cx.globals.len()..] {
            let l = cx.lay.get(g.ty);
            at = at.next_multiple_of(8);
            cx.globals.push(at as u32);
            let Cx { lay, globals_ptrs, .. } = &mut cx;
            lay.pointer_words(g.ty, at, &mut |w| globals_ptrs.set(w as u32));
            at += l.size;
        }
        cx.globals_size = at.next_multiple_of(8) as u32;
        cx
    }

    /// What a later compilation goes on with.
    pub fn keep(self) -> Kept {
        Kept {
            method_slots: self.method_slots,
            types: self.types,
            type_index: self.type_index,
            itabs: self.itabs,
            layouts: self.layouts,
            layout_index: self.layout_index,
            itab_index: self.itab_index,
            data: self.data,
            strings: self.strings,
            natives: self.natives,
            native_index: self.native_index,
            switches: self.switches,
            selects: self.selects,
            inlined: self.inlined,
            inlined_calls: self.inlined_calls,
            globals: self.globals,
            globals_size: self.globals_size,
            globals_ptrs: self.globals_ptrs,
            summaries: self.summaries,
        }
    }

    /// How large the tables are.
    pub fn base(&self, functions: u32, code: u32, files: u32) -> Base {
        Base {
            functions,
            code,
            data: self.data.len() as u32,
            types: self.types.len() as u32,
            layouts: self.layouts.len() as u32,
            itabs: self.itabs.len() as u32,
            natives: self.natives.len() as u32,
            switches: self.switches.len() as u32,
            selects: self.selects.len() as u32,
            files,
            inlined: self.inlined.len() as u32,
        }
    }

    /// Whether goroutines can wait on (a part of) a value of the type, so that its objects remember where they were made.
    pub fn is_waited(&self, t: TypeId) -> bool {
        self.waited.holds(&self.program.types, &self.env, t)
    }

    /// The index that operands use for a type.
    pub fn type_ix(&mut self, t: TypeId) -> u32 {
        let t = self.program.types.canonical(t);
        let types = &mut self.types;
        *self.type_index.entry(t).or_insert_with(|| {
            types.push(t);
            types.len() as u32 - 1
        })
    }

    /// The itab of concrete type `t` for interface `inter`.
    pub fn itab_ix(&mut self, inter: TypeId, t: TypeId) -> u32 {
        let key = (self.type_ix(inter), self.type_ix(t));
        let itabs = &mut self.itabs;
        *self.itab_index.entry(key).or_insert_with(|| {
            itabs.push(key);
            itabs.len() as u32 - 1
        })
    }

    /// The same, if the type is known to have all the methods.
    pub fn itab_ix_checked(&mut self, inter: TypeId, t: TypeId) -> Option<u32> {
        let set = self.program.types.type_set(inter);
        let row = &self.program.method_tables[*self.method_index.get(&t)?].methods;
        let all = set.methods.iter().all(|m| row.iter().any(|e| e.name == m.id.name));
        all.then(|| self.itab_ix(inter, t))
    }

    /// Position of method number `m` of an interface's type set among its methods sorted by name, as itabs have them.
    pub fn method_slot(&mut self, iface: TypeId, m: u32) -> u32 {
        let (program, env) = (self.program, self.env);
        let slots = self.method_slots.entry(iface).or_insert_with(|| {
            let set = program.types.type_set(iface);
            let key = |i: u32| {
                let id = set.methods[i as usize].id;
                let path = id.pkg.and_then(|p| env.packages.get(p.0 as usize)).map_or("", |p| p.path.as_str());
                (env.names.str(id.name), path)
            };
            let mut order: Vec<u32> = (0..set.methods.len() as u32).collect();
            order.sort_by(|&a, &b| key(a).cmp(&key(b)));
            let mut slots = vec![0; order.len()];
            order.iter().enumerate().for_each(|(slot, &m)| slots[m as usize] = slot as u32);
            slots
        });
        slots[m as usize]
    }

    /// The layout of closure objects that capture `n` words with these pointers.
    pub fn closure_layout(&mut self, n: u32, mask: Mask) -> u32 {
        let layouts = &mut self.layouts;
        *self.layout_index.entry((n, mask)).or_insert_with(|| {
            let ptrs = (0..n).filter(|&i| mask.get(i)).map(|i| i + 1).collect();
            layouts.push(Layout { name: "closure".to_owned(), words: n + 1, ptrs });
            layouts.len() as u32 - 1
        })
    }

    /// The layout of an object of `words` words with these pointer words.
    pub fn spill_layout(&mut self, words: u32, ptrs: &[u32]) -> u32 {
        let mut ptrs = ptrs.to_vec();
        ptrs.sort_unstable();
        ptrs.dedup();
        self.layouts.push(Layout { name: "spilled locals".to_owned(), words, ptrs });
        self.layouts.len() as u32 - 1
    }

    /// What is known about a function for inlining.
    pub fn summary(&mut self, f: FuncId) -> &Summary {
        let (func, late) = (self.func(f), self.late);
        self.summaries[f.index()].get_or_insert_with(|| {
            let mut found = inline::summarise(func);
            let stays = !(late && func.pkg == "main");
            found.inline &= stays;
            found.known &= stays;
            found
        })
    }

    /// Offset of a string in the static data.
    pub fn string(&mut self, s: &[u8]) -> u32 {
        if s.is_empty() {
            return 0;
        }
        if let Some(&at) = self.strings.get(s) {
            return at;
        }
        let at = self.data.len() as u32;
        self.data.extend_from_slice(s);
        self.strings.insert(s.into(), at);
        at
    }

    /// Offset of an 8-byte aligned image in the static data.
    pub fn image(&mut self, bytes: &[u8]) -> u32 {
        let at = self.data.len().next_multiple_of(8);
        self.data.resize(at, 0);
        self.data.extend_from_slice(bytes);
        at as u32
    }

    /// Index of the native behind a body-less function.
    pub fn native_index(&mut self, name: &str, f: FuncId) -> u32 {
        if let Some(&i) = self.native_index.get(name) {
            return i;
        }
        let func = self.func(f);
        let slots = |ls: &[typed::LocalId]| ls.iter().map(|l| self.lay.slots(func.locals[l.index()].ty)).sum();
        let decl = NativeDecl { name: name.to_owned(), args: slots(&func.params), results: slots(&func.results) };
        self.natives.push(decl);
        let i = self.natives.len() as u32 - 1;
        self.native_index.insert(name.to_owned(), i);
        i
    }

    /// The function.
    pub fn func(&self, f: FuncId) -> &'p typed::Func {
        &self.program.funcs[f.index()]
    }

    /// Name of the native behind a body-less function.
    pub fn native_of(&self, f: FuncId) -> Option<&'p str> {
        match &self.func(f).body {
            Body::Native(n) => Some(n),
            Body::Script(_) => None,
        }
    }

    /// Element type of a pointer type.
    pub fn pointee(&self, t: TypeId) -> TypeId {
        match self.program.types.under_type(t) {
            Type::Pointer(e) => e,
            _ => TypeId::UINT8,
        }
    }
}
