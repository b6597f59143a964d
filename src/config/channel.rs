//! A `[[channel]]` section: which office answers on which channel of which gateway.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use super::model::{ChannelConfig, GatewayConfig};
use super::value::text;
use super::{channel_settings, price};
use crate::domain::office::OfficeId;
use crate::sheet::{Entry, Mistake, Place, Spot, Table, nearest, string, whole};

/// The keys of a `[[channel]]`, besides those of its sending.
const KEYS: [&str; 6] = ["gateway", "office", "phone_number_id", "key", "replies_in_ten_minutes", "price"];
/// Fewest replies to one contact in ten minutes: a booking with a code and a photo takes five.
const REPLIES_MAX_LEAST: u32 = 5;
/// Most replies to one contact in ten minutes: more than one a second only answers a machine.
const REPLIES_MAX_MOST: u32 = 600;

/// Reads a channel and its place in the file; `None` where a mistake was noted. `named` are all gateways of the file,
/// `gateways` those that could be read.
pub(super) fn read(
    table: &mut Table<'_, '_>,
    named: &BTreeSet<String>,
    gateways: &BTreeMap<String, GatewayConfig>,
) -> Option<(Place, ChannelConfig)> {
    table.refuse_unknown(&[&KEYS[..], &channel_settings::KEYS[..]].concat());
    let gateway = table.need("gateway", text, "gateway = \"wa\", the name of a [gateway.…] section");
    let office = |value: &DeValue<'_>| {
        OfficeId::read(string(value)?)
            .map_err(|error| Mistake::new(format!("is no office's id: {error}"), "see `antrean check`"))
    };
    let office = table.need("office", office, "office = \"bogor\"");
    let number = table.take("phone_number_id", text);
    let key = number.or(table.take("key", text));
    let replies = table.take("replies_in_ten_minutes", |value| whole(value, REPLIES_MAX_LEAST, REPLIES_MAX_MOST));
    let replies_max = replies.given().map(|spot| spot.value);
    let sending = channel_settings::read(table);
    let price = table.table("price").and_then(price::read);
    let gateway = gateway?;
    if !named.contains(&gateway.value) {
        let remedy = nearest(&gateway.value, named.iter().map(String::as_str)).map_or_else(
            || format!("add a section [gateway.{}]", gateway.value),
            |near| format!("did you mean \"{near}\"?"),
        );
        table.note(gateway.place.clone(), format!("there is no gateway `{}`", gateway.value), remedy);
        return None;
    }
    let Spot { value: office, place: office_place } = office?;
    let config = gateways.get(&gateway.value);
    let key = match key {
        Entry::Given(key) => config.map_or(key.value.clone(), |config| config.channel_key(&key.value)),
        Entry::Absent => {
            let Some(key) = config.and_then(|config| config.only_channel(&office)) else {
                let (name, remedy) = config.map_or(("key", "add key = \"…\""), GatewayConfig::channel_remedy);
                table.note(table.here(), format!("`{name}` is missing"), remedy);
                return None;
            };
            key
        }
        Entry::Broken => return None,
    };
    Some((
        table.here(),
        ChannelConfig {
            gateway: gateway.value,
            key,
            office,
            place: office_place.in_words(),
            replies_max,
            sending,
            price,
        },
    ))
}
