//! The drills of `docs/reliability.md` on one machine's disk: at full length by `tests/drill`, and a short part of each among the other
//! tests.
#![cfg(target_os = "linux")]

mod aftermath;
mod disk;
mod disk_model;
mod flood;
mod full_disk;
mod kill;
mod overload;
mod power;
mod scenario;
mod sweep;
