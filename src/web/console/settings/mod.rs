//! The office's settings: every key of its file as a field, the file itself, its holidays, and its versions. What is saved is checked
//! exactly as `antrean check` does, becomes a version with who and why, and is in force at once on every node.

mod draft;
mod fields;
mod holiday_page;
mod holidays;
mod key;
mod keys;
mod office_rows;
mod policy_rows;
mod text;
mod text_rows;
mod texts;
mod values;
mod versions;

pub(super) use self::fields::{change, form};
pub(super) use self::holiday_page::{change as change_holidays, page as holidays};
pub(super) use self::text::{change as change_text, page as text};
pub(super) use self::versions::{list as versions, one as version, restore};
