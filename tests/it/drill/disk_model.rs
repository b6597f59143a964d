//! The disk under the binary, as `tests/shim/power.c` models it: what it is to do, and what came of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::support::shim::compiled;

/// Numbers that test and shim share, in the order of `struct Control`.
#[derive(Debug, Clone, Copy)]
pub enum Field {
    Calls,
    CutAt,
    KillAt,
    FaultAt,
    /// 0: a write takes half of its bytes.
    FaultErrno,
    FaultEver,
    /// The kind of call, as the shim names it; 0: any.
    FaultKind,
    /// Which syncs lie: the sum of [`LIES`].
    Lies,
    Seed,
    SyncMicroseconds,
    Faults,
    EndedAt,
    Sectors,
    SectorsKept,
    Names,
    NamesKept,
}

/// Syncs that can lie, by what they sync.
pub const LIES: [(&str, u64); 4] =
    [("the log", 1), ("the database's file", 2), ("photos, keys and the stamp", 4), ("folders", 8)];

/// Where the trace of calls begins, in bytes.
const TRACE: u64 = 4096;
/// Calls whose kind is kept.
const TRACED: u64 = 65_536;
/// How long a sync takes, so that others write meanwhile.
const SYNC_MICROSECONDS: u64 = 300;

/// One disk. It is there as long as this value.
pub struct DiskModel {
    folder: TempDir,
    control: File,
}

impl DiskModel {
    pub fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let control =
            File::options().create(true).truncate(true).read(true).write(true).open(folder.path().join("control"));
        let model = Self { folder, control: control.unwrap() };
        model.control.set_len(TRACE + 2 * TRACED).unwrap();
        model.set(Field::Seed, seed);
        model.set(Field::SyncMicroseconds, SYNC_MICROSECONDS);
        model
    }

    /// The same that does this at that call.
    pub fn with(self, field: Field, value: u64) -> Self {
        self.set(field, value);
        self
    }

    pub fn set(&self, field: Field, value: u64) {
        self.control.write_all_at(&value.to_ne_bytes(), field as u64 * 8).unwrap();
    }

    pub fn get(&self, field: Field) -> u64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, field as u64 * 8).unwrap();
        u64::from_ne_bytes(bytes)
    }

    /// What makes a process run on this disk.
    pub fn environment(&self, root: &Path) -> [(&'static str, PathBuf); 3] {
        static SHIM: OnceLock<PathBuf> = OnceLock::new();
        [
            ("LD_PRELOAD", SHIM.get_or_init(|| compiled("power")).clone()),
            ("POWER_CONTROL", self.folder.path().join("control")),
            ("POWER_ROOT", root.to_owned()),
        ]
    }

    /// What a call was, and on which file.
    pub fn call(&self, n: u64) -> String {
        let mut kind = [0; 2];
        self.control.read_exact_at(&mut kind, TRACE + 2 * n.min(TRACED - 1)).unwrap();
        format!("{}{}", kind_name(kind[0]), class_name(kind[1]))
    }

    /// How many calls of which kind there were.
    pub fn census(&self) -> BTreeMap<String, usize> {
        let mut census = BTreeMap::new();
        for n in 1..=self.get(Field::Calls) {
            *census.entry(self.call(n)).or_default() += 1;
        }
        census
    }
}

fn kind_name(kind: u8) -> &'static str {
    match kind {
        b'w' => "write",
        b's' => "sync",
        b'd' => "sync of a folder",
        b't' => "truncation",
        b'r' => "rename",
        b'c' => "creation",
        b'u' => "removal",
        b'n' => "send",
        _ => "nothing",
    }
}

fn class_name(class: u8) -> &'static str {
    match class {
        b'l' => " (log)",
        b'f' => " (database)",
        b'k' => " (key)",
        b'm' => " (photo)",
        b'o' => " (other)",
        _ => "",
    }
}
