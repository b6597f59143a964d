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
    choices.iter().filter(|choice| choice.lang == reply.lang).find_map(|choice| {
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
