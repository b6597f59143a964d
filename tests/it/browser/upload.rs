//! The upload page on a telephone.

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::json;

use super::seen::{prefer, violations};
use crate::support::browser::driver::{PHONE, devtools, keep_picture, with_browser};
use crate::support::engine::Engine;
use crate::uploads::{Site, photo};

async fn heading(client: &Client) -> String {
    client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap()
}

// Negative control, run: with `form-action 'none'` in the page's policy, nothing is sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_sent_from_a_telephone_without_a_script() {
    let site = Site::open(Engine::Sqlite).await;
    let link = site.link(1).await;
    let file = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    std::fs::write(file.path(), photo()).unwrap();
    let wrong = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    std::fs::write(wrong.path(), "no picture").unwrap();
    with_browser(PHONE, async |client| {
        for scheme in ["light", "dark"] {
            client.goto(&link).await.unwrap();
            prefer(client, scheme).await;
            assert_eq!(violations(client).await, Vec::<String>::new(), "{scheme}");
            keep_picture(client, &format!("upload-{scheme}")).await;
        }
        client.goto(&format!("{link}?l=en")).await.unwrap();
        assert_eq!(heading(client).await, "Send the photo");
        assert_eq!(violations(client).await, Vec::<String>::new(), "in English");
        let scripts = client.execute("return document.scripts.length", vec![]).await.unwrap();
        assert_eq!(scripts, json!(0));
        let scripts_off =
            |off: bool| json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": off } });
        devtools(client, scripts_off(true)).await;
        client.goto(&link).await.unwrap();
        let send = async |path: &std::path::Path| {
            let input = client.find(Locator::Css("#photo")).await.unwrap();
            input.send_keys(path.to_str().unwrap()).await.unwrap();
            // By Enter: the driver's tap waits for a script of its own, which does not run.
            let enter = char::from(Key::Enter).to_string();
            client.find(Locator::Css("button")).await.unwrap().send_keys(&enter).await.unwrap();
        };
        send(wrong.path()).await;
        let alert = client.wait().for_element(Locator::Css("[role=alert]")).await.unwrap();
        assert!(alert.text().await.unwrap().contains("bukan foto JPEG"));
        keep_picture(client, "upload-wrong").await;
        send(file.path()).await;
        client.wait().for_url(&format!("{}/u/sent?l=id", site.address).parse().unwrap()).await.unwrap();
        assert_eq!(heading(client).await, "Foto sudah kami terima");
        assert_eq!(site.fixture.tables().await.texts("select state from booking").await, ["booked"], "at once");
        keep_picture(client, "upload-sent").await;
        devtools(client, scripts_off(false)).await;
        client.refresh().await.unwrap();
        assert_eq!(violations(client).await, Vec::<String>::new(), "sent");
        client.goto(&link).await.unwrap();
        assert_eq!(heading(client).await, "Halaman ini tidak berlaku");
        assert_eq!(violations(client).await, Vec::<String>::new(), "gone");
        keep_picture(client, "upload-gone").await;
    })
    .await;
    assert_eq!(site.fixture.tables().await.texts("select state from booking").await, ["booked"]);
}
