//! The real `antrean demo`, started as a user starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The demo, running; stopped when dropped.
pub struct Demo {
    /// Where it is, `http://127.0.0.1:43210`.
    pub address: String,
    child: Child,
    /// Kept open: the demo has more to say.
    _out: BufReader<ChildStdout>,
    data: tempfile::TempDir,
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
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        while !line.contains("/simulator") {
            line.clear();
            assert!(out.read_line(&mut line).expect("a line") > 0, "the demo says where its simulator is");
        }
        let start = line.find("http://").expect("an address");
        let address = line[start..].trim_end().trim_end_matches("/simulator").to_owned();
        Self { address, child, _out: out, data }
    }
}

impl Demo {
    /// The one-time code of one of its accounts, as the command shows it.
    pub fn code(&self, login: &str) -> String {
        let database = format!("sqlite://{}", self.data.path().join("antrean.db").display());
        let output = Command::new(env!("CARGO_BIN_EXE_antrean"))
            .args(["user", "code", login, "--demo", "--database", &database])
            .output()
            .expect("the command runs");
        let text = String::from_utf8(output.stdout).expect("text");
        text.split_whitespace().nth(1).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }
}

impl Demo {
    /// What a command about its database prints.
    pub fn run(&self, args: &[&str]) -> String {
        let database = format!("sqlite://{}", self.data.path().join("antrean.db").display());
        let output = Command::new(env!("CARGO_BIN_EXE_antrean"))
            .args(args)
            .args(["--database", &database])
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Its database.
    pub fn database(&self) -> std::path::PathBuf {
        self.data.path().join("antrean.db")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
