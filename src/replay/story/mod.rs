//! The language of stories: what a `.chat` file says, how it is read, and how its replies are rewritten.

pub(super) mod edit;
mod line;
pub(super) mod model;
pub(super) mod pattern;
pub(super) mod read;
pub(super) mod segment;
