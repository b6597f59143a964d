//! A headless browser, and a server for it to look at.

pub mod driver;
pub mod stage;
