//! A drawing nests deeply: the browser's stack of 1 MiB is too small for it.

fn main() {
    println!("cargo::rustc-link-arg-cdylib=-zstack-size=4194304");
    println!("cargo::rerun-if-changed=build.rs");
}
