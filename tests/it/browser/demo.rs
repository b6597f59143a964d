//! The real `antrean demo`, started as a user starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The demo, running; stopped when dropped.
pub struct Demo {
    /// Where it is, `http://127.0.0.1:43210`.
    pub address: String,
    child: Child,
    _data: tempfile::TempDir,
}

impl Demo {
    /// Starts it on a free port with an empty folder.
    pub fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder for the demo's data");
        let mut child = Command::new(env!("CARGO_BIN_EXE_antrean"))
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the demo starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let line = out
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("/simulator"))
            .expect("the demo says where its simulator is");
        let start = line.find("http://").expect("an address");
        let address = line[start..].trim_end().trim_end_matches("/simulator").to_owned();
        Self { address, child, _data: data }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
