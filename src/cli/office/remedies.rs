//! What is to become of the people whom an import displaces: for all, or for each by the booking code.

use std::collections::BTreeMap;

use clap::Args;

use crate::domain::code::BookingCode;
use crate::domain::displaced::Remedy;
use crate::domain::displacement::Remedies;

/// Booking codes with commas between them.
#[derive(Debug, Clone)]
pub struct Codes(Vec<BookingCode>);

/// Reads booking codes.
fn codes(text: &str) -> Result<Codes, String> {
    let read = |code: &str| BookingCode::read(code).map_err(|error| format!("`{code}`: {error}"));
    text.split(',').map(read).collect::<Result<_, _>>().map(Codes)
}

/// One option for each remedy.
#[expect(
    clippy::option_option,
    reason = "an option is absent, for everybody, or for some codes; clap knows these three by this type"
)]
#[derive(Debug, Args)]
pub struct RemedyArgs {
    /// Tell them, with the reason and the next days with room to choose from; with codes, only these
    #[arg(long, value_name = "CODE,...", num_args = 0..=1, require_equals = true, value_parser = codes)]
    tell: Option<Option<Codes>>,
    /// Move them to the next day with room, and tell them; with codes, only these
    #[arg(long = "move", value_name = "CODE,...", num_args = 0..=1, require_equals = true, value_parser = codes)]
    moved: Option<Option<Codes>>,
    /// Cancel their bookings, and tell them; with codes, only these
    #[arg(long, value_name = "CODE,...", num_args = 0..=1, require_equals = true, value_parser = codes)]
    cancel: Option<Option<Codes>>,
    /// Serve them all the same: they are not told anything; with codes, only these
    #[arg(long, value_name = "CODE,...", num_args = 0..=1, require_equals = true, value_parser = codes)]
    keep: Option<Option<Codes>>,
}

impl RemedyArgs {
    /// What they say together.
    ///
    /// # Errors
    /// A sentence where they contradict each other.
    pub(super) fn read(&self) -> Result<Remedies, String> {
        let mut remedies = Remedies { others: None, named: BTreeMap::new() };
        let given = [
            (&self.tell, Remedy::Tell),
            (&self.moved, Remedy::Move),
            (&self.cancel, Remedy::Cancel),
            (&self.keep, Remedy::Keep),
        ];
        for (codes, remedy) in given {
            match codes {
                None => {}
                Some(None) => {
                    if let Some(other) = remedies.others.replace(remedy) {
                        let (other, name) = (other.name(), remedy.name());
                        return Err(format!(
                            "--{other} and --{name} both stand for everybody: give one of them the codes it is for, --{name}=LMGF-D5AQ"
                        ));
                    }
                }
                Some(Some(Codes(codes))) => {
                    for code in codes {
                        if remedies.named.insert(code.clone(), remedy).is_some_and(|other| other != remedy) {
                            return Err(format!("{code} stands behind two options"));
                        }
                    }
                }
            }
        }
        Ok(remedies)
    }
}
