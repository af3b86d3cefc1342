//! Go packages: script halves and their native primitives.
//!
//! A package is a folder here, named by its import path: `.gol` files hold Go's API; a function without a body in them
//! is a native, a Rust function in the folder's `mod.rs`, bound by the name `"import/path.Func"` or
//! `"import/path.Type.Method"`. Natives work on words, strings and bytes and never call script code; errors, structs and
//! whatever takes a func value are made in the script half.
//!
//! To add a package: a folder, a line in [`packages!`], and if it has natives a `mod` line and a row in [`NATIVES`].

use gol_runtime::native::NativeTable;

#[path = "sync/atomic/mod.rs"]
mod atomic;
#[path = "encoding/base64/mod.rs"]
mod base64;
#[path = "math/big/mod.rs"]
mod big;
#[path = "internal/bytealg/mod.rs"]
mod bytealg;
#[path = "crypto/rand/mod.rs"]
mod crypto_rand;
#[path = "internal/digest/mod.rs"]
mod digest;
#[path = "compress/flate/mod.rs"]
mod flate;
#[path = "fmt/mod.rs"]
mod format;
mod html;
mod math;
mod net;
mod os;
#[path = "math/rand/mod.rs"]
mod rand;
mod reflect;
mod regexp;
#[path = "internal/repl/mod.rs"]
mod repl;
#[path = "internal/rtype/mod.rs"]
mod rtype;
mod runtime;
#[path = "os/signal/mod.rs"]
mod signal;
mod sort;
#[path = "internal/stdio/mod.rs"]
mod stdio;
mod strconv;
mod sync;
mod time;
mod unicode;
#[path = "net/url/mod.rs"]
mod url;
mod weak;

/// The natives of all packages.
pub const NATIVES: &[NativeTable] = &[
    atomic::TABLE,
    base64::TABLE,
    big::TABLE,
    bytealg::TABLE,
    crypto_rand::TABLE,
    digest::TABLE,
    flate::TABLE,
    format::TABLE,
    html::TABLE,
    math::TABLE,
    net::TABLE,
    os::TABLE,
    rand::TABLE,
    reflect::TABLE,
    regexp::TABLE,
    repl::TABLE,
    rtype::TABLE,
    runtime::TABLE,
    signal::TABLE,
    sort::TABLE,
    stdio::TABLE,
    strconv::TABLE,
    sync::TABLE,
    time::TABLE,
    unicode::TABLE,
    url::TABLE,
    weak::TABLE,
];

/// The list of packages: import path and files.
macro_rules! packages {
    ($($path:literal: $($file:literal)+;)*) => {
        /// File names and texts of the standard package `path`.
        pub fn source(path: &str) -> Option<&'static [(&'static str, &'static str)]> {
            match path {
                $($path => Some(&[$((concat!($path, "/", $file), include_str!(concat!($path, "/", $file)))),+]),)*
                _ => None,
            }
        }

        /// Import paths of all standard packages.
        pub const PACKAGES: &[&str] = &[$($path),*];
    };
}

packages! {
    "archive/tar": "tar.gol";
    "archive/zip": "zip.gol";
    "bufio": "bufio.gol" "scan.gol";
    "bytes": "bytes.gol" "buffer.gol" "reader.gol";
    "cmp": "cmp.gol";
    "compress/bzip2": "bzip2.gol";
    "compress/flate": "flate.gol";
    "compress/gzip": "gzip.gol";
    "compress/lzw": "lzw.gol";
    "compress/zlib": "zlib.gol";
    "container/heap": "heap.gol";
    "container/list": "list.gol";
    "container/ring": "ring.gol";
    "context": "context.gol";
    "crypto": "crypto.gol";
    "crypto/aes": "aes.gol";
    "crypto/cipher": "cipher.gol";
    "crypto/hmac": "hmac.gol";
    "crypto/md5": "md5.gol";
    "crypto/rand": "rand.gol";
    "crypto/sha1": "sha1.gol";
    "crypto/sha256": "sha256.gol";
    "crypto/sha512": "sha512.gol";
    "crypto/subtle": "subtle.gol";
    "crypto/tls": "tls.gol";
    "embed": "embed.gol";
    "encoding": "encoding.gol";
    "encoding/ascii85": "ascii85.gol";
    "encoding/base32": "base32.gol";
    "encoding/base64": "base64.gol";
    "encoding/binary": "binary.gol" "varint.gol" "values.gol";
    "encoding/csv": "csv.gol";
    "encoding/hex": "hex.gol";
    "encoding/json": "scan.gol" "indent.gol" "fields.gol" "encode.gol" "decode.gol" "stream.gol";
    "encoding/pem": "pem.gol";
    "encoding/xml": "entities.gol" "marshal.gol" "typeinfo.gol" "unmarshal.gol" "xml.gol";
    "errors": "errors.gol";
    "flag": "flag.gol" "value.gol" "define.gol";
    "fmt": "print.gol" "value.gol" "errors.gol" "scan.gol";
    "hash": "hash.gol";
    "hash/adler32": "adler32.gol";
    "hash/crc32": "crc32.gol";
    "hash/crc64": "crc64.gol";
    "hash/fnv": "fnv.gol";
    "hash/maphash": "maphash.gol";
    "html": "html.gol";
    "html/template": "context.gol" "escape.gol" "template.gol";
    "image": "geom.gol" "gray.gol" "image.gol" "misc.gol";
    "image/color": "color.gol";
    "image/draw": "draw.gol";
    "image/png": "png.gol";
    "index/suffixarray": "suffixarray.gol";
    "internal/bytealg": "bytealg.gol";
    "internal/digest": "digest.gol";
    "internal/oserror": "oserror.gol";
    "internal/repl": "repl.gol";
    "internal/rtype": "rtype.gol";
    "internal/stdio": "stdio.gol";
    "internal/tmpl": "lex.gol" "node.gol" "parse.gol" "exec.gol" "funcs.gol";
    "io": "io.gol" "pipe.gol";
    "io/fs": "fs.gol";
    "io/ioutil": "ioutil.gol";
    "iter": "iter.gol";
    "log": "log.gol";
    "log/slog": "logger.gol" "value.gol" "handler.gol" "json.gol";
    "maps": "maps.gol";
    "math": "math.gol";
    "math/big": "nat.gol" "int.gol" "rat.gol" "float.gol" "floattext.gol";
    "math/bits": "bits.gol";
    "math/cmplx": "cmplx.gol";
    "math/rand": "rand.gol" "ziggurat.gol" "zipf.gol";
    "math/rand/v2": "rand.gol" "sources.gol" "ziggurat.gol" "zipf.gol";
    "mime": "mime.gol" "word.gol";
    "mime/multipart": "multipart.gol";
    "mime/quotedprintable": "quotedprintable.gol";
    "net": "addr.gol" "conns.gol" "dial.gol" "ip.gol" "lookup.gol" "net.gol" "pipe.gol" "sock.gol";
    "net/http": "body.gol" "client.gol" "cookie.gol" "fs.gol" "header.gol" "mux.gol" "request.gol" "response.gol" "server.gol" "sniff.gol" "status.gol" "transport.gol";
    "net/http/cookiejar": "jar.gol";
    "net/http/httptest": "httptest.gol";
    "net/http/httputil": "dump.gol";
    "net/netip": "netip.gol" "port.gol";
    "net/textproto": "textproto.gol";
    "net/url": "url.gol";
    "os": "os.gol" "file.gol" "proc.gol";
    "os/exec": "exec.gol";
    "os/user": "user.gol";
    "os/signal": "signal.gol";
    "path": "path.gol";
    "path/filepath": "filepath.gol";
    "reflect": "type.gol" "struct.gol" "value.gol" "slice.gol" "map.gol" "call.gol" "chan.gol" "convert.gol" "deepequal.gol" "iter.gol";
    "regexp": "regexp.gol";
    "regexp/syntax": "syntax.gol";
    "runtime": "error.gol" "runtime.gol";
    "runtime/debug": "debug.gol";
    "slices": "slices.gol" "sort.gol" "pdq.gol" "iter.gol";
    "sort": "sort.gol" "pdq.gol";
    "strconv": "number.gol" "quote.gol";
    "strings": "strings.gol" "builder.gol" "reader.gol" "replacer.gol" "iter.gol";
    "sync": "sync.gol";
    "sync/atomic": "atomic.gol" "type.gol";
    "syscall": "syscall.gol";
    "testing": "testing.gol" "match.gol" "bench.gol" "example.gol" "fuzz.gol";
    "testing/fstest": "mapfs.gol" "testfs.gol";
    "testing/iotest": "iotest.gol";
    "testing/quick": "quick.gol";
    "text/scanner": "scanner.gol";
    "text/tabwriter": "tabwriter.gol";
    "text/template": "template.gol";
    "time": "time.gol" "duration.gol" "format.gol" "zone.gol" "sleep.gol";
    "unicode": "unicode.gol" "tables.gol";
    "unicode/utf16": "utf16.gol";
    "unicode/utf8": "utf8.gol";
    "unique": "unique.gol";
    "weak": "weak.gol";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Names of the body-less functions of a package, as natives are bound.
    fn declared(path: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (_, text) in source(path).expect("package is listed") {
            for line in text.lines() {
                let Some(rest) = line.strip_prefix("func ") else { continue };
                if line.trim_end().ends_with(['{', '}', '(']) {
                    continue;
                }
                let (receiver, rest) = match rest.strip_prefix('(') {
                    Some(r) => {
                        let (recv, after) = r.split_once(')').expect("receiver is closed");
                        let ty = recv.rsplit([' ', '*']).next().unwrap_or_default();
                        (format!("{ty}."), after.trim_start())
                    }
                    None => (String::new(), rest),
                };
                let name = rest.split(['(', '[']).next().unwrap_or_default();
                names.insert(format!("{path}.{receiver}{name}"));
            }
        }
        names
    }

    #[test]
    fn natives_are_declared_and_declarations_have_natives() {
        let declared: BTreeSet<String> = PACKAGES.iter().flat_map(|p| declared(p)).collect();
        let registered: BTreeSet<String> =
            NATIVES.iter().flat_map(|t| t.iter()).map(|(name, _)| (*name).to_string()).collect();
        let missing: Vec<_> = declared.difference(&registered).collect();
        let stray: Vec<_> = registered.difference(&declared).collect();
        assert!(missing.is_empty() && stray.is_empty(), "without native: {missing:?}\nwithout declaration: {stray:?}");
    }
}
