//! Compiled-in folders: a new file in one of them must rebuild the crate, which the compiler alone does not notice.

fn main() {
    for folder in ["fixtures/offices", "fixtures/calendars", "grammar", "locales", "migrations", "src/web/simulator"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
