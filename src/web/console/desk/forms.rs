//! What the forms of the desk send.

use std::collections::BTreeSet;

use serde::Deserialize;

/// `?press=…&at=…` of an address: what was just done, and at which counter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct DeskQuery {
    pub(super) press: String,
    pub(super) at: String,
}

/// Enters an arrival. Somebody of a party is ticked by any text in their field.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct ArriveForm {
    pub(super) nonce: String,
    pub(super) code: String,
    pub(super) priority: String,
    /// Whether the people of a party were chosen.
    pub(super) chosen: String,
    /// Whether somebody who may decide it lets them in too late.
    pub(super) admit: String,
    person0: String,
    person1: String,
    person2: String,
    person3: String,
    person4: String,
}

impl ArriveForm {
    /// Who of a party was ticked, from 0.
    pub(super) fn people(&self) -> BTreeSet<u32> {
        let fields = [&self.person0, &self.person1, &self.person2, &self.person3, &self.person4];
        (0..).zip(fields).filter(|(_, field)| !field.is_empty()).map(|(person, _)| person).collect()
    }
}

/// Enters somebody without a booking.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct WalkInForm {
    pub(super) nonce: String,
    pub(super) name: String,
    pub(super) priority: String,
}

/// Takes back what a press did.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct UndoForm {
    pub(super) nonce: String,
    pub(super) of: String,
}

/// Does something at a counter.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct ActForm {
    pub(super) nonce: String,
    /// What.
    #[serde(rename = "do")]
    pub(super) what: String,
    pub(super) counter: String,
    /// The version of the visit that the officer saw.
    pub(super) version: String,
    /// The number of somebody who is at no counter.
    pub(super) number: String,
    /// The counter that somebody is sent to.
    pub(super) to: String,
    /// The press that is taken back.
    pub(super) of: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::PARTY_MAX;

    // Negative control: with `person3` left out of `people`, the fourth of a party could not be entered.
    #[test]
    fn everybody_of_the_largest_party_has_a_field() {
        let ticked = ArriveForm {
            person0: "on".to_owned(),
            person1: "on".to_owned(),
            person2: "on".to_owned(),
            person3: "on".to_owned(),
            person4: "on".to_owned(),
            ..ArriveForm::default()
        };
        assert_eq!(ticked.people(), (0..u32::from(PARTY_MAX)).collect());
        let some = ArriveForm { person1: "on".to_owned(), ..ArriveForm::default() };
        assert_eq!(some.people(), [1].into());
    }
}
