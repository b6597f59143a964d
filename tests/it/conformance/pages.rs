//! Each page of `docs/gateways`, tried as a new user would: its configuration as it stands, a server, and the commands that
//! it names. Only the provider is a stand-in: its address comes from the environment, or in the place of the page's.

use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Host, Played};
use crate::support::installation::Installation;
use crate::support::server_process::ServerProcess;

/// A provider that knows everybody and answers the question whether a channel works.
fn anybody(request: &Captured, _number: u64, _api: &str) -> Result<Played, String> {
    let path = request.path.split('?').next().unwrap_or_default();
    let answer = match (request.method.as_str(), path) {
        ("GET", "/v25.0/106540352242922") => r#"{"verified_name":"Kanim Contoh","display_phone_number":"+62 21 5"}"#,
        ("GET", "/health_status") => r#"{"health_status":{"can_send_message":"AVAILABLE","entities":[]},"id":"1"}"#,
        ("GET", "/app/devices") => {
            r#"{"code":"SUCCESS","message":"ok","results":[{"device":"62812:1@s.whatsapp.net"}]}"#
        }
        ("GET", "/api/sessions/kanim") => r#"{"name":"kanim","status":"WORKING"}"#,
        ("GET", "/waInstance1101000001/getStateInstance/apiTokenInstance-anda") => r#"{"stateInstance":"authorized"}"#,
        ("GET", "/instance/connectionState/kanim") => r#"{"instance":{"instanceName":"kanim","state":"open"}}"#,
        ("POST", "/device") => r#"{"status":true,"device_status":"connect"}"#,
        ("GET", path) if path.starts_with("/bot123456:") => r#"{"ok":true,"result":{"username":"kanim_bot"}}"#,
        ("GET", path) if path.starts_with("/2010-04-01/Accounts/AC") => r#"{"status":"active"}"#,
        _ => return Err("nobody asks for that".to_owned()),
    };
    Ok(Played::answer(200, answer))
}

/// The blocks of a page between two fences.
fn blocks(page: &str) -> Vec<&str> {
    page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().expect("a closed block")).collect()
}

/// What a page names between backticks after `antrean channel test`.
fn lines_to_test(page: &str) -> Vec<&str> {
    let named = page.split("`antrean channel test ").skip(1);
    named.map(|rest| rest.split('`').next().expect("a closing tick")).collect()
}

fn word_after<'t>(text: &'t str, start: &str) -> &'t str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("`{start}` in {text}")).1;
    rest.split(['"', ']']).next().expect("a word")
}

/// A block with the stand-in in the place of the provider, and the variables that say so.
fn pointed_at(api: &str, block: &str) -> (String, Vec<(String, String)>) {
    let name = word_after(block, "[gateway.");
    let (text, variables) = match word_after(block, "kind = \"") {
        "http_json" if block.contains("green_api") => {
            let places = format!("url = \"{api}/waInstance{{line}}/sendMessage/{{token}}\"\n");
            let asked = format!("probe_url = \"{api}/waInstance{{line}}/getStateInstance/{{token}}\"\n");
            (format!("{block}\n[gateway.{name}.outbound]\n{places}{asked}"), None)
        }
        "http_json" if block.contains("evolution") => (block.replace("http://127.0.0.1:8080", api), None),
        "http_json" if block.contains("preset") => {
            let places = format!("url = \"{api}/send\"\nprobe_url = \"{api}/device\"\n");
            let asked = "probe_ok = \"/device_status\"\nprobe_value = \"connect\"\n";
            (format!("{block}\n[gateway.{name}.outbound]\n{places}{asked}"), None)
        }
        "http_json" => (block.replace("https://api.example.co.id", api), None),
        _ => (block.to_owned(), Some((format!("ANTREAN_GATEWAY_{}_API", name.to_uppercase()), api.to_owned()))),
    };
    (text, variables.into_iter().collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_gateway_works_for_whoever_follows_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gateways");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).expect("the pages") {
        let path = entry.expect("a page").path();
        // The page about templates is for all gateways.
        if path.ends_with("templates.md") {
            continue;
        }
        let page = std::fs::read_to_string(&path).expect("a text");
        let mut named = lines_to_test(&page);
        for block in blocks(&page) {
            let host = Host::start(anybody).await;
            let installation = Installation::new(&host.api());
            let (block, variables) = pointed_at(&host.api(), block);
            let top = "listen = \"127.0.0.1:0\"\ndatabase = \"sqlite://antrean.db\"\noffices = [\"offices\"]\n\n";
            std::fs::write(installation.config(), format!("{top}{block}")).expect("written");
            let variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let run = |args: &[&str]| installation.run_with(args, &variables, "").done();
            let server = ServerProcess::start_with(&installation, &variables);
            let list = run(&["channel", "list"]);
            let channels: Vec<&str> =
                list.lines().filter_map(|line| line.split_once(" open ")).map(|(l, _)| l.trim()).collect();
            assert_eq!(channels.len(), block.matches("[[channel]]").count(), "{}: {list}", path.display());
            for channel in &channels {
                let said = run(&["channel", "test", channel]);
                assert!(said.starts_with(&format!("{channel}: can send: ")), "{}: {said}", path.display());
                run(&["channel", "pause", channel, "--reason", "libur"]);
                let (_, ready) = server.get("/readyz").await;
                assert!(ready.contains(&format!("\"{channel}\":\"paused: libur\"")), "{}: {ready}", path.display());
                run(&["channel", "resume", channel]);
                assert!(!server.get("/readyz").await.1.contains(channel), "{}", path.display());
            }
            named.retain(|name| !channels.contains(name));
            // The webhook stands where the page says, and believes nobody without a proof.
            let gateway = word_after(&block, "[gateway.");
            assert!(page.contains(&format!("/webhooks/{gateway}")) || gateway == "dialog" || gateway == "sms");
            let url = format!("{}/webhooks/{gateway}", server.address);
            let answer = server.client.post(url).body("{}").send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), 401, "{}", path.display());
            host.assert_lawful();
            tried += 1;
        }
        assert_eq!(
            named,
            Vec::<&str>::new(),
            "{}: the page names channels that its blocks do not have",
            path.display()
        );
    }
    assert_eq!(tried, 10, "every block of every page");
}
