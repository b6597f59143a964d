//! Sends one claimed reply: as a free reply, or as the template that fits it.

use super::claim::{Claimed, Finished, sent};
use super::policy::channel::Signal;
use super::policy::template;
use super::policy::verdict::{self, After, Failures};
use super::setup::Courier;
use crate::domain::message::MessageId;
use crate::gateway::{Gateway, Load, Parcel, SendError};
use crate::reply;
use crate::storage::{Due, Sending, Sent};

/// How a reply went out.
#[derive(Debug, Clone, Copy)]
struct Delivered {
    /// Whether a picture was left out.
    without_picture: bool,
    /// Whether it went as a template.
    as_template: bool,
}

impl Courier {
    /// Sends one claimed reply. A failure is part of what is given back.
    pub(super) async fn send(&self, claimed: Claimed) -> Finished {
        let Claimed { reply, free, trial } = claimed;
        let mut accepted = Vec::new();
        match self.deliver(&reply, free, &mut accepted).await {
            Ok(Delivered { without_picture, as_template }) => Finished {
                signal: Signal::Fine { trial },
                in_doubt: false,
                sent: Sent { as_template, ..sent(&reply, accepted, Sending::Taken { without_picture }) },
            },
            Err(error) => {
                log_failure(&reply, &error);
                let before = Failures { faults: reply.faults, doubts: reply.doubts };
                let After { outcome, failures: Failures { faults, doubts } } =
                    verdict::after(&error, before, self.clock.now(), &self.jitter);
                let opted_out = matches!(error, SendError::OptedOut(_));
                Finished {
                    signal: Signal::of(&error, trial),
                    in_doubt: matches!(error, SendError::Ambiguous(_)),
                    sent: Sent { faults, doubts, opted_out, ..sent(&reply, accepted, outcome) },
                }
            }
        }
    }

    /// Sends a reply, and notes the ids of the messages that the provider took.
    async fn deliver(
        &self,
        reply: &Due,
        free: bool,
        accepted: &mut Vec<Option<MessageId>>,
    ) -> Result<Delivered, SendError> {
        let name = reply.channel.gateway();
        let gateway = self.gateways.get(name);
        let gateway =
            gateway.ok_or_else(|| SendError::Misconfigured(format!("no gateway `{name}` is configured")))?.as_ref();
        if !free {
            return self.send_template(gateway, reply, accepted, "by our own count".to_owned()).await;
        }
        match self.send_free(gateway, reply, accepted).await {
            // The provider knows better than this program's count of hours.
            Err(SendError::WindowClosed(why)) if accepted.is_empty() => {
                self.send_template(gateway, reply, accepted, why).await
            }
            result => result.map(|without_picture| Delivered { without_picture, as_template: false }),
        }
    }

    /// Sends the messages of a reply that have not gone out yet, in order. Returns whether a picture was left out.
    async fn send_free(
        &self,
        gateway: &dyn Gateway,
        reply: &Due,
        accepted: &mut Vec<Option<MessageId>>,
    ) -> Result<bool, SendError> {
        let mut without_picture = false;
        let done = usize::try_from(reply.parts).unwrap_or(0);
        for part in parcel(reply, Picture::Drawn).parts(gateway.capabilities()).iter().skip(done) {
            let receipt = gateway.send(reply.channel.key(), &reply.address, part).await?;
            without_picture |= receipt.without_picture;
            accepted.push(receipt.id);
        }
        Ok(without_picture)
    }

    /// Sends the template that fits a reply; `why` says why a free reply does not go.
    async fn send_template(
        &self,
        gateway: &dyn Gateway,
        reply: &Due,
        accepted: &mut Vec<Option<MessageId>>,
        why: String,
    ) -> Result<Delivered, SendError> {
        let fitting = template::fitting(&self.settings(&reply.channel).templates, reply);
        let template = fitting.filter(|_| gateway.capabilities().templates).ok_or(SendError::WindowClosed(why))?;
        let parcel = Parcel { load: Load::Template(template), ..Parcel::text(reply.id, reply.outbound.text.clone()) };
        let receipt = gateway.send(reply.channel.key(), &reply.address, &parcel).await?;
        accepted.push(receipt.id);
        Ok(Delivered { without_picture: reply.outbound.qr.is_some(), as_template: true })
    }
}

/// Whether the picture of a parcel is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picture {
    /// It is sent.
    Drawn,
    /// The parcel is only counted: an empty picture stands for it.
    Counted,
}

/// A reply as the gateway takes it.
pub(super) fn parcel(reply: &Due, picture: Picture) -> Parcel {
    let picture = reply.outbound.qr.as_deref().and_then(|code| match picture {
        Picture::Drawn => reply::draw_qr(code),
        Picture::Counted => Some(bytes::Bytes::new()),
    });
    Parcel {
        tracker: reply.id,
        text: reply.outbound.text.clone(),
        load: picture.map_or(Load::Nothing, Load::Picture),
        quick_replies: reply.outbound.quick_replies.clone(),
    }
}

fn log_failure(reply: &Due, error: &SendError) {
    let (channel, contact) = (reply.channel.as_str(), reply.contact.tail());
    match error {
        // The channel logs this once, when it stops.
        SendError::Misconfigured(_) | SendError::Limited(_) => {}
        SendError::TemplateRefused(_) => {
            tracing::error!(channel, outbox = reply.id, %error, "a template is of no use; see `antrean outbox list --held`");
        }
        SendError::Refused(_) | SendError::OptedOut(_) => {
            tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply was given up");
        }
        SendError::Ambiguous(_) => {
            tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply may have gone out; it may go out again");
        }
        _ => tracing::info!(channel, %contact, outbox = reply.id, %error, "a reply was put off"),
    }
}
