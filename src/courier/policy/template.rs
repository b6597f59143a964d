//! Templates: messages that a provider has approved beforehand, one for each language. One goes out where the provider takes
//! no free reply any more.

use crate::conversation::Lang;
use crate::gateway::Template;
use crate::storage::Due;

/// Longest parameter, in characters (WhatsApp's limit for the whole body is 1,024).
const PARAMETER_CHARS_MAX: usize = 700;

/// A template that an installation has for one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateChoice {
    /// The language that it is in.
    pub lang: Lang,
    /// Its name at the provider.
    pub name: String,
    /// The values of its placeholders, in order.
    pub parameters: Vec<Parameter>,
}

/// The value of a placeholder of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The whole reply as one line.
    Text,
    /// Its booking code; a reply without one does not fit.
    Code,
    /// The office's id.
    Office,
}

impl Parameter {
    /// The values, and how the configuration writes them.
    pub const NAMES: [(&'static str, Self); 3] = [("text", Self::Text), ("code", Self::Code), ("office", Self::Office)];
}

/// The first template that this reply fits into.
pub fn fitting(choices: &[TemplateChoice], reply: &Due) -> Option<Template> {
    let needs_text = reply.notice.is_some_and(|notice| notice.must_be_answered);
    let carries = |choice: &&TemplateChoice| !needs_text || choice.parameters.contains(&Parameter::Text);
    choices.iter().filter(|choice| choice.lang == reply.lang).filter(carries).find_map(|choice| {
        let parameters = choice.parameters.iter().map(|parameter| value(*parameter, reply));
        Some(Template {
            name: choice.name.clone(),
            language: choice.lang.code().to_owned(),
            parameters: parameters.collect::<Option<Vec<_>>>()?,
        })
    })
}

fn value(parameter: Parameter, reply: &Due) -> Option<String> {
    match parameter {
        Parameter::Text => {
            // Providers refuse line breaks, tabs and long gaps in a parameter.
            let line = reply.outbound.text.split_whitespace().collect::<Vec<_>>().join(" ");
            (line.chars().count() <= PARAMETER_CHARS_MAX).then_some(line)
        }
        Parameter::Code => reply.outbound.qr.clone(),
        Parameter::Office => Some(reply.office.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::domain::message::{ChannelId, Contact, Outbound};
    use crate::domain::notice::Kind;
    use crate::domain::office::OfficeId;
    use crate::storage::SaidNotice;

    fn reminder(must_be_answered: bool) -> Due {
        let at: DateTime<Utc> = "2026-08-03T11:00:00Z".parse().expect("an instant");
        Due {
            id: 1,
            channel: ChannelId::new("wa", "1002"),
            contact: Contact::new("628120000001"),
            address: Contact::new("628120000001"),
            office: OfficeId::read("bogor").expect("an id"),
            lang: Lang::Id,
            outbound: Outbound { text: "Besok giliran Anda".into(), qr: None, quick_replies: Vec::new() },
            asked: false,
            notice: Some(SaidNotice { kind: Kind::Reminder, drop_after: at, is_outdated: false, must_be_answered }),
            created_at: at,
            heard_at: None,
            muted: false,
            attempts: 0,
            faults: 0,
            doubts: 0,
            lapses: 0,
            parts: 0,
            pace: at,
            lease: None,
        }
    }

    // Negative control: without `carries`, the first template goes and says nothing of the answer.
    #[test]
    fn a_reminder_that_must_be_answered_fits_only_a_template_with_its_whole_text() {
        let choice = |name: &str, parameters: &[Parameter]| TemplateChoice {
            lang: Lang::Id,
            name: name.into(),
            parameters: parameters.to_vec(),
        };
        let fixed = choice("besok", &[Parameter::Office]);
        let whole = choice("kabar", &[Parameter::Office, Parameter::Text]);
        let name = |choices: &[TemplateChoice], answered| fitting(choices, &reminder(answered)).map(|found| found.name);
        let both = [fixed.clone(), whole];
        assert_eq!((name(&both, false).as_deref(), name(&both, true).as_deref()), (Some("besok"), Some("kabar")));
        assert_eq!(name(&[fixed], true), None);
    }
}
