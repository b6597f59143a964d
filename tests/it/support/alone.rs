//! Tests that listen to a log, which is the whole process's: others must not run beside them.

use std::process::Command;

/// Set in a process that was started for one test.
const MARK: &str = "ANTREAN_TEST_ALONE";

/// Whether this process is this test's alone, as the usual runner gives each. If not, it is run in one of its own, and
/// there is nothing left to do here.
pub fn is_alone(test: &str) -> bool {
    if ["NEXTEST", MARK].iter().any(|name| std::env::var_os(name).is_some()) {
        return true;
    }
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this).args(["--exact", test, "--nocapture"]).env(MARK, "1").output().expect("a process");
    let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{test}\n{said}\n{complaint}");
    false
}
