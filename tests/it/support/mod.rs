//! What the suites stand on: databases, the running binary, and stand-ins for what surrounds it.

pub mod account;
pub mod alone;
pub mod browser;
pub mod calendar;
pub mod desk_fixture;
pub mod engine;
pub mod fake_whatsapp;
pub mod host;
pub mod installation;
pub mod postgres;
pub mod proxy;
pub mod server_process;
pub mod shim;
