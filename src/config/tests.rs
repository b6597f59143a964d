//! What a configuration says, and how what is wrong with it is said.

use std::collections::BTreeMap;
use std::path::Path;

use super::read::config;
use super::{ClientLimits, Config, GatewayConfig};
use crate::conversation::Lang;
use crate::courier::{ChannelSettings, Parameter, TemplateChoice};
use crate::domain::rate::Rate;

const GOOD: &str = r#"
listen = "127.0.0.1:8081"
database = "sqlite://antrean.db"
offices = ["fixtures/offices"]

[gateway.wa]
kind = "whatsapp_cloud"
api = "http://127.0.0.1:9000"
version = "v25.0"
verify_token = "canary-verify"
app_secret = "canary-secret"
access_token = "canary-token"

[[channel]]
gateway = "wa"
office = "bogor"
phone_number_id = "1001"
"#;

fn variables(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    config("antrean.toml", text, Path::new("/srv/antrean"), &variables(environment)).map_err(|problems| {
        problems.0.iter().map(|p| format!("{p} | {}", p.help().map_or_else(String::new, |h| h.to_string()))).collect()
    })
}

#[test]
fn the_defaults_stand_alone() {
    let config = read("", &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database, "sqlite:///srv/antrean/antrean.db");
    assert!(config.offices.is_empty() && config.gateways.is_empty() && config.channels.is_empty());
}

#[test]
fn the_way_to_a_server_is_as_secure_as_somebody_said() {
    use crate::storage::Tls;
    assert_eq!(read("", &[]).unwrap().database_tls, None);
    let file = "database_tls = \"require\"\n";
    assert_eq!(read(file, &[]).unwrap().address().tls, Some(Tls::Require));
    let outranked = read(file, &[("ANTREAN_DATABASE_TLS", "off")]).unwrap();
    assert_eq!(outranked.address().tls, Some(Tls::Off));
    assert!(read("database_tls = \"verify\"\n", &[]).is_err());
}

#[test]
fn paths_are_relative_to_the_file() {
    let config = read(GOOD, &[]).unwrap();
    assert_eq!(config.database, "sqlite:///srv/antrean/antrean.db");
    assert_eq!(config.offices, [Path::new("/srv/antrean/fixtures/offices")]);
}

#[test]
fn the_environment_outranks_the_file() {
    let config = read(
        GOOD,
        &[
            ("ANTREAN_LISTEN", "127.0.0.1:1"),
            ("ANTREAN_DATABASE", "sqlite:///var/q.db"),
            ("ANTREAN_OFFICES", "a, b"),
            ("ANTREAN_GATEWAY_WA_API", "http://127.0.0.1:7"),
        ],
    )
    .unwrap();
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.database, "sqlite:///var/q.db");
    assert_eq!(config.offices.len(), 2);
    assert!(matches!(&config.gateways["wa"], GatewayConfig::WhatsAppCloud(s) if s.api == "http://127.0.0.1:7"));
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "from-a-file\n").unwrap();
    let text = GOOD.replace("app_secret = \"canary-secret\"", "app_secret_file = \"secret\"");
    let config = config("antrean.toml", &text, folder.path(), &BTreeMap::new()).unwrap();
    assert!(matches!(&config.gateways["wa"], GatewayConfig::WhatsAppCloud(s) if s.app_secrets == ["from-a-file"]));
}

// Negative control: `Settings`' Debug showing `app_secrets` instead of their count failed this.
#[test]
fn debug_shows_no_secret() {
    let remote = GOOD.replace("sqlite://antrean.db", "postgres://antrean:canary-password@db/antrean");
    let shown = format!("{:?} {:?}", read(GOOD, &[]).unwrap(), read(&remote, &[]).unwrap());
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn every_mistake_is_reported_at_once_with_its_remedy() {
    let text = r#"
listn = "127.0.0.1:8080"
listen = "here"
database = "mysql://u:canary-password@h/db"
[gateway.wa]
kind = "whatsap_cloud"
[gateway.other]
kind = "whatsapp_cloud"
app_secret = "x"
[[channel]]
gateway = "wb"
office = "Bogor"
"#;
    let problems = read(text, &[("ANTREAN_LISTN", "x")]).unwrap_err();
    for expected in [
        "`listn` is not a known key | did you mean `listen`?",
        "`listen` is no address",
        "`database` is no database",
        "did you mean \"whatsapp_cloud\"?",
        "`verify_token` is missing",
        "`access_token` is missing",
        "there is no gateway `wb` | did you mean \"wa\"?",
        "is no office's id",
        "the variable ANTREAN_LISTN is not known | did you mean ANTREAN_LISTEN?",
    ] {
        assert!(problems.iter().any(|p| p.contains(expected)), "{expected}\nnot among {problems:#?}");
    }
    assert!(!problems.iter().any(|p| p.contains("canary")), "{problems:#?}");
}

#[test]
fn a_channel_has_one_office_and_a_simulator_needs_no_number() {
    let twice = format!("{GOOD}\n[[channel]]\ngateway = \"wa\"\noffice = \"batam\"\nphone_number_id = \"1001\"\n");
    assert!(read(&twice, &[]).unwrap_err()[0].contains("has an office already"));
    let simulated = "[gateway.sim]\nkind = \"simulator\"\n[[channel]]\ngateway = \"sim\"\noffice = \"bogor\"\n";
    assert_eq!(read(simulated, &[]).unwrap().channels[0].key, "bogor");
    let numberless = GOOD.replace("phone_number_id = \"1001\"", "");
    assert!(read(&numberless, &[]).unwrap_err()[0].contains("`phone_number_id` is missing"));
}

#[test]
fn a_channel_may_have_a_pace_and_templates_of_its_own() {
    let settings = |more: &str| read(&format!("{GOOD}{more}"), &[]).map(|config| config.channels[0].sending.clone());
    assert_eq!(settings("").unwrap(), ChannelSettings::default());
    let own = settings(
        "sends_per_second = 20\nseconds_per_citizen = 6\ncitizen_burst = 10\n\
         [[channel.template]]\nlanguage = \"id\"\nname = \"balasan\"\nparameters = [\"office\", \"text\"]\n",
    );
    let own = own.unwrap();
    assert_eq!(own.channel_rate, Some(Rate::per_second(20)));
    assert_eq!(own.recipient_rate, Some(Rate::one_in_seconds(6).with_burst(10)));
    let parameters = vec![Parameter::Office, Parameter::Text];
    assert_eq!(own.templates, [TemplateChoice { lang: Lang::Id, name: "balasan".into(), parameters }]);
    let lifted = settings("sends_per_second = 0\nseconds_per_citizen = 0\n").unwrap();
    assert_eq!((lifted.channel_rate, lifted.recipient_rate), (Some(Rate::UNLIMITED), Some(Rate::UNLIMITED)));
    let wrong =
        settings("citizen_burst = 3\n[[channel.template]]\nlanguage = \"jv\"\nparameters = [\"name\"]\n").unwrap_err();
    assert_eq!(wrong.len(), 4, "{wrong:?}");
    assert!(wrong.iter().any(|one| one.contains("needs `seconds_per_citizen`")), "{wrong:?}");
}

#[test]
fn a_channel_may_have_a_price_list_of_its_own() {
    let price = |more: &str| read(&format!("{GOOD}{more}"), &[]).map(|config| config.channels[0].price.clone());
    assert_eq!(price("").unwrap(), None);
    let own = price("[channel.price]\ncurrency = \"USD\"\ninside = 0\noutside = \"0.0411\"\n").unwrap().unwrap();
    assert_eq!((own.currency.as_str(), own.inside.to_string().as_str()), ("USD", "0"));
    assert_eq!(own.outside.times(300).to_string(), "12.33");
    let wrong = price("[channel.price]\ninside = -1\noutside = \"0,5\"\noutsid = 1\n").unwrap_err();
    assert_eq!(wrong.len(), 4, "{wrong:?}");
    assert!(wrong.iter().any(|one| one.contains("is no price")), "{wrong:?}");
}

#[test]
fn a_channel_may_answer_one_citizen_less_or_more_within_bounds() {
    let max = |more: &str| read(&format!("{GOOD}{more}"), &[]).map(|config| config.channels[0].replies_max);
    assert_eq!(max("").unwrap(), None);
    assert_eq!(max("replies_in_ten_minutes = 12\n").unwrap(), Some(12));
    for wrong in ["4", "601", "\"12\"", "0"] {
        let told = max(&format!("replies_in_ten_minutes = {wrong}\n")).unwrap_err();
        assert!(
            told.len() == 1 && told[0].contains("replies_in_ten_minutes` must be a whole number from 5 to 600"),
            "{told:?}"
        );
    }
}

// Negative control: with `is_allowed` taken for true, the first two pass.
#[test]
fn a_simulator_beside_a_real_gateway_is_refused_unless_that_is_written() {
    let sim = "[gateway.sim]\nkind = \"simulator\"\n";
    for no in ["", "allow_beside_real = false\n"] {
        let problems = read(&format!("{GOOD}{sim}{no}"), &[]).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("the simulator `sim` stands beside the real gateway `wa`"), "{problems:?}");
        assert!(problems[0].contains("allow_beside_real = true"), "{problems:?}");
    }
    assert_eq!(read(&format!("{GOOD}{sim}allow_beside_real = true\n"), &[]).unwrap().gateways.len(), 2);
    assert!(read(&format!("{sim}hosts = [\"coba.example.go.id\"]\n"), &[]).is_ok(), "alone it stands anywhere");
    // Only a simulator has the key.
    let problems = read(&GOOD.replace("version =", "allow_beside_real = true\nversion ="), &[]).unwrap_err();
    assert!(problems[0].contains("allow_beside_real"), "{problems:?}");
}

#[test]
fn what_clients_may_use_is_configured_and_has_the_documented_defaults() {
    assert_eq!(read("", &[]).unwrap().client_limits, ClientLimits::default());
    let text = "trusted_proxies = [\"127.0.0.1\", \"10.1.0.0/16\", \"::1\"]\nbody_memory_mib = 16\n\
                connections_max = 100\nconnections_per_client_max = 10\n";
    let limits = read(text, &[]).unwrap().client_limits;
    let shown: Vec<String> = limits.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["127.0.0.1/32", "10.1.0.0/16", "::1/128"]);
    assert_eq!((limits.body_memory_mib, limits.connections_max, limits.connections_per_client_max), (16, 100, 10));
    for (wrong, what) in [
        ("trusted_proxies = [\"caddy\"]", "no address and no network"),
        ("trusted_proxies = [\"0.0.0.0/0\"]", "believe everybody"),
        ("body_memory_mib = 1", "body_memory_mib"),
        ("connections_max = 1", "connections_max"),
        ("trusted_proxy = []", "trusted_proxies"),
    ] {
        let problems = read(wrong, &[]).unwrap_err();
        assert!(problems[0].contains(what), "{wrong}: {problems:?}");
    }
}

// Negative control: with any scheme taken, a console in the clear is configured.
#[test]
fn the_console_is_there_where_its_section_is_and_is_never_opened_in_the_clear() {
    assert_eq!(read("", &[]).unwrap().console, None);
    assert_eq!(read("[console]\n", &[]).unwrap().console.unwrap().address, None);
    for (written, address) in [
        ("https://loket.example.go.id", "https://loket.example.go.id"),
        ("https://loket.example.go.id:8443/", "https://loket.example.go.id:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ] {
        let console = read(&format!("[console]\naddress = \"{written}\"\n"), &[]).unwrap().console.unwrap();
        assert_eq!(console.address.as_deref(), Some(address));
    }
    for (wrong, what) in [
        ("address = \"http://loket.example.go.id\"", "in the clear"),
        ("address = \"ftp://loket.example.go.id\"", "in the clear"),
        ("address = \"https://loket.example.go.id/console\"", "no address of a console"),
        ("address = \"loket.example.go.id\"", "no address of a console"),
        ("adress = \"https://loket.example.go.id\"", "address"),
    ] {
        let problems = read(&format!("[console]\n{wrong}\n"), &[]).unwrap_err();
        assert!(problems[0].contains(what), "{wrong}: {problems:?}");
    }
}

// Negative control: with one secret read for a header or a keyed hash, as it was, the second is an unknown key.
#[test]
fn every_proof_may_have_two_secrets_during_a_rotation() {
    let end = "token = \"t-secret\"\n";
    let start = "[gateway.g]\nkind = \"http_json\"\npreset = \"fonnte\"\n";
    for proof in [
        "path_secret = \"aaaaaaaaaaaaaaaaaaaaaaaa\"\npath_secret_next = \"bbbbbbbbbbbbbbbbbbbbbbbb\"\n",
        "secret_header = \"x-a\"\nheader_secret = \"aaaaaaaaaaaa\"\nheader_secret_next = \"bbbbbbbbbbbb\"\n",
        "signature_header = \"x-a\"\nhmac_secret = \"aaaaaaaaaaaa\"\nhmac_secret_next = \"bbbbbbbbbbbb\"\n",
    ] {
        assert!(
            read(&format!("{start}{proof}{end}"), &[]).is_ok(),
            "{proof}: {:?}",
            read(&format!("{start}{proof}{end}"), &[])
        );
    }
    let partner = GOOD.replace(
        "version =",
        "webhook_header = \"x-a\"\nwebhook_token = \"aaaa1\"\nwebhook_token_next = \"bbbb1\"\nversion =",
    );
    assert!(read(&partner, &[]).is_ok(), "{:?}", read(&partner, &[]));
}
