//! Maps against std's, and iteration while the map changes.

use super::*;
use crate::object::types::TypeRef;
use crate::test_util::cx;
use std::collections::HashMap;

fn map_type(cx: &mut Cx, k: Kind, v: Kind) -> TypeRef {
    let (k, v) = (cx.types.basic(k), cx.types.basic(v));
    cx.types.map_of(k, v)
}

fn entries(cx: &mut Cx, t: TypeRef, m: u64) -> Vec<(u64, u64)> {
    let mut it = std::mem::MaybeUninit::<Iter>::uninit();
    let mut v = Vec::new();
    // SAFETY: an iterator over a map of 8-byte keys and elements.
    unsafe {
        iter_init(cx, m, it.as_mut_ptr());
        while iter_next(t, it.as_mut_ptr()) {
            let it = it.assume_init_ref();
            v.push((*(it.key as *const u64), *(it.elem as *const u64)));
        }
    }
    v
}

#[test]
fn behaves_like_std() {
    let cx = &mut cx();
    let t = map_type(cx, Kind::Int, Kind::Int);
    let m = new(cx, t, 0);
    let mut model = HashMap::new();
    let mut rng = crate::rng::Rng::new(7);
    for round in 0..60_000u64 {
        let k = rng.next_u64() % 3000;
        // SAFETY: int keys and elements.
        unsafe {
            match rng.below(8) {
                0..=3 => {
                    *(assign_u64(cx, t, m, k).unwrap() as *mut u64) = round;
                    model.insert(k, round);
                }
                4..=6 => {
                    delete(&mut cx.heap, t, m, &raw const k as *const u8).unwrap();
                    model.remove(&k);
                }
                _ => {
                    let p = get_u64(t, m, k).unwrap();
                    assert_eq!(model.get(&k).copied(), (p as *const u64).as_ref().copied());
                    assert_eq!(p, get(t, m, &raw const k as *const u8).unwrap());
                }
            }
        }
        assert_eq!(len(m), model.len() as u64);
        if round == 40_000 {
            // SAFETY: a map of that type.
            unsafe { clear(&mut cx.heap, t, m) };
            model.clear();
        }
    }
    let mut got = entries(cx, t, m);
    let mut want: Vec<_> = model.into_iter().collect();
    got.sort_unstable();
    want.sort_unstable();
    assert_eq!(got, want);
}

#[test]
fn string_keys() {
    let cx = &mut cx();
    let t = map_type(cx, Kind::String, Kind::Uint8);
    let m = new(cx, t, 100);
    for i in 0..1000u32 {
        let s = crate::object::string::new_string(&mut cx.heap, format!("key number {i}").as_bytes());
        // SAFETY: string keys, byte elements.
        unsafe { *assign_str(cx, t, m, s).unwrap() = i as u8 };
    }
    for i in 0..1000u32 {
        let s = crate::object::string::new_string(&mut cx.heap, format!("key number {i}").as_bytes());
        // SAFETY: as above.
        unsafe { assert_eq!(*get_str(t, m, s).unwrap(), i as u8) };
    }
    let s = crate::object::string::new_string(&mut cx.heap, b"nothing");
    // SAFETY: as above.
    assert!(unsafe { get_str(t, m, s) }.unwrap().is_null());
}

#[test]
fn iteration_survives_change() {
    let cx = &mut cx();
    let t = map_type(cx, Kind::Int, Kind::Int);
    for _ in 0..50 {
        let m = new(cx, t, 0);
        // SAFETY: int keys and elements throughout.
        unsafe {
            for k in 0..100u64 {
                *(assign_u64(cx, t, m, k).unwrap() as *mut u64) = k;
            }
            let mut it = std::mem::MaybeUninit::<Iter>::uninit();
            iter_init(cx, m, it.as_mut_ptr());
            let mut seen = Vec::new();
            while iter_next(t, it.as_mut_ptr()) {
                let k = *(it.assume_init_ref().key as *const u64);
                assert!(!seen.contains(&k), "twice");
                seen.push(k);
                if seen.len() == 10 {
                    // Delete all odd ones, grow a lot.
                    for k in (1..100u64).step_by(2) {
                        delete(&mut cx.heap, t, m, &raw const k as *const u8).unwrap();
                    }
                    for k in 1000..2000 {
                        *(assign_u64(cx, t, m, k).unwrap() as *mut u64) = k;
                    }
                }
                if seen.len() > 10 && k < 100 {
                    assert_eq!(k % 2, 0, "deleted entry came up");
                }
            }
            for k in (0..100u64).step_by(2) {
                assert!(seen.contains(&k), "entry {k} was left out");
            }
        }
    }
}

#[test]
fn nan_keys_and_bad_keys() {
    let cx = &mut cx();
    let t = map_type(cx, Kind::Float64, Kind::Int);
    let m = new(cx, t, 0);
    let nan = f64::NAN;
    for _ in 0..20 {
        // SAFETY: float keys.
        unsafe { assign(cx, t, m, &raw const nan as *const u8).unwrap() };
    }
    assert_eq!(len(m), 20);
    assert_eq!(entries(cx, t, m).len(), 20);
    let (any, int) = (cx.types.any(), cx.types.basic(Kind::Int));
    let t = cx.types.map_of(any, int);
    let slice = cx.types.slice_of(int);
    let key = [slice.word(), 0];
    // SAFETY: interface keys.
    let e = unsafe { get(t, 0, key.as_ptr() as *const u8) }.unwrap_err();
    assert_eq!(e.message(), "runtime error: hash of unhashable type []int");
}

#[test]
fn big_entries() {
    let cx = &mut cx();
    let b = cx.types.basic(Kind::Int);
    let big = cx.types.array_of(b, 40);
    let t = cx.types.map_of(big, big);
    let m = new(cx, t, 0);
    for i in 0..100u64 {
        let k = [i; 40];
        // SAFETY: keys and elements of 40 words.
        unsafe { (assign(cx, t, m, k.as_ptr() as *const u8).unwrap() as *mut [u64; 40]).write([i * 2; 40]) };
    }
    for i in 0..100u64 {
        let k = [i; 40];
        // SAFETY: as above.
        unsafe { assert_eq!(*(get(t, m, k.as_ptr() as *const u8).unwrap() as *const [u64; 40]), [i * 2; 40]) };
    }
}
