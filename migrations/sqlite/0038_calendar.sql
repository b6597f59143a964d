-- Exceptions to an office's calendar: what was decided about single dates after its file was written. They outrank the file.
alter table office add column calendar integer not null default 0;  -- grows with each change of the exceptions
create table calendar_day (
    office text not null,
    date text not null,
    hours text not null,            -- JSON: hours and their own seats; without any the day is closed
    reason text not null,
    primary key (office, date)
) strict, without rowid;

-- Every change of them: who, when and why. It waits for a minute in which all of it can be taken back; then people are moved and told.
create table calendar_change (
    id integer primary key,
    office text not null,
    at_us integer not null,
    actor text not null,
    what text not null,             -- JSON: what was asked for
    days text not null,             -- JSON: each date before and after
    reason text not null,
    nonce text,                     -- of the press of a button, whose repeats change nothing
    corrects integer,                   -- the change that this one takes back after people were told
    settle_us integer not null,         -- until then it can be undone
    state text not null check (state in ('waiting', 'settling', 'done', 'undone', 'corrected')),
    ended_us integer,
    ended_by text
) strict;
create index calendar_change_office on calendar_change (office, id);
create unique index calendar_change_nonce on calendar_change (office, nonce) where nonce is not null;
create index calendar_change_open on calendar_change (settle_us) where state in ('waiting', 'settling');

-- Whom a change concerns, and what was chosen for them.
create table calendar_change_person (
    change integer not null,
    booking integer not null,
    choice text not null check (choice in ('tell', 'move', 'cancel', 'keep', 'reopened', 'cleared')),
    before text,                    -- booking.displaced as it was
    after text,                     -- booking.displaced as the change left it
    notice integer,                     -- notice.id of a correction
    primary key (change, booking)
) strict, without rowid;
create index calendar_change_person_booking on calendar_change_person (booking);

-- How many came on a day is counted long after it.
create index visit_archive_day on visit_archive (office, date);
