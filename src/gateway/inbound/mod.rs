//! What comes in: from the bytes of a webhook body to items. Pure; what one item lacks never costs its neighbours.
//!
//! [`json`] parses, [`lenient`] and [`text`] read single values, [`address`] and [`timestamp`] say who and when, [`draft`] fills
//! in what is missing, [`item`] is the result.

pub mod address;
pub(in crate::gateway) mod draft;
pub(in crate::gateway) mod form_fields;
pub mod item;
pub(in crate::gateway) mod json;
mod json_number;
pub(in crate::gateway) mod lenient;
pub(in crate::gateway) mod text;
pub mod timestamp;
pub mod unread;
