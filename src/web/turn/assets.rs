//! What the page loads.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::Response;

use crate::web::bundle::{self, CSS, FONT, File, LETTERS, SCRIPT};

const FILES: [File; 3] = [
    ("turn.css", CSS, include_bytes!("page/turn.css")),
    ("turn.js", SCRIPT, include_bytes!("page/turn.js")),
    ("atkinson.woff2", FONT, LETTERS),
];

static VERSION: LazyLock<String> = LazyLock::new(|| bundle::version(&FILES));

/// The address of a file.
pub(super) fn address(name: &str) -> String {
    format!("/s/assets/{}/{name}", *VERSION)
}

/// Sends a file.
pub(super) async fn send(Path((version, name)): Path<(String, String)>) -> Response {
    bundle::send(&FILES, &name, version == *VERSION)
}
