//! The accounts of a demo: invented people with a password that everybody knows. No other installation has them.

use crate::access::error::AccessError;
use crate::access::one_time_code;
use crate::access::password;
use crate::access::session::Access;
use crate::access::token;
use crate::domain::office::OfficeId;
use crate::domain::staff::{Grant, Place, Role};
use crate::storage::{AuditActor, Enrolment, LinkKind, NewLink, NewStaff, StaffChange};

/// The password of every account of a demo.
pub const DEMO_PASSWORD: &str = "antrean untuk dicoba";
/// The accounts: login, name, role, and the office; none: every office.
pub const DEMO_ACCOUNTS: [(&str, &str, Role, Option<&str>); 6] = [
    ("petugas", "Rina Marlina", Role::Officer, Some("bogor")),
    ("penyelia", "Agus Santoso", Role::Supervisor, Some("bogor")),
    ("pemeriksa", "Dewi Lestari", Role::Auditor, None),
    ("pengelola", "Hadi Wijaya", Role::Administrator, None),
    ("petugas.sorong", "Yohana Wanma", Role::Officer, Some("sorong")),
    ("penyelia.sorong", "Markus Rumbiak", Role::Supervisor, Some("sorong")),
];

/// Adds the accounts that are not there yet, each with an authenticator of its own.
///
/// # Errors
/// [`AccessError`] when storage failed.
pub async fn enrol_demo(access: &Access) -> Result<(), AccessError> {
    let now = access.wall.now();
    let actor = AuditActor { staff: None, login: "antrean", network: "demo" };
    let change = StaffChange { actor, what: "one-time link", why: "", at: now };
    let mut hash = None;
    for (login, name, role, office) in DEMO_ACCOUNTS {
        if access.storage.staff_by_login(login).await?.is_some_and(|member| member.password.is_some()) {
            continue;
        }
        let place = match office {
            Some(id) => OfficeId::read(id).map_or(Place::Everywhere, Place::Office),
            None => Place::Everywhere,
        };
        let new =
            NewStaff { login, name, grants: &[Grant { place, role }], change: StaffChange { what: "added", ..change } };
        let id = match access.storage.add_staff(new).await? {
            Some(id) => id,
            None => access.storage.staff_by_login(login).await?.map(|member| member.id).unwrap_or_default(),
        };
        let (seed, token) = (one_time_code::seed()?, token::draw()?);
        let link = NewLink {
            token: &token::hash(&token),
            kind: LinkKind::Enrol,
            seed: Some(&seed),
            until: now + chrono::TimeDelta::minutes(1),
        };
        access.storage.put_link(id, link, change).await?;
        // One hash for all: they have one password.
        if hash.is_none() {
            hash = Some(password::hashed(DEMO_PASSWORD)?);
        }
        let password = hash.as_deref().unwrap_or_default();
        let set = Enrolment { password, seed: Some(&seed), step: 0, recovery: None };
        access.storage.use_link(&token::hash(&token), set, now).await?;
    }
    Ok(())
}
