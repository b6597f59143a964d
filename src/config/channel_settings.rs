//! What a `[[channel]]` says about sending: its pace, and the templates for when the provider takes no free text.

use super::value::text;
use crate::conversation::Lang;
use crate::courier::{ChannelSettings, Parameter, TemplateChoice};
use crate::domain::rate::Rate;
use crate::sheet::{Table, choice, whole};

/// Keys of a `[[channel]]` that this file reads.
pub(super) const KEYS: [&str; 4] = ["sends_per_second", "seconds_per_citizen", "citizen_burst", "template"];
/// Highest pace that can be written; 0 lifts the limit.
const SENDS_PER_SECOND_MAX: u32 = 10_000;
/// Slowest pace to one citizen, in seconds.
const SECONDS_PER_CITIZEN_MAX: u32 = 3_600;
/// Most replies to one citizen at once.
const CITIZEN_BURST_MAX: u32 = 1_000;
/// Most parameters of a template.
const PARAMETERS_MAX: usize = 10;

/// Reads it; what the file does not set stays as the provider has it.
pub(super) fn read(table: &mut Table<'_, '_>) -> ChannelSettings {
    let sends = table.take("sends_per_second", |value| whole(value, 0, SENDS_PER_SECOND_MAX));
    let seconds = table.take("seconds_per_citizen", |value| whole(value, 0, SECONDS_PER_CITIZEN_MAX));
    let burst = table.take("citizen_burst", |value| whole(value, 1, CITIZEN_BURST_MAX));
    let channel_rate = sends.given().map(|spot| match spot.value {
        0 => Rate::UNLIMITED,
        count => Rate::per_second(count),
    });
    if let (Some(burst), None) = (burst.given(), seconds.given()) {
        let place = burst.place.clone();
        table.note(place, "`citizen_burst` needs `seconds_per_citizen`", "write both, or neither");
    }
    let recipient_rate = seconds.given().map(|spot| match spot.value {
        0 => Rate::UNLIMITED,
        seconds => {
            let burst = burst.given().map_or(1, |burst| burst.value);
            Rate::one_in_seconds(i64::from(seconds)).with_burst(burst)
        }
    });
    let mut templates = Vec::new();
    table.each_table("template", |mut table| templates.extend(template(&mut table)));
    ChannelSettings { channel_rate, recipient_rate, templates }
}

fn template(table: &mut Table<'_, '_>) -> Option<TemplateChoice> {
    table.refuse_unknown(&["language", "name", "parameters"]);
    let lang = table.need("language", |value| choice(value, &Lang::CODES), "language = \"id\" or \"en\"");
    let name = table.need("name", text, "name = \"…\", as the provider approved it");
    let parameters = table.take_list("parameters", |value| choice(value, &Parameter::NAMES));
    let parameters: Vec<Parameter> =
        parameters.given().map(|spot| spot.value.iter().map(|one| one.value).collect()).unwrap_or_default();
    if parameters.len() > PARAMETERS_MAX {
        table.note(table.here(), "a template has no more than 10 parameters", "remove some");
    }
    Some(TemplateChoice { lang: lang?.value, name: name?.value, parameters })
}
