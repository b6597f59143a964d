-- PostgreSQL twin of the SQLite file of the same name.
-- Files that somebody asked for: each is made once, is there for a day, and is removed. What is in it is in no table.
create table export (
    id bigint primary key,
    office text not null,
    what text not null check (what in ('bookings', 'visits', 'messages')),
    format text not null check (format in ('csv', 'xlsx')),
    first date not null,            -- days at the office
    last date not null,
    with_people bigint not null,   -- whether names and numbers are in it
    login text not null,            -- who asked
    state text not null check (state in ('running', 'done', 'failed', 'removed')),
    written bigint not null,       -- rows so far
    token text not null,            -- of the file's name, so that no name can be guessed
    asked_us bigint not null,      -- by wall time, as all times here
    seen_us bigint not null,       -- when it last went on
    until_us bigint not null       -- when it is removed
);
create index export_office on export (office, id);
create index export_until on export (until_us) where state <> 'removed';
-- A file may be of days whose visits are in the archive.
