//! What the operating system says of a process: processor time, memory, bytes written.

use std::time::Duration;

/// Clock ticks a second in /proc/PID/stat: 100 on every Linux that Rust runs on.
const TICKS_PER_SECOND: u64 = 100;

fn read(pid: u32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default()
}

/// Processor time that a process has used.
pub fn cpu(pid: u32) -> Duration {
    let stat = read(pid, "stat");
    // The name in parentheses may hold anything; what follows it is numbers.
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

/// Bytes that a process has caused to be written to the disk.
pub fn written(pid: u32) -> u64 {
    number_after(&read(pid, "io"), "write_bytes:")
}

/// Resident memory, in MiB.
pub fn resident_mib(pid: u32) -> f64 {
    number_after(&read(pid, "status"), "VmRSS:") as f64 / 1024.0
}

/// The most resident memory that it ever had, in MiB.
pub fn peak_mib(pid: u32) -> f64 {
    number_after(&read(pid, "status"), "VmHWM:") as f64 / 1024.0
}

fn number_after(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// A process and its children.
pub fn family(parent: u32) -> Vec<u32> {
    let mut found = vec![parent];
    for entry in std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok) {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if number_after(&read(pid, "status"), "PPid:") == u64::from(parent) {
            found.push(pid);
        }
    }
    found
}
