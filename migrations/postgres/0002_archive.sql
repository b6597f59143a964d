-- PostgreSQL twin of the SQLite file of the same name.
-- What is over leaves the tables that every message reads. Rows move here in small commits, oldest first, by the time
-- that the indices below order them by; the archives have no other index than what an audit needs.
create index inbound_served on inbound (served_us);
create index event_at on event (at_us);
create index outbox_created on outbox (created_us);

create table inbound_archive (
    channel text not null,
    message text not null,
    office text not null,
    contact text not null,
    sent_us bigint not null,
    served_us bigint not null,
    content text not null,
    primary key (channel, message)
);

create table event_archive (
    id bigint primary key,
    booking bigint not null,
    at_us bigint not null,
    state text not null,
    detail text not null
);
create index event_archive_booking on event_archive (booking, id);

create table outbox_archive (
    id bigint primary key,
    channel text not null,
    contact text not null,
    seq bigint not null,
    office text not null,
    reply_to text,
    text text not null,
    qr text,
    state text not null check (state in ('sent', 'dead')),
    attempts bigint not null,
    provider_id text,
    delivery bigint not null,
    error text,
    created_us bigint not null,
    sent_us bigint
);

-- What one node does for all of them, and when it is due next.
create table job (name text primary key, due_us bigint not null);
insert into job (name, due_us) values ('archive', 0);

-- How far `antrean db move` into this database has come; empty when none is under way.
create table moving (
    name text primary key,          -- the table
    source text not null,           -- where from, without credentials
    last text,                      -- JSON of the key of the last row copied
    finished bigint not null
);
