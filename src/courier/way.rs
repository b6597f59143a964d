//! How a text of an officer reaches a citizen now, as far as their last message and the templates of the channel tell.

use chrono::{DateTime, Utc};

use super::policy::template::{Parameter, TemplateChoice};
use super::policy::verdict::is_open;
use crate::conversation::Lang;
use crate::gateway::Capabilities;

/// How an answer reaches its citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// As a free message.
    Free,
    /// As a template of this name: the time for free messages is over.
    Template(String),
    /// Not before the citizen writes again: the time for free messages is over, and no template fits.
    Held,
}

impl Way {
    /// The way to a citizen who reads `lang` and wrote last at `heard_at`.
    pub fn of(
        (capabilities, templates): (&Capabilities, &[TemplateChoice]),
        (lang, heard_at): (Lang, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Self {
        // Without a window the provider takes whatever comes.
        let Some(window) = capabilities.free_reply_window else { return Self::Free };
        if is_open(window, heard_at, now) {
            return Self::Free;
        }
        // An officer's text has no booking code.
        let fits = |choice: &&TemplateChoice| choice.lang == lang && !choice.parameters.contains(&Parameter::Code);
        let template = templates.iter().filter(|_| capabilities.templates).find(fits);
        template.map_or(Self::Held, |choice| Self::Template(choice.name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    // Negative control: without the test of `Parameter::Code`, the first template is taken.
    #[test]
    fn after_the_window_a_template_of_the_language_that_needs_no_code_or_nothing() {
        let choice = |lang, name: &str, parameters: &[Parameter]| TemplateChoice {
            lang,
            name: name.to_owned(),
            parameters: parameters.to_vec(),
        };
        let choices = [choice(Lang::Id, "kode", &[Parameter::Code]), choice(Lang::Id, "kabar", &[Parameter::Text])];
        let wa =
            Capabilities { free_reply_window: Some(TimeDelta::hours(24)), templates: true, ..Capabilities::default() };
        let heard = DateTime::UNIX_EPOCH;
        let way = |capabilities: &Capabilities, lang, hours| {
            Way::of((capabilities, &choices), (lang, heard), heard + TimeDelta::hours(hours))
        };
        assert_eq!(way(&wa, Lang::Id, 23), Way::Free);
        assert_eq!(way(&wa, Lang::Id, 24), Way::Template("kabar".to_owned()));
        assert_eq!(way(&wa, Lang::En, 24), Way::Held);
        assert_eq!(way(&Capabilities { templates: false, ..wa }, Lang::Id, 24), Way::Held);
        assert_eq!(way(&Capabilities::default(), Lang::En, 900), Way::Free);
    }
}
