//! Why a photo cannot be kept or read. The sentences are for the log and for operators; nothing of a photo is in them.

use crate::domain::photo_key::PhotoKeyId;

/// Why a photo cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The file's name is no plain name.
    #[error("its file name is none of ours")]
    Name,
    /// A file or folder.
    #[error("its file cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    /// The file is larger than any photo.
    #[error("its file is larger than any photo that was taken")]
    Large,
    /// The key is not in the folder.
    #[error("its key {0} is not in the folder of keys; put it back, and it can be read")]
    NoKey(PhotoKeyId),
    /// The folder of keys has none, and none can be made.
    #[error("no key can be made in the folder of keys: {0}")]
    NoNewKey(std::io::Error),
    /// Changed since it was written, or another photo's file.
    #[error("its file was changed, or belongs to another photo")]
    Changed,
    /// A file of an unknown version.
    #[error("its file was written by a newer version")]
    Newer,
    /// The row says that it is encrypted and it is not.
    #[error("its file is not encrypted, though it was")]
    Plain,
    /// No picture.
    #[error("it is no JPEG, PNG or WebP")]
    Format,
    /// It cannot be decoded.
    #[error("it cannot be decoded: {0}")]
    Image(#[from] image::ImageError),
    /// The process ends.
    #[error("its decoding was cut off")]
    Cut,
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers")]
    Chance,
}
