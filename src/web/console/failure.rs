//! What is answered when the database or the machine fails: nothing was changed, try again.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::page::Frame;
use crate::access::AccessError;
use crate::conversation::Lang;
use crate::storage::StorageError;

/// A failure while a page was made.
pub(super) struct Failure(pub(super) AccessError);

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        Self(error)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self(AccessError::Storage(error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "a page of the console could not be made");
        let frame = Frame::new(Lang::default(), "/console".to_owned());
        let (title, text) = (frame.t.problem, frame.t.busy);
        let page = super::page::message(&frame, StatusCode::SERVICE_UNAVAILABLE, title, text, "");
        ([(header::RETRY_AFTER, "5")], page).into_response()
    }
}
