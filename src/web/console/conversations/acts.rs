//! What officers do: answer, look after a conversation, let it go, end it, and send again what did not get through.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::rights::AnswersTalks;
use super::talk::{Again, Problem, answered};
use super::texts::texts;
use super::words;
use crate::access::{Look, OfficeView, Sender, Taken};
use crate::desk::Verdict;
use crate::domain::audit::Act;
use crate::domain::ticket::{OfficerText, OfficerTextError};
use crate::gateway::Item;
use crate::storage::ContactKey;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Watching};
use crate::web::console::page::{Frame, lead, missing};
use crate::web::console::state::Console;
use crate::web::console::visitor::Signed;

/// Longest mark of a form, in characters.
const PRESS_CHARS_MAX: usize = 64;

/// Does something in a conversation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct ActForm {
    #[serde(rename = "do")]
    act: String,
    text: String,
    press: String,
    /// The ticket that the page showed; 0: none.
    ticket: String,
    /// Whom the ticket is taken from.
    from: String,
}

/// Sends again, or serves again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct AgainForm {
    reply: String,
    aside: String,
    /// The conversation to come back to.
    talk: String,
}

/// A request to act in a conversation.
struct Asked<'a> {
    console: &'a Console,
    frame: &'a Frame,
    signed: &'a Signed,
    office: &'a OfficeView,
    id: i64,
}

impl Asked<'_> {
    fn to(&self, done: &str) -> Response {
        lead(&format!("/console/{}/conversations/{}?done={done}", self.office.id(), self.id))
    }

    /// Shows the page again, with what was typed and why it was not sent.
    async fn refuse(&self, typed: &str, problem: Problem) -> Result<Response, Failure> {
        let Some(talk) = self.office.conversation(self.id, (Look::Follows, &self.signed.asked.visitor)).await? else {
            return Ok(missing(self.frame));
        };
        let again = Again { typed: typed.to_owned(), problem: Some(problem) };
        Ok(answered((self.console, self.frame, self.signed.who.login()), self.office, (self.id, &talk), again))
    }

    async fn refuse_for(&self, typed: &str, text: &str) -> Result<Response, Failure> {
        self.refuse(typed, Problem { text: text.to_owned(), next: "", holder: None }).await
    }

    fn tell(&self) {
        self.console.live.talked(std::iter::once(self.office.id()));
    }

    async fn record(&self, of: &ContactKey) -> Result<(), Failure> {
        Ok(self.office.record_talk(Act::ReplyConversation, of, &self.signed.asked.visitor).await?)
    }

    async fn answer(&self, sender: Sender, form: &ActForm) -> Result<Response, Failure> {
        let t = texts(self.frame.lang);
        let text = match OfficerText::read(&form.text) {
            Ok(text) => text,
            Err(OfficerTextError::Empty) => return self.refuse_for("", t.wrong_empty).await,
            Err(OfficerTextError::Long(_)) => return self.refuse_for(&form.text, t.wrong_long).await,
        };
        let Some(stored) = &sender.ticket else {
            // The citizen has left the conversation that the page showed.
            if !matches!(form.ticket.as_str(), "" | "0") {
                return self.refuse_for(&form.text, t.wrong_closed).await;
            }
            return self.begin(&sender, text).await;
        };
        let id = stored.ticket.id;
        if let Taken::Others(holder) = self.office.take_ticket(id, None).await? {
            let since = words::when(self.frame, self.office, holder.since);
            let text = format!("{} {}, {} {since}.", t.wrong_holder, holder.login, t.since);
            let problem = Problem { text, next: t.wrong_holder_next, holder: Some(holder.login) };
            return self.refuse(&form.text, problem).await;
        }
        let press = Some(form.press.as_str()).filter(|press| !press.is_empty() && press.len() <= PRESS_CHARS_MAX);
        if !self.office.note_answer_press(id, press).await? {
            // The same form again: its answer is on its way.
            return Ok(self.to("answered"));
        }
        self.record(&sender.of).await?;
        match self.console.messaging.desk.answer_ticket(stored, text).await {
            Ok(true) => Ok(self.to("answered")),
            Ok(false) => self.refuse_for(&form.text, t.wrong_closed).await,
            Err(error) => {
                // Nothing was sent, so the same form may send it.
                self.office.note_answer_press(id, None).await?;
                Err(error.into())
            }
        }
    }

    /// Writes to a citizen who has no ticket.
    async fn begin(&self, sender: &Sender, text: OfficerText) -> Result<Response, Failure> {
        if !self.office.office().policy.handover {
            return Ok(missing(self.frame));
        }
        self.record(&sender.of).await?;
        if !self.console.messaging.desk.begin_ticket(self.office.id(), &sender.of, text).await? {
            return Ok(missing(self.frame));
        }
        let opened = self.office.sender(self.id).await?.and_then(|sender| sender.ticket);
        if let Some(stored) = opened {
            self.office.take_ticket(stored.ticket.id, None).await?;
        }
        Ok(self.to("answered"))
    }

    async fn close(&self, sender: Sender) -> Result<Response, Failure> {
        let t = texts(self.frame.lang);
        let Some(stored) = &sender.ticket else { return self.refuse_for("", t.wrong_closed).await };
        self.record(&sender.of).await?;
        self.console.messaging.desk.close_ticket(stored).await?;
        self.office.leave_ticket(stored.ticket.id).await?;
        Ok(lead(&format!("/console/{}/conversations?done=closed", self.office.id())))
    }
}

/// Answers, takes, lets go or ends.
pub(in crate::web::console) async fn act(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<AnswersTalks>,
    Path((_, id)): Path<(String, i64)>,
    Form(form): Form<ActForm>,
) -> Result<Response, Failure> {
    let asked = Asked { console: &console, frame: &signed.asked.frame, signed: &signed, office: &office, id };
    let Some(sender) = office.sender(id).await? else { return Ok(missing(asked.frame)) };
    let ticket = sender.ticket.as_ref().map(|stored| stored.ticket.id);
    let done = match (form.act.as_str(), ticket) {
        ("reply", _) => asked.answer(sender, &form).await,
        ("close", _) => asked.close(sender).await,
        ("take", Some(ticket)) => {
            let from = Some(form.from.as_str()).filter(|from| !from.is_empty());
            match office.take_ticket(ticket, from).await? {
                Taken::Own => Ok(asked.to("taken")),
                // Somebody was faster: the page says who.
                Taken::Others(_) => Ok(asked.to("")),
            }
        }
        ("leave", Some(ticket)) => {
            office.leave_ticket(ticket).await?;
            Ok(asked.to("left"))
        }
        _ => Ok(asked.to("")),
    };
    asked.tell();
    done
}

/// Notes that somebody writes an answer, which the others see.
pub(in crate::web::console) async fn typing(
    State(console): State<Console>,
    Watching(InOffice { signed, office, .. }): Watching<AnswersTalks>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let Some(sender) = office.sender(id).await? else { return Ok(missing(&signed.asked.frame)) };
    if let Some(stored) = sender.ticket {
        office.note_typing(stored.ticket.id).await?;
        console.live.talked(std::iter::once(office.id()));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Sends a reply again, or serves a message again.
pub(in crate::web::console) async fn again(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<AnswersTalks>,
    Form(form): Form<AgainForm>,
) -> Result<Response, Failure> {
    let (frame, visitor) = (&signed.asked.frame, &signed.asked.visitor);
    let inbox = format!("/console/{}/conversations", office.id());
    if let Ok(aside) = form.aside.parse() {
        let Some(inbound) = office.release_aside(aside, visitor).await? else { return Ok(missing(frame)) };
        let verdicts = console.messaging.desk.serve(vec![Item::Message(inbound)]).await;
        let done = if verdicts.is_ok_and(|all| all == [Verdict::Served]) { "served" } else { "unserved" };
        return Ok(lead(&format!("{inbox}?show=dead&done={done}")));
    }
    let Ok(reply) = form.reply.parse() else { return Ok(missing(frame)) };
    if !office.send_again(reply, visitor).await? {
        return Ok(missing(frame));
    }
    console.messaging.wake_courier.notify_one();
    console.live.talked(std::iter::once(office.id()));
    Ok(match form.talk.parse::<i64>() {
        Ok(talk) => lead(&format!("{inbox}/{talk}?done=again")),
        Err(_) => lead(&format!("{inbox}?show=dead&done=again")),
    })
}
