//! A headless browser, and a server for it to look at.

pub mod desk_stage;
pub mod driver;
pub mod stage;
