//! No circle between the files of a module, nor between its folders; and folders name only those before them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use super::arrows::{Arrow, Arrows};
use super::modules::{Sources, sources};

/// Modules whose parts have an order: each names only those before it. A part that is not listed stands above all.
const ORDERS: [(&str, &[&str]); 2] = [
    (
        "src/grammar",
        &[
            "text",
            "request",
            "language",
            "date",
            "format",
            "value",
            "topic",
            "reader",
            "check",
            "rehearsal",
            "proposal",
        ],
    ),
    ("src/storage", &["engine"]),
];

/// Crates that are read, by the file of their root.
const ROOTS: [&str; 3] = ["src/lib.rs", "benches/throughput/main.rs", "benches/reader/main.rs"];

/// Parts of one folder that name each other.
struct Circle {
    folder: String,
    parts: Vec<String>,
    arrows: Vec<Arrow>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}: a circle of {}: {}", self.folder, self.parts.len(), self.parts.join(", "))?;
        let mut items: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for arrow in &self.arrows {
            items.entry((&arrow.from, &arrow.to)).or_default().push(&arrow.item);
        }
        for ((from, to), items) in items {
            writeln!(f, "    {from} -> {to}: {}", items.join(", "))?;
        }
        Ok(())
    }
}

/// The arrows between the parts of each folder: its own file, the files beside it, and the folders in it.
struct Parts<'t> {
    /// By folder, named by the file of its module: which parts an arrow joins, and the arrow.
    folders: BTreeMap<String, Vec<(String, String, &'t Arrow)>>,
}

impl<'t> Parts<'t> {
    fn of(arrows: &'t Arrows) -> Self {
        let mut folders: BTreeMap<String, Vec<(String, String, &Arrow)>> = BTreeMap::new();
        for arrow in &arrows.arrows {
            let (from, to) = (&arrows.chains[&arrow.from], &arrows.chains[&arrow.to]);
            let shared = from.iter().zip(to).take_while(|(one, other)| one == other).count();
            let folder = &from[shared - 1];
            let part = |chain: &[String]| chain.get(shared).unwrap_or(folder).clone();
            folders.entry(folder.clone()).or_default().push((part(from), part(to), arrow));
        }
        Self { folders }
    }

    fn circles(&self) -> Vec<Circle> {
        let mut circles = Vec::new();
        for (folder, joined) in &self.folders {
            let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for (from, to, _) in joined {
                reached.entry(from).or_default().insert(to);
            }
            // Until nothing new is reached.
            loop {
                let before: usize = reached.values().map(BTreeSet::len).sum();
                for part in reached.keys().copied().collect::<Vec<_>>() {
                    let next: BTreeSet<&str> =
                        reached[part].iter().filter_map(|other| reached.get(other)).flatten().copied().collect();
                    reached.get_mut(part).unwrap().extend(next);
                }
                if before == reached.values().map(BTreeSet::len).sum::<usize>() {
                    break;
                }
            }
            let mut seen = BTreeSet::new();
            for &part in reached.keys().filter(|part| reached[**part].contains(**part)) {
                if !seen.insert(part) {
                    continue;
                }
                let back = |other: &&str| reached.get(other).is_some_and(|all| all.contains(part));
                let parts: BTreeSet<&str> = reached[part].iter().copied().filter(|other| back(other)).collect();
                seen.extend(&parts);
                let inside = |(from, to, _): &&(String, String, &Arrow)| {
                    parts.contains(from.as_str()) && parts.contains(to.as_str())
                };
                circles.push(Circle {
                    folder: folder.clone(),
                    parts: parts.iter().map(|part| (*part).to_owned()).collect(),
                    arrows: joined.iter().filter(inside).map(|(.., arrow)| (*arrow).clone()).collect(),
                });
            }
        }
        circles
    }

    /// The arrows of a folder that lead to a later part in its order.
    fn against(&self, folder: &str, order: &[&str]) -> Vec<String> {
        let rank = |part: &str| {
            let name = part.strip_prefix(folder).unwrap_or(part).trim_start_matches('/');
            let name = name.strip_suffix("/mod.rs").or(name.strip_suffix(".rs")).unwrap_or(name);
            order.iter().position(|one| *one == name).unwrap_or(order.len())
        };
        let own = [format!("{folder}/mod.rs"), format!("{folder}.rs")];
        let joined = own.iter().filter_map(|file| self.folders.get(file)).flatten();
        joined
            .filter(|(from, to, _)| rank(to) > rank(from))
            .map(|(.., arrow)| format!("{} -> {}: {}", arrow.from, arrow.to, arrow.item))
            .collect()
    }
}

/// The circles of a crate, for people.
fn circles(arrows: &Arrows) -> Vec<String> {
    Parts::of(arrows).circles().iter().map(ToString::to_string).collect()
}

/// The arrows of each crate in `ROOTS`, read once.
static CRATES: LazyLock<[Arrows; 3]> = LazyLock::new(|| {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    ROOTS.map(|root| {
        let (folder, _) = root.rsplit_once('/').unwrap();
        let under = |(name, text)| (format!("{folder}/{name}"), text);
        Arrows::read(&sources(&project.join(folder)).into_iter().map(under).collect(), root)
    })
});

#[test]
fn no_files_of_a_module_name_each_other_in_a_circle() {
    let found: Vec<String> = CRATES.iter().flat_map(circles).collect();
    assert!(found.is_empty(), "{}", found.concat());
}

#[test]
fn folders_name_only_those_before_them() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, order) in ORDERS {
        for part in order {
            assert!(project.join(folder).join(part).join("mod.rs").exists(), "{folder} has no folder {part}");
        }
        let against = Parts::of(&CRATES[0]).against(folder, order);
        assert!(against.is_empty(), "{folder} has the order {order:?}:\n{}", against.join("\n"));
    }
}

/// Path and text of each.
type Files = &'static [(&'static str, &'static str)];

/// How a circle may be closed, the files of such a crate, and the parts that form the circle.
const CIRCLES: [(&str, Files, &str); 12] = [
    (
        "two files",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use super::a::A; pub struct B;"),
        ],
        "a.rs, b.rs",
    ),
    (
        "three files",
        &[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use crate::c::{C}; pub struct B;"),
            ("c.rs", "use crate::a; pub struct C(a::A);"),
        ],
        "a.rs, b.rs, c.rs",
    ),
    (
        "a child names what its mod.rs defines, and that calls the child",
        &[
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod a; pub struct M; fn f() { a::f() }"),
            ("m/a.rs", "pub fn f(_: super::M) {}"),
        ],
        "m/a.rs, m/mod.rs",
    ),
    (
        "through a re-export",
        &[
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod a; mod b; pub(crate) use a::A; pub use self::b::{B as Bee};"),
            ("m/a.rs", "use super::Bee; pub struct A;"),
            ("m/b.rs", "use super::A; pub struct B;"),
        ],
        "m/a.rs, m/b.rs",
    ),
    (
        "through re-exports of re-exports, of all names",
        &[
            ("lib.rs", "mod m; mod n;"),
            ("m/mod.rs", "mod inner; pub use inner::*;"),
            ("m/inner.rs", "use crate::n::N; pub struct M;"),
            ("n.rs", "use crate::m; pub use m::M as Em; pub struct N; fn f(_: Em) {}"),
        ],
        "m/mod.rs, n.rs",
    ),
    (
        "a path in a function",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub fn f() { crate::b::f() }"),
            ("b.rs", "pub fn f() { if true { super::a::f() } }"),
        ],
        "a.rs, b.rs",
    ),
    (
        "an import in a function",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub fn f() { use crate::b; b::f() }"),
            ("b.rs", "use crate::a; pub fn f() { a::f() }"),
        ],
        "a.rs, b.rs",
    ),
    (
        "in a macro, and of a macro",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub fn f() { println!(\"{}\", crate::b::h()) }"),
            ("b.rs", "macro_rules! make { () => { pub fn h() { $crate::a::f() } } } make!();"),
        ],
        "a.rs, b.rs",
    ),
    (
        "an item that a macro makes",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::made; pub fn f() {}"),
            ("b.rs", "make!(made, crate::a::f);"),
        ],
        "a.rs, b.rs",
    ),
    (
        "a path in an attribute",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub struct A { #[serde(with = \"crate::b::B\")] one: u8 }"),
            ("b.rs", "use crate::a::A; pub struct B;"),
        ],
        "a.rs, b.rs",
    ),
    (
        "what a mod.rs re-exports and calls",
        &[
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod a; pub use a::f; pub fn g() { f() }"),
            ("m/a.rs", "pub fn f() { super::g() }"),
        ],
        "m/a.rs, m/mod.rs",
    ),
    (
        "folders, where no files form one",
        &[
            ("lib.rs", "mod m; mod n;"),
            ("m/mod.rs", "pub mod a; pub mod b;"),
            ("m/a.rs", "use crate::n::a::N; pub struct M;"),
            ("m/b.rs", "pub struct M;"),
            ("n/mod.rs", "pub mod a; pub mod b;"),
            ("n/a.rs", "pub struct N;"),
            ("n/b.rs", "use crate::m::b::M;"),
        ],
        "m/mod.rs, n/mod.rs",
    ),
];

/// What looks like a circle, and the files of such a crate.
const NO_CIRCLES: [(&str, Files); 3] = [
    (
        "re-exports of children, and siblings that use them",
        &[
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod a; mod b; pub use a::A; pub(crate) use b::{B, b as bee}; pub use b::*;"),
            ("m/a.rs", "pub struct A;"),
            ("m/b.rs", "use super::A; pub struct B(A); pub fn b() {}"),
        ],
    ),
    (
        "tests name what they test",
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; #[cfg(test)] mod tests; #[cfg(test)] use crate::b::C; pub struct A;"),
            ("a/tests.rs", "use crate::b::B;"),
            (
                "b.rs",
                "pub struct B; #[cfg(test)] mod tests { use crate::a::A; } impl B { #[cfg(test)] fn f() { crate::a::f() } }",
            ),
        ],
    ),
    (
        "names of other crates, methods, fields and variables that look like a module's",
        &[
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod a; pub use a::f; pub fn g(f: u8) -> u8 { std::a::f(); self.f() + self.f + f }"),
            ("m/a.rs", "pub fn f() { super::g(1) }"),
        ],
    ),
];

fn made(files: Files) -> Sources {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

// The negative control of the tests above: each circle must be found, and each named part stand in it.
#[test]
fn a_circle_is_found_however_it_is_closed() {
    for (why, files, parts) in CIRCLES {
        let found = circles(&Arrows::read(&made(files), "lib.rs"));
        assert_eq!(found.len(), 1, "{why}: {found:?}");
        assert!(found[0].contains(&format!(": {parts}\n")), "{why}: {}", found[0]);
    }
}

#[test]
fn what_is_no_circle_passes() {
    for (why, files) in NO_CIRCLES {
        assert_eq!(circles(&Arrows::read(&made(files), "lib.rs")), Vec::<String>::new(), "{why}");
    }
}

// The negative control of the order of folders.
#[test]
fn an_arrow_against_the_order_is_found() {
    let files = made(&[
        ("lib.rs", "mod m;"),
        ("m/mod.rs", "mod low; mod high; mod loose;"),
        ("m/low.rs", "use super::high::H;"),
        ("m/high.rs", "pub struct H;"),
        ("m/loose.rs", "use super::high::H;"),
    ]);
    let arrows = Arrows::read(&files, "lib.rs");
    assert_eq!(Parts::of(&arrows).against("m", &["low", "high"]), ["m/low.rs -> m/high.rs: H"]);
    assert!(Parts::of(&arrows).against("m", &["high", "low"]).is_empty());
}
