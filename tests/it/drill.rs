//! The drills of `docs/reliability.md` on one machine's disk, or on a cluster of PostgreSQL: at full length by `tests/drill`, and a short
//! part of each but the last among the other tests.
#![cfg(target_os = "linux")]

mod aftermath;
mod disk;
mod disk_model;
mod failover;
mod flood;
mod full_disk;
mod kill;
mod overload;
mod power;
mod scenario;
mod sweep;
