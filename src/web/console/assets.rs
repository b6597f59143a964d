//! What pages load: one address for each content, so that browsers keep it.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, type and content.
const ASSETS: &[(&str, &str, &[u8])] = &[
    ("console.css", CSS, include_bytes!("assets/console.css")),
    ("console.js", SCRIPT, include_bytes!("assets/console.js")),
    ("htmx.js", SCRIPT, include_bytes!("assets/htmx.min.js")),
    ("hx-csp.js", SCRIPT, include_bytes!("assets/hx-csp.min.js")),
    ("hx-sse.js", SCRIPT, include_bytes!("assets/hx-sse.min.js")),
    ("calendar.css", CSS, include_bytes!("assets/calendar.css")),
    ("desk.css", CSS, include_bytes!("assets/desk.css")),
    ("desk.js", SCRIPT, include_bytes!("assets/desk.js")),
    ("camera.js", SCRIPT, include_bytes!("assets/camera.js")),
    ("zxing.js", SCRIPT, include_bytes!("assets/zxing-reader.js")),
    ("zxing.wasm", "application/wasm", include_bytes!("assets/zxing-reader.wasm")),
    ("format.css", CSS, include_bytes!("assets/format.css")),
    ("format.js", SCRIPT, include_bytes!("assets/format.js")),
    ("settings.css", CSS, include_bytes!("assets/settings.css")),
    ("today.css", CSS, include_bytes!("assets/today.css")),
    ("today.js", SCRIPT, include_bytes!("assets/today.js")),
    ("talks.css", CSS, include_bytes!("assets/talks.css")),
    ("talks.js", SCRIPT, include_bytes!("assets/talks.js")),
    ("reports.css", CSS, include_bytes!("assets/reports.css")),
    ("atkinson.woff2", "font/woff2", include_bytes!("assets/atkinson-hyperlegible-next.woff2")),
];

/// A number of all contents: part of their addresses.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for (name, _, content) in ASSETS {
        hash.update(name.as_bytes());
        hash.update(content);
    }
    hex::encode(hash.finalize().get(..8).unwrap_or_default())
});

/// The address of a part.
pub(super) fn address(name: &str) -> String {
    format!("/console/assets/{}/{name}", *VERSION)
}

/// Sends a part. One of another version is not there: a page of before loads its own again.
pub(super) async fn send(Path((version, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|(known, _, _)| version == *VERSION && *known == name) {
        Some((_, kind, content)) => {
            let headers =
                [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (headers, *content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
