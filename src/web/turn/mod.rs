//! `/s/{token}`: a citizen's turn. Whoever has the address sees numbers, and nothing about anybody; once the day is over there is nothing
//! at it, and it looks like an address that never was.

mod assets;
mod page;
mod routes;
mod texts;

pub(super) use self::routes::router;
