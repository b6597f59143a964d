//! Who acts from a terminal, and why: the audit trail keeps both.

use std::os::unix::fs::MetadataExt;

use clap::Args;

use super::error::CommandError;
use crate::clock::{Clock, SystemClock};
use crate::domain::audit::{AuditEvent, Operator, reason};
use crate::domain::staff;
use crate::storage::{AuditActor, Storage};

/// Its owner is the account by which this process runs.
const OWN_PROCESS: &str = "/proc/self";
/// The accounts of the system: name, password, number, …
const ACCOUNTS: &str = "/etc/passwd";
/// Who became root by `sudo`.
const SUDO_USER: &str = "SUDO_USER";

/// Who acts, and why.
#[derive(Debug, Clone, Default, Args)]
pub struct Acting {
    /// Who acts, as the audit trail keeps it [default: the system's account]
    #[arg(id = "acting-as", long = "as", value_name = "NAME", value_parser = staff::name, global = true)]
    pub name: Option<String>,
    /// Why, in a sentence without names of citizens; the audit trail keeps it
    #[arg(id = "acting-why", long = "why", value_name = "TEXT", value_parser = reason, global = true)]
    pub why: Option<String>,
}

impl Acting {
    /// Who acts: the name that was given, and the system's account.
    pub fn operator(&self) -> Operator {
        Operator::new(self.name.as_deref(), &account()).because(self.why.as_deref().unwrap_or_default())
    }

    /// Records an act. Where it shows somebody's data, call it before they are printed.
    ///
    /// # Errors
    /// [`CommandError`] when storage failed: then nothing may be printed or done.
    pub async fn record(&self, storage: &Storage, event: AuditEvent) -> Result<(), CommandError> {
        let operator = self.operator();
        let actor = AuditActor { staff: None, login: operator.name(), network: operator.terminal() };
        let event = event.because(operator.why());
        Ok(storage.record(actor, &event, SystemClock.now()).await?)
    }
}

/// The system's account of this process, and who became root as it.
fn account() -> String {
    let Ok(owner) = std::fs::metadata(OWN_PROCESS).map(|own| own.uid()) else { return "unknown".to_owned() };
    let accounts = std::fs::read_to_string(ACCOUNTS).unwrap_or_default();
    let before_sudo = if owner == 0 { std::env::var(SUDO_USER).ok() } else { None };
    match before_sudo {
        Some(before) => format!("{} (sudo {})", named(&accounts, owner), harmless(&before)),
        None => named(&accounts, owner),
    }
}

/// The name of an account's number.
fn named(accounts: &str, number: u32) -> String {
    let of = |line: &str| {
        let mut parts = line.split(':');
        let (name, id) = (parts.next()?, parts.nth(1)?);
        (id.parse() == Ok(number)).then(|| harmless(name))
    };
    accounts.lines().find_map(of).unwrap_or_else(|| format!("uid {number}"))
}

/// A name of which nothing steers a terminal, and that is no longer than a list shows.
fn harmless(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(staff::NAME_LETTERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the group's number in place of the account's, 100 finds `daemon`.
    #[test]
    fn an_account_is_found_by_its_number() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:100::/:/bin/false\nloket:x:1000:1000::/home/loket:/bin/sh\n";
        assert_eq!(named(accounts, 1000), "loket");
        assert_eq!(named(accounts, 0), "root");
        assert_eq!(named(accounts, 100), "uid 100");
    }
}
