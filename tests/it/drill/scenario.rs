//! The scripted load: citizens of two offices send forms, codes, a cancellation and photos over signed webhooks, some of them twice; the
//! server starts before and stops afterwards. Whatever happens to the server, a scenario can be played on where it was.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::task::JoinSet;

use super::disk_model::{DiskModel, Field};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{
    APP_SECRET, Installation, body, change, code_in, command, form, in_days, name, now, number, photo, said, text,
};
use crate::support::server_process::{ServerProcess, post};

/// Citizens who send Bogor a form, in a script that begins with an empty folder: there the start is what matters.
const FORMS_AT_FIRST: usize = 4;
/// The same in a script that goes on: enough for a checkpoint beside the writer.
const FORMS: usize = 16;
/// Who of them come in one webhook, and which webhooks come at once; the others come when the first ones have been answered.
const AT_ONCE: [&[usize]; 4] = [&[0], &[1, 2], &[3], &[3, 4]];
const LATER: [&[usize]; 7] = [&[5], &[6, 7], &[8], &[9, 10, 11], &[12], &[13, 14], &[15]];
/// Citizens who send Batam a photo with a form under it.
pub const WITH_PHOTO: [usize; 2] = [20, 21];
/// Connections that deliver side by side.
const CONNECTIONS: usize = 3;
/// Longest time for all of it; on a busy machine it takes seconds.
const PLAY_TIME: Duration = Duration::from_secs(90);
/// Rounds of deliveries with a refusal among them, after which nobody waits any longer.
const REFUSALS_MAX: usize = 12;
/// Longest time that a process may take to end after it lost its power.
const END_TIME: Duration = Duration::from_mins(1);
/// A picture's first bytes, and what must be found in it again.
pub const PICTURE: &[u8] =
    b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01 an invented photo";

/// What the provider delivers at once, and the messages in it.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub ids: Vec<String>,
    body: String,
}

/// How far a scenario got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Played {
    /// Everything was delivered and answered.
    Whole,
    /// The process ended.
    Died,
    /// It goes on refusing.
    Refused,
    /// It answers, and yet somebody waits.
    Stuck,
}

/// The files of an installation that was started once and stopped, so that a scenario may begin there.
pub struct Template(TempDir);

impl Template {
    pub async fn new() -> Self {
        let whatsapp = FakeWhatsApp::start().await;
        let installation = Installation::new(&whatsapp.api());
        let (status, log) = ServerProcess::start(&installation).terminate();
        assert!(status.success(), "{log}");
        let folder = tempfile::tempdir().unwrap();
        copy(installation.folder.path(), folder.path());
        Self(folder)
    }
}

/// Copies what the program wrote: the test itself writes offices and configuration.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, goal) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name().into_string().unwrap();
        if path.is_dir() && name != "offices" {
            copy(&path, &goal);
        } else if path.is_file() && name != "antrean.toml" && !name.ends_with("-shm") {
            fs::copy(&path, &goal).unwrap();
        }
    }
}

/// An installation, its provider, and what the provider knows.
pub struct Scenario {
    pub installation: Installation,
    pub whatsapp: FakeWhatsApp,
    /// Citizens who send a form.
    pub forms: usize,
    /// Messages whose webhook was answered with 200.
    pub taken: BTreeSet<String>,
    /// How often a webhook was answered with 503.
    pub refused: usize,
    /// Processes that were started.
    pub starts: usize,
    /// Whether it is over only with the photos in their folder: a photo that was put off may wait for minutes.
    pub awaits_photos: bool,
}

impl Scenario {
    /// One that begins with nothing, or with what an earlier run left.
    pub async fn new(template: Option<&Template>) -> Self {
        let whatsapp = FakeWhatsApp::start().await;
        for n in WITH_PHOTO {
            whatsapp.put_media(&format!("90{n}"), picture_of(n));
        }
        let installation = Installation::new(&whatsapp.api());
        if let Some(Template(folder)) = template {
            copy(folder.path(), installation.folder.path());
        }
        let forms = if template.is_some() { FORMS } else { FORMS_AT_FIRST };
        Self { installation, whatsapp, forms, taken: BTreeSet::new(), refused: 0, starts: 0, awaits_photos: true }
    }

    /// Who gives the place back instead of confirming it: the last one.
    pub fn released(&self) -> usize {
        self.forms - 1
    }

    /// Replies that all of them get: echo and ticket, or echo and farewell; with a photo the ticket alone.
    pub fn replies(&self) -> usize {
        2 * self.forms + WITH_PHOTO.len()
    }

    /// Starts it on a disk; what it logged where it ends before it listens.
    pub fn start_on(&mut self, model: &DiskModel) -> Result<ServerProcess, String> {
        let environment = model.environment(self.installation.folder.path());
        self.start(|serve| _ = serve.envs(environment))
    }

    /// Starts it, `prepared` in some way.
    pub fn start(&mut self, prepare: impl FnOnce(&mut Command)) -> Result<ServerProcess, String> {
        self.starts += 1;
        let mut serve = command(self.installation.folder.path());
        serve.args(["serve", "--config"]).arg(self.installation.config());
        prepare(&mut serve);
        ServerProcess::try_of(serve)
    }

    /// Plays it until everybody has everything, or the server does not go on.
    pub async fn play(&mut self, server: &mut ServerProcess) -> Played {
        self.play_for(server, PLAY_TIME).await
    }

    /// The same, for no longer than this.
    pub async fn play_for(&mut self, server: &mut ServerProcess, time: Duration) -> Played {
        let end = Instant::now() + time;
        let mut refusals = 0;
        loop {
            let due: Vec<Delivery> = self.known().into_iter().filter(|it| !self.has_taken(it)).collect();
            if due.is_empty() && self.has_everything() {
                return Played::Whole;
            }
            if Instant::now() > end {
                return Played::Stuck;
            }
            if due.is_empty() {
                if server.ended().is_some() {
                    return Played::Died;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            }
            let before = self.refused;
            if !self.deliver(server, due).await {
                return Played::Died;
            }
            if self.refused > before {
                refusals += 1;
                if refusals > REFUSALS_MAX {
                    return Played::Refused;
                }
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        }
    }

    /// Starts it on a disk, plays it and stops it, or as much of that as its end allows. What is wrong with an end that the disk did not
    /// cause.
    pub async fn live_on(&mut self, model: &DiskModel) -> Vec<String> {
        let was_ended = || model.get(Field::EndedAt) > 0;
        let mut server = match self.start_on(model) {
            Ok(server) => server,
            Err(_) if was_ended() => return Vec::new(),
            Err(log) => return vec![format!("it did not start: {log}")],
        };
        match self.play(&mut server).await {
            Played::Whole => {
                let (status, log) = server.terminate();
                if status.success() || was_ended() {
                    Vec::new()
                } else {
                    vec![format!("it ended with {status}: {log}")]
                }
            }
            Played::Died => ended(&mut server).await.err().into_iter().collect(),
            other => vec![format!("without a fault it is {other:?}: {}", server.log())],
        }
    }

    /// Delivers over several connections; whether all of them lived.
    pub async fn deliver(&mut self, server: &ServerProcess, deliveries: Vec<Delivery>) -> bool {
        let queue = Arc::new(Mutex::new(VecDeque::from(deliveries)));
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (client, address, queue) = (server.client.clone(), server.address.clone(), Arc::clone(&queue));
            connections.spawn(async move {
                let (mut taken, mut refused) = (Vec::new(), 0);
                loop {
                    let next = queue.lock().unwrap().pop_front();
                    let Some(next) = next else { return (taken, refused, true) };
                    match post(&client, &address, &next.body, APP_SECRET).await {
                        Some(200) => taken.extend(next.ids),
                        Some(503) => refused += 1,
                        None => return (taken, refused, false),
                        Some(other) => panic!("HTTP {other}"),
                    }
                }
            });
        }
        let mut all_lived = true;
        for (taken, refused, lived) in connections.join_all().await {
            self.taken.extend(taken);
            self.refused += refused;
            all_lived &= lived;
        }
        all_lived
    }

    /// Everything that the provider has to deliver so far: codes are known once their citizen has the echo.
    pub fn known(&self) -> Vec<Delivery> {
        let of_form = |n: usize| {
            (format!("wamid.form{n}"), text(&number(n), &format!("wamid.form{n}"), now(), &form(&name(n), in_days(3))))
        };
        let of_photo = |n: usize| {
            let caption = format!("#{}#12031990#Jl. Melati {n}, Batam", name(n));
            let id = format!("wamid.photo{n}");
            (id.clone(), photo(&number(n), &id, now(), &format!("90{n}"), Some(&caption)))
        };
        let delivery = |channel: &str, messages: Vec<(String, serde_json::Value)>| {
            let (ids, messages): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
            Delivery { ids, body: body(&[vec![change(channel, &messages)]]) }
        };
        let forms = |groups: &[&[usize]]| -> Vec<Delivery> {
            let groups =
                groups.iter().map(|group| group.iter().copied().filter(|n| *n < self.forms).map(of_form).collect());
            groups.filter(|messages: &Vec<_>| !messages.is_empty()).map(|messages| delivery("1001", messages)).collect()
        };
        let mut known = forms(&AT_ONCE);
        known.push(delivery("1003", vec![of_photo(WITH_PHOTO[0])]));
        let answers = self.answers();
        if !answers.is_empty() {
            known.extend(forms(&LATER));
            known.push(delivery("1003", vec![of_photo(WITH_PHOTO[1])]));
        }
        for (to, answer) in answers {
            let id = format!("wamid.answer{to}");
            known.push(delivery("1001", vec![(id.clone(), text(&to, &id, now(), &answer))]));
        }
        known
    }

    /// What citizens write who have the echo of their form.
    fn answers(&self) -> BTreeMap<String, String> {
        let mut answers = BTreeMap::new();
        for message in self.whatsapp.accepted() {
            let Some(echo) = said(&message).filter(|text| text.contains("Kode konfirmasi")) else { continue };
            let to = message["to"].as_str().unwrap().to_owned();
            let answer = if to == number(self.released()) { "#batal".to_owned() } else { code_in(echo) };
            answers.insert(to, answer);
        }
        answers
    }

    pub fn has_taken(&self, delivery: &Delivery) -> bool {
        delivery.ids.iter().all(|id| self.taken.contains(id))
    }

    /// Whether every citizen has all replies, and every photo lies in its folder.
    fn has_everything(&self) -> bool {
        let replies: BTreeSet<String> =
            self.whatsapp.accepted().iter().map(|message| message["biz_opaque_callback_data"].to_string()).collect();
        let photos = fs::read_dir(self.installation.path("antrean-media")).map_or(0, |entries| {
            entries
                .filter(|entry| entry.as_ref().is_ok_and(|it| it.path().extension().is_some_and(|it| it == "photo")))
                .count()
        });
        replies.len() >= self.replies() && (!self.awaits_photos || photos >= WITH_PHOTO.len())
    }
}

/// The photo of a citizen.
pub fn picture_of(n: usize) -> Vec<u8> {
    // Several sectors.
    [PICTURE, format!("{n:04}").repeat(700).as_bytes()].concat()
}

/// Waits until a process that lost its power, or is to end, has ended: its files are put into their state until then.
///
/// # Errors
/// Where it does not end.
pub async fn ended(server: &mut ServerProcess) -> Result<(), String> {
    let end = Instant::now() + END_TIME;
    while server.ended().is_none() {
        if Instant::now() > end {
            return Err(format!("a process that is to be dead lives: {}", server.log()));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}
