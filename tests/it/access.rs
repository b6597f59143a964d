//! Signing in, on both engines: links, codes, throttles, sessions, roles.

use std::sync::Arc;
use std::time::Duration;

use antrean::access::{
    Access, Actor, Attempt, Confirmation, People, Refused, SignIn, SignedIn, Used, Visitor, Weak, next_code,
};
use antrean::clock::{Clock, DemoClock, MovableClock, SharedClock};
use antrean::domain::audit::Operator;
use antrean::domain::office::OfficeId;
use antrean::domain::staff::{Area, Grant, Level, Place, Role};
use antrean::roster::Roster;
use antrean::storage::Storage;

use crate::support::engine::{Base, Engine, on_both_engines};

/// A password that nobody guesses.
const PASSWORD: &str = "sepeda kabut lemari angin";

/// A database, and a wall clock that can be moved.
struct Scene {
    base: Base,
    storage: Storage,
    clock: Arc<DemoClock>,
    access: Access,
}

/// Somebody who can sign in.
struct Enrolled {
    id: i64,
    login: &'static str,
    seed: String,
    recovery: Vec<String>,
    token: String,
}

fn visitor(network: &str) -> Visitor {
    Visitor { network: network.to_owned(), browser: "Firefox, Linux".to_owned() }
}

fn at(office: &str, role: Role) -> Grant {
    Grant { place: Place::Office(OfficeId::read(office).unwrap()), role }
}

const EVERYWHERE: fn(Role) -> Grant = |role| Grant { place: Place::Everywhere, role };

impl Scene {
    async fn open(engine: Engine) -> Self {
        let base = Base::new(engine).await;
        let storage = base.storage().await;
        let clock = Arc::new(DemoClock::starting_at("2026-11-23T01:00:00Z".parse().unwrap(), vec![]));
        let wall: SharedClock = clock.clone();
        let roster = Arc::new(Roster::shipped().unwrap());
        let access = Access::new(storage.clone(), wall.clone(), wall, Arc::new(move || Arc::clone(&roster))).unwrap();
        Self { base, storage, clock, access }
    }

    fn people(&self) -> People {
        self.access.people()
    }

    /// The code that is taken next of this seed.
    async fn code(&self, person: &Enrolled) -> String {
        let step = self.storage.staff_member(person.id).await.unwrap().unwrap().step;
        next_code(&person.seed, step, self.clock.now()).unwrap().0
    }

    async fn enrol(&self, login: &'static str, grants: &[Grant]) -> Enrolled {
        let id = self
            .people()
            .add(Actor::Terminal(&Operator::new(None, "tests")), (login, login), grants)
            .await
            .unwrap()
            .unwrap();
        let link =
            self.people().link(Actor::Terminal(&Operator::new(None, "tests")), id, false).await.unwrap().unwrap();
        let seed = self.access.open_link(&link).await.unwrap().unwrap().seed().unwrap().to_owned();
        let code = next_code(&seed, 0, self.clock.now()).unwrap().0;
        match self.access.use_link(&link, (PASSWORD, &code), &visitor("10.0.0.1")).await.unwrap() {
            Used::In { token, recovery } => Enrolled { id, login, seed, recovery, token },
            other => panic!("{other:?}"),
        }
    }

    async fn signed(&self, token: &str) -> Option<SignedIn> {
        self.access.resume(token).await.unwrap()
    }

    async fn try_in(&self, login: &str, password: &str, code: &str, network: &str) -> SignIn {
        self.access.sign_in(Attempt { login, password, code }, &visitor(network)).await.unwrap()
    }
}

// Negative controls: without `until_us > $2` the link of yesterday works; with the link read instead of deleted, twice.
async fn a_link_works_once_and_for_fifteen_minutes(engine: Engine) {
    let scene = Scene::open(engine).await;
    assert!(!scene.people().has_administrator().await.unwrap());
    let all = [EVERYWHERE(Role::Administrator)];
    let id = scene
        .people()
        .add(Actor::Terminal(&Operator::new(None, "tests")), ("hadi", "Hadi"), &all)
        .await
        .unwrap()
        .unwrap();
    assert!(!scene.people().has_administrator().await.unwrap(), "an invitation signs nobody in");
    let old = scene.people().link(Actor::Terminal(&Operator::new(None, "tests")), id, false).await.unwrap().unwrap();
    let link = scene.people().link(Actor::Terminal(&Operator::new(None, "tests")), id, false).await.unwrap().unwrap();
    assert!(scene.access.open_link(&old).await.unwrap().is_none(), "a new link ends the old one");
    let seed = scene.access.open_link(&link).await.unwrap().unwrap().seed().unwrap().to_owned();
    let code = next_code(&seed, 0, scene.clock.now()).unwrap().0;
    let use_it = async |password: &str, code: &str| {
        let copied = format!(" https://loket.example.go.id/console/link#{link}\n");
        scene.access.use_link(&copied, (password, code), &visitor("10.0.0.1")).await.unwrap()
    };
    assert!(matches!(use_it("kantor imigrasi", &code).await, Used::Weak(Weak::Guessable)));
    assert!(matches!(use_it(PASSWORD, "12345").await, Used::WrongCode));
    let Used::In { token, recovery } = use_it(PASSWORD, &code).await else { panic!("the link is good") };
    assert_eq!(recovery.len(), 10);
    assert!(matches!(use_it(PASSWORD, &code).await, Used::Over));
    assert!(scene.people().has_administrator().await.unwrap());
    let hadi = scene.signed(&token).await.unwrap();
    assert!(hadi.grants().is_administrator() && hadi.is_confirmed());
    // What is left of the link's seed and token in the tables opens nothing.
    let later = scene.people().link(Actor::Terminal(&Operator::new(None, "tests")), id, true).await.unwrap().unwrap();
    scene.clock.move_forward(Duration::from_mins(15));
    assert!(scene.access.open_link(&later).await.unwrap().is_none());
}

// Negative control: with `step <= $2` in `take_step` the code is taken twice.
async fn a_code_is_taken_once_and_so_is_a_recovery_code(engine: Engine) {
    let scene = Scene::open(engine).await;
    let rina = scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    let code = scene.code(&rina).await;
    assert!(matches!(scene.try_in("rina", PASSWORD, &code, "10.0.0.1").await, SignIn::In(_)));
    assert_eq!(scene.try_in("rina", PASSWORD, &code, "10.0.0.1").await, SignIn::Refused);
    let recovery = rina.recovery[3].to_uppercase();
    assert!(matches!(scene.try_in("RINA ", PASSWORD, &recovery, "10.0.0.1").await, SignIn::In(_)));
    assert_eq!(scene.try_in("rina", PASSWORD, &recovery, "10.0.0.1").await, SignIn::Refused);
    assert_eq!(scene.storage.recovery_left(rina.id).await.unwrap(), 9);
    // A fresh code for changes is a code of the telephone, and taken once as well.
    scene.clock.move_forward(Duration::from_mins(6));
    let rina_in = scene.signed(&rina.token).await.unwrap();
    assert!(!rina_in.is_confirmed());
    assert_eq!(scene.access.confirm(&rina_in, &rina.recovery[4]).await.unwrap(), Confirmation::Refused);
    let code = scene.code(&rina).await;
    assert_eq!(scene.access.confirm(&rina_in, &code).await.unwrap(), Confirmation::Confirmed);
    assert_eq!(scene.access.confirm(&rina_in, &code).await.unwrap(), Confirmation::Refused);
    assert!(scene.signed(&rina.token).await.unwrap().is_confirmed());
}

// Negative controls: with `is_allowed` always true nobody ever waits; with the network's known rows not asked for, the
// strangers' failures keep Rina out at her own counter.
async fn wrong_tries_are_answered_alike_and_slowed_down_but_keep_nobody_out(engine: Engine) {
    let scene = Scene::open(engine).await;
    let rina = scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    for login in ["rina", "nobody", "not a login"] {
        for n in 0..5 {
            let answer = scene.try_in(login, "salah salah salah", "000000", "10.9.9.9").await;
            assert_eq!(answer, SignIn::Refused, "{login} {n}");
        }
        assert_eq!(scene.try_in(login, PASSWORD, "000000", "10.9.9.9").await, SignIn::Wait(1), "{login}");
    }
    scene.clock.move_forward(Duration::from_secs(31));
    assert_eq!(scene.try_in("nobody", "salah salah salah", "000000", "10.9.9.9").await, SignIn::Refused);
    // Strangers from many networks.
    for n in 0..40 {
        scene.try_in("rina", "salah salah salah", "000000", &format!("192.0.2.{n}")).await;
    }
    assert!(matches!(scene.try_in("rina", "salah salah salah", "000000", "192.0.2.99").await, SignIn::Wait(_)));
    let code = scene.code(&rina).await;
    assert!(matches!(scene.try_in("rina", PASSWORD, &code, "10.0.0.1").await, SignIn::In(_)));
}

// Negative control: with the tries counted after they were judged, all thirty are judged.
async fn of_many_tries_at_once_only_the_first_are_judged(engine: Engine) {
    let scene = Scene::open(engine).await;
    scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    let tries = (0..30).map(|_| scene.try_in("rina", "salah salah salah", "000000", "10.9.9.9"));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| **answer == SignIn::Refused).count(), 5, "{answers:?}");
}

// Negative controls: without either comparison in `known`, by which `resume` goes too, the session goes on.
async fn a_session_ends_by_itself_and_a_role_taken_back_acts_at_once(engine: Engine) {
    let scene = Scene::open(engine).await;
    let rina = scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    let bogor = OfficeId::read("bogor").unwrap();
    let level = |who: &SignedIn| who.grants().at(&bogor, Area::Day);
    assert_eq!(level(&scene.signed(&rina.token).await.unwrap()), Level::Write);
    scene
        .people()
        .revoke(Actor::Terminal(&Operator::new(None, "tests")), rina.id, &at("bogor", Role::Officer))
        .await
        .unwrap()
        .unwrap();
    let who = scene.signed(&rina.token).await.unwrap();
    assert_eq!(level(&who), Level::Nothing);
    assert!(scene.access.office(&who, "bogor").is_none());
    scene.clock.move_forward(Duration::from_mins(30));
    assert!(scene.signed(&rina.token).await.is_none(), "half an hour without use");
    // In use all day, it ends in the evening.
    let SignIn::In(token) = scene.try_in("rina", PASSWORD, &scene.code(&rina).await, "10.0.0.1").await else {
        panic!()
    };
    for _ in 0..29 {
        scene.clock.move_forward(Duration::from_mins(20));
        assert!(scene.signed(&token).await.is_some());
    }
    scene.clock.move_forward(Duration::from_mins(20));
    assert!(scene.signed(&token).await.is_none(), "ten hours");
    let SignIn::In(token) = scene.try_in("rina", PASSWORD, &scene.code(&rina).await, "10.0.0.1").await else {
        panic!()
    };
    scene.people().set_active(Actor::Terminal(&Operator::new(None, "tests")), rina.id, false).await.unwrap().unwrap();
    assert!(scene.signed(&token).await.is_none(), "disabled");
    let code = scene.code(&rina).await;
    assert_eq!(scene.try_in(rina.login, PASSWORD, &code, "10.0.0.1").await, SignIn::Refused);
}

// Negative control: with `Oneself` never returned, Hadi gives himself the day.
async fn nobody_grants_themselves_and_only_a_confirmed_administrator_grants(engine: Engine) {
    let scene = Scene::open(engine).await;
    let hadi = scene.enrol("hadi", &[EVERYWHERE(Role::Administrator)]).await;
    let rina = scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    let (hadi_in, rina_in) = (scene.signed(&hadi.token).await.unwrap(), scene.signed(&rina.token).await.unwrap());
    let day = EVERYWHERE(Role::Supervisor);
    let grant = async |who: &SignedIn, id: i64| scene.people().grant(Actor::SignedIn(who), id, &day).await.unwrap();
    assert_eq!(grant(&hadi_in, hadi.id).await, Err(Refused::Oneself));
    assert_eq!(grant(&rina_in, rina.id).await, Err(Refused::Forbidden));
    assert_eq!(grant(&rina_in, hadi.id).await, Err(Refused::Forbidden));
    assert_eq!(grant(&hadi_in, rina.id).await, Ok(()));
    scene.clock.move_forward(Duration::from_mins(6));
    let hadi_in = scene.signed(&hadi.token).await.unwrap();
    assert_eq!(grant(&hadi_in, rina.id).await, Err(Refused::Unconfirmed));
    let link = scene.people().link(Actor::SignedIn(&hadi_in), rina.id, true).await.unwrap();
    assert_eq!(link, Err(Refused::Unconfirmed));
}

// Negative control: without `lock_administrators` both may lose their role on PostgreSQL.
async fn of_two_administrators_who_take_each_others_role_one_stays(engine: Engine) {
    let scene = Scene::open(engine).await;
    let all = EVERYWHERE(Role::Administrator);
    let hadi = scene.enrol("hadi", std::slice::from_ref(&all)).await;
    let dewi = scene.enrol("dewi", std::slice::from_ref(&all)).await;
    for _ in 0..10 {
        let (hadi_in, dewi_in) = (scene.signed(&hadi.token).await.unwrap(), scene.signed(&dewi.token).await.unwrap());
        let (people, other) = (scene.people(), scene.people());
        let (one, two) = tokio::join!(
            people.revoke(Actor::SignedIn(&hadi_in), dewi.id, &all),
            other.revoke(Actor::SignedIn(&dewi_in), hadi.id, &all)
        );
        let done = [one.unwrap(), two.unwrap()];
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
        assert!(done.contains(&Err(Refused::LastAdministrator)));
        for id in [hadi.id, dewi.id] {
            scene.people().grant(Actor::Terminal(&Operator::new(None, "tests")), id, &all).await.unwrap().unwrap();
        }
    }
    scene.people().set_active(Actor::Terminal(&Operator::new(None, "tests")), dewi.id, false).await.unwrap().unwrap();
    let last = scene.people().set_active(Actor::Terminal(&Operator::new(None, "tests")), hadi.id, false).await.unwrap();
    assert_eq!(last, Err(Refused::LastAdministrator));
}

// Negative control: with `OfficeView::of` giving every office, Depok is there.
async fn an_office_without_a_role_is_not_there(engine: Engine) {
    let scene = Scene::open(engine).await;
    let rina = scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    let dewi = scene.enrol("dewi", &[EVERYWHERE(Role::Auditor)]).await;
    let (rina, dewi) = (scene.signed(&rina.token).await.unwrap(), scene.signed(&dewi.token).await.unwrap());
    assert_eq!(scene.access.offices(&rina).len(), 1);
    assert_eq!(scene.access.offices(&dewi).len(), 26);
    for id in ["depok", "nowhere", "", "BOGOR", "../bogor"] {
        assert!(scene.access.office(&rina, id).is_none(), "{id}");
    }
    let bogor = scene.access.office(&rina, "bogor").unwrap();
    assert_eq!(bogor.today().await.unwrap().map(|counts| (counts.booked, counts.held)), Some((0, 0)));
    assert_eq!(scene.access.office(&dewi, "depok").unwrap().level(Area::Day), Level::Masked);
}

// Each broken row is its own control.
async fn the_audit_finds_what_belongs_to_nobody(engine: Engine) {
    let scene = Scene::open(engine).await;
    let rina = scene.enrol("rina", &[at("bogor", Role::Officer)]).await;
    let audit = async || scene.storage.audit(scene.clock.now()).await.unwrap().findings;
    assert_eq!(audit().await, Vec::<String>::new());
    let mut tables = scene.base.tables().await;
    tables.run(&format!("update staff set state = 'disabled' where id = {}", rina.id)).await;
    assert!(audit().await.iter().any(|found| found.contains("cannot sign in")));
    tables.run(&format!("delete from staff where id = {}", rina.id)).await;
    assert!(audit().await.iter().any(|found| found.contains("of nobody")));
}

on_both_engines!(
    the_audit_finds_what_belongs_to_nobody,
    a_link_works_once_and_for_fifteen_minutes,
    a_code_is_taken_once_and_so_is_a_recovery_code,
    wrong_tries_are_answered_alike_and_slowed_down_but_keep_nobody_out,
    of_many_tries_at_once_only_the_first_are_judged,
    a_session_ends_by_itself_and_a_role_taken_back_acts_at_once,
    nobody_grants_themselves_and_only_a_confirmed_administrator_grants,
    of_two_administrators_who_take_each_others_role_one_stays,
    an_office_without_a_role_is_not_there,
);
