//! The photo of an identity card. No byte of the file that a citizen sent gets to a browser: it is decoded within limits, turned as its
//! camera says, made as small as a screen needs, and encoded anew, without what else the file tells.

use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::photos::{PhotoError, Photos, SHOWN, renewed};
use crate::storage::StoredPhoto;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesDay};
use crate::web::console::page::missing;
use crate::web::console::state::Console;

/// Photos that are decoded at the same time: each takes memory, and few officers look at one at once.
static DECODING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// Reads the photo and encodes it anew.
async fn sent(photos: &Photos, photo: StoredPhoto) -> Result<Vec<u8>, PhotoError> {
    let _turn = DECODING.acquire().await.map_err(|_| PhotoError::Cut)?;
    let photos = photos.clone();
    let read = move || renewed(&photos.read(photo.id, &photo.file, photo.key)?, SHOWN);
    tokio::task::spawn_blocking(read).await.map_err(|_| PhotoError::Cut)?
}

/// The photo. That it was looked at is written down first.
pub(in crate::web::console) async fn photo(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesDay>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let Some(photo) = office.photo(&code, &signed.asked.visitor).await? else {
        return Ok(missing(&signed.asked.frame));
    };
    match sent(&console.photos, photo).await {
        Ok(bytes) => {
            let headers: [(HeaderName, HeaderValue); 4] = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"foto.jpg\"")),
            ];
            Ok((headers, bytes).into_response())
        }
        Err(error) => {
            tracing::warn!(office = office.id().as_str(), %error, "a photo could not be shown");
            Ok(StatusCode::NOT_FOUND.into_response())
        }
    }
}
