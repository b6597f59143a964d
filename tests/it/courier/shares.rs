//! How replies and notices share what a channel may send.

use antrean::clock::Clock;
use antrean::courier::ChannelSettings;
use antrean::domain::rate::Rate;
use antrean::gateway::Capabilities;
use chrono::TimeDelta;

use super::rules::Post;
use crate::support::engine::{Engine, on_both_engines};

/// The channel of these tests sends one message in so many milliseconds.
const PACE_MS: i64 = 100;
/// Replies that wait from the beginning, and as many all the time: one comes whenever one goes.
const WAITING: usize = 40;

on_both_engines!(
    while_replies_wait_all_the_time_one_send_in_ten_is_a_notice,
    while_replies_wait_now_and_then_they_go_before_notices,
);

async fn post(engine: Engine) -> Post {
    let channel_rate = Rate { every: TimeDelta::milliseconds(PACE_MS), burst: 1 };
    let capabilities = Capabilities { channel_rate, ..Capabilities::unlimited() };
    Post::new(engine, capabilities, ChannelSettings::default()).await
}

impl Post {
    /// A notice, written now, that nothing makes outdated.
    async fn notice(&mut self, n: usize) {
        let contact = format!("told{n}");
        self.reply_to(&contact, &format!("notice {n}")).await;
        let until = (self.clock.now() + TimeDelta::days(1)).timestamp_micros();
        self.tables
            .run(&format!(
                "insert into notice (id, office, kind, channel, contact, subject, occasion, due_us, drop_us, state, created_us) \
                 values ({n}, 'bogor', 'message', 'tape/bogor', '{contact}', '{contact}', '', 0, {until}, 'queued', 0)"
            ))
            .await;
        let own = format!("update outbox set notice = {n}, reply_to = null where contact = '{contact}'");
        self.tables.run(&own).await;
    }

    /// The next message that goes out.
    async fn next(&self) -> String {
        self.wait(TimeDelta::milliseconds(PACE_MS));
        assert_eq!(self.courier.step().await.expect("a step").sent, 1);
        let [taken] = self.tape.drain().try_into().expect("one message");
        taken.parcel.text
    }
}

// Negative controls, each run once: with a million for `NOTICE_EVERY`, replies always go first, and no notice goes; with 1, all
// three go before the first reply.
async fn while_replies_wait_all_the_time_one_send_in_ten_is_a_notice(engine: Engine) {
    let mut post = post(engine).await;
    for n in 0..WAITING {
        post.reply_to(&format!("c{n}"), &format!("reply {n}")).await;
    }
    for n in 1..=3 {
        post.notice(n).await;
    }
    let mut sent = Vec::new();
    for n in WAITING..WAITING + 40 {
        post.reply_to(&format!("c{n}"), &format!("reply {n}")).await;
        sent.push(post.next().await);
    }
    let place = |text: &str| sent.iter().position(|sent| sent == text);
    let notices = ["notice 1", "notice 2", "notice 3"].map(place);
    assert_eq!(notices, [Some(9), Some(19), Some(29)], "{sent:?}");
    // The replies keep their order, and nothing is left free for notices that do not wait.
    let replies: Vec<String> = sent.into_iter().filter(|sent| sent.starts_with("reply")).collect();
    assert_eq!(replies, (0..37).map(|n| format!("reply {n}")).collect::<Vec<_>>());
}

// Negative control, run once: with 1 for `NOTICE_EVERY`, the third notice goes before the reply.
async fn while_replies_wait_now_and_then_they_go_before_notices(engine: Engine) {
    let mut post = post(engine).await;
    for n in 1..=4 {
        post.notice(n).await;
    }
    assert_eq!(post.next().await, "notice 1");
    assert_eq!(post.next().await, "notice 2");
    post.reply_to("budi", "reply").await;
    assert_eq!(post.next().await, "reply");
    assert_eq!(post.next().await, "notice 3");
    assert_eq!(post.next().await, "notice 4");
}
