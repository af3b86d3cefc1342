//! The registry: makes type descriptors and keeps them canonical.
//!
//! A compiler hands over a table of [`TypeDesc`]s that refer to each other by index ([`Registry::link`]); reflection
//! builds one type at a time (`slice_of` and friends). Both go through the same structural keys, so a type that
//! reflection makes is the very descriptor the program uses. Cycles pass through declared types, whose addresses are
//! fixed before anything else is resolved; sizes and pointer maps are computed once every address is known.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::types::*;

/// Index into the table given to [`Registry::link`].
pub type TypeIx = u32;

/// A struct field to be.
#[derive(Clone, Debug, Default)]
pub struct FieldDesc {
    /// Name.
    pub name: String,
    /// Package path if unexported, else empty.
    pub pkg_path: String,
    /// Type.
    pub ty: TypeIx,
    /// Tag.
    pub tag: String,
    /// Embedded.
    pub embedded: bool,
}

/// An interface method to be.
#[derive(Clone, Debug, Default)]
pub struct IMethodDesc {
    /// Name.
    pub name: String,
    /// Package path if unexported, else empty.
    pub pkg_path: String,
    /// Signature, a `Func`.
    pub ty: TypeIx,
}

/// A method of a concrete type to be.
#[derive(Clone, Debug, Default)]
pub struct MethodDesc {
    /// Name.
    pub name: String,
    /// Package path if unexported, else empty.
    pub pkg_path: String,
    /// Signature without receiver, a `Func`.
    pub ty: TypeIx,
    /// Function for interface calls, or [`NO_FN`].
    pub ifn: u32,
    /// Function for direct calls, or [`NO_FN`].
    pub tfn: u32,
}

/// A type to be, referring to others by their index in the same table.
#[derive(Clone, Debug)]
pub enum TypeDesc {
    /// Predeclared basic type, or unsafe.Pointer.
    Basic(Kind),
    /// Declared type (also `error`): identity is `id`, which must be unique in the process for the declaration and its
    /// type arguments.
    Named {
        /// Identity.
        id: String,
        /// As printed: `main.T`.
        string: String,
        /// Name without package.
        name: String,
        /// Import path.
        pkg_path: String,
        /// Underlying type; must not be `Named` itself.
        underlying: TypeIx,
    },
    /// `*T`
    Pointer(TypeIx),
    /// `[]T`
    Slice(TypeIx),
    /// `[n]T`
    Array(TypeIx, usize),
    /// `chan T`; direction as reflect.ChanDir.
    Chan(u8, TypeIx),
    /// `map[K]V`
    Map(TypeIx, TypeIx),
    /// Function.
    Func {
        /// Parameters; the last one is the slice if variadic.
        params: Vec<TypeIx>,
        /// Results.
        results: Vec<TypeIx>,
        /// Variadic.
        variadic: bool,
    },
    /// Struct.
    Struct(Vec<FieldDesc>),
    /// Interface with its complete method set (embedded ones flattened), any order.
    Interface(Vec<IMethodDesc>),
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Basic(Kind),
    Named(String),
    Pointer(usize),
    Slice(usize),
    Array(usize, usize),
    Chan(u8, usize),
    Map(usize, usize),
    Func(Vec<usize>, Vec<usize>, bool),
    Struct(Vec<(String, String, usize, String, bool)>),
    Interface(Vec<(String, String, usize)>),
}

/// The part of a descriptor that is known before layout.
struct Draft {
    at: *mut RType,
    body: Body,
    named: Option<(String, String, String, String)>,
}

#[derive(Clone)]
enum Body {
    Basic(Kind),
    Pointer(*mut RType),
    Slice(*mut RType),
    Array(*mut RType, usize),
    Chan(u8, *mut RType),
    Map(*mut RType, *mut RType),
    Func(Vec<*mut RType>, Vec<*mut RType>, bool),
    Struct(Vec<(String, String, *mut RType, String, bool)>),
    Interface(Vec<(String, String, *mut RType)>),
}

/// Makes and finds type descriptors: a handle on the tables that all Ps of a process share.
#[derive(Clone, Default)]
pub struct Registry {
    tables: Arc<Mutex<Tables>>,
}

#[derive(Default)]
struct Tables {
    known: HashMap<Key, TypeRef>,
    all: Vec<TypeRef>,
}

// SAFETY: descriptors are immutable and never freed; the maps are ordinary owned data.
unsafe impl Send for RType {}
// SAFETY: as above; the late fields are OnceLocks and atomics.
unsafe impl Sync for RType {}

fn leak(s: &str) -> &'static str {
    if s.is_empty() { "" } else { Box::leak(s.to_owned().into_boxed_str()) }
}

fn exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Registry {
        Registry::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every descriptor made so far, in order of creation.
    pub fn all(&self) -> Vec<TypeRef> {
        self.tables().all.clone()
    }

    /// Makes the descriptors of a whole table; the answer has the same indices.
    pub fn link(&mut self, descs: &[TypeDesc]) -> Vec<TypeRef> {
        self.link_more(&[], descs)
    }

    /// Makes the descriptors that a growing table got behind those that are `made`; the answer has the new ones only.
    pub fn link_more(&mut self, made: &[TypeRef], descs: &[TypeDesc]) -> Vec<TypeRef> {
        self.tables().link_more(made, descs)
    }

    /// Gives types their method tables (types of any kind: declared ones, pointers to them, structs that embed).
    /// `types` is what `link` returned for the table the descriptions index. A table already present is replaced.
    pub fn set_methods(&mut self, types: &[TypeRef], of: TypeIx, methods: &[MethodDesc]) {
        let mut ms: Vec<Method> = methods
            .iter()
            .map(|m| Method::new(leak(&m.name), leak(&m.pkg_path), types[m.ty as usize], m.ifn, m.tfn))
            .collect();
        ms.sort_by(|a, b| (a.name, a.pkg_path).cmp(&(b.name, b.pkg_path)));
        let table: &'static [Method] = Box::leak(ms.into_boxed_slice());
        types[of as usize].methods.store(Box::leak(Box::new(table)), Ordering::Release);
    }

    fn make(&mut self, key: Key, body: Body) -> TypeRef {
        self.tables().make(key, body)
    }

    /// A predeclared type.
    pub fn basic(&mut self, kind: Kind) -> TypeRef {
        self.make(Key::Basic(kind), Body::Basic(kind))
    }
    /// `*T`
    pub fn pointer_to(&mut self, t: TypeRef) -> TypeRef {
        if let Some(p) = t.ptr_to_this() {
            return p;
        }
        self.make(Key::Pointer(addr(t)), Body::Pointer(raw(t)))
    }
    /// `[]T`
    pub fn slice_of(&mut self, t: TypeRef) -> TypeRef {
        self.make(Key::Slice(addr(t)), Body::Slice(raw(t)))
    }
    /// `[n]T`
    pub fn array_of(&mut self, t: TypeRef, n: usize) -> TypeRef {
        self.make(Key::Array(addr(t), n), Body::Array(raw(t), n))
    }
    /// `chan T`
    pub fn chan_of(&mut self, dir: u8, t: TypeRef) -> TypeRef {
        self.make(Key::Chan(dir, addr(t)), Body::Chan(dir, raw(t)))
    }
    /// `map[K]V`
    pub fn map_of(&mut self, k: TypeRef, v: TypeRef) -> TypeRef {
        self.make(Key::Map(addr(k), addr(v)), Body::Map(raw(k), raw(v)))
    }
    /// `func(...)`
    pub fn func_of(&mut self, params: &[TypeRef], results: &[TypeRef], variadic: bool) -> TypeRef {
        self.make(
            Key::Func(params.iter().map(|t| addr(t)).collect(), results.iter().map(|t| addr(t)).collect(), variadic),
            Body::Func(params.iter().map(|t| raw(t)).collect(), results.iter().map(|t| raw(t)).collect(), variadic),
        )
    }
    /// `struct{...}`: (name, package path, type, tag, embedded).
    pub fn struct_of(&mut self, fields: &[(&str, &str, TypeRef, &str, bool)]) -> TypeRef {
        self.make(
            Key::Struct(fields.iter().map(|f| (f.0.into(), f.1.into(), addr(f.2), f.3.into(), f.4)).collect()),
            Body::Struct(fields.iter().map(|f| (f.0.into(), f.1.into(), raw(f.2), f.3.into(), f.4)).collect()),
        )
    }
    /// `interface{...}`: (name, package path, signature).
    pub fn interface_of(&mut self, methods: &[(&str, &str, TypeRef)]) -> TypeRef {
        let mut ms: Vec<_> = methods.to_vec();
        ms.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        self.make(
            Key::Interface(ms.iter().map(|m| (m.0.into(), m.1.into(), addr(m.2))).collect()),
            Body::Interface(ms.iter().map(|m| (m.0.into(), m.1.into(), raw(m.2))).collect()),
        )
    }
    /// `any`
    pub fn any(&mut self) -> TypeRef {
        self.interface_of(&[])
    }

    /// A descriptor that only serves allocation: `words` says which 8-byte words are pointers. Not canonical.
    pub fn layout_only(name: &str, size: usize, words: &[usize]) -> TypeRef {
        let mut mask = vec![0u64; words.last().map_or(0, |w| w / 64 + 1)];
        for w in words {
            mask[w / 64] |= 1 << (w % 64);
        }
        let ptrdata = words.last().map_or(0, |w| (w + 1) * 8);
        let mut t = blank(Kind::Struct);
        t.size = size;
        t.align = 8;
        t.ptrdata = ptrdata;
        t.mask0 = mask.first().copied().unwrap_or(0);
        t.mask = Box::leak(mask.into_boxed_slice());
        t.string = leak(name);
        t.flags = if ptrdata == 0 { NO_POINTERS } else { 0 };
        Box::leak(Box::new(t))
    }
}

impl Tables {
    /// Makes the descriptors that a growing table got behind those that are `made`; the answer has the new ones only.
    fn link_more(&mut self, made: &[TypeRef], descs: &[TypeDesc]) -> Vec<TypeRef> {
        let (from, to) = (made.len(), made.len() + descs.len());
        let mut l = Linker {
            reg: self,
            made,
            descs,
            at: made.iter().map(|&t| raw(t)).chain(descs.iter().map(|_| std::ptr::null_mut())).collect(),
            pending: HashMap::new(),
            drafts: Vec::new(),
            defined: HashSet::new(),
        };
        for i in from..to {
            l.declare(i);
        }
        for i in from..to {
            l.resolve(i);
        }
        for i in from..to {
            l.define_named(i);
        }
        let Linker { at, pending, drafts, .. } = l;
        self.finish(drafts, pending);
        // SAFETY: every address is a leaked descriptor that `finish` has written.
        at[from..].iter().map(|p| unsafe { &**p }).collect()
    }

    fn make(&mut self, key: Key, body: Body) -> TypeRef {
        if let Some(t) = self.known.get(&key) {
            return t;
        }
        let at = alloc_raw();
        self.finish(vec![Draft { at, body, named: None }], HashMap::from([(key, at)]));
        // SAFETY: `finish` has written it.
        unsafe { &*at }
    }

    /// Lays out and writes the drafts, and enters their keys.
    fn finish(&mut self, drafts: Vec<Draft>, pending: HashMap<Key, *mut RType>) {
        let by_addr: HashMap<usize, usize> = drafts.iter().enumerate().map(|(i, d)| (d.at as usize, i)).collect();
        let mut w = Writer { drafts, by_addr, state: Vec::new() };
        w.state = vec![false; w.drafts.len()];
        for i in 0..w.drafts.len() {
            w.write(i);
        }
        w.names();
        for d in &w.drafts {
            // SAFETY: written by `Writer::write`; nobody else has seen the address yet.
            let t: &'static mut RType = unsafe { &mut *d.at };
            t.id = self.all.len() as u32;
            self.all.push(t);
        }
        for (k, at) in pending {
            // SAFETY: written above.
            let t: TypeRef = unsafe { &*at };
            if let Key::Pointer(e) = &k {
                // SAFETY: the element is a written descriptor.
                let _ = unsafe { &*(*e as *const RType) }.ptr_to.set(t);
            }
            self.known.insert(k, t);
        }
    }
}

fn addr(t: TypeRef) -> usize {
    t as *const RType as usize
}
fn raw(t: TypeRef) -> *mut RType {
    t as *const RType as *mut RType
}

/// Memory for one descriptor, holding a valid blank one.
fn alloc_raw() -> *mut RType {
    Box::into_raw(Box::new(blank(Kind::Invalid)))
}

fn blank(kind: Kind) -> RType {
    RType {
        size: 0,
        ptrdata: 0,
        hash: 0,
        flags: 0,
        kind,
        align: 1,
        mask0: 0,
        alg: Alg::None,
        dir: 0,
        id: 0,
        mask: &[],
        elem: None,
        key: None,
        len: 0,
        string: "",
        name: "",
        pkg_path: "",
        fields: &[],
        params: &[],
        results: &[],
        imethods: &[],
        methods: AtomicPtr::new(std::ptr::null_mut()),
        ptr_to: OnceLock::new(),
        map_layout: OnceLock::new(),
    }
}

/// First half of linking: addresses.
struct Linker<'a> {
    reg: &'a Tables,
    /// The beginning of the table.
    made: &'a [TypeRef],
    /// The rest of it.
    descs: &'a [TypeDesc],
    at: Vec<*mut RType>,
    pending: HashMap<Key, *mut RType>,
    drafts: Vec<Draft>,
    /// Declared types that have a draft.
    defined: HashSet<*mut RType>,
}

impl Linker<'_> {
    /// Declared types first: their identity does not depend on anything.
    fn declare(&mut self, i: usize) {
        let TypeDesc::Named { id, .. } = &self.descs[i - self.made.len()] else { return };
        let key = Key::Named(id.clone());
        if let Some(t) = self.reg.known.get(&key) {
            self.at[i] = raw(t);
        } else if let Some(p) = self.pending.get(&key) {
            self.at[i] = *p;
        } else {
            let p = alloc_raw();
            self.pending.insert(key, p);
            self.at[i] = p;
        }
    }

    fn define_named(&mut self, i: usize) {
        let desc = &self.descs[i - self.made.len()];
        let TypeDesc::Named { id, string, name, pkg_path, underlying } = desc else { return };
        let at = self.at[i];
        if !self.pending.contains_key(&Key::Named(id.clone())) || !self.defined.insert(at) {
            return;
        }
        let body = self.body(*underlying as usize);
        self.drafts.push(Draft { at, body, named: Some((id.clone(), string.clone(), name.clone(), pkg_path.clone())) });
    }

    fn body(&mut self, i: usize) -> Body {
        let descs = self.descs;
        if let Some(t) = self.made.get(i) {
            return body_of(t);
        }
        match &descs[i - self.made.len()] {
            TypeDesc::Basic(k) => Body::Basic(*k),
            TypeDesc::Named { underlying, .. } => self.body(*underlying as usize),
            TypeDesc::Pointer(e) => Body::Pointer(self.resolve(*e as usize)),
            TypeDesc::Slice(e) => Body::Slice(self.resolve(*e as usize)),
            TypeDesc::Array(e, n) => Body::Array(self.resolve(*e as usize), *n),
            TypeDesc::Chan(d, e) => Body::Chan(*d, self.resolve(*e as usize)),
            TypeDesc::Map(k, v) => Body::Map(self.resolve(*k as usize), self.resolve(*v as usize)),
            TypeDesc::Func { params, results, variadic } => Body::Func(
                params.iter().map(|t| self.resolve(*t as usize)).collect(),
                results.iter().map(|t| self.resolve(*t as usize)).collect(),
                *variadic,
            ),
            TypeDesc::Struct(fs) => Body::Struct(
                fs.iter()
                    .map(|f| {
                        (f.name.clone(), f.pkg_path.clone(), self.resolve(f.ty as usize), f.tag.clone(), f.embedded)
                    })
                    .collect(),
            ),
            TypeDesc::Interface(ms) => {
                let mut v: Vec<_> =
                    ms.iter().map(|m| (m.name.clone(), m.pkg_path.clone(), self.resolve(m.ty as usize))).collect();
                v.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
                Body::Interface(v)
            }
        }
    }

    fn resolve(&mut self, i: usize) -> *mut RType {
        if !self.at[i].is_null() {
            return self.at[i];
        }
        let body = self.body(i);
        let key = key_of(&body);
        let p = if let Some(t) = self.reg.known.get(&key) {
            raw(t)
        } else if let Some(p) = self.pending.get(&key) {
            *p
        } else {
            let p = alloc_raw();
            self.pending.insert(key, p);
            self.drafts.push(Draft { at: p, body, named: None });
            p
        };
        self.at[i] = p;
        p
    }
}

/// What a finished descriptor was made from.
fn body_of(t: TypeRef) -> Body {
    let elem = || raw(t.elem());
    match t.kind {
        Kind::Pointer => Body::Pointer(elem()),
        Kind::Slice => Body::Slice(elem()),
        Kind::Array => Body::Array(elem(), t.len),
        Kind::Chan => Body::Chan(t.dir, elem()),
        Kind::Map => Body::Map(t.key.map_or(std::ptr::null_mut(), raw), elem()),
        Kind::Func => Body::Func(
            t.params.iter().map(|t| raw(t)).collect(),
            t.results.iter().map(|t| raw(t)).collect(),
            t.has(VARIADIC),
        ),
        Kind::Struct => Body::Struct(
            t.fields.iter().map(|f| (f.name.into(), f.pkg_path.into(), raw(f.ty), f.tag.into(), f.embedded)).collect(),
        ),
        Kind::Interface => {
            Body::Interface(t.imethods.iter().map(|m| (m.name.into(), m.pkg_path.into(), raw(m.ty))).collect())
        }
        kind => Body::Basic(kind),
    }
}

fn key_of(b: &Body) -> Key {
    let a = |p: &*mut RType| *p as usize;
    match b {
        Body::Basic(k) => Key::Basic(*k),
        Body::Pointer(e) => Key::Pointer(a(e)),
        Body::Slice(e) => Key::Slice(a(e)),
        Body::Array(e, n) => Key::Array(a(e), *n),
        Body::Chan(d, e) => Key::Chan(*d, a(e)),
        Body::Map(k, v) => Key::Map(a(k), a(v)),
        Body::Func(p, r, v) => Key::Func(p.iter().map(a).collect(), r.iter().map(a).collect(), *v),
        Body::Struct(fs) => {
            Key::Struct(fs.iter().map(|f| (f.0.clone(), f.1.clone(), a(&f.2), f.3.clone(), f.4)).collect())
        }
        Body::Interface(ms) => Key::Interface(ms.iter().map(|m| (m.0.clone(), m.1.clone(), a(&m.2))).collect()),
    }
}

/// Second half: layout, maps, names.
struct Writer {
    drafts: Vec<Draft>,
    by_addr: HashMap<usize, usize>,
    state: Vec<bool>,
}

impl Writer {
    /// The descriptor at `p`, laid out.
    fn done(&mut self, p: *mut RType) -> TypeRef {
        if let Some(&i) = self.by_addr.get(&(p as usize)) {
            self.write(i);
        }
        // SAFETY: a leaked descriptor, valid at all times (blank before it is written).
        unsafe { &*p }
    }

    fn write(&mut self, i: usize) {
        if self.state[i] {
            return;
        }
        self.state[i] = true;
        let body = self.drafts[i].body.clone();
        let link = |p: *mut RType| -> TypeRef {
            // SAFETY: as in `done`; only the address is used until everything is written.
            unsafe { &*p }
        };
        let mut t = match body {
            Body::Basic(k) => {
                let mut t = blank(k);
                basic_layout(&mut t);
                t
            }
            Body::Pointer(e) => word_type(Kind::Pointer, Some(link(e))),
            Body::Chan(d, e) => {
                let mut t = word_type(Kind::Chan, Some(link(e)));
                t.dir = d;
                t
            }
            Body::Map(k, v) => {
                let mut t = word_type(Kind::Map, Some(link(v)));
                t.key = Some(link(k));
                t.flags &= !COMPARABLE;
                t.alg = Alg::None;
                t
            }
            Body::Func(p, r, v) => {
                let mut t = word_type(Kind::Func, None);
                t.params = Box::leak(p.into_iter().map(link).collect());
                t.results = Box::leak(r.into_iter().map(link).collect());
                t.flags = (t.flags & !COMPARABLE) | if v { VARIADIC } else { 0 };
                t.alg = Alg::None;
                t
            }
            Body::Slice(e) => {
                let mut t = blank(Kind::Slice);
                (t.size, t.align, t.ptrdata, t.mask0) = (24, 8, 8, 1);
                t.elem = Some(link(e));
                t
            }
            Body::Interface(ms) => {
                let mut t = blank(Kind::Interface);
                (t.size, t.align, t.ptrdata, t.mask0) = (16, 8, 16, 2);
                t.flags = COMPARABLE | HASH_MIGHT_PANIC | NEED_KEY_UPDATE;
                t.alg = if ms.is_empty() { Alg::Eface } else { Alg::Iface };
                t.imethods = Box::leak(
                    ms.into_iter().map(|m| IMethod { name: leak(&m.0), pkg_path: leak(&m.1), ty: link(m.2) }).collect(),
                );
                t
            }
            Body::Array(e, n) => {
                let e = self.done(e);
                array_layout(e, n)
            }
            Body::Struct(fs) => {
                let fs = fs
                    .into_iter()
                    .map(|f| {
                        let ty = self.done(f.2);
                        Field {
                            name: leak(&f.0),
                            pkg_path: leak(&f.1),
                            ty,
                            offset: 0,
                            tag: leak(&f.3),
                            embedded: f.4,
                            exported: exported(&f.0),
                        }
                    })
                    .collect();
                struct_layout(fs)
            }
        };
        if t.mask.is_empty() && t.mask0 != 0 && t.ptrdata <= 512 {
            t.mask = Box::leak(Box::new([t.mask0]));
        }
        if t.ptrdata == 0 {
            t.flags |= NO_POINTERS;
            if t.size <= 8 {
                t.flags |= INLINE_IFACE;
            }
        }
        if t.alg != Alg::None {
            t.flags |= COMPARABLE;
        }
        if matches!(t.alg, Alg::Zero | Alg::Mem8 | Alg::Mem16 | Alg::Mem32 | Alg::Mem64 | Alg::Mem) {
            t.flags |= REGULAR | REFLEXIVE;
        }
        if self.drafts[i].named.is_some() {
            t.flags |= NAMED;
        }
        // SAFETY: `at` is a leaked box nobody reads while drafts are written.
        unsafe { std::ptr::write(self.drafts[i].at, t) };
    }

    /// Names and hashes, once all links are in place.
    fn names(&mut self) {
        for i in 0..self.drafts.len() {
            let at = self.drafts[i].at;
            if let Some((id, string, name, pkg)) = &self.drafts[i].named {
                // SAFETY: see `write`.
                let t = unsafe { &mut *at };
                (t.string, t.name, t.pkg_path) = (leak(string), leak(name), leak(pkg));
                t.hash = fnv(id);
            }
        }
        for i in 0..self.drafts.len() {
            if self.drafts[i].named.is_none() {
                self.name_literal(self.drafts[i].at);
            }
        }
    }

    fn name_literal(&self, at: *mut RType) {
        // SAFETY: written by `write`.
        let t: TypeRef = unsafe { &*at };
        if !t.string.is_empty() || !self.by_addr.contains_key(&(at as usize)) {
            return;
        }
        let parts = t.elem.into_iter().chain(t.key).chain(t.params.iter().copied()).chain(t.results.iter().copied());
        for p in parts.chain(t.fields.iter().map(|f| f.ty)).chain(t.imethods.iter().map(|m| m.ty)) {
            self.name_literal(raw(p));
        }
        let s = literal_string(t);
        // SAFETY: only name and hash change, and nobody else has the address yet.
        let t = unsafe { &mut *at };
        t.hash = fnv(&s);
        if (Kind::Bool..=Kind::Complex128).contains(&t.kind) || matches!(t.kind, Kind::String | Kind::UnsafePointer) {
            t.name = if t.kind == Kind::UnsafePointer { "Pointer" } else { leak(&s) };
            t.pkg_path = if t.kind == Kind::UnsafePointer { "unsafe" } else { "" };
            t.flags |= NAMED;
        }
        t.string = leak(&s);
    }
}

fn fnv(s: &str) -> u32 {
    let h = s.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ b as u64).wrapping_mul(0x100_0000_01b3));
    (h ^ (h >> 32)) as u32
}

fn basic_layout(t: &mut RType) {
    use Kind::*;
    let (size, alg) = match t.kind {
        Bool | Int8 | Uint8 => (1, Alg::Mem8),
        Int16 | Uint16 => (2, Alg::Mem16),
        Int32 | Uint32 => (4, Alg::Mem32),
        Float32 => (4, Alg::F32),
        Float64 => (8, Alg::F64),
        Complex64 => (8, Alg::C64),
        Complex128 => (16, Alg::C128),
        String => (16, Alg::String),
        _ => (8, Alg::Mem64),
    };
    t.size = size;
    t.align = match t.kind {
        Complex64 => 4,
        Complex128 | String => 8,
        _ => size as u8,
    };
    t.alg = alg;
    match t.kind {
        String => {
            (t.ptrdata, t.mask0) = (8, 1);
            t.flags |= REFLEXIVE | NEED_KEY_UPDATE;
        }
        UnsafePointer => {
            (t.ptrdata, t.mask0) = (8, 1);
            t.flags |= DIRECT_IFACE;
        }
        Float32 | Float64 | Complex64 | Complex128 => t.flags |= NEED_KEY_UPDATE,
        _ => {}
    }
}

fn word_type(kind: Kind, elem: Option<TypeRef>) -> RType {
    let mut t = blank(kind);
    (t.size, t.align, t.ptrdata, t.mask0) = (8, 8, 8, 1);
    t.elem = elem;
    t.alg = Alg::Mem64;
    t.flags = DIRECT_IFACE | COMPARABLE;
    t
}

const INHERIT: u16 = HASH_MIGHT_PANIC | NEED_KEY_UPDATE;

fn array_layout(e: TypeRef, n: usize) -> RType {
    let mut t = blank(Kind::Array);
    t.elem = Some(e);
    t.len = n;
    t.size = e.size.saturating_mul(n);
    t.align = e.align;
    if n > 0 && e.ptrdata != 0 {
        t.ptrdata = e.size * (n - 1) + e.ptrdata;
        let words = t.ptrdata.div_ceil(8);
        let keep = if words > 1 << 13 { 64 } else { words };
        let mut mask = vec![0u64; keep.div_ceil(64)];
        for w in 0..keep {
            if e.word_is_pointer(w % (e.size / 8)) {
                mask[w / 64] |= 1 << (w % 64);
            }
        }
        t.mask0 = mask[0];
        if keep == words {
            t.mask = Box::leak(mask.into_boxed_slice());
        }
    }
    t.flags = e.flags & INHERIT;
    if n == 1 {
        t.flags |= e.flags & DIRECT_IFACE;
    }
    t.alg = if e.alg == Alg::None {
        Alg::None
    } else if t.size == 0 {
        Alg::Zero
    } else if e.has(REGULAR) {
        mem_alg(t.size)
    } else {
        t.flags |= e.flags & REFLEXIVE;
        Alg::Array
    };
    t
}

fn mem_alg(size: usize) -> Alg {
    match size {
        0 => Alg::Zero,
        1 => Alg::Mem8,
        2 => Alg::Mem16,
        4 => Alg::Mem32,
        8 => Alg::Mem64,
        _ => Alg::Mem,
    }
}

fn struct_layout(mut fs: Vec<Field>) -> RType {
    let mut t = blank(Kind::Struct);
    let (mut off, mut align) = (0usize, 1u8);
    let (mut regular, mut comparable, mut reflexive) = (true, true, true);
    for f in &mut fs {
        let a = f.ty.align as usize;
        let at = off.next_multiple_of(a);
        regular &= at == off && f.name != "_" && (f.ty.has(REGULAR));
        comparable &= f.ty.alg != Alg::None;
        reflexive &= f.ty.has(REFLEXIVE);
        f.offset = at;
        off = at.saturating_add(f.ty.size);
        align = align.max(f.ty.align);
        t.flags |= f.ty.flags & INHERIT;
        if f.ty.ptrdata != 0 {
            t.ptrdata = at + f.ty.ptrdata;
        }
    }
    // A pointer to a trailing zero-size field must not point past the object.
    if off > 0 && fs.last().is_some_and(|f| f.ty.size == 0) {
        off += 1;
        regular = false;
    }
    t.align = align;
    t.size = off.next_multiple_of(align as usize);
    regular &= t.size == off;
    if t.ptrdata > 0 {
        let mut mask = vec![0u64; t.ptrdata.div_ceil(512)];
        for f in fs.iter().filter(|f| f.ty.ptrdata != 0) {
            for w in 0..f.ty.ptrdata / 8 {
                if f.ty.word_is_pointer(w) {
                    let at = f.offset / 8 + w;
                    mask[at / 64] |= 1 << (at % 64);
                }
            }
        }
        t.mask0 = mask[0];
        t.mask = Box::leak(mask.into_boxed_slice());
    }
    if let [f] = &fs[..] {
        t.flags |= f.ty.flags & DIRECT_IFACE;
    }
    t.alg = if !comparable {
        Alg::None
    } else if t.size == 0 {
        Alg::Zero
    } else if regular {
        mem_alg(t.size)
    } else {
        if reflexive {
            t.flags |= REFLEXIVE;
        }
        Alg::Struct
    };
    t.fields = Box::leak(fs.into_boxed_slice());
    t
}

/// A type literal as Go prints it.
fn literal_string(t: TypeRef) -> String {
    match t.kind {
        Kind::Pointer => format!("*{}", t.elem().string),
        Kind::Slice => format!("[]{}", t.elem().string),
        Kind::Array => format!("[{}]{}", t.len, t.elem().string),
        Kind::Map => format!("map[{}]{}", t.key.map_or("", |k| k.string), t.elem().string),
        Kind::Chan => match t.dir {
            RECV_DIR => format!("<-chan {}", t.elem().string),
            SEND_DIR => format!("chan<- {}", t.elem().string),
            _ if t.elem().kind == Kind::Chan && t.elem().dir == RECV_DIR && !t.elem().has(NAMED) => {
                format!("chan ({})", t.elem().string)
            }
            _ => format!("chan {}", t.elem().string),
        },
        Kind::Func => format!("func{}", signature_string(t)),
        Kind::Struct if t.fields.is_empty() => "struct {}".into(),
        Kind::Struct => {
            let fs: Vec<String> = t
                .fields
                .iter()
                .map(|f| {
                    let name = if f.embedded { String::new() } else { format!("{} ", f.name) };
                    let tag = if f.tag.is_empty() { String::new() } else { format!(" {}", quote(f.tag)) };
                    format!("{name}{}{tag}", f.ty.string)
                })
                .collect();
            format!("struct {{ {} }}", fs.join("; "))
        }
        Kind::Interface if t.imethods.is_empty() => "interface {}".into(),
        Kind::Interface => {
            let ms: Vec<String> = t
                .imethods
                .iter()
                .map(|m| {
                    let pkg = m.pkg_path.rsplit('/').next().unwrap_or("");
                    let dot = if pkg.is_empty() { "" } else { "." };
                    format!("{pkg}{dot}{}{}", m.name, signature_string(m.ty))
                })
                .collect();
            format!("interface {{ {} }}", ms.join("; "))
        }
        k => k.name().into(),
    }
}

/// A Go string literal.
fn quote(s: &str) -> String {
    let mut q = String::from('"');
    for c in s.chars() {
        match c {
            '"' | '\\' => q.extend(['\\', c]),
            '\n' => q.push_str("\\n"),
            '\t' => q.push_str("\\t"),
            '\r' => q.push_str("\\r"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => q.push_str(&format!("\\x{:02x}", c as u32)),
            // Rust's idea of what can be printed is close to Go's.
            c if c.escape_debug().count() > 1 && c != '\'' => q.push_str(&format!("\\u{:04x}", c as u32)),
            c => q.push(c),
        }
    }
    q.push('"');
    q
}

/// `(int, ...string) (bool, error)`
fn signature_string(t: TypeRef) -> String {
    let n = t.params.len();
    let ps: Vec<String> = t
        .params
        .iter()
        .enumerate()
        .map(
            |(i, p)| {
                if i + 1 == n && t.has(VARIADIC) { format!("...{}", p.elem().string) } else { p.string.to_owned() }
            },
        )
        .collect();
    let rs: Vec<&str> = t.results.iter().map(|r| r.string).collect();
    let r = match rs.len() {
        0 => String::new(),
        1 => format!(" {}", rs[0]),
        _ => format!(" ({})", rs.join(", ")),
    };
    format!("({}){r}", ps.join(", "))
}
