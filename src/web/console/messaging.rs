//! How the console reaches citizens: the desk, through which officers answer, and the channels of each office.

use std::sync::Arc;

use chrono::NaiveDate;
use tokio::sync::Notify;

use crate::courier::TemplateChoice;
use crate::desk::Desk;
use crate::domain::message::ChannelId;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::domain::price::Price;
use crate::domain::rate::Rate;
use crate::gateway::Gateway;
use crate::grammar::Format;

/// A channel of an office.
#[derive(Clone)]
pub struct ChannelSetup {
    /// The channel.
    pub id: ChannelId,
    /// Whose it is.
    pub office: OfficeId,
    /// What it sends by.
    pub gateway: Arc<dyn Gateway>,
    /// What it can send outside of the window for free messages.
    pub templates: Vec<TemplateChoice>,
    /// How fast it sends at most, where the configuration says so.
    pub rate: Option<Rate>,
    /// What its messages cost, where the configuration says so.
    pub price: Option<Price>,
}

/// A misread message in which nobody can be recognised, and what of it a format's file can keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseOfMessage {
    /// What it says, masked.
    pub text: String,
    /// What still has the form of personal data, by its shape.
    pub left: Vec<String>,
    /// The format, and the part of its file that says how the message is misread; `None` where it is of no use, or must not be kept.
    pub example: Option<(FormatId, String)>,
}

/// Makes an example of a message to an office, that was sent on a day, masked as an imported chat is masked.
pub type MakeCase = Arc<dyn Fn(&[&Format], &Office, &str, NaiveDate) -> CaseOfMessage + Send + Sync>;

/// How citizens are reached.
#[derive(Clone)]
pub struct Messaging {
    /// Writes what officers say.
    pub desk: Desk,
    /// Notified when something is to be sent.
    pub wake_courier: Arc<Notify>,
    /// The channels of the installation.
    pub channels: Arc<Vec<ChannelSetup>>,
    /// Makes examples of misread messages.
    pub make_case: MakeCase,
}

impl Messaging {
    /// The channels of an office.
    pub(super) fn of<'m>(&'m self, office: &OfficeId) -> impl Iterator<Item = &'m ChannelSetup> {
        let office = office.clone();
        self.channels.iter().filter(move |channel| channel.office == office)
    }

    /// A channel of an office.
    pub(super) fn channel(&self, office: &OfficeId, id: &str) -> Option<&ChannelSetup> {
        self.of(office).find(|channel| channel.id.as_str() == id)
    }
}
