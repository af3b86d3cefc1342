//! Maps.

use super::prelude::*;
use gol_runtime::object::map;
use gol_runtime::object::string::Str;
use gol_runtime::object::types::TypeRef;

/// How each family finds and enters keys: register C (or B for delete) as a key of its kind.
impl M {
    fn get(self, t: TypeRef) -> Result<*mut u8, Fault> {
        // SAFETY: B is a map of type t, C a key of it, whose registers begin with its image; the same in the others.
        unsafe { map::get(t, self.b(), self.image(self.rc())) }
    }
    fn get_64(self, t: TypeRef) -> Result<*mut u8, Fault> {
        // SAFETY: see `get`; the compiler uses this family for 8-byte plain keys only.
        unsafe { map::get_u64(t, self.b(), self.c()) }
    }
    fn get_32(self, t: TypeRef) -> Result<*mut u8, Fault> {
        // SAFETY: see `get`; 4-byte plain keys only.
        unsafe { map::get_u32(t, self.b(), self.c() as u32) }
    }
    fn get_str(self, t: TypeRef) -> Result<*mut u8, Fault> {
        let [ptr, len] = self.c2();
        // SAFETY: see `get`; string keys only.
        unsafe { map::get_str(t, self.b(), Str { ptr, len }) }
    }
    fn put(self, t: TypeRef) -> Result<*mut u8, Fault> {
        // SAFETY: see `get`.
        unsafe { map::assign(self.rt(), t, self.b(), self.image(self.rc())) }
    }
    fn put_64(self, t: TypeRef) -> Result<*mut u8, Fault> {
        // SAFETY: see `get_64`.
        unsafe { map::assign_u64(self.rt(), t, self.b(), self.c()) }
    }
    fn put_32(self, t: TypeRef) -> Result<*mut u8, Fault> {
        // SAFETY: see `get_32`.
        unsafe { map::assign_u32(self.rt(), t, self.b(), self.c() as u32) }
    }
    fn put_str(self, t: TypeRef) -> Result<*mut u8, Fault> {
        let [ptr, len] = self.c2();
        // SAFETY: see `get_str`.
        unsafe { map::assign_str(self.rt(), t, self.b(), Str { ptr, len }) }
    }
    /// A = the element at `p`, or zero; answers whether there is one.
    fn fetched(self, t: TypeRef, p: *mut u8) -> bool {
        let e = t.elem();
        if p.is_null() {
            for i in 0..e.slots() {
                self.set_slot(self.ra() + i * 8, 0);
            }
            return false;
        }
        self.to_regs(e, self.ra(), p);
        true
    }
}

macro_rules! families {
    ($($get:ident, $get2:ident, $has:ident, $set:ident, $reference:ident, $del:ident: $find:ident, $enter:ident;)*) => {
        slow! { $(
            $get(m) {
                let t = m.ctx().ty(m.xl());
                let p = m.$find(t)?;
                m.fetched(t, p);
                Ok(())
            }
            $get2(m) {
                let t = m.ctx().ty(m.xl());
                let p = m.$find(t)?;
                let ok = m.fetched(t, p);
                m.set_slot(m.x2() as usize, u64::from(ok));
                Ok(())
            }
            $has(m) {
                let p = m.$find(m.ctx().ty(m.xl()))?;
                m.set_a(u64::from(!p.is_null()));
                Ok(())
            }
            $set(m) {
                let t = m.ctx().ty(m.xl());
                let p = m.$enter(t)?;
                // SAFETY: the element's place in the map.
                unsafe { m.rt().heap.copy_over(p, m.image(m.ra()), t.elem().size) };
                Ok(())
            }
            $reference(m) {
                let p = m.$enter(m.ctx().ty(m.xl()))?;
                m.set_a(p as u64);
                Ok(())
            }
            $del(m) {
                // SAFETY: A is a map of that type, B a key of it.
                unsafe { map::delete(&mut m.rt().heap, m.ctx().ty(m.xl()), m.a(), m.image(m.rb()))? };
                Ok(())
            }
        )* }
    };
}
families! {
    mapget, mapget2, maphas, mapset, mapref, mapdel: get, put;
    mapget_64, mapget2_64, maphas_64, mapset_64, mapref_64, mapdel_64: get_64, put_64;
    mapget_32, mapget2_32, maphas_32, mapset_32, mapref_32, mapdel_32: get_32, put_32;
    mapget_str, mapget2_str, maphas_str, mapset_str, mapref_str, mapdel_str: get_str, put_str;
}

simple! {
    maplen(m) {
        let p = m.b();
        m.set_a(if p == 0 { 0 } else { m.load(p) })
    }
}

slow! {
    mkmap(m) {
        let p = map::new(m.rt(), m.ctx().ty(m.xl()), m.b() as i64);
        m.set_a(p);
        Ok(())
    }
    clear_map(m) {
        if m.a() != 0 {
            // SAFETY: A is a map of that type.
            unsafe { map::clear(&mut m.rt().heap, m.ctx().ty(m.bc()), m.a()) };
        }
        Ok(())
    }
    mapiter(m) {
        let it = m.rt().heap.alloc(map::iter_layout());
        // SAFETY: fresh memory with the layout of an iterator; B is a map or 0.
        unsafe { map::iter_init(m.rt(), m.b(), it.cast()) };
        m.set_a(it as u64);
        Ok(())
    }
}

slow_jump! {
    mapnext(m) {
        const NONE: u16 = crate::bytecode::NO_REG * 8;
        let t = m.ctx().ty(m.xl());
        let it = m.a() as *mut map::Iter;
        m.rt().heap.before_write(it.cast(), map::ITER_WORDS * 8);
        // SAFETY: `mapiter` made it.
        if unsafe { map::iter_races(it) } {
            return Err(Fault::fatal("concurrent map iteration and map write").into());
        }
        // SAFETY: `mapiter` made it for a map of this type.
        let (more, key, elem) = unsafe { (map::iter_next(t, it), (*it).key, (*it).elem) };
        if !more {
            return Ok(m.ic());
        }
        if m.x2() != NONE {
            m.to_regs(t.key.unwrap_or(t), m.x2() as usize, key);
        }
        if m.x3() != NONE {
            m.to_regs(t.elem(), m.x3() as usize, elem);
        }
        Ok(len::mapnext)
    }
}
