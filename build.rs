//! Compiled-in folders: a new file in one of them must rebuild the crate, which the compiler alone does not notice. And how
//! the program is linked.

use std::process::Command;

fn main() {
    for folder in ["fixtures/offices", "fixtures/calendars", "grammar", "locales", "migrations"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    if loader_unpacks_relocations() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether the loader of this machine, for which the program is built, reads the places that it has to adjust at every start
/// from a short list: 30,000 of them fill 750 KiB otherwise, all read and kept in memory. The C library can since 2.36.
fn loader_unpacks_relocations() -> bool {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    if variable("HOST") != variable("TARGET") || variable("CARGO_CFG_TARGET_ENV") != "gnu" {
        return false;
    }
    let Ok(told) = Command::new("getconf").arg("GNU_LIBC_VERSION").output() else { return false };
    let told = String::from_utf8_lossy(&told.stdout);
    let version = told.trim().strip_prefix("glibc 2.").and_then(|minor| minor.split('.').next()?.parse::<u32>().ok());
    version.is_some_and(|minor| minor >= 36)
}
