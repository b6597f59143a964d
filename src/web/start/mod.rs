//! `/`, and what an unknown address is answered: what can be reached here, and only that.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::gateway::simulator::Simulator;

const PAGE: &str = include_str!("page.html");
const CSS: &str = include_str!("page.css");
const ICON: &str = include_str!("../simulator/page/icon.svg");

const SIMULATOR: &str = "<p>Coba sebagai warga: kirim formulir, balas kodenya, lihat tiketnya.</p>\n\
    <p lang=\"en\">Play a citizen: send a form, answer with its code, see the ticket.</p>\n\
    <p><a class=\"go\" href=\"/simulator\">Buka simulator</a></p>";
const NO_SIMULATOR: &str = "<p>Warga menulis ke nomor kantornya. Simulator tidak dinyalakan di sini: jalankan \
    <code>antrean demo</code>, atau tambahkan gateway dengan <code>kind = \"simulator\"</code>.</p>\n\
    <p lang=\"en\">Citizens write to their office's number. There is no simulator here: run <code>antrean demo</code>, or add \
    a gateway with <code>kind = \"simulator\"</code>.</p>";
const OTHER_NAME: &str = "<p>Simulator tidak dibuka dengan nama ini: pakai localhost atau alamat IP mesin ini, atau jalankan \
    <code>antrean demo --host NAMA</code> (<code>hosts</code> di antrean.toml).</p>\n\
    <p lang=\"en\">The simulator does not answer to this name: use localhost or this machine's IP address, or run \
    <code>antrean demo --host NAME</code> (<code>hosts</code> in antrean.toml).</p>";
const CONSOLE: &str = "<p>Masuk dengan akun petugas: kantor Anda, hari ini, dan akun Anda.</p>\n\
    <p lang=\"en\">Sign in as staff: your office, its day, and your account.</p>\n\
    <p><a class=\"go\" href=\"/console\">Buka ruang petugas</a></p>";
const NO_CONSOLE: &str = "<p>Ruang petugas tidak dinyalakan di sini: tulis <code>[console]</code> di antrean.toml, lalu jalankan \
    <code>antrean user add --first</code>.</p>\n\
    <p lang=\"en\">There is no staff console here: write <code>[console]</code> in antrean.toml, then run \
    <code>antrean user add --first</code>.</p>";
const MISSING: &str = "<p class=\"missing\" role=\"status\">Halaman ini tidak ada. Yang ada di sini: \
    <span lang=\"en\">There is no such page. What is here:</span></p>";

/// What a program that asks for an unknown address reads.
const MISSING_PLAIN: &str = "not found: / says what can be reached here\n";

/// The start page with its parts, and the answer to everything that no other route takes.
pub(super) fn router(simulator: Option<Arc<Simulator>>, has_console: bool) -> Router {
    let (for_start, for_missing) = (simulator.clone(), simulator);
    let start = move |headers: HeaderMap| async move {
        Html(page("antrean", "", (citizens(for_start.as_deref(), &headers), has_console)))
    };
    let missing = move |headers: HeaderMap| async move {
        not_found(
            &headers,
            page("antrean: tidak ada", MISSING, (citizens(for_missing.as_deref(), &headers), has_console)),
        )
    };
    Router::new()
        .route("/", get(start))
        .route("/start/page.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS) }))
        .route("/start/icon.svg", get(|| async { ([(header::CONTENT_TYPE, "image/svg+xml")], ICON) }))
        .fallback(missing)
}

/// What is said to citizens: the simulator answers only to names that are its own.
fn citizens(simulator: Option<&Simulator>, headers: &HeaderMap) -> &'static str {
    match simulator {
        Some(simulator) if simulator.site().is_ours(headers) => SIMULATOR,
        Some(_) => OTHER_NAME,
        None => NO_SIMULATOR,
    }
}

fn page(title: &str, missing: &str, (citizens, has_console): (&str, bool)) -> String {
    let office = if has_console { CONSOLE } else { NO_CONSOLE };
    let page = PAGE.replace("{title}", title).replace("{missing}", missing);
    page.replace("{simulator}", citizens).replace("{console}", office)
}

/// A page for a browser, a line for everything else.
fn not_found(headers: &HeaderMap, missing: String) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        (StatusCode::NOT_FOUND, Html(missing)).into_response()
    } else {
        (StatusCode::NOT_FOUND, MISSING_PLAIN).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::super::fakes::{Behavior, FakeDesk, app_state, state_with_simulator};
    use super::*;

    async fn ask(routes: &Router, path: &str, accept: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).unwrap();
        let response = routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    // Negative control: with `true` for `has_simulator` in `web::router` the link leads nowhere, and this fails.
    #[tokio::test]
    async fn the_start_page_leads_only_to_what_is_there() {
        let desk = FakeDesk::behaving(Behavior::Serves);
        let without = crate::web::router(app_state(&desk));
        let with = crate::web::router(state_with_simulator(&desk).0);
        for routes in [&without, &with] {
            let (status, page) = ask(routes, "/", "text/html").await;
            assert_eq!(status, StatusCode::OK);
            assert!(!page.contains('{'), "every gap is filled: {page}");
            assert!(page.contains("antrean user add --first"), "how a console comes about: {page}");
            let links: Vec<&str> = page.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(links.len() >= 5, "{links:?}");
            for link in links {
                assert_eq!(ask(routes, link, "*/*").await.0, StatusCode::OK, "{link}");
            }
        }
        assert!(ask(&with, "/", "*/*").await.1.contains("href=\"/simulator\""));
        assert!(!ask(&without, "/", "*/*").await.1.contains("href=\"/simulator\""));
    }

    // Negative control: with `SIMULATOR` whatever the host, the link leads to a refusal.
    #[tokio::test]
    async fn under_another_name_the_start_page_says_how_to_open_the_simulator() {
        let routes = crate::web::router(state_with_simulator(&FakeDesk::behaving(Behavior::Serves)).0);
        for (host, is_linked) in [("localhost:8080", true), ("localhost.", true), ("loket.lan:8080", false)] {
            let request = |path| Request::get(path).header(header::HOST, host).body(Body::empty()).unwrap();
            let body = |response: Response| async { to_bytes(response.into_body(), usize::MAX).await.unwrap() };
            let start = body(routes.clone().oneshot(request("/")).await.unwrap()).await;
            let start = String::from_utf8(start.to_vec()).unwrap();
            assert_eq!(start.contains("href=\"/simulator\""), is_linked, "{host}");
            let simulator = routes.clone().oneshot(request("/simulator")).await.unwrap();
            assert_eq!(simulator.status() == StatusCode::OK, is_linked, "{host}");
            if is_linked {
                continue;
            }
            let refusal = body(simulator).await;
            for text in [start, String::from_utf8(refusal.to_vec()).unwrap()] {
                assert!(text.contains("demo --host NAMA") && text.contains("demo --host NAME"), "{text}");
                assert!(text.contains("hosts"), "{text}");
            }
        }
    }

    #[tokio::test]
    async fn an_unknown_page_helps_a_browser_on_and_a_program_in_one_line() {
        let routes = crate::web::router(app_state(&FakeDesk::behaving(Behavior::Serves)));
        let (status, page) = ask(&routes, "/konsol", "text/html,application/xhtml+xml;q=0.9").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(page.contains("Halaman ini tidak ada") && page.contains("/readyz"), "{page}");
        let (status, line) = ask(&routes, "/konsol", "*/*").await;
        assert_eq!((status, line.as_str()), (StatusCode::NOT_FOUND, MISSING_PLAIN));
    }
}
