//! What an operator does with a whole database, or a start asks about it: audit, repair, move, settings, clock, identity.

pub(super) mod audit;
mod clock;
mod installation;
pub(super) mod moving;
pub(super) mod repair;
mod server_settings;
