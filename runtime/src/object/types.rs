//! Type descriptors: what the runtime knows about a Go type.
//!
//! An [`RType`] lives outside the collected heap and is never freed, so a [`TypeRef`] is a plain `&'static` and the word
//! stored in an interface is its address. Descriptors are made by a [`crate::object::registry::Registry`], which gives
//! every type one canonical address: two types are identical exactly when their descriptors are the same object.
//!
//! Pointer maps: bit `i` says that the 8-byte word `i` of a value may hold a pointer. Of an interface's two words only
//! the data word counts (type words point outside the heap), and that word is a "maybe": an inline value can sit there.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// A canonical type descriptor.
pub type TypeRef = &'static RType;

/// Function index of a method that has no code.
pub const NO_FN: u32 = u32::MAX;

/// Go's `reflect.Kind`, with its numbering.
#[allow(missing_docs)]
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Kind {
    Invalid = 0,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    Array,
    Chan,
    Func,
    Interface,
    Map,
    Pointer,
    Slice,
    String,
    Struct,
    UnsafePointer,
}

impl Kind {
    /// The kind with this number.
    pub fn from_u8(n: u8) -> Kind {
        use Kind::*;
        const ALL: [Kind; 27] = [
            Invalid,
            Bool,
            Int,
            Int8,
            Int16,
            Int32,
            Int64,
            Uint,
            Uint8,
            Uint16,
            Uint32,
            Uint64,
            Uintptr,
            Float32,
            Float64,
            Complex64,
            Complex128,
            Array,
            Chan,
            Func,
            Interface,
            Map,
            Pointer,
            Slice,
            String,
            Struct,
            UnsafePointer,
        ];
        ALL.get(n as usize).copied().unwrap_or(Invalid)
    }

    /// The name Go prints for the kind; for basic kinds also the name of the predeclared type.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 27] = [
            "invalid",
            "bool",
            "int",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "uintptr",
            "float32",
            "float64",
            "complex64",
            "complex128",
            "array",
            "chan",
            "func",
            "interface",
            "map",
            "ptr",
            "slice",
            "string",
            "struct",
            "unsafe.Pointer",
        ];
        NAMES[self as usize]
    }

    /// A signed integer kind.
    pub fn is_signed(self) -> bool {
        (Kind::Int..=Kind::Int64).contains(&self)
    }

    /// An unsigned integer kind.
    pub fn is_unsigned(self) -> bool {
        (Kind::Uint..=Kind::Uintptr).contains(&self)
    }
}

/// How values of a type are compared and hashed.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alg {
    /// Not comparable.
    None = 0,
    /// No bytes at all.
    Zero,
    /// One byte of plain memory.
    Mem8,
    /// Two bytes.
    Mem16,
    /// Four bytes.
    Mem32,
    /// Eight bytes.
    Mem64,
    /// Any number of bytes without padding.
    Mem,
    /// String.
    String,
    /// Interface without methods.
    Eface,
    /// Interface with methods.
    Iface,
    /// float32: zeros are equal, NaN is not.
    F32,
    /// float64.
    F64,
    /// complex64.
    C64,
    /// complex128.
    C128,
    /// Array of something that is not plain memory.
    Array,
    /// Struct compared field by field.
    Struct,
}

/// Flag: declared or predeclared type (has a name).
pub const NAMED: u16 = 1;
/// Flag: the value is one pointer word and is stored directly in an interface.
pub const DIRECT_IFACE: u16 = 1 << 1;
/// Flag: pointer-free and at most 8 bytes: stored in its register form in an interface.
pub const INLINE_IFACE: u16 = 1 << 2;
/// Flag: `==` is defined (it may still panic on interfaces).
pub const COMPARABLE: u16 = 1 << 3;
/// Flag: holds no pointers.
pub const NO_POINTERS: u16 = 1 << 4;
/// Flag: equality is equality of memory.
pub const REGULAR: u16 = 1 << 5;
/// Flag: hashing may panic (contains an interface).
pub const HASH_MIGHT_PANIC: u16 = 1 << 6;
/// Flag: `x == x` always holds (no floats, no interfaces).
pub const REFLEXIVE: u16 = 1 << 7;
/// Flag: overwriting an equal map key may change it (floats, strings, interfaces).
pub const NEED_KEY_UPDATE: u16 = 1 << 8;
/// Flag: variadic function.
pub const VARIADIC: u16 = 1 << 9;

/// Channel directions, as reflect.ChanDir.
pub const RECV_DIR: u8 = 1;
/// Send-only.
pub const SEND_DIR: u8 = 2;
/// Both.
pub const BOTH_DIR: u8 = 3;

/// A type descriptor. The leading fields have fixed offsets so that compiled code may read them.
#[repr(C)]
pub struct RType {
    /// Bytes of a value in memory.
    pub size: usize,
    /// Length of the prefix that can hold pointers, in bytes.
    pub ptrdata: usize,
    /// Hash of the type, stable within a process.
    pub hash: u32,
    /// Flag bits.
    pub flags: u16,
    /// Kind.
    pub kind: Kind,
    /// Alignment in memory.
    pub align: u8,
    /// Pointer bits of the first 64 words.
    pub mask0: u64,
    /// Comparison and hash.
    pub alg: Alg,
    /// Channel direction.
    pub dir: u8,
    /// Number of the descriptor within its registry.
    pub id: u32,
    /// Pointer bits, 64 words per element; empty for pointer-free types and for arrays whose map would be large
    /// (their element's map repeats).
    pub mask: &'static [u64],
    /// Element of array, chan, map, pointer, slice.
    pub elem: Option<TypeRef>,
    /// Key of a map.
    pub key: Option<TypeRef>,
    /// Length of an array.
    pub len: usize,
    /// The type as Go prints it: `main.T`, `[]int`.
    pub string: &'static str,
    /// The name without package, empty for type literals.
    pub name: &'static str,
    /// Import path of the declaring package, empty for predeclared types and literals.
    pub pkg_path: &'static str,
    /// Fields of a struct.
    pub fields: &'static [Field],
    /// Parameter types of a func.
    pub params: &'static [TypeRef],
    /// Result types of a func.
    pub results: &'static [TypeRef],
    /// Methods of an interface, sorted by name (exported before a same-named unexported one).
    pub imethods: &'static [IMethod],
    /// The method table; null if there is none.
    pub(crate) methods: AtomicPtr<&'static [Method]>,
    pub(crate) ptr_to: OnceLock<TypeRef>,
    /// For maps: how their tables look.
    pub(crate) map_layout: OnceLock<Box<super::map::MapLayout>>,
}

/// A struct field.
#[derive(Debug)]
pub struct Field {
    /// Name.
    pub name: &'static str,
    /// Package of an unexported field, empty for exported ones.
    pub pkg_path: &'static str,
    /// Type.
    pub ty: TypeRef,
    /// Byte offset.
    pub offset: usize,
    /// Tag.
    pub tag: &'static str,
    /// Embedded.
    pub embedded: bool,
    /// Exported.
    pub exported: bool,
}

/// A method of an interface type.
#[derive(Debug)]
pub struct IMethod {
    /// Name.
    pub name: &'static str,
    /// Package of an unexported method, empty for exported ones.
    pub pkg_path: &'static str,
    /// Signature, without receiver.
    pub ty: TypeRef,
}

/// A method of a concrete type.
#[derive(Debug)]
pub struct Method {
    /// Name.
    pub name: &'static str,
    /// Package of an unexported method, empty for exported ones.
    pub pkg_path: &'static str,
    /// Signature, without receiver.
    pub ty: TypeRef,
    ifn: AtomicU32,
    tfn: AtomicU32,
}

impl Method {
    /// A method with its two function indices ([`NO_FN`] where there is none).
    pub fn new(name: &'static str, pkg_path: &'static str, ty: TypeRef, ifn: u32, tfn: u32) -> Method {
        Method { name, pkg_path, ty, ifn: AtomicU32::new(ifn), tfn: AtomicU32::new(tfn) }
    }
    /// Function to call through an interface: its receiver is the interface's data word.
    pub fn ifn(&self) -> u32 {
        self.ifn.load(Ordering::Relaxed)
    }
    /// Function to call with the receiver as an ordinary first argument.
    pub fn tfn(&self) -> u32 {
        self.tfn.load(Ordering::Relaxed)
    }
    /// Sets both functions, for code that is compiled later.
    pub fn set_fns(&self, ifn: u32, tfn: u32) {
        self.ifn.store(ifn, Ordering::Relaxed);
        self.tfn.store(tfn, Ordering::Relaxed);
    }
    /// Exported.
    pub fn exported(&self) -> bool {
        self.pkg_path.is_empty()
    }
}

impl std::fmt::Debug for RType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.string)
    }
}

impl PartialEq for RType {
    fn eq(&self, other: &RType) -> bool {
        std::ptr::eq(self, other)
    }
}
impl Eq for RType {}

impl RType {
    /// The word that names this type in an interface.
    #[inline]
    pub fn word(&'static self) -> u64 {
        self as *const RType as u64
    }

    /// Has all of these flag bits.
    #[inline]
    pub fn has(&self, flags: u16) -> bool {
        self.flags & flags == flags
    }

    /// Holds no pointers.
    #[inline]
    pub fn noscan(&self) -> bool {
        self.ptrdata == 0
    }

    /// Is comparable with `==`.
    #[inline]
    pub fn comparable(&self) -> bool {
        self.has(COMPARABLE)
    }

    /// Is an interface without methods.
    #[inline]
    pub fn is_eface(&self) -> bool {
        self.kind == Kind::Interface && self.imethods.is_empty()
    }

    /// Slots a value takes in a frame.
    #[inline]
    pub fn slots(&self) -> usize {
        self.size.div_ceil(8)
    }

    /// Methods of the method set, sorted by name; both exported and not.
    pub fn methods(&self) -> &'static [Method] {
        // SAFETY: null, or leaked by `Registry::set_methods`.
        unsafe { self.methods.load(Ordering::Acquire).as_ref() }.copied().unwrap_or(&[])
    }

    /// Looks a method up by name (and package, when unexported).
    pub fn method(&self, name: &str, pkg_path: &str) -> Option<&'static Method> {
        let ms = self.methods();
        let i = ms.partition_point(|m| m.name < name);
        ms[i..].iter().take_while(|m| m.name == name).find(|m| m.pkg_path == pkg_path)
    }

    /// `*T`, if some code or reflection has made it.
    pub fn ptr_to_this(&self) -> Option<TypeRef> {
        self.ptr_to.get().copied()
    }

    /// Element type; a broken invariant of the caller if there is none.
    #[inline]
    #[track_caller]
    pub fn elem(&self) -> TypeRef {
        self.elem.expect("type has no element")
    }

    /// Whether word `i` of a value may hold a pointer.
    pub fn word_is_pointer(&self, i: usize) -> bool {
        if i * 8 >= self.ptrdata {
            return false;
        }
        if i < 64 {
            return self.mask0 >> i & 1 != 0;
        }
        match self.mask.get(i / 64) {
            Some(w) => w >> (i % 64) & 1 != 0,
            None => {
                let e = self.elem();
                e.size != 0 && e.word_is_pointer(i % (e.size / 8))
            }
        }
    }

    /// The type whose pointer map, repeated, describes this one: arrays are stripped.
    #[inline]
    pub fn scan_unit(&'static self) -> TypeRef {
        let mut t = self;
        while t.kind == Kind::Array && t.size > 512 {
            t = t.elem();
        }
        t
    }

    /// Type from the word of an empty interface.
    #[inline]
    pub fn from_word(w: u64) -> Option<TypeRef> {
        // SAFETY: type words are 0 or come from `RType::word`; descriptors are never freed.
        unsafe { (w as *const RType).as_ref() }
    }
}
