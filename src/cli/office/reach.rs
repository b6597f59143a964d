//! How a citizen can be reached, in words.

use crate::cli::shared::value::local;
use crate::domain::office::Zone;
use crate::front_desk::Reach;

/// How a citizen can be reached, in words; times are those of the office's zone.
pub(in crate::cli) fn reach_shown(reach: Reach, zone: Zone) -> String {
    match reach {
        Reach::AnyTime => "can be told".to_owned(),
        Reach::Window(until) => format!("can be told until {}", local(until, zone)),
        Reach::Template => "can be told by template".to_owned(),
        Reach::WhenTheyWrite => "is told when they write again".to_owned(),
        Reach::Unknown => "is on no channel of this configuration".to_owned(),
    }
}
