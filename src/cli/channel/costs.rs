//! `antrean channel costs`: what each channel sent, day by day, and what that cost.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::zones;
use crate::config::Config;
use crate::domain::message::ChannelId;
use crate::domain::office::Zone;
use crate::storage::Storage;

/// What a channel sent on a day, as programs read it.
#[derive(Debug, Serialize)]
struct DayOutput<'a> {
    channel: &'a str,
    date: NaiveDate,
    /// Messages inside of the window for free messages.
    inside: u64,
    /// Templates, outside of it.
    outside: u64,
    /// By the channel's price list; `None` where it has none.
    cost: Option<String>,
    currency: Option<&'a str>,
}

/// Prints a line for each channel and day on which it sent something, the latest day first.
///
/// # Errors
/// [`CommandError`] when storage failed or nothing can be written.
pub(super) async fn print(
    (storage, config): (&Storage, &Config),
    channels: &[ChannelId],
    (days, now): (u32, DateTime<Utc>),
    json: bool,
) -> Result<(), CommandError> {
    let zones = zones(storage).await?;
    let mut all = Vec::new();
    for channel in channels {
        let settings = config.channels.iter().find(|one| one.gateway == channel.gateway() && one.key == channel.key());
        let zone = settings.and_then(|settings| zones.get(settings.office.as_str())).copied().unwrap_or(Zone::Wib);
        let price = settings.and_then(|settings| settings.price.as_ref());
        let today = zone.local(now).date();
        let first = today.checked_sub_days(Days::new(u64::from(days.saturating_sub(1)))).unwrap_or(today);
        let mut by_day: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
        for hour in storage.sent_by_hour(channel, zone.instant(first.and_time(NaiveTime::MIN))).await? {
            let day = by_day.entry(zone.local(hour.from).date()).or_default();
            *day = (day.0 + hour.inside, day.1 + hour.outside);
        }
        all.extend(by_day.into_iter().rev().map(|(date, (inside, outside))| DayOutput {
            channel: channel.as_str(),
            date,
            inside,
            outside,
            cost: price.map(|price| price.inside.times(inside).and(price.outside.times(outside)).to_string()),
            currency: price.map(|price| price.currency.as_str()),
        }));
    }
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    for DayOutput { channel, date, inside, outside, cost, currency } in &all {
        let cost = match (cost, currency) {
            (Some(cost), Some(currency)) => format!("{cost} {currency}"),
            _ => "cost unknown; write the prices into [channel.price]".to_owned(),
        };
        writeln!(out, "{channel:<24} {date}  {inside} messages, {outside} templates  {cost}")?;
    }
    Ok(())
}
