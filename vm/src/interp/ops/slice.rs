//! Allocation, slices, strings.

use super::prelude::*;
use gol_runtime::fault::SliceBound;
use gol_runtime::gc::Room;
use gol_runtime::object::slice::{self, Slice};
use gol_runtime::object::string::{self, Str};
use gol_runtime::object::types::{Kind, TypeRef};

impl M {
    /// Writes a value of type `t` from memory into registers, in register form.
    #[inline]
    pub(super) fn to_regs(self, t: TypeRef, off: usize, from: *const u8) {
        match t.size {
            0 => {}
            8 => self.set_slot(off, self.load(from as u64)),
            n if n < 8 => {
                self.set_slot(off, 0);
                self.copy(self.frame_at(off), from, n);
                self.canonical(t, off);
            }
            n => self.copy(self.frame_at(off), from, n),
        }
    }
    /// Sign-extends a small signed integer whose bytes were just put into a cleared slot.
    #[inline]
    pub(super) fn canonical(self, t: TypeRef, off: usize) {
        let v = self.slot(off);
        match t.kind {
            Kind::Int8 => self.set_slot(off, v as i8 as i64 as u64),
            Kind::Int16 => self.set_slot(off, v as i16 as i64 as u64),
            Kind::Int32 => self.set_slot(off, v as i32 as i64 as u64),
            _ => {}
        }
    }
    /// A register value's memory image: registers are little-endian images already.
    #[inline]
    pub(super) fn image(self, off: usize) -> *mut u8 {
        self.frame_at(off)
    }
    #[inline]
    fn set_str(self, s: Str) {
        self.set_an([s.ptr, s.len]);
    }
    #[inline]
    pub(super) fn set_slice(self, s: Slice) {
        self.set_an([s.ptr, s.len, s.cap]);
    }
    /// Before so many bytes are allocated: leaves for a collection, and then tries again, if there is no room for them.
    fn room(self, bytes: usize) -> Result<(), Stop> {
        let heap = &mut self.rt().heap;
        match heap.room_for(bytes) {
            Room::Enough => Ok(()),
            Room::AfterCollection => Err(Stop::Exit(Exit::Poll)),
            Room::None => Err(heap.refuse(bytes).into()),
        }
    }
    /// The same for `n` values of type `t`. What no machine has room for is a panic, not a shortage.
    fn room_of(self, t: TypeRef, n: u64) -> Result<(), Stop> {
        match (n as usize).checked_mul(t.size) {
            Some(bytes) if bytes <= slice::MAX_ALLOC => self.room(bytes),
            _ => Ok(()),
        }
    }
    /// Writes values of type `t` over others.
    fn write(self, t: TypeRef, to: *mut u8, from: *const u8, n: usize) {
        if t.noscan() {
            self.copy(to, from, n);
        } else {
            // SAFETY: elements of slices of that type.
            unsafe { self.rt().heap.copy_over(to, from, n) };
        }
    }
    fn b_slice(self) -> Slice {
        let [ptr, len, cap] = self.b3();
        Slice { ptr, len, cap }
    }
    /// Room for `extra` more elements behind B; answers the slice with its new length.
    fn grown(self, t: TypeRef, extra: u64) -> Result<Slice, Stop> {
        let s = self.b_slice();
        let len = s.len.wrapping_add(extra);
        if len > s.cap || len < s.len {
            self.room_of(t, slice::next_cap(len as usize, s.cap as usize) as u64)?;
            // SAFETY: B is a valid slice of t and the new length is beyond its capacity.
            return Ok(unsafe { slice::grow(&mut self.rt().heap, t, s, len) }?);
        }
        Ok(Slice { len, ..s })
    }
}

/// Appends one element: in place when there is room, else through the runtime.
macro_rules! appends {
    ($($name:ident: $t:ty, |$m:ident| $value:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            #[inline(never)]
            extern "C" fn far(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> bool {
                let $m = M { pc, fp, cx, w };
                let value: $t = $value;
                match $m.grown($m.ctx().ty($m.xl()), 1) {
                    Ok(s) => {
                        // In place there may be an old element, which another slice can reach.
                        $m.rt().heap.before_write((s.ptr + (s.len - 1) * size_of::<$t>() as u64) as *const u8, size_of::<$t>());
                        $m.store(s.ptr + (s.len - 1) * size_of::<$t>() as u64, value);
                        $m.set_slice(s);
                        true
                    }
                    Err(stop) => {
                        $m.stop(stop);
                        false
                    }
                }
            }
            let $m = m;
            let [ptr, len, cap] = $m.b3();
            if len < cap && !$m.barrier() {
                let value: $t = $value;
                $m.store(ptr.wrapping_add(len.wrapping_mul(size_of::<$t>() as u64)), value);
                $m.set_an([ptr, len + 1, cap]);
                return $m.skip::<D>(len::$name);
            }
            // Jumped to, so that the handler keeps no frame.
            #[cold]
            #[inline(never)]
            #[allow(improper_ctypes_definitions)]
            extern "C" fn grow<D: Dispatch>(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> D::Out {
                if far(pc, fp, cx, w) { D::next(pc.wrapping_add(len::$name as usize), fp, cx) } else { D::exit() }
            }
            grow::<D>(m.pc, m.fp, m.cx, m.w)
        }
    )*};
}
appends! {
    append_8: u8, |m| m.c() as u8;
    append_16: u16, |m| m.c() as u16;
    append_32: u32, |m| m.c() as u32;
    append_64: u64, |m| m.c();
    append_2: [u64; 2], |m| m.c2();
    append_3: [u64; 3], |m| m.c3();
}

/// How a slice expression's operands are read: which are given and what bounds them.
struct Bounds {
    low: u64,
    high: u64,
    max: u64,
}

impl M {
    /// Checks `[low:high:max]` in Go's order; `cap` bounds high (or max), `named_len` says that messages speak of length.
    fn bounds(self, len: u64, cap: u64, named_len: bool) -> Result<Bounds, Fault> {
        let given = self.rc();
        let low = if given & 1 != 0 { self.slot(self.x0() as usize) } else { 0 };
        let high = if given & 2 != 0 { self.slot(self.x1() as usize) } else { len };
        if given & 4 != 0 {
            let max = self.slot(self.x2() as usize);
            if max > cap {
                return Err(Fault::slice(
                    if named_len { SliceBound::MaxLen } else { SliceBound::MaxCap },
                    max,
                    cap,
                    self.signed(),
                ));
            }
            if high > max {
                return Err(Fault::slice(SliceBound::HighMax, high, max, self.signed()));
            }
            if low > high {
                return Err(Fault::slice(SliceBound::LowHigh3, low, high, self.signed()));
            }
            return Ok(Bounds { low, high, max });
        }
        if high > cap {
            return Err(Fault::slice(
                if named_len { SliceBound::HighLen } else { SliceBound::HighCap },
                high,
                cap,
                self.signed(),
            ));
        }
        if low > high {
            return Err(Fault::slice(SliceBound::LowHigh, low, high, self.signed()));
        }
        Ok(Bounds { low, high, max: cap })
    }
    /// The part of memory at `ptr`; a result without capacity keeps the base, as Go does.
    fn part(self, ptr: u64, b: Bounds, size: u64) -> Slice {
        let cap = b.max - b.low;
        let ptr = if cap == 0 { ptr } else { ptr.wrapping_add(b.low * size) };
        Slice { ptr, len: b.high - b.low, cap }
    }
}

slow! {
    alloc(m) {
        let p = m.rt().heap.alloc(m.ctx().ty(m.bc()));
        m.set_a(p as u64);
        Ok(())
    }
    alloc_noted(m) {
        let p = m.rt().heap.alloc_noted(m.ctx().ty(m.bc()), 1, m.next_pc());
        m.set_a(p as u64);
        Ok(())
    }
    mkbox(m) {
        let t = m.ctx().ty(m.xl());
        let p = m.rt().heap.alloc(t);
        m.copy(p, m.image(m.rb()), t.size);
        m.set_a(p as u64);
        Ok(())
    }
    load(m) {
        let p = m.b();
        if p == 0 {
            return Err(Fault::nil_deref().into());
        }
        m.to_regs(m.ctx().ty(m.xl()), m.ra(), p as *const u8);
        Ok(())
    }
    store(m) {
        let p = m.b();
        if p == 0 {
            return Err(Fault::nil_deref().into());
        }
        // SAFETY: a pointer to a value of that type.
        unsafe { m.rt().heap.copy_over(p as *mut u8, m.image(m.ra()), m.ctx().ty(m.xl()).size) };
        Ok(())
    }
    mkslice(m) {
        m.room_of(m.ctx().ty(m.xl()), m.c())?;
        let s = slice::make(&mut m.rt().heap, m.ctx().ty(m.xl()), m.b() as i64, m.c() as i64)?;
        m.set_slice(s);
        Ok(())
    }
    mkslice_noted(m) {
        m.room_of(m.ctx().ty(m.xl()), m.c())?;
        let s = slice::make_noted(&mut m.rt().heap, m.ctx().ty(m.xl()), m.b() as i64, m.c() as i64, m.next_pc())?;
        m.set_slice(s);
        Ok(())
    }
    append_n(m) {
        let t = m.ctx().ty(m.xl());
        let s = m.grown(t, 1)?;
        m.write(t, (s.ptr + (s.len - 1) * t.size as u64) as *mut u8, m.image(m.rc()), t.size);
        m.set_slice(s);
        Ok(())
    }
    append_grow(m) {
        let t = m.ctx().ty(m.xl());
        let old = m.b_slice();
        let s = m.grown(t, m.rc() as u64)?;
        let (at, n) = ((s.ptr + old.len * t.size as u64) as *mut u8, (s.len - old.len) as usize * t.size);
        if !t.noscan() {
            m.rt().heap.before_write(at, n);
        }
        m.clear(at, n);
        m.set_slice(s);
        Ok(())
    }
    append_s(m) {
        let t = m.ctx().ty(m.xl());
        let [from, n, _] = m.c3();
        if n == 0 {
            m.set_slice(m.b_slice());
            return Ok(());
        }
        let old = m.slot_n(m.rb(), 1);
        let s = m.grown(t, n)?;
        m.write(t, (s.ptr + old * t.size as u64) as *mut u8, from as *const u8, n as usize * t.size);
        m.set_slice(s);
        Ok(())
    }
    append_str(m) {
        let [from, n] = m.c2();
        if n == 0 {
            m.set_slice(m.b_slice());
            return Ok(());
        }
        let old = m.slot_n(m.rb(), 1);
        let s = m.grown(m.ctx().ty(m.xl()), n)?;
        m.copy((s.ptr + old) as *mut u8, from as *const u8, n as usize);
        m.set_slice(s);
        Ok(())
    }
    copy(m) {
        let (d, s) = (m.b3(), m.c3());
        let t = m.ctx().ty(m.xl());
        let n = d[1].min(s[1]);
        if n > 0 && d[0] != s[0] {
            m.write(t, d[0] as *mut u8, s[0] as *const u8, n as usize * t.size);
        }
        m.set_a(n);
        Ok(())
    }
    copy_str(m) {
        let (d, s) = (m.b3(), m.c2());
        // SAFETY: a valid byte slice and string.
        let n = unsafe { slice::copy(d[0], d[1], s[0], s[1], 1) };
        m.set_a(n);
        Ok(())
    }
    clear_slice(m) {
        let [p, n, _] = m.a3();
        if n != 0 {
            let t = m.ctx().ty(m.bc());
            if !t.noscan() {
                m.rt().heap.before_write(p as *const u8, n as usize * t.size);
            }
            m.clear(p as *mut u8, n as usize * t.size);
        }
        Ok(())
    }
    slice(m) {
        let s = m.b_slice();
        let b = m.bounds(s.len, s.cap, false)?;
        m.set_slice(m.part(s.ptr, b, u64::from(m.yl())));
        Ok(())
    }
    slice_str(m) {
        let [ptr, len] = m.b2();
        let b = m.bounds(len, len, true)?;
        let s = m.part(ptr, b, 1);
        m.set_an([s.ptr, s.len]);
        Ok(())
    }
    slice_arr(m) {
        let (p, n) = (m.b(), u64::from(m.yh()));
        if p == 0 {
            return Err(Fault::nil_deref().into());
        }
        let b = m.bounds(n, n, true)?;
        m.set_slice(m.part(p, b, u64::from(m.yl())));
        Ok(())
    }
    slice2arr(m) {
        let [p, n, _] = m.b3();
        let want = u64::from(m.xl());
        if n < want {
            return Err(Fault::slice_convert(n, want).into());
        }
        m.set_a(p);
        Ok(())
    }
    chkunsafe(m) {
        let (p, n, what) = (m.a(), m.b(), if m.rc() == 1 { "unsafe.String" } else { "unsafe.Slice" });
        let size = m.ctx().ty(m.xl()).size as u64;
        let bytes = size.checked_mul(n);
        if (n as i64) < 0 {
            return Err(Fault::unsafe_len(what).into());
        }
        if bytes.is_none_or(|b| b > p.wrapping_neg()) && !(p != 0 && n == 0) || p == 0 && n != 0 {
            return Err(if p == 0 { Fault::unsafe_nil(what) } else { Fault::unsafe_len(what) }.into());
        }
        Ok(())
    }
    concat(m) {
        let parts = m.frame_at(m.rb()) as *const Str;
        // SAFETY: C strings in consecutive registers; a Str is two words.
        let s = unsafe { string::concat(&mut m.rt().heap, std::slice::from_raw_parts(parts, m.rc())) };
        m.set_str(s);
        Ok(())
    }
    concat2(m) {
        let ([p, n], [q, k]) = (m.b2(), m.c2());
        m.room(n.saturating_add(k) as usize)?;
        // SAFETY: two strings.
        let s = unsafe { string::concat(&mut m.rt().heap, &[Str { ptr: p, len: n }, Str { ptr: q, len: k }]) };
        m.set_str(s);
        Ok(())
    }
    str2bytes(m) {
        let b = m.bytes(m.b2());
        let p = m.rt().heap.alloc_noscan(b.len());
        m.copy(p, b.as_ptr(), b.len());
        m.set_an([p as u64, b.len() as u64, b.len() as u64]);
        Ok(())
    }
    bytes2str(m) {
        let s = string::new_string(&mut m.rt().heap, m.bytes([m.b(), m.slot_n(m.rb(), 1)]));
        m.set_str(s);
        Ok(())
    }
    str2runes(m) {
        let v = string::to_runes(m.bytes(m.b2()));
        let p = m.rt().heap.alloc_noscan(v.len() * 4);
        m.copy(p, v.as_ptr().cast(), v.len() * 4);
        m.set_an([p as u64, v.len() as u64, v.len() as u64]);
        Ok(())
    }
    runes2str(m) {
        let [p, n, _] = m.b3();
        // SAFETY: a valid []rune.
        let v = if n == 0 { &[][..] } else { unsafe { std::slice::from_raw_parts(p as *const i32, n as usize) } };
        let s = string::from_runes(&mut m.rt().heap, v);
        m.set_str(s);
        Ok(())
    }
    rune2str(m) {
        let s = string::from_rune(&mut m.rt().heap, m.b() as i64);
        m.set_str(s);
        Ok(())
    }
}

/// Steps a string iteration; ASCII stays in the handler.
#[inline(always)]
pub(crate) fn rangestr<D: Dispatch>(m: M) -> D::Out {
    /// Rune in the low, width in the high half.
    #[inline(never)]
    extern "C" fn decode(p: *const u8, left: usize) -> u64 {
        // SAFETY: the rest of a string that is not empty.
        let (r, n) = string::decode_rune(unsafe { std::slice::from_raw_parts(p, left) });
        u64::from(r) | (n as u64) << 32
    }
    #[cold]
    #[inline(never)]
    #[allow(improper_ctypes_definitions)]
    extern "C" fn wide<D: Dispatch>(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> D::Out {
        let m = M { pc, fp, cx, w };
        let ([p, n], at) = (m.b2(), m.a());
        let r = decode((p + at) as *const u8, (n - at) as usize);
        m.set_slot(m.ra() + 8, r & 0xffff_ffff);
        m.set_slot(m.ra() + 16, at + (r >> 32));
        D::next(m.at(1), fp, cx)
    }
    let [p, n] = m.b2();
    let at = m.slot_n(m.ra(), 2);
    if at >= n {
        return m.skip::<D>(m.ic());
    }
    m.set_a(at);
    let first: u8 = m.load(p + at);
    if first >= 0x80 {
        return wide::<D>(m.pc, m.fp, m.cx, m.w);
    }
    m.set_slot(m.ra() + 8, u64::from(first));
    m.set_slot(m.ra() + 16, at + 1);
    m.skip::<D>(1)
}
