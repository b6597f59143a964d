//! The form's body: one file, by its field's name. What the client says of its name and type counts for nothing.

use std::convert::Infallible;

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::stream;
use multer::{Constraints, Multipart, parse_boundary};

/// The field of the photo.
const FIELD: &str = "photo";

/// The photo of a form; empty where none was chosen, `None` where the body is no such form, or is cut short.
pub(super) async fn photo(headers: &HeaderMap, body: Vec<u8>) -> Option<Bytes> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = parse_boundary(kind).ok()?;
    let whole = stream::once(async { Ok::<_, Infallible>(Bytes::from(body)) });
    let constraints = Constraints::new().allowed_fields(vec![FIELD]);
    let mut form = Multipart::with_constraints(whole, boundary, constraints);
    let field = form.next_field().await.ok()??;
    field.bytes().await.ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    async fn read(kind: &str, body: &[u8]) -> Option<Bytes> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
        photo(&headers, body.to_vec()).await
    }

    // Negative control: with the constraint left out, the field of another name is taken for the photo.
    #[tokio::test]
    async fn one_file_is_read_by_its_fields_name_and_nothing_that_is_cut_short() {
        let kind = "multipart/form-data; boundary=x";
        let form = |name: &str| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"../../etc/passwd\"\r\n\
                 Content-Type: image/svg+xml\r\n\r\nbytes\r\n--x--\r\n"
            )
            .into_bytes()
        };
        assert_eq!(read(kind, &form(FIELD)).await.as_deref(), Some(&b"bytes"[..]));
        assert_eq!(read(kind, &form("other")).await, None);
        let whole = form(FIELD);
        for at in 0..whole.len() - 8 {
            assert_eq!(read(kind, &whole[..at]).await, None, "cut at {at}");
        }
        assert_eq!(read("application/x-www-form-urlencoded", b"photo=x").await, None);
        assert_eq!(read("multipart/form-data", &whole).await, None);
        assert_eq!(photo(&HeaderMap::new(), whole).await, None);
    }
}
