-- The day at the counter: who came, in which order they are called, and who was served. A booking keeps its own states; whoever
-- comes without one has a visit all the same.
create table visit (
    id integer primary key,
    office text not null,
    date text not null,
    booking integer,                -- booking.id; null where somebody came without one
    person integer not null,        -- place in the party, counted from 0
    name text,                      -- of somebody without a booking, where it was told
    number text not null,           -- 09-017, P-03, W-012
    lane text not null check (lane in ('booked', 'priority', 'walk_in', 'late')),
    reason text,                    -- of a priority
    hour integer,                   -- the booked hour
    place integer not null,         -- order within the lane
    state text not null check (state in ('arrived', 'called', 'serving', 'parked', 'missed', 'done', 'no_show', 'unserved', 'withdrawn')),
    version integer not null,       -- steps so far
    counter integer,                -- the last counter that called
    target integer,                 -- the only counter that may call
    calls integer not null,         -- rings of the present call
    missed integer not null,        -- how often nobody came to the counter
    arrived_us integer,
    called_us integer,
    served_us integer,
    ended_us integer,
    check (state not in ('called', 'serving') or counter is not null)
) strict;
create unique index visit_number on visit (office, date, number);
create unique index visit_person on visit (booking, date, person) where booking is not null;
create unique index visit_counter on visit (office, counter) where state in ('called', 'serving');
create index visit_waiting on visit (office, date, lane, place) where state = 'arrived';
create index visit_open on visit (office, date) where state in ('arrived', 'called', 'serving', 'parked');
create index visit_date on visit (date);

-- Every step of a visit; rows are never changed. A nonce marks one press of a button, whose repeats change nothing.
create table visit_event (
    id integer primary key,
    visit integer not null,
    at_us integer not null,
    action text not null,
    state text not null,            -- after the step
    version integer not null,       -- after the step
    counter integer,
    actor text not null,
    nonce text,
    part integer not null,          -- of a party that one press checks in, counted from 0
    before text                     -- JSON of what an undo brings back; null for a first step
) strict;
create unique index visit_event_step on visit_event (visit, version);
create unique index visit_event_nonce on visit_event (nonce, part) where nonce is not null;

-- Who works at a counter, from opening to closing.
create table shift (
    id integer primary key,
    office text not null,
    counter integer not null,
    actor text not null,
    opened_us integer not null,
    closed_us integer,
    closed_by text
) strict;
create unique index shift_open on shift (office, counter) where closed_us is null;

-- What a hall display shows and rings, in its order.
create table board_call (
    office text not null,
    date text not null,
    seq integer not null,           -- from 1, each day
    visit integer not null,
    number text not null,
    counter integer not null,
    lane text not null,
    kind text not null check (kind in ('call', 'recall', 'withdrawn')),
    at_us integer not null,
    primary key (office, date, seq)
) strict, without rowid;
create index board_call_date on board_call (date);

-- Counts the changes of what screens show, so that they need not read it to know that it is the same.
create table live (
    office text not null,
    topic text not null,
    version integer not null,
    primary key (office, topic)
) strict, without rowid;

create table visit_archive (
    id integer primary key,
    office text not null,
    date text not null,
    booking integer,
    person integer not null,
    name text,
    number text not null,
    lane text not null,
    reason text,
    hour integer,
    place integer not null,
    state text not null,
    version integer not null,
    counter integer,
    target integer,
    calls integer not null,
    missed integer not null,
    arrived_us integer,
    called_us integer,
    served_us integer,
    ended_us integer
) strict;
create table visit_event_archive (
    id integer primary key,
    visit integer not null,
    at_us integer not null,
    action text not null,
    state text not null,
    version integer not null,
    counter integer,
    actor text not null,
    nonce text,
    part integer not null,
    before text
) strict;
create index visit_event_archive_visit on visit_event_archive (visit);

insert into job (name, due_us) values ('visits', 0);
