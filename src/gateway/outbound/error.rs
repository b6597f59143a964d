//! Why a reply was not sent. The provider's module judges; the courier acts on the variant alone.

/// The provider did not accept the message, or may not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too fast; try again after so many seconds, if the provider says.
    #[error("throttled ({scope:?}, after {after_seconds:?} s): {detail}")]
    Throttled {
        /// What has to slow down.
        scope: Scope,
        /// Seconds to wait.
        after_seconds: Option<u64>,
        /// The provider's code, without personal data.
        detail: String,
    },
    /// A passing fault; nothing went out.
    #[error("passing fault: {0}")]
    Transient(String),
    /// The answer was lost: the message may or may not be out.
    #[error("outcome unknown: {0}")]
    Ambiguous(String),
    /// The provider accepts no free reply to this citizen any more (24 hours since their last message).
    #[error("reply window closed: {0}")]
    WindowClosed(String),
    /// The provider will never accept this message.
    #[error("refused: {0}")]
    Refused(String),
    /// The citizen has told the provider that they want no messages from this channel: nothing more is sent unasked.
    #[error("the citizen wants no messages: {0}")]
    OptedOut(String),
    /// The provider does not take this template (paused, disabled, unknown, wrong parameters); another form may go.
    #[error("template refused: {0}")]
    TemplateRefused(String),
    /// The channel itself is broken (token, session, account): it sends nothing until a person repairs it. The courier
    /// stops the channel and probes it from time to time ([`Outbound::probe`](crate::gateway::Outbound::probe)).
    #[error("channel broken: {0}")]
    Misconfigured(String),
    /// The provider has limited the account (spam, policy): the courier stops the channel until a person says otherwise,
    /// because going on makes it worse.
    #[error("account limited: {0}")]
    Limited(String),
}

/// What has to slow down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole channel.
    Channel,
    /// This citizen only.
    Recipient,
}
