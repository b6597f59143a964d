//! `antrean user`: the people who sign in to the console.

mod log;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::{DEMO_CLOCK, Installation, WithInstallation};
use super::shared::value::counted;
use crate::access::{self, Actor, DEMO_ACCOUNTS, LINK_MINUTES, People, Person, Refused};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::office::OfficeId;
use crate::domain::staff::{Grant, Place, Role};
use crate::storage::{Storage, sqlite_path};

/// The login that `add --first` gives where none is named.
const FIRST_LOGIN: &str = "pengelola";
/// The database of a demo that was started here.
const DEMO_DATABASE: &str = "sqlite://antrean-demo/antrean.db";

/// Arguments of `antrean user`.
pub type UserArgs = WithInstallation<Action>;

/// What `antrean user` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Add somebody, and print the one-time link by which they set their password and authenticator
    Add {
        /// What they sign in with, such as siti.rahma
        #[arg(required_unless_present = "first")]
        login: Option<String>,
        /// Their name [default: the login]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// What they may do; without it they can sign in and see nothing
        #[arg(long, value_parser = role, conflicts_with = "first")]
        role: Option<Role>,
        /// At which office; without it at every office
        #[arg(long, value_name = "OFFICE", value_parser = office, requires = "role")]
        office: Option<OfficeId>,
        /// The first administrator of every office, where nobody can sign in as one yet; again: a new link
        #[arg(long)]
        first: bool,
    },
    /// List everybody with their roles
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a one-time link for a new password; the authenticator stays
    Reset {
        /// Whose
        login: String,
        /// The telephone is lost: the link enrols a new authenticator too
        #[arg(long)]
        lost_phone: bool,
    },
    /// Let somebody sign in no longer; their sessions end at once
    Disable {
        /// Whom
        login: String,
        /// Let them sign in again
        #[arg(long)]
        undo: bool,
    },
    /// Give a role, or take it back
    Role(RoleArgs),
    /// List who signed in, and who looked at which citizen in the console; the latest first
    Log(log::LogArgs),
    /// Show the one-time code that an account of a demo signs in with now
    Code {
        /// Whose [default: every account of the demo]
        login: Option<String>,
        /// Needed, so that nobody takes it for a way into a real installation
        #[arg(long)]
        demo: bool,
    },
}

/// Arguments of `antrean user role`.
#[derive(Debug, Args)]
pub struct RoleArgs {
    /// Whose
    login: String,
    /// officer, supervisor, auditor or administrator
    #[arg(value_parser = role)]
    role: Role,
    /// At which office; without it at every office
    #[arg(long, value_name = "OFFICE", value_parser = office)]
    office: Option<OfficeId>,
    /// Take it back
    #[arg(long)]
    revoke: bool,
}

fn role(name: &str) -> Result<Role, String> {
    Role::read(name).ok_or_else(|| "not a role; there are officer, supervisor, auditor and administrator".to_owned())
}

fn office(id: &str) -> Result<OfficeId, String> {
    OfficeId::read(id).map_err(|error| error.to_string())
}

/// Runs the command.
pub fn run(args: &UserArgs) -> ExitCode {
    block_on(async {
        if let Action::Code { login, demo } = &args.what {
            if !demo {
                return Err(CommandError::Usage("`antrean user code` is for a demo only: add --demo".to_owned()));
            }
            return code(&args.installation, login.as_deref()).await;
        }
        let config = args.installation.read()?;
        let storage = args.installation.storage().await?;
        if let Action::Log(args) = &args.what {
            return log::print(&storage, args).await;
        }
        let people = people(&storage).await?;
        let operator = args.acting.operator();
        let actor = Actor::Terminal(&operator);
        match &args.what {
            Action::Add { login, first: true, name, .. } => {
                first((&people, actor), &config, login.as_deref(), name.as_deref()).await
            }
            Action::Add { login, name, role, office, .. } => {
                let login = login.as_deref().unwrap_or_default();
                let grants: Vec<Grant> = role.map(|role| grant(role, office.as_ref())).into_iter().collect();
                let id = people.add(actor, (login, name.as_deref().unwrap_or(login)), &grants).await?;
                let id = id.map_err(|refused| refusal(&refused, login, &people))?;
                print_link((&people, actor), &config, (id, login), false).await
            }
            Action::List { json } => list(&people, *json).await,
            Action::Reset { login, lost_phone } => {
                let person = known(&people, login).await?;
                print_link((&people, actor), &config, (person.id, login), *lost_phone).await
            }
            Action::Disable { login, undo } => {
                let person = known(&people, login).await?;
                let done = people.set_active(actor, person.id, *undo).await?;
                done.map_err(|refused| refusal(&refused, login, &people))?;
                println!("{} {}", person.login, if *undo { "may sign in again" } else { "can sign in no longer" });
                Ok(ExitCode::SUCCESS)
            }
            Action::Role(args) => change_role(&people, actor, args).await,
            Action::Code { .. } | Action::Log(_) => Ok(ExitCode::SUCCESS),
        }
    })
}

/// The staff of this database's offices.
async fn people(storage: &Storage) -> Result<People, CommandError> {
    let offices: BTreeSet<OfficeId> = storage.offices().await?.into_iter().map(|office| office.id).collect();
    Ok(People::new(storage.clone(), Arc::new(SystemClock), offices))
}

fn grant(role: Role, office: Option<&OfficeId>) -> Grant {
    Grant { role, place: office.map_or(Place::Everywhere, |office| Place::Office(office.clone())) }
}

/// A role with its place, as lists and messages say it.
fn told(grant: &Grant) -> String {
    match &grant.place {
        Place::Everywhere => format!("{} at every office", grant.role),
        Place::Office(office) => format!("{} at {}", grant.role, office.as_str()),
    }
}

async fn known(people: &People, login: &str) -> Result<Person, CommandError> {
    let found = people.by_login(login).await?;
    found.ok_or_else(|| refusal(&Refused::Unknown, login, people))
}

/// A refusal as an error, with its remedy.
fn refusal(refused: &Refused, login: &str, people: &People) -> CommandError {
    CommandError::Other(match refused {
        Refused::Taken => format!("`{login}` is somebody's login already; choose another, or see `antrean user list`"),
        Refused::Unknown => format!("there is nobody with the login `{login}` and that role; see `antrean user list`"),
        Refused::LastAdministrator => {
            "not changed: somebody who can sign in must be administrator of every office; give \
                                       that role to another one first"
                .to_owned()
        }
        Refused::UnknownOffice(id) => {
            let known: Vec<&str> = people.offices().iter().map(OfficeId::as_str).collect();
            format!("there is no office `{id}`; there are: {}", known.join(", "))
        }
        Refused::Malformed(sentence) => format!("`{login}`: {sentence}"),
        Refused::Forbidden | Refused::Unconfirmed | Refused::Oneself => "not allowed".to_owned(),
    })
}

/// Adds the first administrator, or gives a new link to one who has not used theirs.
async fn first(
    (people, actor): (&People, Actor<'_>),
    config: &Config,
    login: Option<&str>,
    name: Option<&str>,
) -> Result<ExitCode, CommandError> {
    if people.has_administrator().await? {
        return Err(CommandError::Other(
            "somebody can sign in as administrator of every office already; they add others in the console, or you with \
             `antrean user add LOGIN`"
                .to_owned(),
        ));
    }
    let login = login.unwrap_or(FIRST_LOGIN);
    let all = grant(Role::Administrator, None);
    let id = if let Some(person) = people.by_login(login).await? {
        let given = people.grant(actor, person.id, &all).await?;
        given.map_err(|refused| refusal(&refused, login, people))?;
        person.id
    } else {
        let added = people.add(actor, (login, name.unwrap_or(login)), &[all]).await?;
        added.map_err(|refused| refusal(&refused, login, people))?
    };
    print_link((people, actor), config, (id, login), false).await
}

/// Makes a link and prints it, which nothing else does.
async fn print_link(
    (people, actor): (&People, Actor<'_>),
    config: &Config,
    (id, login): (i64, &str),
    has_lost_telephone: bool,
) -> Result<ExitCode, CommandError> {
    let token = people.link(actor, id, has_lost_telephone).await?;
    let token = token.map_err(|_| {
        CommandError::Other(format!("`{login}` is disabled; first run `antrean user disable --undo {login}`"))
    })?;
    if config.console.is_none() {
        eprintln!("antrean: the console is off: write a [console] section in antrean.toml and restart `antrean serve`");
    }
    let address = config.console.as_ref().and_then(|console| console.address.clone());
    let address = address.unwrap_or_else(|| format!("http://{}", config.listen));
    println!("One-time link for {login}, valid for {LINK_MINUTES} minutes:");
    println!("{address}/console/link#{token}");
    Ok(ExitCode::SUCCESS)
}

async fn list(people: &People, as_json: bool) -> Result<ExitCode, CommandError> {
    let all = people.list().await?;
    let state = |person: &Person| match (person.is_active, person.is_enrolled) {
        (false, _) => "disabled",
        (true, false) => "invited",
        (true, true) => "active",
    };
    if as_json {
        let role = |grant: &Grant| {
            let office = match &grant.place {
                Place::Everywhere => None,
                Place::Office(office) => Some(office.as_str()),
            };
            json!({ "role": grant.role.name(), "office": office })
        };
        let rows: Vec<_> = all
            .iter()
            .map(|person| {
                let roles: Vec<_> = person.grants.0.iter().map(role).collect();
                json!({ "login": person.login, "name": person.name, "state": state(person), "roles": roles })
            })
            .collect();
        println!("{}", json!(rows));
        return Ok(ExitCode::SUCCESS);
    }
    for person in &all {
        let roles: Vec<String> = person.grants.0.iter().map(told).collect();
        let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join("; ") };
        println!("{:<20} {:<9} {:<24} {roles}", person.login, state(person), person.name);
    }
    println!("{}", counted(all.len(), "person", "people"));
    Ok(ExitCode::SUCCESS)
}

async fn change_role(people: &People, actor: Actor<'_>, args: &RoleArgs) -> Result<ExitCode, CommandError> {
    let person = known(people, &args.login).await?;
    let grant = grant(args.role, args.office.as_ref());
    let done = if args.revoke {
        people.revoke(actor, person.id, &grant).await?
    } else {
        people.grant(actor, person.id, &grant).await?
    };
    done.map_err(|refused| refusal(&refused, &args.login, people))?;
    println!("{} is {} {}", person.login, if args.revoke { "no longer" } else { "now" }, told(&grant));
    Ok(ExitCode::SUCCESS)
}

/// Shows the codes of a demo's accounts; of no other installation, and of no other account.
async fn code(installation: &Installation, login: Option<&str>) -> Result<ExitCode, CommandError> {
    let is_named = installation.config.is_some() || installation.database.is_some();
    let installation = if is_named {
        installation.clone()
    } else {
        Installation { config: None, database: Some(DEMO_DATABASE.to_owned()) }
    };
    let config = installation.read()?;
    let is_demo = sqlite_path(&config.database).is_some_and(|path| path.with_file_name(DEMO_CLOCK).is_file());
    if !is_demo {
        return Err(CommandError::Other(
            "this is no demo: one-time codes of a real installation are in its people's telephones only".to_owned(),
        ));
    }
    let storage = installation.storage().await?;
    let now = SystemClock.now();
    let mut shown = 0;
    for (account, _, _, _) in DEMO_ACCOUNTS.iter().filter(|(account, ..)| login.is_none_or(|login| login == *account)) {
        let member = storage.staff_by_login(account).await?;
        let Some((seed, step)) = member.and_then(|member| Some((member.seed?, member.step))) else { continue };
        if let Some((code, seconds)) = access::next_code(&seed, step, now) {
            println!("{account:<12} {code}  for {seconds} s");
            shown += 1;
        }
    }
    if shown == 0 {
        let known: Vec<&str> = DEMO_ACCOUNTS.iter().map(|(account, ..)| *account).collect();
        return Err(CommandError::Other(format!("no such account of the demo; there are: {}", known.join(", "))));
    }
    Ok(ExitCode::SUCCESS)
}
