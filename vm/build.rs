//! Chooses the dispatch: tail-threaded handlers need sibling calls, which only optimised code on known targets has.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(tail_dispatch)");
    println!("cargo::rustc-check-cfg=cfg(watch_tail)");
    println!("cargo::rerun-if-changed=build.rs");
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let optimised = matches!(var("OPT_LEVEL").as_str(), "2" | "3" | "s" | "z");
    let known = matches!(var("CARGO_CFG_TARGET_ARCH").as_str(), "x86_64" | "aarch64");
    let windows = var("CARGO_CFG_TARGET_OS") == "windows";
    let refused = std::env::var_os("CARGO_FEATURE_MATCH_LOOP").is_some();
    if optimised && known && !windows && !refused {
        println!("cargo::rustc-cfg=tail_dispatch");
        // Whether the jumps are jumps is up to the optimiser: builds for development watch it.
        if var("PROFILE") == "debug" {
            println!("cargo::rustc-cfg=watch_tail");
        }
    }
}
