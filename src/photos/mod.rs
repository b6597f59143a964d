//! Citizens' photos on the disk: encrypted, each bound to its row, under keys that lie outside of the media folder; and decoded within
//! limits.
//!
//! [`Photos`] is the only way to a photo's bytes. It asks no database: rows say which file and which key, and the caretaker brings old
//! files under the newest key. A key that is missing costs reading only: new photos get a new key, and what was unreadable reads again
//! as soon as its key is back in the folder.

mod error;
mod keys;
mod picture;
mod seal;
mod store;
mod upload;

pub use error::PhotoError;
pub use keys::{DamagedKey, KeyList};
pub use picture::{Encoding, SHOWN, STORED, has_end, renewed};
pub use store::{Kept, Photos};
pub use upload::is_upload;

pub use crate::domain::upload_token::UPLOAD_PREFIX;
