//! Hides values before a configuration is shown beside its mistakes: next to a mistake there may stand a secret, and a
//! secret's own key may be the mistake.

/// Keys whose values may be shown. Every other value is hidden: a misspelt key tells nothing about what it holds.
const SHOWN: [&str; 54] = [
    "listen",
    "public_address",
    "offices",
    "media",
    "media_keys",
    "log_format",
    "kind",
    "version",
    "gateway",
    "office",
    "phone_number_id",
    "key",
    "verify_token_file",
    "app_secret_file",
    "app_secret_next_file",
    "access_token_file",
    "number_in_path",
    "auth_header",
    "webhook_header",
    "webhook_token_file",
    "device",
    "password_file",
    "webhook_secret_file",
    "webhook_secret_next_file",
    "api_key_file",
    "hmac_key_file",
    "hmac_key_next_file",
    "preset",
    "secret_header",
    "signature_header",
    "signature_hash",
    "path_secret_file",
    "header_secret_file",
    "hmac_secret_file",
    "token_file",
    "secret_token_file",
    "auth_token_file",
    "encoding",
    "trusted_proxies",
    "body_memory_mib",
    "connections_max",
    "connections_per_client_max",
    "allow_beside_real",
    "hosts",
    "currency",
    "inside",
    "outside",
    "webhook_token_next_file",
    "header_secret_next_file",
    "hmac_secret_next_file",
    "photos",
    "messages",
    "bookings",
    "tickets",
];

/// The text with its hidden values as stars; every byte that is left stands where it stood.
///
/// A value is shown only if its key may be and it is plainly one quoted text, number or list on its line; whatever is
/// written in any other way (inline tables, lines without `=`, values over several lines) is hidden.
pub(super) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let is_header = line.trim_start().starts_with('[') && !line.contains(['=', '"', '\'', ':']);
        let from = match line.split_once('=') {
            _ if is_header => line.len(),
            Some((key, value)) if SHOWN.contains(&key.trim()) && is_plain(value) => line.len(),
            Some((key, _)) if is_key(key) => key.len() + 1,
            _ => 0,
        };
        let (shown, hidden) = line.split_at(from);
        masked.push_str(shown);
        masked.extend(hidden.chars().map(|c| if c.is_whitespace() { c.to_string() } else { "*".repeat(c.len_utf8()) }));
    }
    masked
}

/// A key and nothing else: `listen`, `gateway.wa.kind`.
fn is_key(key: &str) -> bool {
    key.trim().trim_start_matches('#').trim().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// One quoted text, number or list, with nothing behind it but perhaps a remark.
fn is_plain(value: &str) -> bool {
    let value = value.trim();
    !value.contains(['{', '}', '=', ':']) || {
        // Addresses hold a colon: fine inside one pair of quotes.
        let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.is_some_and(|inner| !inner.contains(['"', '{', '=']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with plain values shown whatever their key, this failed.
    #[test]
    fn only_values_that_cannot_be_secret_are_shown_and_nothing_moves() {
        let text = "listen = \"x\"\ndatabase = \"postgres://u:p@h\"\n[gateway.wa]\nversion = \"v1\"\n\
                    acces_token = \"rahasia\"\napp_secret = \"\"\"\nrahasia é\n\"\"\"\noffices = [\n  \"a\",\n]\n\
                    # verify_token = \"rahasia\"\ngateway.wa = { app_secret = \"rahasia\" }\n\
                    gateway = { wa = { app_secret = \"rahasia\", acess_token = \"rahasia\" } }\n\
                    version = \"v25.0\"\naccess_token: \"rahasia\"\naccess_token \"rahasia\"\nkey = \"a\" app_secret = \"rahasia\"\n";
        let masked = mask(text);
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("rahasia") && !masked.contains("u:p@h"), "{masked}");
        for shown in ["listen = \"x\"", "[gateway.wa]", "version = \"v1\"", "acces_token = *"] {
            assert!(
                masked.contains(shown)
                    && masked.find(shown.trim_end_matches('*')) == text.find(shown.trim_end_matches('*')),
                "{shown}"
            );
        }
    }
}
