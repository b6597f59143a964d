//! Reading a verified body within limits. The server limits its bytes; this limits what reading makes of them: four megabytes
//! of `0,0,0` are two million values, and a gigabyte of memory if each became an item.

use chrono::{DateTime, Utc};

use super::inbound::item::{Item, or_malformed};
use super::inbound::unread::UNREAD_BYTES_MAX;
use super::interface::Gateway;

/// Most values of one body (numbers, texts, lists, objects, fields of a form). The fullest body that a provider
/// documents, WhatsApp's thousand updates, has about sixty values an update.
pub const VALUES_MAX: usize = 100_000;
/// Most items of one body that are served: twice what WhatsApp puts into one.
pub const ITEMS_MAX: usize = 2_000;

/// The items of a verified body, within both limits; one malformed item stands for everything beyond them.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadBody {
    /// The items: as many as the gateway found, which may be none.
    pub items: Vec<Item>,
    /// Whether the body was read at all: one of too many values is not.
    pub is_read: bool,
}

/// Reads a verified body within [`VALUES_MAX`] and [`ITEMS_MAX`]. A malformed item carries what is kept of it.
pub fn read(gateway: &dyn Gateway, body: &[u8], received_at: DateTime<Utc>) -> ReadBody {
    // A value takes two bytes at least, so that a body of usual size is not even counted.
    if body.len() > VALUES_MAX && values(body) > VALUES_MAX {
        let reason = format!("a body of more than {VALUES_MAX} values: none of it was read");
        let items = keep(gateway, vec![or_malformed(Err(reason))], body);
        return ReadBody { items, is_read: false };
    }
    let items = keep(gateway, capped(gateway.read(body, received_at)), body);
    ReadBody { items, is_read: true }
}

/// At most [`ITEMS_MAX`] items and one for the rest. Ignored and malformed ones are dropped first.
fn capped(mut items: Vec<Item>) -> Vec<Item> {
    let all = items.len();
    if all <= ITEMS_MAX {
        return items;
    }
    items.retain(|item| !matches!(item, Item::Malformed { .. } | Item::Ignored { .. }));
    items.truncate(ITEMS_MAX);
    let left = all - items.len();
    items.push(or_malformed(Err(format!("{left} of {all} items in one body were not read"))));
    items.shrink_to_fit();
    items
}

/// How many values a body can hold at most: what separates and opens them, outside of texts in quotes. Counts JSON and
/// forms alike, since neither holds the other's separators outside of its texts.
fn values(body: &[u8]) -> usize {
    let (mut count, mut in_text, mut is_escaped) = (1_usize, false, false);
    for byte in body {
        if in_text {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => in_text = true,
                b',' | b'[' | b'{' | b'&' => count += 1,
                _ => {}
            }
        }
    }
    count
}

/// Gives every malformed item its gateway's name and the body to keep: the one that its reader found, else the whole body, each
/// without the secrets that the gateway removes. Nothing else keeps a body.
fn keep(gateway: &dyn Gateway, mut items: Vec<Item>, body: &[u8]) -> Vec<Item> {
    let mut whole: Option<String> = None;
    for item in &mut items {
        if let Item::Malformed { unread, .. } = item {
            gateway.name().clone_into(&mut unread.gateway);
            unread.body = if unread.body.is_empty() {
                whole.get_or_insert_with(|| cut(gateway.kept(body))).clone()
            } else {
                cut(gateway.kept(unread.body.as_bytes()))
            };
        }
    }
    items
}

/// Cut to the longest body that is kept, and without NUL, which the engines store differently.
fn cut(mut body: String) -> String {
    body.truncate(body.floor_char_boundary(UNREAD_BYTES_MAX));
    body.retain(|c| c != '\0');
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::gateway::simulator::Simulator;

    fn now() -> DateTime<Utc> {
        "2026-11-22T03:00:00Z".parse().expect("an instant")
    }

    fn ignored(count: usize) -> Vec<Item> {
        (0..count).map(|n| Item::Ignored { reason: n.to_string() }).collect()
    }

    #[test]
    fn values_are_counted_outside_of_texts() {
        for (body, count) in [
            ("", 1),
            ("0", 1),
            ("[0,0]", 3),
            (r#"{"a":",,,[[[","b":"\",\\","c":[]}"#, 5),
            ("a=1&b=2&c=,", 4),
            (r#""open,,,"#, 1),
        ] {
            assert_eq!(values(body.as_bytes()), count, "{body}");
        }
    }

    // Without the count before `read`, two million items come back, and the test needs a gigabyte.
    #[test]
    fn four_megabytes_of_nothing_are_one_item() {
        let body = format!("{{\"key\":\"bogor\",\"messages\":[{}0]}}", "0,".repeat(2 * 1024 * 1024));
        let simulator = Simulator::new("sim", std::sync::Arc::new(SystemClock));
        let body_read = read(&*simulator, body.as_bytes(), now());
        assert!(!body_read.is_read);
        assert!(
            matches!(&body_read.items[..], [Item::Malformed { reason, .. }] if reason.contains("100000")),
            "{body_read:?}"
        );
    }

    // Fails when `capped` truncates without telling useful items from others: the notice at the end is lost.
    #[test]
    fn what_is_beyond_the_most_items_is_one_and_what_is_useful_stays() {
        assert_eq!(capped(ignored(ITEMS_MAX)).len(), ITEMS_MAX);
        let mut items = ignored(ITEMS_MAX);
        items.push(crate::gateway::Notice::of_account("wa", crate::gateway::Health::Well));
        let kept = capped(items);
        assert!(
            matches!(&kept[..], [Item::Channel(_), Item::Malformed { reason, .. }] if reason.starts_with("2000 of 2001"))
        );
        let notices = vec![crate::gateway::Notice::of_account("wa", crate::gateway::Health::Well); ITEMS_MAX + 7];
        let kept = capped(notices);
        assert_eq!(kept.len(), ITEMS_MAX + 1);
        assert_eq!(kept.last(), Some(&or_malformed(Err("7 of 2007 items in one body were not read".into()))));
    }

    // A thousand updates, each in an entry of its own, as full as Meta's documentation shows them.
    #[test]
    fn the_fullest_body_that_a_provider_documents_is_read() {
        let update = r#"{"id":"0","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":
            "1","phone_number_id":"1"},"contacts":[{"profile":{"name":"x"},"wa_id":"1"}],"messages":[{"context":{"from":
            "1","id":"1","referred_product":{"catalog_id":"1","product_retailer_id":"1"}},"from":"1","id":"1","timestamp":
            "1","type":"text","text":{"body":"x"},"referral":{"source_url":"1","source_id":"1","source_type":"1","body":
            "1","headline":"1","media_type":"1","image_url":"1","video_url":"1","thumbnail_url":"1","ctwa_clid":"1"}}]},
            "field":"messages"}]}"#;
        let body = format!("{{\"object\":\"x\",\"entry\":[{}]}}", vec![update; 1_000].join(","));
        assert!(values(body.as_bytes()) < VALUES_MAX, "{}", values(body.as_bytes()));
    }
}
