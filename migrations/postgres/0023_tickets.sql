-- PostgreSQL twin of the SQLite file of the same name.
-- What citizens leave to an officer. A ticket stays when its messages go to the archive.
create table ticket (
    id bigint primary key,
    office text not null,
    channel text not null,
    contact text not null,
    opened_us bigint not null,
    until_us bigint not null,      -- free talk is left to the officer until then
    waiting_us bigint,              -- since when the citizen waits for an answer; null after one
    answered_us bigint,             -- when an officer answered last
    closed_us bigint,
    closed_by text check (closed_by in ('citizen', 'officer', 'joined')),
    check ((closed_us is null) = (closed_by is null))
);
create index ticket_open on ticket (office, id) where closed_us is null;
create index ticket_contact on ticket (channel, contact);

-- What went between them meanwhile, by numbers: also what was served as ever, since an officer reads the whole.
create table talk (
    ticket bigint not null,
    id bigint not null,
    message text,                   -- inbound.message; null where an officer wrote
    reply bigint,                   -- outbox.id; null where there was none
    at_us bigint not null,
    primary key (ticket, id)
);

-- The ticket of a contact that is not closed, as JSON, so that no message has to look for it.
alter table conversation add column handover text;
