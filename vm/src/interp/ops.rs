//! Op bodies: one function per instruction, named like it.

pub(crate) mod arith;
pub(crate) mod call;
pub(crate) mod chan;
pub(crate) mod control;
pub(crate) mod element;
pub(crate) mod float;
pub(crate) mod fused;
pub(crate) mod iface;
pub(crate) mod map;
pub(crate) mod memory;
pub(crate) mod print;
pub(crate) mod runs;
pub(crate) mod slice;

pub(crate) use arith::*;
pub(crate) use call::*;
pub(crate) use chan::*;
pub(crate) use control::*;
pub(crate) use element::*;
pub(crate) use float::*;
pub(crate) use fused::*;
pub(crate) use iface::*;
pub(crate) use map::*;
pub(crate) use memory::*;
pub(crate) use print::*;
pub(crate) use runs::*;
pub(crate) use slice::*;

/// What every file of bodies uses.
mod prelude {
    pub(crate) use super::super::ctx::{Exit, Stop};
    pub(crate) use super::super::frame::{Fp, M, Pc};
    pub(crate) use super::super::run::{Dispatch, len};
    pub(crate) use super::{pointer_elements, pointer_stores, simple, slow, slow_jump};
    pub(crate) use gol_runtime::fault::Fault;
}

/// Bodies that always go on with the next instruction.
macro_rules! simple {
    ($($name:ident($m:ident) $body:block)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
pub(crate) use simple;

/// Bodies with work that must not sit in a handler (calls, locals whose address is taken): outlined, answering
/// `Result<(), Stop>`.
macro_rules! slow {
    ($($name:ident($m:ident) $body:block)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            #[inline(never)]
            extern "C" fn far(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> bool {
                let $m = M { pc, fp, cx, w };
                $m.watch();
                let body = || -> Result<(), Stop> { $body };
                match body() {
                    Ok(()) => true,
                    Err(stop) => {
                        $m.stop(stop);
                        false
                    }
                }
            }
            if far(m.pc, m.fp, m.cx, m.w) { m.skip::<D>(len::$name) } else { D::exit() }
        }
    )*};
}
pub(crate) use slow;

/// Like `slow!`, but the body answers how many words to move (a jump, or `len::name`).
macro_rules! slow_jump {
    ($($name:ident($m:ident) $body:block)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            #[inline(never)]
            extern "C" fn far(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> i64 {
                let $m = M { pc, fp, cx, w };
                $m.watch();
                let body = || -> Result<i64, Stop> { $body };
                match body() {
                    Ok(words) => words,
                    Err(stop) => {
                        $m.stop(stop);
                        0
                    }
                }
            }
            let words = far(m.pc, m.fp, m.cx, m.w);
            if words != 0 { m.skip::<D>(words) } else { D::exit() }
        }
    )*};
}
pub(crate) use slow_jump;

/// Stores of pointers: `name |m, at| nil P; at A, N => body`: panics if P is 0; then N bytes at A are overwritten by the body. While
/// the collector marks, what was there is recorded first; that way is another function, jumped to, so that the handler keeps no frame.
macro_rules! pointer_stores {
    ($($name:ident |$m:ident, $at:ident| nil $nil:expr; at $addr:expr, $n:expr => $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            #[cold]
            #[inline(never)]
            #[allow(improper_ctypes_definitions)]
            extern "C" fn recorded<D: Dispatch>(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> D::Out {
                let $m = M { pc, fp, cx, w };
                let $at = $addr;
                $m.shade($at, $n);
                let () = $body;
                $m.skip::<D>(len::$name)
            }
            if $nil == 0 {
                return $m.nil::<D>();
            }
            if $m.barrier() {
                return recorded::<D>($m.pc, $m.fp, $m.cx, $m.w);
            }
            let $at = $addr;
            let () = $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
pub(crate) use pointer_stores;

/// Like `pointer_stores!`, for element I of LEN: `name |m, at| I, LEN; at A, N => body`.
macro_rules! pointer_elements {
    ($($name:ident |$m:ident, $at:ident| $i:expr, $len:expr; at $addr:expr, $n:expr => $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            #[cold]
            #[inline(never)]
            #[allow(improper_ctypes_definitions)]
            extern "C" fn recorded<D: Dispatch>(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> D::Out {
                let $m = M { pc, fp, cx, w };
                let $at = $addr;
                $m.shade($at, $n);
                let () = $body;
                $m.skip::<D>(len::$name)
            }
            let (i, n) = ($i, $len);
            if i >= n {
                return $m.bad_index::<D>(i, n);
            }
            if $m.barrier() {
                return recorded::<D>($m.pc, $m.fp, $m.cx, $m.w);
            }
            let $at = $addr;
            let () = $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
pub(crate) use pointer_elements;
