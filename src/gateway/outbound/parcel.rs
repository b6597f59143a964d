//! A reply independent of providers: a text, perhaps a picture or document above it, and up to three quick replies.
//!
//! The courier fits a parcel to a provider's [`Capabilities`] before it is sent, so an adapter never has to cut or drop.

use std::fmt;

use bytes::Bytes;

use super::capabilities::Capabilities;
use super::split::split;
use crate::domain::message::{MessageId, QuickReply};

/// One answer ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Our outbox id, which the provider may echo in statuses.
    pub tracker: i64,
    /// The text; the caption where there is something above it.
    pub text: String,
    /// What it carries besides.
    pub load: Load,
    /// Answers that can be tapped. The text alone is always enough to answer by.
    pub quick_replies: Vec<QuickReply>,
}

/// What a parcel carries besides its text.
#[derive(Clone, PartialEq, Eq)]
pub enum Load {
    /// Nothing.
    Nothing,
    /// A PNG picture, shown above the text.
    Picture(Bytes),
    /// A file, offered above the text.
    Document(Document),
    /// A message that the provider has approved, for when no free one is taken. It goes *instead* of the text.
    Template(Template),
}

/// A file.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name, as the citizen sees it: `antrean.pdf`.
    pub name: String,
    /// Its type: `application/pdf`.
    pub mime: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// A sentence that says where else it can be had: it goes under the text where the provider takes no files.
    pub instead: String,
}

/// A message that the provider has approved beforehand.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name at the provider.
    pub name: String,
    /// Its language at the provider: `id`, `en`.
    pub language: String,
    /// The values of its placeholders, in order; one line each.
    pub parameters: Vec<String>,
}

impl Parcel {
    /// A text.
    pub fn text(tracker: i64, text: impl Into<String>) -> Self {
        Self { tracker, text: text.into(), load: Load::Nothing, quick_replies: Vec::new() }
    }

    /// A PNG picture with a caption.
    pub fn picture(tracker: i64, png: Bytes, caption: impl Into<String>) -> Self {
        Self { load: Load::Picture(png), ..Self::text(tracker, caption) }
    }

    /// The picture, if it carries one.
    pub fn png(&self) -> Option<&Bytes> {
        match &self.load {
            Load::Picture(png) => Some(png),
            _ => None,
        }
    }

    /// The messages that this provider takes for it, in order: mostly one. A picture that the provider cannot show is left
    /// out (the text says it all), in the place of a file the text says where to get it, and a text that is too long is
    /// split on sentence ends. Pure.
    pub fn parts(mut self, capabilities: &Capabilities) -> Vec<Self> {
        let carried = match &self.load {
            Load::Nothing => true,
            Load::Picture(_) => capabilities.pictures,
            Load::Document(document) => {
                if !capabilities.documents {
                    self.text = format!("{}\n\n{}", self.text, document.instead);
                }
                capabilities.documents
            }
            // Approved as it is: there is nothing to fit.
            Load::Template(_) => return vec![self],
        };
        let load = if carried { self.load } else { Load::Nothing };
        let under_load = load != Load::Nothing;
        let first_max = if under_load { capabilities.caption_chars_max } else { capabilities.text_chars_max };
        let texts = split(&self.text, first_max, capabilities.text_chars_max);
        let last = texts.len().saturating_sub(1);
        let mut load = Some(load);
        let mut quick_replies = self.quick_replies;
        let part = |(place, text): (usize, String)| {
            let load = load.take().unwrap_or(Load::Nothing);
            // They belong under the end of the text.
            let offered = if place == last { std::mem::take(&mut quick_replies) } else { Vec::new() };
            let fits = capabilities.quick_replies.as_ref().is_some_and(|limits| {
                offered.len() <= limits.count_max
                    && text.chars().count() <= limits.text_chars_max
                    && offered.iter().all(|reply| reply.title.chars().count() <= limits.title_chars_max)
                    && (load == Load::Nothing || limits.under_pictures)
            });
            Self { tracker: self.tracker, text, load, quick_replies: if fits { offered } else { Vec::new() } }
        };
        texts.into_iter().enumerate().map(part).collect()
    }
}

/// Replies are personal data: Debug shows lengths only.
impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tracker, text, load, quick_replies } = self;
        write!(f, "Parcel({tracker}, {} bytes, {load:?}, {} quick replies)", text.len(), quick_replies.len())
    }
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("text"),
            Self::Picture(png) => write!(f, "picture of {} bytes", png.len()),
            Self::Document(document) => write!(f, "document of {} bytes", document.bytes.len()),
            Self::Template(template) => write!(f, "template {}", template.name),
        }
    }
}

/// The provider took the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id of it, where there is one.
    pub id: Option<MessageId>,
    /// Whether the picture had to be left out and the text went alone.
    pub without_picture: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::QuickReplyLimits;

    fn small() -> Capabilities {
        Capabilities {
            text_chars_max: 20,
            caption_chars_max: 12,
            quick_replies: Some(QuickReplyLimits {
                count_max: 3,
                title_chars_max: 5,
                text_chars_max: 16,
                under_pictures: false,
            }),
            ..Capabilities::default()
        }
    }

    fn asking(text: &str) -> Parcel {
        Parcel { quick_replies: vec![QuickReply::same("ya")], ..Parcel::text(7, text) }
    }

    #[test]
    fn what_fits_goes_as_it_is() {
        assert_eq!(asking("Benar? Balas ya.").parts(&small()), [asking("Benar? Balas ya.")]);
    }

    // Negative control: with the replies on every part, the first part has them too.
    #[test]
    fn a_long_text_goes_in_parts_with_the_quick_replies_under_the_last() {
        let parts = asking("Ini nomor satu. Ini nomor dua. Balas ya.").parts(&small());
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["Ini nomor satu.", "Ini nomor dua.", "Balas ya."]);
        let offered: Vec<usize> = parts.iter().map(|part| part.quick_replies.len()).collect();
        assert_eq!(offered, [0, 0, 1]);
        assert!(parts.iter().all(|part| part.tracker == 7));
    }

    #[test]
    fn a_caption_that_is_too_long_goes_on_under_its_picture() {
        let parts =
            Parcel::picture(7, Bytes::from_static(b"png"), "Berhasil. Kode AB. Datang pukul 9.").parts(&small());
        assert_eq!(parts[0], Parcel::picture(7, Bytes::from_static(b"png"), "Berhasil."));
        assert_eq!(parts[1..], [Parcel::text(7, "Kode AB."), Parcel::text(7, "Datang pukul 9.")]);
    }

    #[test]
    fn what_a_provider_cannot_show_is_left_to_the_text() {
        let nothing = Capabilities { pictures: false, quick_replies: None, text_chars_max: 40, ..small() };
        let picture = Parcel { load: Load::Picture(Bytes::from_static(b"png")), ..asking("Benar? Balas ya.") };
        assert_eq!(picture.parts(&nothing), [Parcel::text(7, "Benar? Balas ya.")]);
        let document = Document {
            name: "antrean.pdf".into(),
            mime: "application/pdf".into(),
            bytes: Bytes::from_static(b"pdf"),
            instead: "Ambil di loket 1.".into(),
        };
        let document = Parcel { load: Load::Document(document), ..asking("Berkas Anda siap.") };
        assert_eq!(document.parts(&nothing), [Parcel::text(7, "Berkas Anda siap.\n\nAmbil di loket 1.")]);
    }
}
