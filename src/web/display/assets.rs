//! What the page loads.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::Response;

use crate::web::bundle::{self, CSS, FONT, File, LETTERS, SCRIPT};

const FILES: [File; 6] = [
    ("display.css", CSS, include_bytes!("page/display.css")),
    ("display.js", SCRIPT, include_bytes!("page/display.js")),
    ("voice.js", SCRIPT, include_bytes!("page/voice.js")),
    ("voice.ogg", "audio/ogg", include_bytes!("voice/voice.ogg")),
    ("voice.json", "application/json", include_bytes!("voice/voice.json")),
    ("atkinson.woff2", FONT, LETTERS),
];

static VERSION: LazyLock<String> = LazyLock::new(|| bundle::version(&FILES));

/// The address of a file.
pub(super) fn address(name: &str) -> String {
    format!("/display/assets/{}/{name}", *VERSION)
}

/// Sends a file.
pub(super) async fn send(Path((version, name)): Path<(String, String)>) -> Response {
    bundle::send(&FILES, &name, version == *VERSION)
}
