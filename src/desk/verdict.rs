//! What became of an item of a webhook body.

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Served now, and answered if it wants an answer.
    Served,
    /// It had been served before; nothing changed.
    Repeat,
    /// It could not be processed; it is kept where the office sees it.
    SetAside,
    /// It came for a channel that no office owns; it is kept and warned about.
    Stray,
    /// It is authentic and cannot be read; its body is kept.
    Unread,
    /// A status was noted, or there was nothing to do.
    Noted,
}

/// Storage takes nothing now: the provider must deliver the body again. Items that were served meanwhile are recognised then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("storage is busy; deliver again")]
pub struct Busy;
