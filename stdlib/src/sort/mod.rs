//! Sorting of the basic slices, shared with package slices.

use gol_runtime::native::{Call, NativeTable, Ret};

/// Sorts a `[]int`.
pub fn sort_ints(c: &mut Call<'_>) -> Ret {
    c.words_mut(0).sort_unstable_by_key(|&w| w as i64);
    Ret::Done
}

/// Sorts a `[]float64`, NaNs first.
pub fn sort_floats(c: &mut Call<'_>) -> Ret {
    c.words_mut(0).sort_by(|&a, &b| {
        let (a, b) = (f64::from_bits(a), f64::from_bits(b));
        a.partial_cmp(&b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
    });
    Ret::Done
}

/// Sorts a `[]string`.
pub fn sort_strings(c: &mut Call<'_>) -> Ret {
    c.sort_strings(0);
    Ret::Done
}

fn swap_elems(c: &mut Call<'_>) -> Ret {
    let Some(t) = c.type_at(0) else { return Ret::Done };
    c.swap_values(t, c.word(1), c.int(2) as usize, c.int(3) as usize);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("sort.sortInts", sort_ints),
    ("sort.sortFloat64s", sort_floats),
    ("sort.sortStrings", sort_strings),
    ("sort.swapElems", swap_elems),
    ("slices.sortInts", sort_ints),
    ("slices.sortFloat64s", sort_floats),
    ("slices.sortStrings", sort_strings),
];
