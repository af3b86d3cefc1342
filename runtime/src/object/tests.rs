//! Types, interfaces, strings, slices.

use super::alg;
use super::registry::{FieldDesc, IMethodDesc, MethodDesc, Registry, TypeDesc};
use super::slice::{self, Slice};
use super::string::{self, Str};
use super::types::*;
use crate::test_util::cx;

#[test]
fn types_are_canonical_and_named_like_go() {
    let mut r = Registry::new();
    let descs = vec![
        TypeDesc::Named {
            id: "main.T".into(),
            string: "main.T".into(),
            name: "T".into(),
            pkg_path: "main".into(),
            underlying: 1,
        },
        TypeDesc::Struct(vec![
            FieldDesc { name: "A".into(), ty: 2, ..Default::default() },
            FieldDesc { name: "next".into(), pkg_path: "main".into(), ty: 3, ..Default::default() },
            FieldDesc { name: "B".into(), ty: 4, tag: "json:\"b\"".into(), ..Default::default() },
            FieldDesc { name: "M".into(), ty: 6, ..Default::default() },
        ]),
        TypeDesc::Basic(Kind::Int8),
        TypeDesc::Pointer(0),
        TypeDesc::Slice(5),
        TypeDesc::Basic(Kind::String),
        TypeDesc::Map(5, 3),
        TypeDesc::Func { params: vec![2, 4], results: vec![5, 7], variadic: true },
        TypeDesc::Interface(vec![
            IMethodDesc { name: "Z".into(), ty: 9, ..Default::default() },
            IMethodDesc { name: "F".into(), ty: 9, ..Default::default() },
        ]),
        TypeDesc::Func { params: vec![], results: vec![], variadic: false },
    ];
    // 7 is a func that returns itself: not possible in Go without a name, so give it another result.
    let mut descs = descs;
    descs[7] = TypeDesc::Func { params: vec![2, 4], results: vec![5, 3], variadic: true };
    let t = r.link(&descs);
    assert_eq!(t[0].string, "main.T");
    assert_eq!(t[1].string, "struct { A int8; next *main.T; B []string \"json:\\\"b\\\"\"; M map[string]*main.T }");
    assert_eq!(t[7].string, "func(int8, ...string) (string, *main.T)");
    assert_eq!(t[8].string, "interface { F(); Z() }");
    assert_eq!((t[0].size, t[0].align, t[0].ptrdata, t[0].mask0), (48, 8, 48, 0b100110));
    assert_eq!(t[0].fields[1].ty, t[3]);
    assert_eq!(t[3].elem(), t[0]);
    assert_eq!(r.pointer_to(t[0]), t[3]);
    assert_eq!(r.slice_of(t[5]), t[4]);
    assert_eq!(r.basic(Kind::Int8), t[2]);
    let again = r.link(&descs);
    assert_eq!(again, t);
    assert!(!t[0].comparable() && t[3].has(DIRECT_IFACE) && t[2].has(INLINE_IFACE));
}

#[test]
fn layouts() {
    let mut r = Registry::new();
    let (i8t, i64t, s) = (r.basic(Kind::Int8), r.basic(Kind::Int64), r.basic(Kind::String));
    let empty = r.struct_of(&[]);
    let t = r.struct_of(&[("A", "", i8t, "", false), ("B", "", i64t, "", false), ("C", "", empty, "", false)]);
    assert_eq!((t.size, t.fields[1].offset, t.alg), (24, 8, Alg::Struct));
    let u = r.struct_of(&[("A", "", i64t, "", false), ("B", "", i64t, "", false)]);
    assert_eq!((u.size, u.alg, u.noscan()), (16, Alg::Mem, true));
    let a = r.array_of(s, 100);
    assert_eq!((a.size, a.ptrdata, a.alg), (1600, 1592, Alg::Array));
    assert!(a.word_is_pointer(198) && !a.word_is_pointer(199));
    let big = r.array_of(s, 1 << 20);
    assert!(big.mask.is_empty() && big.word_is_pointer(1 << 20) && !big.word_is_pointer((1 << 20) + 1));
    let p = r.pointer_to(i64t);
    let wrapped = r.struct_of(&[("P", "", p, "", false)]);
    assert!(wrapped.has(DIRECT_IFACE));
    let recv = r.chan_of(RECV_DIR, i64t);
    assert_eq!(r.chan_of(BOTH_DIR, recv).string, "chan (<-chan int64)");
}

#[test]
fn itabs() {
    let cx = &mut cx();
    let descs = vec![
        TypeDesc::Named {
            id: "main.T".into(),
            string: "main.T".into(),
            name: "T".into(),
            pkg_path: "main".into(),
            underlying: 1,
        },
        TypeDesc::Basic(Kind::Int),
        TypeDesc::Func { params: vec![], results: vec![1], variadic: false },
        TypeDesc::Interface(vec![IMethodDesc { name: "Len".into(), ty: 2, ..Default::default() }]),
        TypeDesc::Interface(vec![
            IMethodDesc { name: "Len".into(), ty: 2, ..Default::default() },
            IMethodDesc { name: "Cap".into(), ty: 2, ..Default::default() },
        ]),
    ];
    let t = cx.types.link(&descs);
    let len = MethodDesc { name: "Len".into(), ty: 2, ifn: 7, tfn: 8, ..Default::default() };
    let abs = MethodDesc { name: "Abs".into(), ty: 2, ifn: 5, tfn: 6, ..Default::default() };
    cx.types.set_methods(&t, 0, &[len, abs]);
    let itab = cx.itabs.get(t[3], t[0]).unwrap();
    assert_eq!((itab.funs(), itab.ty, itab.hash), (&[7u32][..], t[0], t[0].hash));
    assert!(std::ptr::eq(itab, cx.itabs.get(t[3], t[0]).unwrap()));
    assert_eq!(cx.itabs.get(t[4], t[0]).unwrap_err().name, "Cap");
    assert!(!cx.itabs.implements(t[3], t[1]) && cx.itabs.implements(t[3], t[4]));
}

#[test]
fn equality_and_hash() {
    let cx = &mut cx();
    let (f, int) = (cx.types.basic(Kind::Float64), cx.types.basic(Kind::Int));
    let any = cx.types.any();
    let sl = cx.types.slice_of(int);
    let pair = cx.types.struct_of(&[("F", "", f, "", false), ("X", "", any, "", false)]);
    let a = [0f64.to_bits(), int.word(), 5];
    let b = [(-0f64).to_bits(), int.word(), 5];
    let c = [f64::NAN.to_bits(), int.word(), 5];
    let d = [0f64.to_bits(), sl.word(), 0];
    let p = |x: &[u64; 3]| x.as_ptr() as *const u8;
    // SAFETY: images of (float64, any).
    unsafe {
        assert!(alg::equal(pair, p(&a), p(&b)).unwrap());
        assert_eq!(alg::hash(pair, p(&a), 1).unwrap(), alg::hash(pair, p(&b), 1).unwrap());
        assert!(!alg::equal(pair, p(&c), p(&c)).unwrap());
        assert_ne!(alg::hash(pair, p(&c), 1).unwrap(), alg::hash(pair, p(&c), 1).unwrap());
        assert_eq!(
            alg::equal(pair, p(&d), p(&d)).unwrap_err().message(),
            "runtime error: comparing uncomparable type []int"
        );
        assert_eq!(alg::hash(pair, p(&d), 1).unwrap_err().message(), "runtime error: hash of unhashable type []int");
    }
}

#[test]
fn append_grows_like_go() {
    let cx = &mut cx();
    let mut caps = |t: TypeRef, n: u64| -> Vec<u64> {
        let mut s = Slice::default();
        let mut v = Vec::new();
        for i in 0..n {
            if i == s.cap {
                // SAFETY: a slice of `t`.
                s = unsafe { slice::grow(&mut cx.heap, t, s, i + 1) }.unwrap();
                v.push(s.cap);
            }
            s.len = i + 1;
        }
        v
    };
    let mut r = Registry::new();
    let (byte, int, s) = (r.basic(Kind::Uint8), r.basic(Kind::Int), r.basic(Kind::String));
    let p = r.pointer_to(int);
    let (a5, p5, b3) = (r.array_of(int, 5), r.array_of(p, 5), r.array_of(byte, 3));
    assert_eq!(
        caps(byte, 30_000),
        [
            8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376, 6912, 9472, 12288, 16384, 21760, 28672,
            40960
        ]
    );
    assert_eq!(caps(int, 4000), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3408, 5120]);
    assert_eq!(caps(p, 4000), [1, 2, 4, 8, 16, 32, 64, 143, 287, 607, 1023, 1535, 2303, 3071, 4095]);
    assert_eq!(caps(s, 4000), [1, 2, 4, 8, 16, 32, 71, 143, 303, 591, 1023, 1535, 2560, 3584, 5120]);
    assert_eq!(caps(a5, 1000), [1, 2, 4, 8, 16, 32, 67, 134, 272, 544, 1024]);
    assert_eq!(caps(p5, 1000), [1, 2, 4, 8, 17, 35, 76, 153, 307, 614, 1024]);
    assert_eq!(caps(b3, 1000), [2, 5, 10, 21, 42, 85, 170, 341, 682, 1066]);
    assert_eq!(slice::make(&mut cx.heap, int, -1, 3).unwrap_err().text, "makeslice: len out of range");
    assert_eq!(slice::make(&mut cx.heap, int, 4, 3).unwrap_err().text, "makeslice: cap out of range");
    assert_eq!(slice::make(&mut cx.heap, int, 1 << 60, 1 << 60).unwrap_err().text, "makeslice: len out of range");
}

#[test]
fn strings() {
    let cx = &mut cx();
    let bytes = |s: Str| {
        // SAFETY: a string just made.
        unsafe { s.bytes() }
    };
    let (a, b) = (string::new_string(&mut cx.heap, b"hello, "), string::new_string(&mut cx.heap, "wörld".as_bytes()));
    // SAFETY: valid strings.
    let c = unsafe { string::concat(&mut cx.heap, &[a, Str { ptr: 0, len: 0 }, b]) };
    assert_eq!(bytes(c), "hello, wörld".as_bytes());
    // SAFETY: as above.
    assert_eq!(unsafe { string::concat(&mut cx.heap, &[a, Str { ptr: 0, len: 0 }]) }, a);
    assert_eq!(bytes(string::from_rune(&mut cx.heap, 0x20ac)), "€".as_bytes());
    assert_eq!(bytes(string::from_rune(&mut cx.heap, -1)), "\u{fffd}".as_bytes());
    assert_eq!(bytes(string::from_runes(&mut cx.heap, &[72, 0xd800, 105])), "H\u{fffd}i".as_bytes());
    let bad = [0xff, b'a', 0xe2, 0x82, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x80];
    assert_eq!(string::to_runes(&bad), [0xfffd, 97, 0xfffd, 0xfffd, 0x20ac, 0xfffd, 0xfffd, 0xfffd, 0x1f600]);
    for c in ['a', 'é', '€', '😀', '\u{10ffff}', '\u{800}', '\u{7ff}'] {
        let s = c.to_string();
        assert_eq!(string::decode_rune(s.as_bytes()), (c as u32, s.len()));
    }
}
