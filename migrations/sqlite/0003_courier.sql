-- The courier: lines that can stop and rest, replies that are held or too late, statuses that come before their reply.

-- One row for each line that ever sent; all nodes share its pace and its state.
create table channel (
    channel text primary key,
    state text not null check (state in ('open', 'paused', 'broken', 'limited')),
    reason text,
    since_us integer not null,      -- since when it is in this state
    next_us integer not null,       -- pace: when the next send would be due if none had been saved up
    rest_us integer not null,       -- nothing goes before: a throttle, a row of faults, the next question whether it is mended
    faults integer not null,        -- passing faults in a row
    turn_us integer not null        -- when replies were last taken from it: lines take turns
) strict, without rowid;

-- A check cannot be changed in place: the table is built anew, with two states more.
create table outbox_next (
    id integer primary key,
    channel text not null,
    contact text not null,
    seq integer not null,           -- order within the contact
    office text not null,
    reply_to text,                  -- inbound.message that it answers
    text text not null,
    qr text,
    state text not null check (state in ('waiting', 'claimed', 'sent', 'held', 'dead', 'expired')),
    due_us integer not null,
    attempts integer not null,
    owner text,
    lease_us integer,
    provider_id text,
    delivery integer not null,      -- 0 none, 1 sent, 2 failed, 3 delivered, 4 read
    error text,
    without_picture integer not null,
    created_us integer not null,
    sent_us integer,
    quick_replies text,             -- JSON array; null without any
    faults integer not null default 0,  -- tries that failed for a passing reason
    doubts integer not null default 0,  -- tries whose answer was lost
    lapses integer not null default 0,  -- tries whose process died
    parts integer not null default 0,   -- messages of it that went out, where it is longer than one
    pace_us integer not null default 0  -- pace towards its contact, after it was last tried
) strict;
insert into outbox_next (id, channel, contact, seq, office, reply_to, text, qr, state, due_us, attempts, owner, lease_us,
    provider_id, delivery, error, without_picture, created_us, sent_us)
select id, channel, contact, seq, office, reply_to, text, qr, state, due_us, attempts, owner, lease_us,
    provider_id, delivery, error, without_picture, created_us, sent_us from outbox;
drop table outbox;
alter table outbox_next rename to outbox;
create unique index outbox_order on outbox (channel, contact, seq);
create unique index outbox_reply on outbox (channel, reply_to) where reply_to is not null;
create index outbox_due on outbox (channel, due_us) where state in ('waiting', 'claimed');
create index outbox_pending on outbox (channel, contact, seq) where state in ('waiting', 'claimed');
create index outbox_provider on outbox (channel, provider_id) where provider_id is not null;
create index outbox_open on outbox (id) where state in ('waiting', 'claimed', 'held', 'dead', 'expired');
create index outbox_held on outbox (channel, contact) where state = 'held';

-- Messages of a reply before its last one, by the provider's id.
create table outbox_part (
    channel text not null,
    provider_id text not null,
    outbox integer not null,
    primary key (channel, provider_id)
) strict, without rowid;

-- Statuses whose reply is not known yet: its sending has not been recorded.
create table orphan_status (
    channel text not null,
    provider_id text not null,
    delivery integer not null,
    error text,
    at_us integer not null,
    primary key (channel, provider_id)
) strict, without rowid;

-- How well a contact can be reached, as the provider says.
create table reach (
    channel text not null,
    contact text not null,
    delivered_us integer,           -- last reply that was delivered
    read_us integer,                -- last reply that was read
    failed_us integer,              -- last reply that could not be delivered
    failures integer not null,      -- of them in a row
    error text,
    opted_out_us integer,           -- when the provider said that they want no messages
    primary key (channel, contact)
) strict, without rowid;

alter table conversation add column muted integer not null default 0;   -- they asked us to stop
alter table conversation add column talk text;                          -- JSON of how much was answered lately
