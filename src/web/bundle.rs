//! Files that pages load: one address for each content, so that browsers keep it for ever.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

pub(super) const CSS: &str = "text/css; charset=utf-8";
pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";
pub(super) const FONT: &str = "font/woff2";

/// The console's letters, which all pages share.
pub(super) const LETTERS: &[u8] = include_bytes!("console/assets/atkinson-hyperlegible-next.woff2");

/// A file: its name, its type, its content.
pub(super) type File = (&'static str, &'static str, &'static [u8]);

/// A number of all contents: part of their addresses.
pub(super) fn version(files: &[File]) -> String {
    let mut hash = Sha256::new();
    for (name, _, content) in files {
        hash.update(name.as_bytes());
        hash.update(content);
    }
    hex::encode(hash.finalize().get(..8).unwrap_or_default())
}

/// Sends a file. `is_this_version`: whether it is asked for by the address of this version; one of another is not there.
pub(super) fn send(files: &[File], name: &str, is_this_version: bool) -> Response {
    match files.iter().find(|(known, _, _)| is_this_version && *known == name) {
        Some((_, kind, content)) => {
            let headers =
                [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (headers, *content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
