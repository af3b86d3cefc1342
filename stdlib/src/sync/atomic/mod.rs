//! Operations on shared words, all sequentially consistent.

use std::sync::atomic::Ordering::SeqCst;

use gol_runtime::native::{Call, NativeTable, Ret};

/// Runs a body that may end early with what the native answers.
fn run(c: &mut Call<'_>, f: impl FnOnce(&mut Call<'_>) -> Result<(), Ret>) -> Ret {
    match f(c) {
        Ok(()) => Ret::Done,
        Err(r) => r,
    }
}

/// The operations on one width: how a slot becomes a word and back (signed ones are kept sign-extended).
macro_rules! family {
    ($name:ident, $word:ident, $t:ty, $signed:ty) => {
        mod $name {
            use super::*;

            fn ret(c: &mut Call<'_>, v: $t) {
                c.ret_int(0, v as $signed as i64);
            }
            pub fn load(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    let v = c.$word(0)?.load(SeqCst);
                    ret(c, v);
                    Ok(())
                })
            }
            pub fn store(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    c.$word(0)?.store(c.word(1) as $t, SeqCst);
                    Ok(())
                })
            }
            pub fn swap(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    let v = c.$word(0)?.swap(c.word(1) as $t, SeqCst);
                    ret(c, v);
                    Ok(())
                })
            }
            pub fn cas(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    let (old, new) = (c.word(1) as $t, c.word(2) as $t);
                    let done = c.$word(0)?.compare_exchange(old, new, SeqCst, SeqCst).is_ok();
                    c.ret_bool(0, done);
                    Ok(())
                })
            }
            pub fn add(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    let delta = c.word(1) as $t;
                    let v = c.$word(0)?.fetch_add(delta, SeqCst).wrapping_add(delta);
                    ret(c, v);
                    Ok(())
                })
            }
            pub fn and(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    let v = c.$word(0)?.fetch_and(c.word(1) as $t, SeqCst);
                    ret(c, v);
                    Ok(())
                })
            }
            pub fn or(c: &mut Call<'_>) -> Ret {
                run(c, |c| {
                    let v = c.$word(0)?.fetch_or(c.word(1) as $t, SeqCst);
                    ret(c, v);
                    Ok(())
                })
            }
        }
    };
}

family!(i32s, atomic_u32, u32, i32);
family!(u32s, atomic_u32, u32, u32);
family!(words, atomic_u64, u64, u64);

fn store_pointer(c: &mut Call<'_>) -> Ret {
    run(c, |c| {
        let old = c.atomic_u64(0)?.swap(c.word(1), SeqCst);
        c.replaced(old);
        Ok(())
    })
}
fn swap_pointer(c: &mut Call<'_>) -> Ret {
    run(c, |c| {
        let old = c.atomic_u64(0)?.swap(c.word(1), SeqCst);
        c.replaced(old);
        c.ret(0, old);
        Ok(())
    })
}
fn cas_pointer(c: &mut Call<'_>) -> Ret {
    run(c, |c| {
        let (old, new) = (c.word(1), c.word(2));
        let done = c.atomic_u64(0)?.compare_exchange(old, new, SeqCst, SeqCst).is_ok();
        if done {
            c.replaced(old);
        }
        c.ret_bool(0, done);
        Ok(())
    })
}

macro_rules! table {
    ($($suffix:literal $family:ident),*) => {
        /// Natives of the package.
        pub const TABLE: NativeTable = &[
            $(
                (concat!("sync/atomic.Load", $suffix), $family::load),
                (concat!("sync/atomic.Store", $suffix), $family::store),
                (concat!("sync/atomic.Swap", $suffix), $family::swap),
                (concat!("sync/atomic.CompareAndSwap", $suffix), $family::cas),
                (concat!("sync/atomic.Add", $suffix), $family::add),
                (concat!("sync/atomic.And", $suffix), $family::and),
                (concat!("sync/atomic.Or", $suffix), $family::or),
            )*
            ("sync/atomic.LoadPointer", words::load),
            ("sync/atomic.StorePointer", store_pointer),
            ("sync/atomic.SwapPointer", swap_pointer),
            ("sync/atomic.CompareAndSwapPointer", cas_pointer),
        ];
    };
}

table!("Int32" i32s, "Uint32" u32s, "Int64" words, "Uint64" words, "Uintptr" words);
