//! Interface method tables.
//!
//! The first word of a non-empty interface value is the address of an [`Itab`]: the interface type, the concrete type, and one
//! function index per interface method, in the interface's order. Itabs are made on demand, cached, never freed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::types::{RType, TypeRef};

/// Interface type × concrete type → functions.
#[derive(Debug)]
#[repr(C)]
pub struct Itab {
    /// Interface type.
    pub inter: TypeRef,
    /// Concrete type (offset 8).
    pub ty: TypeRef,
    /// Copy of `ty.hash` for type switches (offset 16).
    pub hash: u32,
    /// Number of methods.
    pub nfun: u32,
    /// First function index; `nfun` of them follow each other (offset 24).
    fun: [u32; 0],
}

/// Byte offset of the first function index in an [`Itab`].
pub const ITAB_FUN: usize = 24;
const _: () = assert!(std::mem::offset_of!(Itab, fun) == ITAB_FUN && std::mem::offset_of!(Itab, ty) == 8);

/// A method that a type lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingMethod {
    /// Its name.
    pub name: &'static str,
}

impl Itab {
    /// The word stored in interface values.
    #[inline]
    pub fn word(&'static self) -> u64 {
        self as *const Itab as u64
    }
    /// The functions, one per interface method.
    #[inline]
    pub fn funs(&self) -> &[u32] {
        // SAFETY: `ItabTable::make` allocates `nfun` entries behind the header.
        unsafe { std::slice::from_raw_parts(self.fun.as_ptr(), self.nfun as usize) }
    }
    /// From an interface's first word.
    #[inline]
    pub fn from_word(w: u64) -> Option<&'static Itab> {
        // SAFETY: itab words are 0 or addresses of leaked itabs.
        unsafe { (w as *const Itab).as_ref() }
    }
    /// Type word of the value in a non-empty interface (0 for nil).
    #[inline]
    pub fn type_word(w: u64) -> u64 {
        Itab::from_word(w).map_or(0, |i| i.ty.word())
    }
}

type Known = HashMap<(usize, usize), Result<&'static Itab, &'static str>>;

#[derive(Default)]
struct All {
    known: Mutex<Known>,
    /// Grows when answers change.
    age: AtomicU32,
}

/// The itabs of a process, and those this P has met.
#[derive(Clone, Default)]
pub struct ItabTable {
    met: Known,
    age: u32,
    all: Arc<All>,
}

impl ItabTable {
    /// The itab of (`inter`, `ty`), or the first method (in name order) that `ty` lacks.
    pub fn get(&mut self, inter: TypeRef, ty: TypeRef) -> Result<&'static Itab, MissingMethod> {
        let key = (inter as *const RType as usize, ty as *const RType as usize);
        let age = self.all.age.load(Ordering::Acquire);
        if self.age != age {
            self.age = age;
            self.met.clear();
        }
        let r = self.met.entry(key).or_insert_with(|| {
            let mut all = self.all.known.lock().unwrap_or_else(PoisonError::into_inner);
            *all.entry(key).or_insert_with(|| make(inter, ty))
        });
        r.map_err(|name| MissingMethod { name })
    }

    /// Whether `ty` has all methods of `inter`.
    pub fn implements(&mut self, inter: TypeRef, ty: TypeRef) -> bool {
        if ty.kind == super::types::Kind::Interface {
            return inter
                .imethods
                .iter()
                .all(|m| ty.imethods.iter().any(|n| n.name == m.name && n.pkg_path == m.pkg_path && n.ty == m.ty));
        }
        inter.imethods.is_empty() || self.get(inter, ty).is_ok()
    }

    /// Fills function indices of known itabs again, after methods got code later, and forgets which types lacked methods. No goroutine
    /// runs.
    pub fn refresh(&mut self) {
        let mut all = self.all.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, found| found.is_ok());
        for i in all.values().flatten() {
            for (k, m) in i.inter.imethods.iter().enumerate() {
                if let Some(c) = i.ty.method(m.name, m.pkg_path) {
                    // SAFETY: slot k < nfun of a leaked itab; nobody reads meanwhile.
                    unsafe { (i.fun.as_ptr() as *mut u32).add(k).write(c.ifn()) };
                }
            }
        }
        self.all.age.fetch_add(1, Ordering::AcqRel);
    }
}

/// The itab for a conversion whose success is known statically, or the missing method's name.
fn make(inter: TypeRef, ty: TypeRef) -> Result<&'static Itab, &'static str> {
    let mut funs = Vec::with_capacity(inter.imethods.len());
    for m in inter.imethods {
        match ty.method(m.name, m.pkg_path) {
            Some(c) if c.ty == m.ty => funs.push(c.ifn()),
            _ => return Err(m.name),
        }
    }
    // Header and functions in one block of words.
    let words = ITAB_FUN / 8 + funs.len().div_ceil(2);
    let block: &'static mut [u64] = Box::leak(vec![0u64; words].into_boxed_slice());
    let p = block.as_mut_ptr() as *mut Itab;
    // SAFETY: the block is large enough and aligned; it is leaked.
    unsafe {
        p.write(Itab { inter, ty, hash: ty.hash, nfun: funs.len() as u32, fun: [] });
        let f = (p as *mut u8).add(ITAB_FUN) as *mut u32;
        std::ptr::copy_nonoverlapping(funs.as_ptr(), f, funs.len());
        Ok(&*p)
    }
}
