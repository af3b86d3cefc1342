//! Maps: open-addressing tables of 8-slot groups with a control word each (a "Swiss table"), in collected memory.
//!
//! ```text
//! Map:   count | groups ──► group 0 | group 1 | …        2^k groups
//! group: control word (8 bytes: 1 per slot) | slot 0 … slot 7         slot: key, then element
//! control byte: 0hhhhhhh full (low hash bits) | 10000000 empty | 11111110 deleted
//! ```
//! A map of up to 8 entries is one group, filled completely. Larger tables keep 1/8 of their slots free and probe groups in
//! triangular steps. A table never moves entries in place: growing makes a new one and leaves the old one as it was.
//!
//! Iteration relies on that. An iterator walks the table it began with from a random group and slot. While the map still uses that
//! table it sees deletions directly; once the map has a new one, each entry of the old is looked up again, so deleted entries
//! are skipped and changed ones are current. A NaN key cannot be found again, but it cannot be deleted either except by `clear`,
//! which the iterator notices by a counter.
//!
//! Keys and elements above 128 bytes are stored as pointers to their own objects. Keys and values are passed as addresses of memory
//! images (on little-endian machines a register slot is one, for scalars).

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::alg;
use super::registry::Registry;
use super::string::Str;
use super::types::{Alg, Kind, NEED_KEY_UPDATE, TypeRef};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::heap::Heap;

const EMPTY: u64 = 0x8080_8080_8080_8080;
const DELETED: u8 = 0xfe;
const LOW: u64 = 0x0101_0101_0101_0101;
const MAX_INLINE: usize = 128;

/// A map in memory. `len(m)` is the first word.
#[repr(C)]
pub struct Map {
    /// Number of entries.
    pub count: u64,
    groups: *mut u8,
    mask: u64,
    growth_left: u64,
    seed: u64,
    clears: u32,
    /// Somebody changes the map: to notice goroutines that use it without agreeing about that.
    writing: AtomicU32,
}

/// How the table of one map type looks.
pub struct MapLayout {
    group: TypeRef,
    key: TypeRef,
    elem: TypeRef,
    group_size: usize,
    slot_size: usize,
    elem_off: usize,
    indirect_key: bool,
    indirect_elem: bool,
    update_key: bool,
    /// Which of the fast variants may be used for this map.
    pub fast: Fast,
}

/// Key kinds with their own access functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fast {
    /// Only the general functions.
    No,
    /// Keys are four bytes compared as memory: `*_u32`.
    U32,
    /// Keys are eight bytes compared as memory: `*_u64`.
    U64,
    /// Keys are strings: `*_str`.
    Str,
}

/// Layout of a map type (of kind Map), computed on first use.
#[inline]
pub fn layout(t: TypeRef) -> &'static MapLayout {
    t.map_layout.get_or_init(|| make_layout(t))
}

fn map_layout_type() -> TypeRef {
    static T: OnceLock<TypeRef> = OnceLock::new();
    T.get_or_init(|| Registry::layout_only("map", size_of::<Map>(), &[1]))
}

/// A machine word that is a pointer, for indirect keys and elements.
fn pointer_layout() -> TypeRef {
    static T: OnceLock<TypeRef> = OnceLock::new();
    T.get_or_init(|| Registry::layout_only("pointer", 8, &[0]))
}

#[cold]
fn make_layout(t: TypeRef) -> Box<MapLayout> {
    let (key, elem) = (t.key.expect("a map has a key type"), t.elem());
    let (indirect_key, indirect_elem) = (key.size > MAX_INLINE, elem.size > MAX_INLINE);
    let k = if indirect_key { pointer_layout() } else { key };
    let e = if indirect_elem { pointer_layout() } else { elem };
    let elem_off = k.size.next_multiple_of(e.align as usize);
    let slot_align = k.align.max(e.align) as usize;
    // A trailing zero-size element needs an address inside the slot.
    let slot_size = (elem_off + e.size.max(usize::from(k.size == 0))).next_multiple_of(slot_align);
    let group_size = (8 + 8 * slot_size).next_multiple_of(8);
    let mut words = Vec::new();
    for s in 0..8 {
        for (ty, off) in [(k, 0), (e, elem_off)] {
            let at = (8 + s * slot_size + off) / 8;
            words.extend((0..ty.ptrdata / 8).filter(|w| ty.word_is_pointer(*w)).map(|w| at + w));
        }
    }
    let fast = match key.alg {
        Alg::Mem32 => Fast::U32,
        Alg::Mem64 => Fast::U64,
        Alg::String if key.kind == Kind::String => Fast::Str,
        _ => Fast::No,
    };
    Box::new(MapLayout {
        group: Registry::layout_only("map.group", group_size, &words),
        key,
        elem,
        group_size,
        slot_size,
        elem_off,
        indirect_key,
        indirect_elem,
        update_key: key.has(NEED_KEY_UPDATE),
        fast,
    })
}

impl MapLayout {
    /// # Safety
    /// `slot` is a full slot of a table with this layout.
    #[inline]
    unsafe fn key_at(&self, slot: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise.
        if self.indirect_key { unsafe { *(slot as *const *mut u8) } } else { slot }
    }
    /// # Safety
    /// As `key_at`.
    #[inline]
    unsafe fn elem_at(&self, slot: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe {
            let p = slot.add(self.elem_off);
            if self.indirect_elem { *(p as *const *mut u8) } else { p }
        }
    }
}

/// A key being looked for.
trait Key: Copy {
    fn hash(self, seed: u64) -> Result<u64, Fault>;
    /// # Safety
    /// `at` is a key of the map.
    unsafe fn is_at(self, at: *const u8) -> bool;
    /// # Safety
    /// `to` has room for a key of the map.
    unsafe fn store(self, to: *mut u8);
}

#[derive(Clone, Copy)]
struct U64(u64);
#[derive(Clone, Copy)]
struct U32(u32);
#[derive(Clone, Copy)]
struct Any(TypeRef, *const u8);

impl Key for U64 {
    #[inline(always)]
    fn hash(self, seed: u64) -> Result<u64, Fault> {
        Ok(alg::hash_u64(self.0, seed))
    }
    #[inline(always)]
    unsafe fn is_at(self, at: *const u8) -> bool {
        // SAFETY: eight-byte keys.
        unsafe { (at as *const u64).read_unaligned() == self.0 }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: eight-byte keys.
        unsafe { (to as *mut u64).write_unaligned(self.0) }
    }
}

impl Key for U32 {
    #[inline(always)]
    fn hash(self, seed: u64) -> Result<u64, Fault> {
        Ok(alg::hash_u64(self.0 as u64, seed))
    }
    #[inline(always)]
    unsafe fn is_at(self, at: *const u8) -> bool {
        // SAFETY: four-byte keys.
        unsafe { (at as *const u32).read_unaligned() == self.0 }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: four-byte keys.
        unsafe { (to as *mut u32).write_unaligned(self.0) }
    }
}

impl Key for Str {
    #[inline(always)]
    fn hash(self, seed: u64) -> Result<u64, Fault> {
        // SAFETY: a Go string for the length of the operation.
        Ok(alg::hash_bytes(unsafe { self.bytes() }, seed))
    }
    #[inline(always)]
    unsafe fn is_at(self, at: *const u8) -> bool {
        // SAFETY: string keys.
        unsafe {
            let s = *(at as *const Str);
            s.len == self.len && (s.ptr == self.ptr || s.bytes() == self.bytes())
        }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: string keys.
        unsafe { (to as *mut Str).write(self) }
    }
}

impl Key for Any {
    #[inline]
    fn hash(self, seed: u64) -> Result<u64, Fault> {
        // SAFETY: the address of a key image.
        unsafe { alg::hash(self.0, self.1, seed) }
    }
    #[inline]
    unsafe fn is_at(self, at: *const u8) -> bool {
        // A type that cannot be compared cannot be hashed either, and hashing came first.
        // SAFETY: two key images.
        unsafe { alg::equal(self.0, self.1, at) }.unwrap_or(false)
    }
    #[inline]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: room for a key image.
        unsafe { std::ptr::copy_nonoverlapping(self.1, to, self.0.size) }
    }
}

/// A 1 in the top bit of every byte of `ctrl` that equals `h2` (and, rarely, of one just above such a byte).
#[inline(always)]
fn matches(ctrl: u64, h2: u64) -> u64 {
    let x = ctrl ^ (LOW * h2);
    x.wrapping_sub(LOW) & !x & EMPTY
}

/// Top bits of empty bytes.
#[inline(always)]
fn empties(ctrl: u64) -> u64 {
    ctrl & !(ctrl << 6) & EMPTY
}

/// Top bits of empty or deleted bytes.
#[inline(always)]
fn frees(ctrl: u64) -> u64 {
    ctrl & EMPTY
}

#[inline(always)]
fn first(bits: u64) -> usize {
    bits.trailing_zeros() as usize >> 3
}

impl Map {
    #[inline(always)]
    fn is_written(&self) -> bool {
        self.writing.load(Ordering::Relaxed) != 0
    }

    /// A fatal error if somebody else is at it.
    #[inline(always)]
    fn begin_write(&self) -> Result<(), Fault> {
        if self.is_written() {
            return Err(Fault::concurrent_map_writes());
        }
        self.writing.store(1, Ordering::Relaxed);
        Ok(())
    }

    #[inline(always)]
    fn end_write(&self) -> Result<(), Fault> {
        if !self.is_written() {
            return Err(Fault::concurrent_map_writes());
        }
        self.writing.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// # Safety
    /// `i` ≤ mask, the map has a table.
    #[inline(always)]
    unsafe fn group(&self, lay: &MapLayout, i: u64) -> *mut u8 {
        // SAFETY: within the table.
        unsafe { self.groups.add(i as usize * lay.group_size) }
    }

    /// The slot of a key. The map has a table.
    #[inline(always)]
    fn find<K: Key>(&self, lay: &MapLayout, hash: u64, k: K) -> Option<*mut u8> {
        let h2 = hash & 0x7f;
        let mut at = (hash >> 7) & self.mask;
        let mut step = 0;
        loop {
            // SAFETY: groups and slots within the table; full slots hold keys.
            unsafe {
                let g = self.group(lay, at);
                let ctrl = *(g as *const u64);
                let mut m = matches(ctrl, h2);
                while m != 0 {
                    let i = first(m);
                    let slot = g.add(8 + i * lay.slot_size);
                    // A false match can name a slot that is not full; its memory is zero or an old key.
                    if (ctrl >> (i * 8)) & 0xff == h2 && k.is_at(lay.key_at(slot)) {
                        return Some(slot);
                    }
                    m &= m - 1;
                }
                if empties(ctrl) != 0 || step >= self.mask {
                    return None;
                }
            }
            step += 1;
            at = (at + step) & self.mask;
        }
    }

    /// A free slot for a key that is not in the map; there is one. Marks it full.
    #[inline(always)]
    fn claim(&mut self, lay: &MapLayout, hash: u64) -> *mut u8 {
        let mut at = (hash >> 7) & self.mask;
        let mut step = 0;
        loop {
            // SAFETY: within the table.
            unsafe {
                let g = self.group(lay, at);
                let free = frees(*(g as *const u64));
                if free != 0 {
                    let i = first(free);
                    if *g.add(i) == 0x80 {
                        self.growth_left -= 1;
                    }
                    *g.add(i) = (hash & 0x7f) as u8;
                    return g.add(8 + i * lay.slot_size);
                }
            }
            step += 1;
            at = (at + step) & self.mask;
        }
    }

    /// Gives the map a table of `n` groups, empty.
    fn new_table(&mut self, heap: &mut Heap, lay: &MapLayout, n: u64) {
        let p = heap.alloc_array(lay.group, n as usize);
        for i in 0..n as usize {
            // SAFETY: fresh memory of n groups.
            unsafe { *(p.add(i * lay.group_size) as *mut u64) = EMPTY };
        }
        // The old table is an edge of the old graph, an iterator may still walk it.
        heap.shade(self.groups as u64);
        self.groups = p;
        self.mask = n - 1;
        self.growth_left = if n == 1 { 8 } else { n * 7 };
    }

    /// Makes room for one more entry.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, heap: &mut Heap, lay: &MapLayout) {
        if self.groups.is_null() {
            return self.new_table(heap, lay, 1);
        }
        let old = self.mask + 1;
        let cap = if old == 1 { 8 } else { old * 7 };
        // Mostly tombstones: the same size again will do.
        let n = if self.count * 4 <= cap * 3 && old > 1 { old } else { old * 2 };
        let (groups, seed) = (self.groups, self.seed);
        self.new_table(heap, lay, n);
        for g in 0..old as usize {
            // SAFETY: groups and slots of the old table; keys were hashed before, so hashing cannot fail.
            unsafe {
                let g = groups.add(g * lay.group_size);
                let mut full = !*(g as *const u64) & EMPTY;
                while full != 0 {
                    let slot = g.add(8 + first(full) * lay.slot_size);
                    let k = lay.key_at(slot);
                    let h = match lay.fast {
                        Fast::U64 => alg::hash_u64(*(k as *const u64), seed),
                        Fast::U32 => alg::hash_u64(*(k as *const u32) as u64, seed),
                        Fast::Str => alg::hash_bytes((*(k as *const Str)).bytes(), seed),
                        Fast::No => alg::hash(lay.key, k, seed).unwrap_or(0),
                    };
                    let to = self.claim(lay, h);
                    std::ptr::copy_nonoverlapping(slot, to, lay.slot_size);
                    full &= full - 1;
                }
            }
        }
    }
}

/// `make(map[K]V, hint)`.
pub fn new(cx: &mut Cx, t: TypeRef, hint: i64) -> u64 {
    let p = cx.heap.alloc(map_layout_type()) as *mut Map;
    let seed = cx.rng.next_u64();
    let mut m = Map {
        count: 0,
        groups: std::ptr::null_mut(),
        mask: 0,
        growth_left: 0,
        seed,
        clears: 0,
        writing: AtomicU32::new(0),
    };
    if hint > 8 && (hint as u64) < 1 << 40 {
        let groups = (hint as u64).div_ceil(7).next_power_of_two();
        m.new_table(&mut cx.heap, layout(t), groups);
    }
    // SAFETY: fresh memory of that layout.
    unsafe { p.write(m) };
    p as u64
}

/// `len(m)`.
#[inline]
pub fn len(m: u64) -> u64 {
    // SAFETY: a map word.
    if m == 0 { 0 } else { unsafe { (*(m as *const Map)).count } }
}

#[inline(always)]
fn get_key<K: Key>(t: TypeRef, m: u64, k: K) -> Result<*mut u8, Fault> {
    // SAFETY: a map word of type `t`.
    let Some(map) = (unsafe { (m as *const Map).as_ref() }) else {
        k.hash(0)?;
        return Ok(std::ptr::null_mut());
    };
    let h = k.hash(map.seed)?;
    if map.count == 0 {
        return Ok(std::ptr::null_mut());
    }
    if map.is_written() {
        return Err(Fault::fatal("concurrent map read and map write"));
    }
    let lay = layout(t);
    // SAFETY: a full slot.
    Ok(map.find(lay, h, k).map_or(std::ptr::null_mut(), |s| unsafe { lay.elem_at(s) }))
}

/// Address of the element of a key, or null. Valid until the map is written to.
///
/// # Safety
/// `m` is a map word of type `t`, `key` points to a key image.
pub unsafe fn get(t: TypeRef, m: u64, key: *const u8) -> Result<*mut u8, Fault> {
    get_key(t, m, Any(layout(t).key, key))
}

/// [`get`] for [`Fast::U64`] maps.
///
/// # Safety
/// `m` is a map word of type `t`.
#[inline]
pub unsafe fn get_u64(t: TypeRef, m: u64, key: u64) -> Result<*mut u8, Fault> {
    get_key(t, m, U64(key))
}

/// [`get`] for [`Fast::U32`] maps.
///
/// # Safety
/// `m` is a map word of type `t`.
#[inline]
pub unsafe fn get_u32(t: TypeRef, m: u64, key: u32) -> Result<*mut u8, Fault> {
    get_key(t, m, U32(key))
}

/// [`get`] for [`Fast::Str`] maps.
///
/// # Safety
/// `m` is a map word of type `t`, `key` a Go string.
#[inline]
pub unsafe fn get_str(t: TypeRef, m: u64, key: Str) -> Result<*mut u8, Fault> {
    get_key(t, m, key)
}

#[inline(always)]
fn assign_key<K: Key>(cx: &mut Cx, t: TypeRef, m: u64, k: K) -> Result<*mut u8, Fault> {
    // SAFETY: a map word of type `t`.
    let Some(map) = (unsafe { (m as *mut Map).as_mut() }) else { return Err(Fault::nil_map()) };
    let lay = layout(t);
    let h = k.hash(map.seed)?;
    map.begin_write()?;
    // SAFETY: slots of the table with this layout.
    unsafe {
        if map.count != 0
            && let Some(s) = map.find(lay, h, k)
        {
            if lay.update_key {
                let at = lay.key_at(s);
                cx.heap.before_write(at, lay.key.size);
                k.store(at);
            }
            map.end_write()?;
            return Ok(lay.elem_at(s));
        }
        if map.growth_left == 0 && !reusable(map, lay, h) {
            map.grow(&mut cx.heap, lay);
        }
        let s = map.claim(lay, h);
        map.count += 1;
        if lay.indirect_key {
            *(s as *mut *mut u8) = cx.heap.alloc(lay.key);
        }
        k.store(lay.key_at(s));
        if lay.indirect_elem {
            *(s.add(lay.elem_off) as *mut *mut u8) = cx.heap.alloc(lay.elem);
        }
        map.end_write()?;
        Ok(lay.elem_at(s))
    }
}

/// Whether the first group with a free slot on the key's probe path has a deleted one, so that no empty slot is used up.
fn reusable(map: &Map, lay: &MapLayout, hash: u64) -> bool {
    if map.groups.is_null() {
        return false;
    }
    let mut at = (hash >> 7) & map.mask;
    for step in 1..=map.mask + 1 {
        // SAFETY: within the table.
        let ctrl = unsafe { *(map.group(lay, at) as *const u64) };
        let free = frees(ctrl);
        if free != 0 {
            return ctrl >> (first(free) * 8) & 0xff == DELETED as u64;
        }
        at = (at + step) & map.mask;
    }
    false
}

/// Address of the element of a key that is entered if need be (its element then is zero): `m[k] = …`. Valid until the next
/// operation on the map.
///
/// # Safety
/// `m` is a map word of type `t`, `key` points to a key image.
pub unsafe fn assign(cx: &mut Cx, t: TypeRef, m: u64, key: *const u8) -> Result<*mut u8, Fault> {
    assign_key(cx, t, m, Any(layout(t).key, key))
}

/// [`assign`] for [`Fast::U64`] maps.
///
/// # Safety
/// As [`assign`].
#[inline]
pub unsafe fn assign_u64(cx: &mut Cx, t: TypeRef, m: u64, key: u64) -> Result<*mut u8, Fault> {
    assign_key(cx, t, m, U64(key))
}

/// [`assign`] for [`Fast::U32`] maps.
///
/// # Safety
/// As [`assign`].
#[inline]
pub unsafe fn assign_u32(cx: &mut Cx, t: TypeRef, m: u64, key: u32) -> Result<*mut u8, Fault> {
    assign_key(cx, t, m, U32(key))
}

/// [`assign`] for [`Fast::Str`] maps.
///
/// # Safety
/// As [`assign`].
#[inline]
pub unsafe fn assign_str(cx: &mut Cx, t: TypeRef, m: u64, key: Str) -> Result<*mut u8, Fault> {
    assign_key(cx, t, m, key)
}

/// `delete(m, k)`.
///
/// # Safety
/// As [`get`].
pub unsafe fn delete(heap: &mut Heap, t: TypeRef, m: u64, key: *const u8) -> Result<(), Fault> {
    let lay = layout(t);
    let k = Any(lay.key, key);
    // SAFETY: a map word of type `t`.
    let Some(map) = (unsafe { (m as *mut Map).as_mut() }) else {
        k.hash(0)?;
        return Ok(());
    };
    let h = k.hash(map.seed)?;
    if map.count == 0 {
        return Ok(());
    }
    map.begin_write()?;
    // SAFETY: a full slot of the table.
    unsafe {
        let found = match lay.fast {
            Fast::U64 => map.find(lay, h, U64((key as *const u64).read_unaligned())),
            Fast::U32 => map.find(lay, h, U32((key as *const u32).read_unaligned())),
            Fast::Str => map.find(lay, h, (key as *const Str).read_unaligned()),
            Fast::No => map.find(lay, h, k),
        };
        let Some(slot) = found else { return map.end_write() };
        let off = slot as usize - map.groups as usize;
        let g = map.groups.add(off / lay.group_size * lay.group_size);
        let i = (slot as usize - g as usize - 8) / lay.slot_size;
        heap.clear_over(slot, lay.slot_size);
        map.count -= 1;
        // A probe stops at a group with an empty slot anyway, so the slot may become empty if its group has another. With one
        // group there is no probing at all.
        if map.mask == 0 || empties(*(g as *const u64)) != 0 {
            *g.add(i) = 0x80;
            map.growth_left += 1;
        } else {
            *g.add(i) = DELETED;
        }
    }
    map.end_write()
}

/// `clear(m)`.
///
/// # Safety
/// `m` is a map word of type `t`.
pub unsafe fn clear(heap: &mut Heap, t: TypeRef, m: u64) {
    // SAFETY: a map word of type `t`.
    let Some(map) = (unsafe { (m as *mut Map).as_mut() }) else { return };
    map.clears = map.clears.wrapping_add(1);
    if map.groups.is_null() || (map.count == 0 && map.growth_left > 0) {
        return;
    }
    let lay = layout(t);
    for i in 0..=map.mask {
        // SAFETY: groups of the table.
        unsafe {
            let g = map.group(lay, i);
            heap.clear_over(g.add(8), lay.group_size - 8);
            *(g as *mut u64) = EMPTY;
        }
    }
    map.count = 0;
    map.growth_left = if map.mask == 0 { 8 } else { (map.mask + 1) * 7 };
}

/// Words of an iterator.
pub const ITER_WORDS: usize = 8;

/// An iterator: plain words, kept wherever the running code likes as long as the first four are scanned.
#[repr(C)]
pub struct Iter {
    map: *mut Map,
    groups: *mut u8,
    /// Address of the current key, null at the end.
    pub key: *mut u8,
    /// Address of the current element.
    pub elem: *mut u8,
    mask: u64,
    start: u64,
    pos: u64,
    clears: u64,
}
const _: () = assert!(size_of::<Iter>() == ITER_WORDS * 8);

/// Memory layout of an iterator, for one that lives in the heap.
pub fn iter_layout() -> TypeRef {
    static T: OnceLock<TypeRef> = OnceLock::new();
    T.get_or_init(|| Registry::layout_only("map.iter", size_of::<Iter>(), &[0, 1, 2, 3]))
}

/// Begins an iteration over `m` (0 for a nil map). Call [`iter_next`] for the first entry.
///
/// # Safety
/// `it` has room for [`ITER_WORDS`] words; `m` is a map word.
pub unsafe fn iter_init(cx: &mut Cx, m: u64, it: *mut Iter) {
    let null = std::ptr::null_mut();
    let mut i = Iter { map: m as *mut Map, groups: null, key: null, elem: null, mask: 0, start: 0, pos: 0, clears: 0 };
    // SAFETY: a map word.
    if let Some(map) = unsafe { (m as *const Map).as_ref() } {
        i.groups = map.groups;
        i.mask = map.mask;
        i.clears = u64::from(map.clears);
        i.start = cx.rng.next_u64();
    }
    // SAFETY: the caller's promise.
    unsafe { it.write(i) };
}

/// Whether the map an iterator goes through is being changed by somebody else.
///
/// # Safety
/// `it` was initialised.
#[inline]
pub unsafe fn iter_races(it: *const Iter) -> bool {
    // SAFETY: the caller's promise; the iterator keeps its map alive.
    unsafe { (*it).map.as_ref() }.is_some_and(Map::is_written)
}

/// Steps to the next entry: false at the end, else `key` and `elem` point at it.
///
/// # Safety
/// `it` was initialised for a map of type `t`.
pub unsafe fn iter_next(t: TypeRef, it: *mut Iter) -> bool {
    // SAFETY: the caller's promise; groups and slots stay within the table the iterator began with, which it keeps alive.
    unsafe {
        let it = &mut *it;
        let Some(map) = it.map.as_ref() else { return false };
        if it.groups.is_null() {
            // The map was empty at the start; entries made since may be left out.
            it.key = std::ptr::null_mut();
            return false;
        }
        let lay = layout(t);
        let end = (it.mask + 1) * 8;
        while it.pos < end {
            let g = it.groups.add((((it.pos >> 3) + (it.start >> 3)) & it.mask) as usize * lay.group_size);
            if it.pos & 7 == 0 && !*(g as *const u64) & EMPTY == 0 {
                it.pos += 8;
                continue;
            }
            let i = ((it.pos + it.start) & 7) as usize;
            it.pos += 1;
            if *g.add(i) & 0x80 != 0 {
                continue;
            }
            let slot = g.add(8 + i * lay.slot_size);
            let key = lay.key_at(slot);
            if it.groups == map.groups {
                (it.key, it.elem) = (key, lay.elem_at(slot));
                return true;
            }
            // The map has a new table: what it says now counts.
            let h = alg::hash(lay.key, key, map.seed).unwrap_or(0);
            if map.count != 0
                && let Some(s) = map.find(lay, h, Any(lay.key, key))
            {
                (it.key, it.elem) = (lay.key_at(s), lay.elem_at(s));
                return true;
            }
            let nan = !alg::equal(lay.key, key, key).unwrap_or(true);
            if nan && it.clears == u64::from(map.clears) {
                (it.key, it.elem) = (key, lay.elem_at(slot));
                return true;
            }
        }
        it.key = std::ptr::null_mut();
        false
    }
}

/// A copy of a map (maps.Clone).
///
/// # Safety
/// `m` is a map word of type `t`.
pub unsafe fn clone(cx: &mut Cx, t: TypeRef, m: u64) -> Result<u64, Fault> {
    if m == 0 {
        return Ok(0);
    }
    let to = new(cx, t, len(m) as i64);
    let mut it = std::mem::MaybeUninit::<Iter>::uninit();
    let lay = layout(t);
    // SAFETY: a fresh iterator over `m`, whose addresses stay valid since only `to` is written.
    unsafe {
        iter_init(cx, m, it.as_mut_ptr());
        while iter_next(t, it.as_mut_ptr()) {
            let it = it.assume_init_ref();
            let e = assign(cx, t, to, it.key)?;
            std::ptr::copy_nonoverlapping(it.elem, e, lay.elem.size);
        }
    }
    Ok(to)
}

#[cfg(test)]
mod tests;
