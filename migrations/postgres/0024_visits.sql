-- PostgreSQL twin of the SQLite file of the same name.
-- The day at the counter: who came, in which order they are called, and who was served. A booking keeps its own states; whoever
-- comes without one has a visit all the same.
create table visit (
    id bigint primary key,
    office text not null,
    date date not null,
    booking bigint,                -- booking.id; null where somebody came without one
    person bigint not null,        -- place in the party, counted from 0
    name text,                      -- of somebody without a booking, where it was told
    number text not null,           -- 09-017, P-03, W-012
    lane text not null check (lane in ('booked', 'priority', 'walk_in', 'late')),
    reason text,                    -- of a priority
    hour bigint,                   -- the booked hour
    place bigint not null,         -- order within the lane
    state text not null check (state in ('arrived', 'called', 'serving', 'parked', 'missed', 'done', 'no_show', 'unserved', 'withdrawn')),
    version bigint not null,       -- steps so far
    counter bigint,                -- the last counter that called
    target bigint,                 -- the only counter that may call
    calls bigint not null,         -- rings of the present call
    missed bigint not null,        -- how often nobody came to the counter
    arrived_us bigint,
    called_us bigint,
    served_us bigint,
    ended_us bigint,
    check (state not in ('called', 'serving') or counter is not null)
);
create unique index visit_number on visit (office, date, number);
create unique index visit_person on visit (booking, date, person) where booking is not null;
create unique index visit_counter on visit (office, counter) where state in ('called', 'serving');
create index visit_waiting on visit (office, date, lane, place) where state = 'arrived';
create index visit_open on visit (office, date) where state in ('arrived', 'called', 'serving', 'parked');
create index visit_date on visit (date);

-- Every step of a visit; rows are never changed. A nonce marks one press of a button, whose repeats change nothing.
create table visit_event (
    id bigint primary key,
    visit bigint not null,
    at_us bigint not null,
    action text not null,
    state text not null,            -- after the step
    version bigint not null,       -- after the step
    counter bigint,
    actor text not null,
    nonce text,
    part bigint not null,          -- of a party that one press checks in, counted from 0
    before text                     -- JSON of what an undo brings back; null for a first step
);
create unique index visit_event_step on visit_event (visit, version);
create unique index visit_event_nonce on visit_event (nonce, part) where nonce is not null;

-- Who works at a counter, from opening to closing.
create table shift (
    id bigint primary key,
    office text not null,
    counter bigint not null,
    actor text not null,
    opened_us bigint not null,
    closed_us bigint,
    closed_by text
);
create unique index shift_open on shift (office, counter) where closed_us is null;

-- What a hall display shows and rings, in its order.
create table board_call (
    office text not null,
    date date not null,
    seq bigint not null,           -- from 1, each day
    visit bigint not null,
    number text not null,
    counter bigint not null,
    lane text not null,
    kind text not null check (kind in ('call', 'recall', 'withdrawn')),
    at_us bigint not null,
    primary key (office, date, seq)
);
create index board_call_date on board_call (date);

-- Counts the changes of what screens show, so that they need not read it to know that it is the same.
create table live (
    office text not null,
    topic text not null,
    version bigint not null,
    primary key (office, topic)
);

create table visit_archive (
    id bigint primary key,
    office text not null,
    date date not null,
    booking bigint,
    person bigint not null,
    name text,
    number text not null,
    lane text not null,
    reason text,
    hour bigint,
    place bigint not null,
    state text not null,
    version bigint not null,
    counter bigint,
    target bigint,
    calls bigint not null,
    missed bigint not null,
    arrived_us bigint,
    called_us bigint,
    served_us bigint,
    ended_us bigint
);
create table visit_event_archive (
    id bigint primary key,
    visit bigint not null,
    at_us bigint not null,
    action text not null,
    state text not null,
    version bigint not null,
    counter bigint,
    actor text not null,
    nonce text,
    part bigint not null,
    before text
);
create index visit_event_archive_visit on visit_event_archive (visit);

insert into job (name, due_us) values ('visits', 0);
