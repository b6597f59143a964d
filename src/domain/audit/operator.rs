//! Who acts from a terminal.

/// Somebody at a terminal of the machine: who they say they are, and the system's account that they have there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    name: String,
    account: String,
}

impl Operator {
    /// Whoever uses this account of the system, under the name that they gave, or else the account's.
    pub fn new(name: Option<&str>, account: &str) -> Self {
        Self { name: name.unwrap_or(account).to_owned(), account: account.to_owned() }
    }

    /// Who acts, as the audit trail keeps it in place of a login.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From where, as the audit trail keeps it in place of a network.
    pub fn terminal(&self) -> String {
        format!("terminal {}", self.account)
    }
}
