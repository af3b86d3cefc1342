//! Sizes, alignments and field offsets as Go's compiler lays types out on amd64.

use crate::types::{BasicKind, Struct, Type, TypeId, Types};

/// Size of a machine word.
pub const WORD: i64 = 8;

impl Types {
    /// Alignment of a type in bytes.
    pub fn alignof(&self, t: TypeId) -> i64 {
        if let Some(&(_, align)) = self.sizes.borrow().get(&t) {
            return align;
        }
        // The sizes of the parts are remembered, so that nested structs are not walked again and again.
        match self.under_type(t) {
            Type::Struct(s) => s.fields.iter().for_each(|f| _ = self.sizeof(f.ty)),
            Type::Array { elem, .. } => _ = self.sizeof(elem),
            _ => {}
        }
        match self.under_type(t) {
            Type::Array { elem, .. } => self.alignof(elem),
            Type::Struct(s) => s.fields.iter().map(|f| self.alignof(f.ty)).max().unwrap_or(1),
            Type::Basic(k) => match k {
                BasicKind::Complex64 => 4,
                BasicKind::String | BasicKind::UntypedString => WORD,
                _ => self.basic_size(k).clamp(1, WORD),
            },
            _ => WORD,
        }
    }

    fn basic_size(&self, k: BasicKind) -> i64 {
        use BasicKind::*;
        match k {
            Bool | Int8 | Uint8 | UntypedBool => 1,
            Int16 | Uint16 => 2,
            Int32 | Uint32 | Float32 | UntypedRune => 4,
            Int | Int64 | Uint | Uint64 | Uintptr | Float64 | Complex64 | UnsafePointer | UntypedInt | UntypedFloat
            | UntypedNil => 8,
            Complex128 | UntypedComplex | String | UntypedString => 16,
            Invalid => 8,
        }
    }

    /// Offsets of all fields; an offset is negative if it overflows.
    pub fn field_offsets(&self, s: &Struct) -> Vec<i64> {
        let mut offsets = Vec::with_capacity(s.fields.len());
        let mut at: i64 = 0;
        for f in &s.fields {
            if at < 0 {
                offsets.push(-1);
                continue;
            }
            let size = self.sizeof(f.ty);
            let aligned = align(at, self.alignof(f.ty));
            offsets.push(aligned);
            at = if aligned < 0 || size < 0 { -1 } else { aligned.checked_add(size).unwrap_or(-1) };
        }
        offsets
    }

    /// Size of a type in bytes; negative if it exceeds the address space.
    pub fn sizeof(&self, t: TypeId) -> i64 {
        if let Some(&(size, _)) = self.sizes.borrow().get(&t) {
            return size;
        }
        let size = self.compute_size(t);
        // Sizes of types that are still being declared are not final.
        let remembered = match self.under_type(t) {
            Type::Struct(s) => s.fields.iter().all(|f| self.is_sized(f.ty)),
            Type::Array { elem, .. } => self.is_sized(elem),
            _ => false,
        };
        if remembered {
            let align = self.alignof(t);
            self.sizes.borrow_mut().insert(t, (size, align));
        }
        size
    }

    /// Whether the size of a type is known for good.
    fn is_sized(&self, t: TypeId) -> bool {
        match self.under_type(t) {
            Type::Basic(k) => k != BasicKind::Invalid,
            Type::Struct(_) | Type::Array { .. } => self.sizes.borrow().contains_key(&t),
            _ => true,
        }
    }

    fn compute_size(&self, t: TypeId) -> i64 {
        match self.under_type(t) {
            Type::Basic(k) => self.basic_size(k),
            Type::Array { len, elem } => {
                if len <= 0 {
                    return 0;
                }
                let size = self.sizeof(elem);
                if size < 0 { -1 } else { size.checked_mul(len).unwrap_or(-1) }
            }
            Type::Slice(_) => 3 * WORD,
            Type::Struct(s) => {
                let Some(last) = s.fields.last() else { return 0 };
                let offset = self.field_offsets(&s).last().copied().unwrap_or(0);
                let mut size = self.sizeof(last.ty);
                if offset < 0 || size < 0 {
                    return -1;
                }
                // A final field of no size gets a byte, so that its address stays inside the object.
                if offset > 0 && size == 0 {
                    size = 1;
                }
                match offset.checked_add(size) {
                    Some(end) => align(end, self.alignof(t)),
                    None => -1,
                }
            }
            Type::Interface(_) => 2 * WORD,
            _ => WORD,
        }
    }
}

/// `x` rounded up to a multiple of `a`; negative on overflow.
fn align(x: i64, a: i64) -> i64 {
    match x.checked_add(a - 1) {
        Some(y) => y & !(a - 1),
        None => -1,
    }
}
