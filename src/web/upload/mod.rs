//! `/u/{token}`: where a citizen sends the photo that a booking waits for, once, from any browser, without a script. An address that was
//! used, whose time is over or that never was looks the same.

mod assets;
mod form;
mod routes;
mod texts;

pub(super) use self::routes::router;
