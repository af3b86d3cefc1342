//! Size classes: the sizes small objects are rounded to. The table is Go's, because programs can see it through `cap`.

/// Number of classes, class 0 (large objects) included.
pub const NUM_CLASSES: usize = 68;
/// Largest small object.
pub const MAX_SMALL: usize = 32768;
/// Pages are 8 KiB.
pub const PAGE: usize = 8192;
/// log2 of [`PAGE`].
pub const PAGE_SHIFT: usize = 13;
/// Objects with pointers above this size begin with a header word naming their type.
pub const MAX_BITMAP: usize = 512;
/// Size of that header.
pub const HEADER: usize = 8;

/// Bytes of an object per class.
#[rustfmt::skip]
pub const SIZE: [u16; NUM_CLASSES] = [
    0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384,
    416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072,
    3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336,
    16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];

/// Pages of a span per class.
#[rustfmt::skip]
pub const PAGES: [u8; NUM_CLASSES] = [
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    2, 1, 2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 4, 5, 6, 1, 7, 6, 5, 4, 3, 5, 7, 2, 9, 7, 5, 8, 3, 10, 7, 4,
];

const SMALL: usize = 1024;

/// Class by (size+7)/8 for sizes up to 1024.
static CLASS8: [u8; SMALL / 8 + 1] = {
    let mut t = [0; SMALL / 8 + 1];
    let (mut i, mut c) = (0, 1);
    while i <= SMALL / 8 {
        while (SIZE[c] as usize) < i * 8 {
            c += 1;
        }
        t[i] = c as u8;
        i += 1;
    }
    t
};

/// Class by (size-1024+127)/128 above.
static CLASS128: [u8; (MAX_SMALL - SMALL) / 128 + 1] = {
    let mut t = [0; (MAX_SMALL - SMALL) / 128 + 1];
    let (mut i, mut c) = (0, 1);
    while i <= (MAX_SMALL - SMALL) / 128 {
        while (SIZE[c] as usize) < SMALL + i * 128 {
            c += 1;
        }
        t[i] = c as u8;
        i += 1;
    }
    t
};

/// The class for a small size (≤ [`MAX_SMALL`], > 0).
#[inline]
pub fn class_of(size: usize) -> usize {
    if size <= SMALL { CLASS8[size.div_ceil(8)] as usize } else { CLASS128[(size - SMALL).div_ceil(128)] as usize }
}

/// Bytes that an allocation of `size` really gives to its user; what append rounds capacities to.
pub fn round_up_size(size: usize, noscan: bool) -> usize {
    let header = if !noscan && size > MAX_BITMAP { HEADER } else { 0 };
    if size + header <= MAX_SMALL {
        if size == 0 {
            return 0;
        }
        return SIZE[class_of(size + header)] as usize - header;
    }
    size.next_multiple_of(PAGE)
}
