//! Requests made before they are needed, so that the load costs little beside the server it is put on.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs the webhooks.
pub const SECRET: &str = "a-secret-of-this-benchmark";

/// The next citizen's number: nobody writes in two cases of one run.
static CITIZEN: AtomicU64 = AtomicU64::new(62_812_000_000_000);

/// What citizens write.
#[derive(Debug, Clone)]
pub enum Script {
    /// Each message is a new citizen's form, to the channels in turn.
    Forms(Vec<String>),
    /// These citizens send these words to these channels, once: (channel, citizen, words).
    Words(Vec<(String, String, String)>),
}

/// Signed webhook requests, taken one by one by all connections.
#[derive(Debug)]
pub struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    next: AtomicUsize,
    script: Script,
}

impl Requests {
    /// `ready` requests, prepared; forms beyond them are made when they are needed.
    pub fn new(script: Script, ready: usize) -> Self {
        let ready = match &script {
            Script::Forms(_) => ready,
            Script::Words(all) => all.len(),
        };
        let mut all = Self { bytes: Vec::new(), ends: vec![0], next: AtomicUsize::new(0), script };
        for n in 0..ready {
            let request = all.make(n).unwrap_or_default();
            all.bytes.extend_from_slice(&request);
            all.ends.push(all.bytes.len());
        }
        all
    }

    /// The next request; `None` when everybody has said what they had to say.
    pub fn take(&self) -> Option<Cow<'_, [u8]>> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        match (self.ends.get(n), self.ends.get(n + 1)) {
            (Some(&from), Some(&to)) => self.bytes.get(from..to).map(Cow::Borrowed),
            _ => self.make(n).map(Cow::Owned),
        }
    }

    fn make(&self, n: usize) -> Option<Vec<u8>> {
        match &self.script {
            Script::Forms(channels) => {
                let citizen = CITIZEN.fetch_add(1, Ordering::Relaxed).to_string();
                let channel = channels.get(n % channels.len().max(1))?;
                Some(request(channel, &citizen, "form", &format!("Warga Uji#25011987#Jl. Contoh No. {n}")))
            }
            Script::Words(all) => all.get(n).map(|(channel, citizen, words)| request(channel, citizen, "words", words)),
        }
    }
}

/// One message of one citizen to one channel, signed as WhatsApp signs.
fn request(channel: &str, citizen: &str, step: &str, words: &str) -> Vec<u8> {
    let seconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"6281299990000","phone_number_id":"{channel}"}},"contacts":[{{"profile":{{"name":"Warga Uji"}},"wa_id":"{citizen}"}}],"messages":[{{"from":"{citizen}","id":"wamid.HBgN{citizen}{step}FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==","timestamp":"{seconds}","type":"text","text":{{"body":"{words}"}}}}]}},"field":"messages"}}]}}]}}"#
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    format!(
        "POST /webhooks/wa HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
         x-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
