//! The processes of a cluster: found by the folder that they run in, so that none of anybody else's is ever touched.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::account;

/// A program of the cluster, with its folder for working directory and log. PostgreSQL refuses to run as root.
pub fn start(program: &Path, args: &[&str], folder: &Path, environment: &[(&str, &Path)]) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log")).expect("a log");
    let mut command = if account::is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .args(args)
        .envs(environment.iter().copied())
        .env("HOME", folder)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log)
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// Makes a folder that PostgreSQL's account may write.
pub fn make_folder(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    if account::is_root() {
        let given = Command::new("chown").arg("postgres:").arg(folder).status().expect("chown");
        assert!(given.success(), "{} cannot be given to postgres", folder.display());
    }
}

/// Who runs in this folder or below it; a server of PostgreSQL runs in its data.
pub fn of_folder(folder: &Path) -> Vec<u32> {
    let is_inside = |process: &PathBuf| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
    let processes = fs::read_dir("/proc").expect("/proc").filter_map(|entry| Some(entry.ok()?.path()));
    let number = |process: PathBuf| process.file_name()?.to_str()?.parse::<u32>().ok();
    processes.filter(is_inside).filter_map(number).collect()
}

/// What a process calls itself.
pub fn title(process: u32) -> String {
    let title = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&title).replace('\0', " ")
}

/// Sends a signal; one of them may have ended meanwhile.
pub fn signal(name: &str, processes: &[u32]) {
    if processes.is_empty() {
        return;
    }
    let numbers: Vec<String> = processes.iter().map(u32::to_string).collect();
    let script = format!("kill -{name} {} 2>/dev/null", numbers.join(" "));
    Command::new("sh").arg("-c").arg(script).status().expect("a shell");
}

/// Kills everybody in a folder who is chosen, those included who are born meanwhile.
pub fn kill(folder: &Path, is_chosen: impl Fn(u32) -> bool) {
    loop {
        let alive: Vec<u32> = of_folder(folder).into_iter().filter(|process| is_chosen(*process)).collect();
        if alive.is_empty() {
            return;
        }
        signal("KILL", &alive);
    }
}
