//! Photos that citizens sent: which must still be fetched, which file and key each has, and the links by which they are uploaded.

mod keys;
mod uploads;
mod wanted;

pub use keys::{KeyUse, PhotoCounts};
pub use uploads::StoredUpload;
pub use wanted::{StoredPhoto, WantedMedia};
