//! Checks formats: that their examples come out as they must, and that forms cannot be confused.

pub(crate) mod ambiguity;
