//! What the page's form sends: any field may be missing, and a text comes as every browser's.

/// The fields of a form, in their order.
pub(super) struct Sent(pub(super) Vec<(String, String)>);

impl Sent {
    /// The value of a field; empty where it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.given(name).unwrap_or_default()
    }

    /// The value of a field that is there.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a field: ticked boxes share one name.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A text of several lines as files have it: with plain line breaks, and without what no database keeps.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.given(name).map(|text| text.replace("\r\n", "\n").replace(['\r', '\0'], ""))
    }
}
