//! Checks of addresses.

use gol_runtime::native::{Call, NativeTable, Ret};

fn valid_ipv6(c: &mut Call<'_>) -> Ret {
    let ok = c.str(0).parse::<std::net::Ipv6Addr>().is_ok();
    c.ret_bool(0, ok);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[("net/url.validIPv6", valid_ipv6)];
