//! What these pages ask of whoever opens them.

use crate::domain::staff::{Area, Level};
use crate::web::console::in_office::Right;

/// Sees who writes, maybe masked.
pub(in crate::web::console) struct SeesTalks;
/// Reads what was written.
pub(in crate::web::console) struct ReadsTalks;
/// Answers.
pub(in crate::web::console) struct AnswersTalks;

impl Right for SeesTalks {
    const AREA: Area = Area::Conversations;
    const LEVEL: Level = Level::Masked;
}

impl Right for ReadsTalks {
    const AREA: Area = Area::Conversations;
    const LEVEL: Level = Level::Read;
}

impl Right for AnswersTalks {
    const AREA: Area = Area::Conversations;
    const LEVEL: Level = Level::Write;
}
