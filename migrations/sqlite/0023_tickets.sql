-- What citizens leave to an officer. A ticket stays when its messages go to the archive.
create table ticket (
    id integer primary key,
    office text not null,
    channel text not null,
    contact text not null,
    opened_us integer not null,
    until_us integer not null,      -- free talk is left to the officer until then
    waiting_us integer,             -- since when the citizen waits for an answer; null after one
    answered_us integer,            -- when an officer answered last
    closed_us integer,
    closed_by text check (closed_by in ('citizen', 'officer', 'joined')),
    check ((closed_us is null) = (closed_by is null))
) strict;
create index ticket_open on ticket (office, id) where closed_us is null;
create index ticket_contact on ticket (channel, contact);

-- What went between them meanwhile, by numbers: also what was served as ever, since an officer reads the whole.
create table talk (
    ticket integer not null,
    id integer not null,
    message text,                   -- inbound.message; null where an officer wrote
    reply integer,                  -- outbox.id; null where there was none
    at_us integer not null,
    primary key (ticket, id)
) strict, without rowid;

-- The ticket of a contact that is not closed, as JSON, so that no message has to look for it.
alter table conversation add column handover text;
