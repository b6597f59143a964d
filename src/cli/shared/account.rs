//! Whose account runs a command.

/// The account of this machine that runs the command, for what is noted of a change.
pub fn account() -> String {
    let named = |key: &str| std::env::var(key).ok().filter(|name| !name.trim().is_empty());
    named("SUDO_USER").or_else(|| named("USER")).or_else(|| named("LOGNAME")).unwrap_or_else(|| "system".to_owned())
}
