//! Accounts of this machine that a test runs the binary as.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use crate::support::installation::ANTREAN;

/// An account with no rights anywhere.
pub const NOBODY: u32 = 65_534;

/// Whether this process may become somebody else.
pub fn is_root() -> bool {
    // A file of one's own has one's own number.
    tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0
}

/// The binary as somebody else, where this process may become somebody else; else as itself.
pub fn as_nobody(folder: &Path, root: bool) -> Command {
    let mut run = if root { nobody() } else { Command::new("env") };
    run.arg(ANTREAN).current_dir(folder);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANTREAN_")) {
        run.env_remove(name);
    }
    run
}

/// Runs what follows as an account that has nothing to do with the installation.
pub fn nobody() -> Command {
    let mut run = Command::new("setpriv");
    run.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
    run
}
