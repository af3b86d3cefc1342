//! How values of each type look in registers and in memory.
//!
//! Memory has Go's amd64 layout. In registers scalars are canonical 64-bit slots, strings, slices, interfaces and
//! complex128 take two or three, structs and arrays are their memory image padded to whole slots. Types larger than
//! [`LARGE`] bytes are never held in registers: their register form is one pointer to memory that nobody changes while
//! the value is in use.

use std::cell::RefCell;
use std::rc::Rc;

use gol_lang::types::{BasicKind, Type, TypeId, Types};

use crate::ir::Mask;

/// Bytes above which a struct or array value lives in memory.
pub const LARGE: u64 = 1024;

/// An integer type's width and sign.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IntTy {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl IntTy {
    /// Whether values are signed.
    pub fn signed(self) -> bool {
        matches!(self, IntTy::I8 | IntTy::I16 | IntTy::I32 | IntTy::I64)
    }
    /// Width.
    pub fn bits(self) -> u32 {
        match self {
            IntTy::I8 | IntTy::U8 => 8,
            IntTy::I16 | IntTy::U16 => 16,
            IntTy::I32 | IntTy::U32 => 32,
            IntTy::I64 | IntTy::U64 => 64,
        }
    }
    /// The canonical form of the low bits of `v`.
    pub fn canon(self, v: i64) -> i64 {
        match self {
            IntTy::I8 => i64::from(v as i8),
            IntTy::I16 => i64::from(v as i16),
            IntTy::I32 => i64::from(v as i32),
            IntTy::U8 => i64::from(v as u8),
            IntTy::U16 => i64::from(v as u16),
            IntTy::U32 => i64::from(v as u32),
            IntTy::I64 | IntTy::U64 => v,
        }
    }
}

/// What kind of value a type describes.
#[derive(Clone, Debug)]
pub enum Class {
    /// Boolean.
    Bool,
    /// Integer.
    Int(IntTy),
    /// float32.
    F32,
    /// float64.
    F64,
    /// complex64.
    C64,
    /// complex128.
    C128,
    /// String.
    Str,
    /// Slice of this element type.
    Slice(TypeId),
    /// Interface; `true` if it has no methods.
    Iface(bool),
    /// Pointer or unsafe.Pointer.
    Ptr,
    /// Map.
    Map(TypeId, TypeId),
    /// Channel.
    Chan(TypeId),
    /// Func value.
    Func,
    /// Struct: field types and byte offsets.
    Struct(Vec<(TypeId, u64)>),
    /// Array.
    Array(TypeId, u64),
    /// Several values.
    Tuple(Vec<TypeId>),
}

/// Access to a value in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Mem {
    /// Nothing to move.
    Zero,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    /// One word; pointer?
    W(bool),
    /// Two words; with pointers?
    W2(bool),
    /// Three words; with pointers?
    W3(bool),
    /// Image of this many bytes; with pointers?
    N(u32, bool),
}

/// Layout of one type.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Bytes in memory.
    pub size: u64,
    /// Alignment in memory.
    pub align: u64,
    /// Slots in registers.
    pub slots: u32,
    /// Pointer map of the register form.
    pub mask: Mask,
    /// Whether the memory form holds pointers.
    pub ptrs: bool,
    /// Lives in memory only.
    pub large: bool,
    /// Kind of value.
    pub class: Class,
}

impl Mem {
    /// For the first store of a value into zeroed memory: there is no pointer yet that could be overwritten.
    pub fn first(self) -> Mem {
        match self {
            Mem::W(_) => Mem::W(false),
            Mem::W2(_) => Mem::W2(false),
            Mem::W3(_) => Mem::W3(false),
            Mem::N(n, _) => Mem::N(n, false),
            m => m,
        }
    }
}

impl Layout {
    /// How it is moved between memory and registers.
    pub fn mem(&self) -> Mem {
        match &self.class {
            _ if self.size == 0 => Mem::Zero,
            Class::Bool => Mem::U8,
            Class::Int(t) => match t {
                IntTy::I8 => Mem::I8,
                IntTy::U8 => Mem::U8,
                IntTy::I16 => Mem::I16,
                IntTy::U16 => Mem::U16,
                IntTy::I32 => Mem::I32,
                IntTy::U32 => Mem::U32,
                IntTy::I64 | IntTy::U64 => Mem::W(false),
            },
            Class::F32 => Mem::U32,
            Class::F64 | Class::C64 => Mem::W(false),
            Class::C128 => Mem::W2(false),
            Class::Str | Class::Iface(_) => Mem::W2(true),
            Class::Slice(_) => Mem::W3(true),
            Class::Ptr | Class::Map(..) | Class::Chan(_) | Class::Func => Mem::W(true),
            Class::Struct(_) | Class::Array(..) => match self.size {
                8 if self.align == 8 => Mem::W(self.ptrs),
                16 if self.align == 8 => Mem::W2(self.ptrs),
                24 if self.align == 8 => Mem::W3(self.ptrs),
                n => Mem::N(n as u32, self.ptrs),
            },
            Class::Tuple(_) => Mem::Zero,
        }
    }

    /// A scalar narrower than a slot: packed in images.
    pub fn packed(&self) -> bool {
        self.size < 8 && matches!(self.class, Class::Bool | Class::Int(_) | Class::F32)
    }

    /// One pointer word, stored directly in an interface.
    pub fn pointer_shaped(&self, of: &Layouts) -> bool {
        match &self.class {
            Class::Ptr | Class::Map(..) | Class::Chan(_) | Class::Func => true,
            Class::Struct(f) => f.len() == 1 && of.get(f[0].0).pointer_shaped(of),
            Class::Array(e, 1) => of.get(*e).pointer_shaped(of),
            _ => false,
        }
    }
}

/// Layouts of all types, computed once.
pub struct Layouts<'t> {
    types: &'t Types,
    known: RefCell<Vec<Option<Rc<Layout>>>>,
}

fn up(n: u64, align: u64) -> u64 {
    n.div_ceil(align) * align
}

impl<'t> Layouts<'t> {
    /// For this store.
    pub fn new(types: &'t Types) -> Layouts<'t> {
        Layouts { types, known: RefCell::default() }
    }

    /// Layout of `t`.
    pub fn get(&self, t: TypeId) -> Rc<Layout> {
        let i = t.0 as usize;
        if let Some(Some(l)) = self.known.borrow().get(i) {
            return l.clone();
        }
        let l = Rc::new(self.compute(t));
        let mut known = self.known.borrow_mut();
        if known.len() <= i {
            known.resize(i + 1, None);
        }
        known[i] = Some(l.clone());
        l
    }

    /// Slots of `t` in registers.
    pub fn slots(&self, t: TypeId) -> u32 {
        self.get(t).slots
    }

    /// Component types: those of a tuple, or the type itself.
    pub fn components(&self, t: TypeId) -> Vec<TypeId> {
        match &self.get(t).class {
            Class::Tuple(ts) => ts.clone(),
            _ => vec![t],
        }
    }

    /// Calls `f` with every pointer word of a value of type `t` at byte `at`.
    pub fn pointer_words(&self, t: TypeId, at: u64, f: &mut dyn FnMut(u64)) {
        let l = self.get(t);
        if !l.ptrs {
            return;
        }
        match &l.class {
            Class::Struct(fields) => {
                for &(ft, off) in fields {
                    self.pointer_words(ft, at + off, f);
                }
            }
            Class::Array(e, n) => {
                let size = self.get(*e).size;
                for i in 0..*n {
                    self.pointer_words(*e, at + i * size, f);
                }
            }
            _ => {
                for i in 0..l.slots {
                    if l.mask.get(i) {
                        f(at / 8 + u64::from(i));
                    }
                }
            }
        }
    }

    fn compute(&self, t: TypeId) -> Layout {
        let word = |class, ptr: bool| Layout {
            size: 8,
            align: 8,
            slots: 1,
            mask: if ptr { Mask::PTR } else { Mask::NONE },
            ptrs: ptr,
            large: false,
            class,
        };
        let scalar = |class, size| Layout { size, align: size, ..word(class, false) };
        let multi = |class, slots: u32, bits: u128, align: u64| Layout {
            size: u64::from(slots) * 8,
            align,
            slots,
            mask: Mask { bits, rest: false },
            ptrs: bits != 0,
            large: false,
            class,
        };
        match self.types.under_type(t) {
            Type::Basic(k) => match k {
                BasicKind::Bool | BasicKind::UntypedBool => scalar(Class::Bool, 1),
                BasicKind::Int8 => scalar(Class::Int(IntTy::I8), 1),
                BasicKind::Uint8 => scalar(Class::Int(IntTy::U8), 1),
                BasicKind::Int16 => scalar(Class::Int(IntTy::I16), 2),
                BasicKind::Uint16 => scalar(Class::Int(IntTy::U16), 2),
                BasicKind::Int32 | BasicKind::UntypedRune => scalar(Class::Int(IntTy::I32), 4),
                BasicKind::Uint32 => scalar(Class::Int(IntTy::U32), 4),
                BasicKind::Int | BasicKind::Int64 | BasicKind::UntypedInt => scalar(Class::Int(IntTy::I64), 8),
                BasicKind::Uint | BasicKind::Uint64 | BasicKind::Uintptr => scalar(Class::Int(IntTy::U64), 8),
                BasicKind::Float32 => scalar(Class::F32, 4),
                BasicKind::Float64 | BasicKind::UntypedFloat => scalar(Class::F64, 8),
                BasicKind::Complex64 => Layout { size: 8, align: 4, ..word(Class::C64, false) },
                BasicKind::Complex128 | BasicKind::UntypedComplex => multi(Class::C128, 2, 0, 8),
                BasicKind::String | BasicKind::UntypedString => multi(Class::Str, 2, 1, 8),
                BasicKind::UnsafePointer | BasicKind::UntypedNil => word(Class::Ptr, true),
                BasicKind::Invalid => word(Class::Ptr, true),
            },
            Type::Pointer(_) => word(Class::Ptr, true),
            Type::Slice(e) => multi(Class::Slice(e), 3, 1, 8),
            Type::Map { key, elem } => word(Class::Map(key, elem), true),
            Type::Chan { elem, .. } => word(Class::Chan(elem), true),
            Type::Signature(_) => word(Class::Func, true),
            Type::Interface(_) => multi(Class::Iface(self.types.type_set(t).methods.is_empty()), 2, 2, 8),
            Type::Tuple(ps) => {
                let ts: Vec<TypeId> = ps.iter().map(|p| p.ty).collect();
                Layout { size: 0, slots: 0, align: 1, ..word(Class::Tuple(ts), false) }
            }
            Type::Struct(s) => {
                let (mut size, mut align) = (0, 1);
                let mut fields = Vec::with_capacity(s.fields.len());
                let mut last_zero = false;
                for f in &s.fields {
                    let l = self.get(f.ty);
                    size = up(size, l.align);
                    fields.push((f.ty, size));
                    size += l.size;
                    align = align.max(l.align);
                    last_zero = l.size == 0;
                }
                if last_zero && size > 0 {
                    size += 1; // a pointer to the last field must not point past the struct
                }
                self.aggregate(Class::Struct(fields), up(size, align), align)
            }
            Type::Array { len, elem } => {
                let l = self.get(elem);
                let len = len.max(0) as u64;
                self.aggregate(Class::Array(elem, len), l.size.saturating_mul(len), l.align)
            }
            Type::Named(_) | Type::Alias(_) | Type::Union(_) | Type::TypeParam(_) => word(Class::Ptr, true),
        }
    }

    fn aggregate(&self, class: Class, size: u64, align: u64) -> Layout {
        let has_ptrs = match &class {
            Class::Struct(fs) => fs.iter().any(|f| self.get(f.0).ptrs),
            Class::Array(e, n) => *n > 0 && self.get(*e).ptrs,
            _ => false,
        };
        if size > LARGE {
            return Layout { size, align, slots: 1, mask: Mask::PTR, ptrs: has_ptrs, large: true, class };
        }
        let slots = size.div_ceil(8) as u32;
        let mut mask = Mask::NONE;
        if has_ptrs {
            let mut add = |ty, off: u64| self.pointer_words(ty, off, &mut |w| mask.set(w as u32));
            match &class {
                Class::Struct(fs) => fs.iter().for_each(|f| add(f.0, f.1)),
                Class::Array(e, n) => {
                    let size = self.get(*e).size;
                    (0..*n).for_each(|i| add(*e, i * size));
                }
                _ => {}
            }
        }
        Layout { size, align, slots, mask, ptrs: has_ptrs, large: false, class }
    }
}
