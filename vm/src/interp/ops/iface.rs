//! Interfaces: conversion, assertion, comparison, data words.

use super::prelude::*;
use gol_runtime::object::alg;
use gol_runtime::object::iface::Itab;
use gol_runtime::object::types::{DIRECT_IFACE, INLINE_IFACE, Kind, RType, TypeRef};

impl M {
    /// Dynamic type word of an interface of static type `inter` whose first word is `w`.
    #[inline]
    fn dynamic(self, inter: u32, w: u64) -> u64 {
        if w == 0 || self.ctx().ty(inter).is_eface() { w } else { Itab::type_word(w) }
    }
    /// First word for a value of dynamic type `t` in an interface of type `inter`.
    fn first_word(self, inter: TypeRef, t: TypeRef) -> Result<u64, &'static str> {
        if inter.is_eface() {
            return Ok(t.word());
        }
        self.rt().itabs.get(inter, t).map(|i| i.word()).map_err(|e| e.name)
    }
    /// Puts the value behind a data word into registers.
    #[inline]
    fn unpack(self, t: TypeRef, off: usize, data: u64) {
        if t.flags & (DIRECT_IFACE | INLINE_IFACE) != 0 {
            if t.size != 0 {
                self.set_slot(off, data);
            }
        } else {
            self.to_regs(t, off, data as *const u8);
        }
    }
    fn clear_regs(self, t: TypeRef, off: usize) {
        for i in 0..t.slots() {
            self.set_slot(off + i * 8, 0);
        }
    }
    #[cold]
    fn refused(self, inter: u32, dynamic: u64, want: TypeRef, missing: &str) -> Stop {
        let have = RType::from_word(dynamic);
        let same_pkg = have.is_some_and(|h| home(h) == home(want));
        // A nil interface converted to a non-empty interface type is reported against plain `interface`.
        let inter = self.ctx().ty(inter);
        let from = if have.is_none() && want.kind == Kind::Interface { "interface" } else { inter.string };
        Fault::assertion(from, have.map(|h| h.string), want.string, missing, same_pkg).into()
    }
}

simple! {
    iftype(m) {
        let w = m.b();
        m.set_a(if w == 0 { 0 } else { m.load(w + 8) })
    }
}

impl M {
    #[inline(always)]
    fn is_type(self) -> bool {
        self.a() == self.ctx().type_word(self.xl())
    }
}

#[inline(always)]
pub(crate) fn jtype<D: Dispatch>(m: M) -> D::Out {
    m.jump_if::<D>(m.is_type(), 2)
}
#[inline(always)]
pub(crate) fn jntype<D: Dispatch>(m: M) -> D::Out {
    m.jump_if::<D>(!m.is_type(), 2)
}

slow! {
    i2i(m) {
        let [w, data] = m.b2();
        let dynamic = m.dynamic(m.xh(), w);
        let Some(t) = RType::from_word(dynamic) else {
            m.set_an([0, 0]);
            return Ok(());
        };
        let want = m.ctx().ty(m.xl());
        match m.first_word(want, t) {
            Ok(w) => m.set_an([w, data]),
            Err(missing) => return Err(m.refused(m.xh(), dynamic, want, missing)),
        }
        Ok(())
    }
    assert(m) {
        let [w, data] = m.b2();
        let (dynamic, t) = (m.dynamic(m.xh(), w), m.ctx().ty(m.xl()));
        if dynamic != t.word() {
            return Err(m.refused(m.xh(), dynamic, t, ""));
        }
        m.unpack(t, m.ra(), data);
        Ok(())
    }
    assert2(m) {
        let [w, data] = m.b2();
        let t = m.ctx().ty(m.xl());
        let ok = m.dynamic(m.xh(), w) == t.word();
        if ok {
            m.unpack(t, m.ra(), data);
        } else {
            m.clear_regs(t, m.ra());
        }
        m.set_slot(m.rc(), u64::from(ok));
        Ok(())
    }
    asserti(m) {
        let [w, data] = m.b2();
        let (dynamic, want) = (m.dynamic(m.xh(), w), m.ctx().ty(m.xl()));
        let Some(t) = RType::from_word(dynamic) else { return Err(m.refused(m.xh(), 0, want, "")) };
        match m.first_word(want, t) {
            Ok(w) => m.set_an([w, data]),
            Err(missing) => return Err(m.refused(m.xh(), dynamic, want, missing)),
        }
        Ok(())
    }
    asserti2(m) {
        let [w, data] = m.b2();
        let want = m.ctx().ty(m.xl());
        let word = RType::from_word(m.dynamic(m.xh(), w)).and_then(|t| m.first_word(want, t).ok());
        m.set_an(word.map_or([0, 0], |w| [w, data]));
        m.set_slot(m.rc(), u64::from(word.is_some()));
        Ok(())
    }
    implements(m) {
        let want = m.ctx().ty(m.xl());
        let yes = RType::from_word(m.b()).is_some_and(|t| m.first_word(want, t).is_ok());
        m.set_a(u64::from(yes));
        Ok(())
    }
    idata(m) {
        m.unpack(m.ctx().ty(m.xl()), m.ra(), m.b());
        Ok(())
    }
    mkidata(m) {
        let t = m.ctx().ty(m.xl());
        let data = if t.size == 0 {
            0
        } else if t.flags & DIRECT_IFACE != 0 {
            m.b()
        } else if t.flags & INLINE_IFACE != 0 {
            // Padding and unused bytes are cleared, so that equal values have equal words where equality is of memory.
            match t.kind {
                Kind::Struct | Kind::Array if t.size < 8 => m.b() & (u64::MAX >> (64 - t.size * 8)),
                _ => m.b(),
            }
        } else {
            let p = m.rt().heap.alloc(t);
            m.copy(p, m.image(m.rb()), t.size);
            p as u64
        };
        m.set_a(data);
        Ok(())
    }
    ifeq(m) {
        let ([t, d], [u, e]) = (m.b2(), m.c2());
        // SAFETY: two `any` values.
        let eq = unsafe { alg::eface_equal(t, d, u, e)? };
        m.set_a(u64::from(eq));
        Ok(())
    }
    ifeqi(m) {
        let ([t, d], [u, e]) = (m.b2(), m.c2());
        // SAFETY: two interfaces with itabs.
        let eq = unsafe { alg::iface_equal(t, d, u, e)? };
        m.set_a(u64::from(eq));
        Ok(())
    }
    regeq(m) {
        // SAFETY: two values of that type, whose registers begin with their images.
        let eq = unsafe { alg::equal(m.ctx().ty(m.xl()), m.image(m.rb()), m.image(m.rc()))? };
        m.set_a(u64::from(eq));
        Ok(())
    }
    memeq(m) {
        let (p, q) = (m.b(), m.c());
        if p == 0 || q == 0 {
            return Err(Fault::nil_deref().into());
        }
        // SAFETY: two pointers to values of that type.
        let eq = unsafe { alg::equal(m.ctx().ty(m.xl()), p as *const u8, q as *const u8)? };
        m.set_a(u64::from(eq));
        Ok(())
    }
}

/// The package that a type belongs to: of a struct type without name, that of its unexported fields.
fn home(t: TypeRef) -> &'static str {
    if !t.pkg_path.is_empty() {
        return t.pkg_path;
    }
    t.fields.iter().map(|f| f.pkg_path).find(|p| !p.is_empty()).unwrap_or("")
}
