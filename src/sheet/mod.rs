//! Reads TOML files key by key and keeps the place of everything, so that one run reports every mistake with file, line,
//! column and remedy. It does not know what the files are about.

mod encoding;
mod nearest;
mod problem;
mod table;
mod value;

pub use encoding::{EncodingError, decoded, refuse_unmarked};
pub(crate) use nearest::{nearest, within};
pub use problem::Problems;
pub(crate) use problem::{Place, Problem, Source, Spot};
pub(crate) use table::{Entry, Table, document};
pub(crate) use value::{Mistake, Read, choice, date, id, line, string, truth, whole};
