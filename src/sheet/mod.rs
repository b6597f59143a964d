//! Reads TOML files key by key and keeps the place of everything, so that one run reports every mistake with file, line,
//! column and remedy. Knows nothing of what the files are about.

mod nearest;
mod problem;
mod table;
mod value;

pub(crate) use nearest::{nearest, within};
pub(crate) use problem::{Place, Problem, Source, Spot};
pub(crate) use table::{Entry, Table, document};
pub(crate) use value::{Mistake, Read, choice, date, id, line, string, truth, whole};

/// All problems of a set of files, each with its place and remedy.
#[derive(Debug, thiserror::Error)]
#[error("{} {}", .0.len(), if .0.len() == 1 { "problem" } else { "problems" })]
pub struct Problems(pub Vec<miette::Report>);
