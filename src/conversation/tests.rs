//! The rules of the conversation one by one, by subject, and all of them together under random traffic.

mod attendance;
mod cancelling;
mod codes;
mod displaced;
mod forms;
mod guided;
mod handover;
mod limits;
mod members;
mod notices;
mod personal_data;
mod photos;
mod questions;
mod random_traffic;
mod rescheduling;
mod sessions;
mod topics;
mod turns;
mod undo;
mod unusual;
mod visits;
mod waiting;
mod world;
