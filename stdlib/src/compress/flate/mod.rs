//! DEFLATE streams, in both directions, by handle.

use std::collections::HashMap;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use gol_runtime::native::{Call, NativeTable, Ret};

enum Stream {
    Inflate(Box<Decompress>),
    Deflate(Box<Compress>),
}

/// The streams of a process that are not freed.
#[derive(Default)]
struct Streams {
    open: HashMap<i64, Stream>,
    last: i64,
}

fn open(c: &mut Call<'_>) -> Ret {
    let level = c.int(0);
    let stream = match level {
        -100 => Stream::Inflate(Box::new(Decompress::new(false))),
        -1 => Stream::Deflate(Box::new(Compress::new(Compression::default(), false))),
        // Huffman coding only is the nearest to no search at all.
        -2 => Stream::Deflate(Box::new(Compress::new(Compression::new(1), false))),
        n => Stream::Deflate(Box::new(Compress::new(Compression::new(n.clamp(0, 9) as u32), false))),
    };
    let id = {
        let mut s = c.cx.ext::<Streams>();
        s.last += 1;
        let id = s.last;
        s.open.insert(id, stream);
        id
    };
    c.ret_int(0, id);
    Ret::Done
}

fn free(c: &mut Call<'_>) -> Ret {
    let id = c.int(0);
    c.cx.ext::<Streams>().open.remove(&id);
    Ret::Done
}

/// Moves data through a stream: bytes taken, bytes made, and how it stands (0 goes on, 1 end, 2 corrupt).
fn step(c: &mut Call<'_>) -> Ret {
    let (id, out, input, mode) = (c.int(0), c.bytes_mut(1), c.bytes(4), c.int(7));
    let (used, made, state) = match c.cx.ext::<Streams>().open.get_mut(&id) {
        None => (0, 0, 2),
        Some(Stream::Inflate(d)) => {
            let (i, o) = (d.total_in(), d.total_out());
            let r = d.decompress(input, out, FlushDecompress::None);
            let state = match r {
                Ok(Status::StreamEnd) => 1,
                Ok(_) => 0,
                Err(_) => 2,
            };
            (d.total_in() - i, d.total_out() - o, state)
        }
        Some(Stream::Deflate(d)) => {
            let flush = match mode {
                0 => FlushCompress::None,
                1 => FlushCompress::Sync,
                _ => FlushCompress::Finish,
            };
            let (i, o) = (d.total_in(), d.total_out());
            let r = d.compress(input, out, flush);
            let state = match r {
                Ok(Status::StreamEnd) => 1,
                Ok(_) => 0,
                Err(_) => 2,
            };
            (d.total_in() - i, d.total_out() - o, state)
        }
    };
    c.ret_int(0, used as i64);
    c.ret_int(1, made as i64);
    c.ret_int(2, state);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable =
    &[("compress/flate.open", open), ("compress/flate.free", free), ("compress/flate.step", step)];
