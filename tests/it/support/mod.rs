//! What the suites stand on: databases, the running binary, and stand-ins for what surrounds it.

pub mod account;
pub mod alone;
pub mod browser;
pub mod engine;
pub mod hall;
pub mod host;
pub mod postgres;
pub mod proxy;
pub mod served;
pub mod stub;
pub mod town;
