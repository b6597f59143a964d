//! Moves the demo's clock forward.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::state::{Setup, instant};
use crate::domain::office::Zone;

/// Longest single jump, in minutes: a week.
const JUMP_MINUTES_MAX: u32 = 7 * 24 * 60;

/// How far to go. JSON only, which a page of another site cannot send here without a preflight request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Step {
    /// So many minutes on.
    Minutes {
        /// At least one, at most [`JUMP_MINUTES_MAX`].
        minutes: u32,
    },
    /// To the next full hour of that number in a zone.
    Hour {
        /// Where it is that hour.
        zone: Zone,
        /// 0 to 23.
        hour: u32,
    },
}

impl Step {
    /// How far it is from `now`, where the step makes sense.
    fn length(self, now: DateTime<Utc>) -> Option<TimeDelta> {
        match self {
            Self::Minutes { minutes } => {
                (1..=JUMP_MINUTES_MAX).contains(&minutes).then(|| TimeDelta::minutes(i64::from(minutes)))
            }
            Self::Hour { zone, hour } => {
                let wall = zone.local(now);
                let today = wall.date().and_hms_opt(hour, 0, 0)?;
                let next = if wall < today { today } else { today + TimeDelta::days(1) };
                Some(next - wall)
            }
        }
    }
}

pub(super) async fn forward(State(setup): State<Setup>, Json(step): Json<Step>) -> Response {
    let Some(clock) = setup.movable else { return StatusCode::NOT_FOUND.into_response() };
    let Some(by) = step.length(clock.now()).and_then(|length| length.to_std().ok()) else {
        return (StatusCode::UNPROCESSABLE_ENTITY, "one minute to seven days, or an hour from 0 to 23\n")
            .into_response();
    };
    let now = clock.move_forward(by.max(Duration::from_millis(1)));
    Json(json!({ "now": instant(now) })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_eight_o_clock_is_today_or_tomorrow_by_the_zones_own_wall() {
        let eight = |zone| Step::Hour { zone, hour: 8 };
        let (early, late) = (at("2026-11-23T00:30:00Z"), at("2026-11-23T01:30:00Z"));
        assert_eq!(eight(Zone::Wib).length(early), Some(TimeDelta::minutes(30)));
        assert_eq!(eight(Zone::Wita).length(early), Some(TimeDelta::minutes(30 + 23 * 60)));
        assert_eq!(eight(Zone::Wib).length(late), Some(TimeDelta::minutes(30 + 23 * 60)));
        assert_eq!(eight(Zone::Wib).length(at("2026-11-23T01:00:00Z")), Some(TimeDelta::days(1)));
    }

    #[test]
    fn a_step_of_nothing_or_of_months_is_none() {
        let now = at("2026-11-23T00:30:00Z");
        assert_eq!(Step::Minutes { minutes: 10 }.length(now), Some(TimeDelta::minutes(10)));
        assert_eq!(Step::Minutes { minutes: 0 }.length(now), None);
        assert_eq!(Step::Minutes { minutes: JUMP_MINUTES_MAX + 1 }.length(now), None);
        assert_eq!(Step::Hour { zone: Zone::Wib, hour: 24 }.length(now), None);
    }
}
