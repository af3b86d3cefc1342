//! Channels and struct types for reflection.

use gol_runtime::chan;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::types::RType;

fn chan_len(c: &mut Call<'_>) -> Ret {
    let ch = c.word(0);
    c.ret(0, chan::len(ch));
    c.ret(1, chan::cap(ch));
    Ret::Done
}
fn chan_make(c: &mut Call<'_>) -> Ret {
    let Some(t) = c.type_at(0) else { return Ret::Done };
    match c.chan_make(t, c.int(1)) {
        Ok(ch) => c.ret(0, ch),
        Err(f) => return Ret::Panic(f),
    }
    Ret::Done
}
fn chan_close(c: &mut Call<'_>) -> Ret {
    let ch = c.word(0);
    chan::close(c.cx, ch).map_or_else(Ret::Panic, |()| Ret::Done)
}
fn chan_send(c: &mut Call<'_>) -> Ret {
    c.chan_send(c.word(0), c.word(1)).map_or_else(|r| r, |()| Ret::Done)
}
fn chan_try_send(c: &mut Call<'_>) -> Ret {
    match c.chan_try_send(c.word(0), c.word(1)) {
        Ok(sent) => c.ret_bool(0, sent),
        Err(r) => return r,
    }
    Ret::Done
}
fn chan_recv(c: &mut Call<'_>) -> Ret {
    match c.chan_recv(c.word(0), c.word(1)) {
        Ok(ok) => c.ret_bool(0, ok),
        Err(r) => return r,
    }
    Ret::Done
}
fn chan_try_recv(c: &mut Call<'_>) -> Ret {
    let got = c.chan_try_recv(c.word(0), c.word(1));
    c.ret_bool(0, got.is_some());
    c.ret_bool(1, got == Some(true));
    Ret::Done
}
fn chan_select(c: &mut Call<'_>) -> Ret {
    let (chans, elems, sends) = (c.words(0), c.words(3), c.bytes(6));
    let cases: Vec<_> = chans.iter().zip(elems).zip(sends).map(|((&ch, &p), &s)| (ch, p, s != 0)).collect();
    match c.chan_select(&cases, c.bool(9)) {
        Ok((chosen, ok)) => {
            c.ret_int(0, chosen.map_or(-1, |i| i as i64));
            c.ret_bool(1, ok);
            Ret::Done
        }
        Err(r) => r,
    }
}

fn struct_of(c: &mut Call<'_>) -> Ret {
    let text = |v: Vec<&[u8]>| -> Vec<String> { v.iter().map(|b| String::from_utf8_lossy(b).into_owned()).collect() };
    let (names, pkgs, tags) = (text(c.strings(0)), text(c.strings(3)), text(c.strings(9)));
    let (types, embedded) = (c.words(6), c.bytes(12));
    let fields: Vec<_> = types
        .iter()
        .enumerate()
        .filter_map(|(i, &w)| {
            let t = RType::from_word(w)?;
            Some((names[i].as_str(), pkgs[i].as_str(), t, tags[i].as_str(), embedded[i] != 0))
        })
        .collect();
    let t = c.cx.types.struct_of(&fields);
    c.ret(0, t.word());
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("reflect.chanLen", chan_len),
    ("reflect.chanMake", chan_make),
    ("reflect.chanClose", chan_close),
    ("reflect.chanSend", chan_send),
    ("reflect.chanTrySend", chan_try_send),
    ("reflect.chanRecv", chan_recv),
    ("reflect.chanTryRecv", chan_try_recv),
    ("reflect.chanSelect", chan_select),
    ("reflect.structOf", struct_of),
];
