//! What the page loads.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::Response;

use crate::web::bundle::{self, CSS, FONT, File, LETTERS};

const FILES: [File; 3] = [
    // The pages that a citizen opens from the chat look alike.
    ("page.css", CSS, include_bytes!("../turn/page/turn.css")),
    ("upload.css", CSS, include_bytes!("page/upload.css")),
    ("atkinson.woff2", FONT, LETTERS),
];

static VERSION: LazyLock<String> = LazyLock::new(|| bundle::version(&FILES));

/// The address of a file.
pub(super) fn address(name: &str) -> String {
    format!("/u/assets/{}/{name}", *VERSION)
}

/// Sends a file.
pub(super) async fn send(Path((version, name)): Path<(String, String)>) -> Response {
    bundle::send(&FILES, &name, version == *VERSION)
}
