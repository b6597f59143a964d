-- The courier: lines that can stop and rest, replies that are held or too late, statuses that come before their reply.

-- One row for each line that ever sent; all nodes share its pace and its state.
create table channel (
    channel text primary key,
    state text not null check (state in ('open', 'paused', 'broken', 'limited')),
    reason text,
    since_us bigint not null,      -- since when it is in this state
    next_us bigint not null,       -- pace: when the next send would be due if none had been saved up
    rest_us bigint not null,       -- nothing goes before: a throttle, a row of faults, the next question whether it is mended
    faults bigint not null,        -- passing faults in a row
    turn_us bigint not null        -- when replies were last taken from it: lines take turns
);

alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check
    check (state in ('waiting', 'claimed', 'sent', 'held', 'dead', 'expired'));
alter table outbox add column quick_replies text;                  -- JSON array; null without any
alter table outbox add column faults bigint not null default 0;    -- tries that failed for a passing reason
alter table outbox add column doubts bigint not null default 0;    -- tries whose answer was lost
alter table outbox add column lapses bigint not null default 0;    -- tries whose process died
alter table outbox add column parts bigint not null default 0;     -- messages of it that went out, where it is longer than one
alter table outbox add column pace_us bigint not null default 0;   -- pace towards its contact, after it was last tried
drop index outbox_due;
create index outbox_due on outbox (channel, due_us) where state in ('waiting', 'claimed');
drop index outbox_open;
create index outbox_open on outbox (id) where state in ('waiting', 'claimed', 'held', 'dead', 'expired');
create index outbox_held on outbox (channel, contact) where state = 'held';

-- Messages of a reply before its last one, by the provider's id.
create table outbox_part (
    channel text not null,
    provider_id text not null,
    outbox bigint not null,
    primary key (channel, provider_id)
);

-- Statuses whose reply is not known yet: its sending has not been recorded.
create table orphan_status (
    channel text not null,
    provider_id text not null,
    delivery bigint not null,
    error text,
    at_us bigint not null,
    primary key (channel, provider_id)
);

-- How well a contact can be reached, as the provider says.
create table reach (
    channel text not null,
    contact text not null,
    delivered_us bigint,           -- last reply that was delivered
    read_us bigint,                -- last reply that was read
    failed_us bigint,              -- last reply that could not be delivered
    failures bigint not null,      -- of them in a row
    error text,
    opted_out_us bigint,           -- when the provider said that they want no messages
    primary key (channel, contact)
);

alter table conversation add column muted bigint not null default 0;   -- they asked us to stop
alter table conversation add column talk text;                          -- JSON of how much was answered lately
