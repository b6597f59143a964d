//! Every page and form of the console, with people behind it: what each writes into the trail, and that none shows anybody without.

use antrean::domain::displaced::Remedy;
use antrean::domain::displacement::Remedies;
use antrean::domain::message::Contact;
use antrean::domain::staff::Role;
use antrean::front_desk::{CalendarAction, CalendarMade, CalendarWish};
use chrono::NaiveDate;
use reqwest::Method;

use super::matrix::routes;
use super::today::{opened, with_photo};
use crate::front_desk::calendar::calendar;
use crate::support::browser::desk_stage::DeskStage;
use crate::support::desk_fixture::tuesday;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};
use crate::support::server_process::still_client;

/// What a route writes into the trail.
#[derive(Debug, Clone, Copy)]
enum Writes {
    /// This act, whenever it is asked for; of a list, once in a quarter of an hour.
    Act(&'static str),
    /// Nothing, since nobody can be seen on it and it changes nothing of a citizen's.
    Nothing,
    /// What it changes, as its own tests show: it is not asked here.
    Changes(&'static str),
}

use Writes::{Act, Changes, Nothing};

/// A day's list of people, or one of conversations.
const LIST: Writes = Act("view_list");
const TALKS: Writes = Act("view_conversations");
/// What concerns the staff and their sessions.
const STAFF: Writes = Changes("user_change, sign_in");

/// Each route and method. A route that is not here fails the test by its name.
const TABLE: &[(&str, &str, Writes)] = &[
    ("/console", "GET", Nothing),
    ("/console/", "GET", Nothing),
    ("/console/sign-in", "GET", Nothing),
    ("/console/sign-in", "POST", STAFF),
    ("/console/sign-out", "POST", STAFF),
    ("/console/language", "POST", Nothing),
    ("/console/alive", "POST", Nothing),
    ("/console/confirm", "POST", STAFF),
    ("/console/link", "GET", Nothing),
    ("/console/link", "POST", STAFF),
    ("/console/link/use", "POST", STAFF),
    ("/console/account", "GET", Nothing),
    ("/console/account/password", "POST", STAFF),
    ("/console/account/recovery", "POST", STAFF),
    ("/console/account/sessions/others/end", "POST", STAFF),
    ("/console/account/sessions/{id}/end", "POST", STAFF),
    ("/console/people", "GET", Nothing),
    ("/console/people", "POST", STAFF),
    ("/console/people/{id}", "GET", Nothing),
    ("/console/people/{id}/grant", "POST", STAFF),
    ("/console/people/{id}/revoke", "POST", STAFF),
    ("/console/people/{id}/disable", "POST", STAFF),
    ("/console/people/{id}/enable", "POST", STAFF),
    ("/console/people/{id}/link", "POST", STAFF),
    ("/console/offices", "GET", Act("view_report")),
    ("/console/{office}", "GET", Nothing),
    ("/console/{office}/live", "GET", Nothing),
    ("/console/{office}/calendar", "GET", Nothing),
    ("/console/{office}/calendar", "POST", Changes("change_calendar")),
    ("/console/{office}/calendar/preview", "POST", LIST),
    ("/console/{office}/calendar/changes/{id}", "GET", LIST),
    ("/console/{office}/calendar/changes/{id}/progress", "GET", LIST),
    ("/console/{office}/calendar/changes/{id}/undo", "POST", Changes("change_calendar")),
    ("/console/{office}/check-in", "GET", LIST),
    ("/console/{office}/check-in", "POST", Changes("arrive")),
    ("/console/{office}/check-in/walk-in", "POST", Changes("arrive")),
    ("/console/{office}/check-in/undo", "POST", Changes("undo")),
    ("/console/{office}/counter", "GET", LIST),
    ("/console/{office}/counter", "POST", Changes("call")),
    ("/console/{office}/counter/lists", "GET", LIST),
    ("/console/{office}/today", "GET", LIST),
    ("/console/{office}/today/list", "GET", LIST),
    ("/console/{office}/find", "GET", Nothing),
    ("/console/{office}/find", "POST", Act("find")),
    ("/console/{office}/format", "GET", Nothing),
    ("/console/{office}/format", "POST", Changes("rehearse, publish_format")),
    ("/console/{office}/format/look", "POST", Nothing),
    ("/console/{office}/displays", "GET", Nothing),
    ("/console/{office}/displays", "POST", Changes("display_change")),
    ("/console/{office}/displays/{id}/remove", "POST", Changes("display_change")),
    ("/console/{office}/settings", "GET", Nothing),
    ("/console/{office}/settings", "POST", Changes("change_office")),
    ("/console/{office}/settings/holidays", "GET", Nothing),
    ("/console/{office}/settings/holidays", "POST", Changes("change_office")),
    ("/console/{office}/settings/text", "GET", Nothing),
    ("/console/{office}/settings/text", "POST", Changes("change_office")),
    ("/console/{office}/settings/versions", "GET", Nothing),
    ("/console/{office}/settings/versions/{id}", "GET", Nothing),
    ("/console/{office}/settings/versions/{id}/restore", "POST", Changes("roll_back")),
    ("/console/{office}/paper", "GET", Act("view_paper")),
    ("/console/{office}/paper/enter", "GET", Act("view_paper")),
    ("/console/{office}/paper/enter", "POST", Changes("enter_paper")),
    ("/console/{office}/paper/pdf", "GET", Act("view_paper")),
    ("/console/{office}/conversations", "GET", TALKS),
    ("/console/{office}/conversations", "POST", TALKS),
    ("/console/{office}/conversations/list", "GET", TALKS),
    ("/console/{office}/conversations/misread", "GET", TALKS),
    ("/console/{office}/conversations/misread/case", "POST", Act("view_conversation")),
    ("/console/{office}/conversations/again", "POST", Changes("send_again")),
    ("/console/{office}/conversations/{id}", "GET", Act("view_conversation")),
    ("/console/{office}/conversations/{id}/lines", "GET", Act("view_conversation")),
    ("/console/{office}/conversations/{id}/act", "POST", Changes("reply_conversation")),
    ("/console/{office}/conversations/{id}/typing", "POST", Nothing),
    ("/console/{office}/channels", "GET", Nothing),
    ("/console/{office}/channels/act", "POST", Changes("pause_channel, resume_channel, test_channel")),
    ("/console/{office}/reports", "GET", Act("view_report")),
    ("/console/{office}/reports/files", "GET", Nothing),
    ("/console/{office}/reports/files", "POST", Changes("export")),
    ("/console/{office}/reports/files/{id}", "GET", Changes("export")),
    ("/console/{office}/reports/files/{id}/remove", "POST", Nothing),
    ("/console/{office}/audit", "GET", Act("view_audit")),
    ("/console/{office}/audit/csv", "GET", Act("export_audit")),
    ("/console/{office}/audit/verify", "POST", Nothing),
    ("/console/{office}/booking/{code}", "GET", Act("view_booking")),
    ("/console/{office}/booking/{code}/photo", "GET", Act("view_photo")),
    ("/console/{office}/booking/{code}/why", "POST", Nothing),
    ("/console/{office}/{*rest}", "GET", Nothing),
    ("/console/{office}/{*rest}", "POST", Nothing),
    ("/console/assets/{version}/{name}", "GET", Nothing),
];

/// The day after the one on which all of this is asked.
fn wednesday() -> NaiveDate {
    tuesday().succ_opt().unwrap()
}

/// A word of what a citizen wrote, which stands in no format and no reply.
const WROTE: &str = "gangkelinci";

/// A console behind which everything of citizens is that pages show, and what stands in their addresses.
struct Behind {
    stage: DeskStage,
    code: String,
    change: i64,
    talk: i64,
    /// Channel and id of a message that is misread.
    misread: String,
}

impl Behind {
    async fn new(engine: Engine) -> Self {
        let (stage, codes) = opened(engine).await;
        with_photo(&stage, &codes[0]).await;
        let fixture = &stage.fixture;
        fixture.ask(1, "wamid.wrote", WROTE).await;
        for (n, day) in [(7, wednesday()), (8, wednesday().succ_opt().unwrap())] {
            fixture.ask(n, &format!("wamid.later{n}"), &form(&name(n), day)).await;
        }
        fixture.ask(6, "wamid.misread", "#Budi Santoso#99999999#04082026").await;
        let wish = CalendarWish {
            action: CalendarAction::Close,
            from: wednesday(),
            until: wednesday(),
            hours: None,
            reason: "uji".to_owned(),
        };
        let kept = Remedies::all(Remedy::Keep);
        let made = calendar(fixture, "agus").make(&wish, &kept, (None, None)).await.unwrap().unwrap();
        let CalendarMade::Made(change) = made else { panic!("nothing was made") };
        let mut tables = fixture.tables().await;
        let talk = tables.count(&format!("select max(id) from outbox where contact = '{}'", number(1))).await;
        let misread = "select channel || ' ' || message from inbound where message = 'wamid.misread'";
        let misread = tables.texts(misread).await.remove(0);
        Self { code: codes[0].clone(), change, talk, misread, stage }
    }

    fn path(&self, route: &str) -> String {
        let id = if route.contains("changes") { self.change } else { self.talk };
        route
            .replace("{office}", "bogor")
            .replace("{id}", &id.to_string())
            .replace("{code}", &self.code)
            .replace("{*rest}", "nowhere")
            .replace("{version}", "0")
            .replace("{name}", "x")
    }

    /// The form of a route that is asked with one.
    fn form(&self, route: &str) -> Vec<(&'static str, String)> {
        let text = |text: &str| text.to_owned();
        match route {
            "/console/{office}/find" => vec![("what", name(1))],
            "/console/{office}/conversations" => vec![("what", name(1)), ("find", name(1)), ("text", name(1))],
            "/console/{office}/conversations/misread/case" => {
                let (channel, message) = self.misread.split_once(' ').unwrap();
                vec![("channel", text(channel)), ("message", text(message))]
            }
            "/console/{office}/calendar/preview" => {
                let day = wednesday().succ_opt().unwrap().to_string();
                vec![("action", text("close")), ("from", day.clone()), ("until", day), ("reason", text("uji"))]
            }
            _ => Vec::new(),
        }
    }

    /// What of citizens a page shows.
    fn shown(page: &str) -> Vec<String> {
        let page = page.to_lowercase();
        let names = [1, 2, 7, 8, 100, 101].map(name);
        let masked = [1, 2, 7, 8].map(|n| Contact::new(number(n)).masked());
        let all = names.into_iter().chain([1, 2].map(number)).chain(masked);
        all.chain([WROTE.to_owned(), "Wahyu Hidayat".to_owned()])
            .filter(|data| page.contains(&data.to_lowercase()))
            .collect()
    }

    /// Asks as somebody whose session has just begun, so that a list is written down again; gives the page.
    async fn ask(&self, (route, method): (&str, &str), token: &str) -> (u16, String) {
        self.stage.fixture.tables().await.run("update staff_session set id = id + 1000003").await;
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = still_client()
            .request(method.clone(), format!("{}{}", self.stage.address, self.path(route)))
            .header("cookie", format!("antrean-session={token}"))
            .header("origin", &self.stage.address);
        if method == Method::POST {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(self.form(route));
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form.finish());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let is_endless = answer.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_endless { Vec::new() } else { answer.bytes().await.unwrap().to_vec() };
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }
}

// It failed first: the lines of a conversation were sent to whoever asked for them without its page, and nothing was written.
async fn every_page_writes_down_whom_it_shows(engine: Engine) {
    let behind = Behind::new(engine).await;
    let agus = behind.stage.enrol("agus", Role::Supervisor).await;
    let pusat = behind.stage.enrol_everywhere("pusat", Role::Supervisor).await;
    let mut tables = behind.stage.fixture.tables().await;
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (route, methods) in routes() {
        for method in methods {
            let Some((_, _, writes)) = TABLE.iter().find(|(of, by, _)| *of == route && *by == method.as_str()) else {
                wrong.push(format!("say of {method} {route} what it writes into the trail"));
                continue;
            };
            if let Changes(acts) = writes {
                assert!(acts.split(", ").all(|act| antrean::domain::audit::Act::read(act).is_some()), "{acts}");
                continue;
            }
            let before = tables.count("select last from audit_head").await;
            let token = if route == "/console/offices" { &pusat } else { &agus };
            let (status, page) = behind.ask((&route, method.as_str()), token).await;
            let (acts, shown) =
                (tables.texts(&format!("select act from audit where id > {before}")).await, Behind::shown(&page));
            let wanted = if let Act(act) = writes { vec![*act] } else { Vec::new() };
            if acts != wanted {
                wrong.push(format!("{method} {route}: {status}, wrote {acts:?}, not {wanted:?}"));
            }
            if !shown.is_empty() && acts.is_empty() {
                wrong.push(format!("{method} {route}: shows {shown:?} and writes nothing"));
            }
            seen += usize::from(!shown.is_empty());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= 12, "only {seen} pages showed anybody");
    let gone: Vec<_> = TABLE.iter().filter(|(of, ..)| !routes().iter().any(|(route, _)| route == of)).collect();
    assert!(gone.is_empty(), "there are no such routes: {gone:?}");
}

on_both_engines!(every_page_writes_down_whom_it_shows);
