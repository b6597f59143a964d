//! What forms send. Every field may be missing: it is then empty, and judged like any wrong value.

use serde::Deserialize;

/// `?back=…&done=…` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) back: String,
    pub(super) done: String,
}

/// Signs in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInForm {
    pub(super) login: String,
    pub(super) password: String,
    pub(super) code: String,
    pub(super) back: String,
}

/// Opens a one-time link, or uses it up.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkForm {
    pub(super) link: String,
    pub(super) password: String,
    pub(super) code: String,
}

/// Chooses a language.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LanguageForm {
    pub(super) language: String,
    pub(super) back: String,
}

/// Confirms by a fresh code.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    pub(super) code: String,
    pub(super) back: String,
}

/// Changes a password.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordForm {
    pub(super) old: String,
    pub(super) new: String,
}

/// Adds somebody, gives a role or takes it back; an empty place is every office.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PersonForm {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) place: String,
}

/// Makes a one-time link.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct MakeLinkForm {
    pub(super) phone: String,
}
