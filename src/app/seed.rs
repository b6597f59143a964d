//! Random seeds from the operating system.

use rand::TryRng;
use rand::rngs::SysRng;

use super::error::BuildError;

/// A seed that nobody can guess: booking and approval codes are drawn from it.
///
/// # Errors
/// [`BuildError::Chance`] where the system gives none.
pub(super) fn seed() -> Result<[u8; 32], BuildError> {
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).map_err(|_| BuildError::Chance)?;
    Ok(seed)
}
