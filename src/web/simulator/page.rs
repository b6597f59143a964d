//! The page itself, compiled in.

use axum::Router;
use axum::http::header;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Route, type and content of each part.
const PARTS: [(&str, &str, &str); 10] = [
    ("/simulator", HTML, include_str!("page/page.html")),
    ("/simulator/page.css", CSS, include_str!("page/page.css")),
    ("/simulator/icon.svg", SVG, include_str!("page/icon.svg")),
    ("/simulator/page.js", SCRIPT, include_str!("page/page.js")),
    ("/simulator/phone.js", SCRIPT, include_str!("page/phone.js")),
    ("/simulator/bubble.js", SCRIPT, include_str!("page/bubble.js")),
    ("/simulator/photo.js", SCRIPT, include_str!("page/photo.js")),
    ("/simulator/texts.js", SCRIPT, include_str!("page/texts.js")),
    ("/simulator/time.js", SCRIPT, include_str!("page/time.js")),
    ("/simulator/wire.js", SCRIPT, include_str!("page/wire.js")),
];

/// Routes for all parts.
pub(super) fn router() -> Router {
    PARTS.into_iter().fold(Router::new(), |routes, (path, kind, content)| {
        routes.route(path, get(move || async move { ([(header::CONTENT_TYPE, kind)], content) }))
    })
}
