//! How the program is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a fixed address nothing has to be relocated when the program starts, which would take a third of a short script's time.
    println!("cargo::rustc-link-arg-bins=-no-pie");
}
