//! Who acts from a terminal.

/// Somebody at a terminal of the machine: who they say they are, and the system's account that they have there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    name: String,
    terminal: String,
    why: String,
}

impl Operator {
    /// Whoever uses this account of the system, under the name that they gave, or else the account's.
    pub fn new(name: Option<&str>, account: &str) -> Self {
        Self { name: name.unwrap_or(account).to_owned(), terminal: format!("terminal {account}"), why: String::new() }
    }

    /// The same, for a reason, as [`reason`](crate::domain::audit::reason) reads it.
    #[must_use]
    pub fn because(self, why: &str) -> Self {
        Self { why: why.to_owned(), ..self }
    }

    /// Who acts, as the audit trail keeps it in place of a login.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why they act; empty: not said.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// From where, as the audit trail keeps it in place of a network.
    pub fn terminal(&self) -> &str {
        &self.terminal
    }
}
