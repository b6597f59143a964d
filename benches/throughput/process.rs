//! What the operating system says of a process, processor time and memory, and of a disk.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
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

/// Bytes that were written to the disk that holds a folder, by whomever; nothing where it is no disk. What the system says of a
/// process (`write_bytes`) is no use: one changed page counts as all the pages that are kept in memory as one piece with it,
/// 2 MiB at worst.
pub fn written(folder: &Path) -> u64 {
    const SECTOR_BYTES: u64 = 512;
    let Ok(folder) = std::fs::metadata(folder) else { return 0 };
    // As glibc's `major` and `minor` take it apart.
    let device = folder.dev();
    let major = (device >> 8 & 0xfff) | (device >> 32 & !0xfff);
    let minor = (device & 0xff) | (device >> 12 & !0xff);
    let stat = std::fs::read_to_string(format!("/sys/dev/block/{major}:{minor}/stat")).unwrap_or_default();
    stat.split_whitespace().nth(6).and_then(|sectors| sectors.parse::<u64>().ok()).unwrap_or_default() * SECTOR_BYTES
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
