-- PostgreSQL twin of the SQLite file of the same name.
-- Waiting lists: citizens who wait for a seat, in the order of their numbers. What they joined with is forgotten when the wait ends.
create table waiting (
    id bigint primary key,
    office text not null,
    channel text not null,
    contact text not null,
    date date,                      -- null: as soon as possible
    party bigint not null,
    session text,
    booking bigint,                -- to be replaced by an earlier one
    booking_date date,
    form text,                      -- JSON; null where a booking is to be replaced, and when the wait is over
    offer bigint,                  -- the hold that is offered now
    offers bigint not null,
    declines bigint not null,
    declined_date date,
    declined_us bigint,
    state text not null check (state in ('waiting', 'seated', 'over')),
    joined_us bigint not null,
    ended_us bigint
);
create index waiting_open on waiting (office, id) where state = 'waiting';
create index waiting_joined on waiting (office, joined_us);
create index waiting_contact on waiting (channel, contact) where state = 'waiting';

-- Seats that came back while nobody waited for them: nobody gets them for some minutes.
create table returning_seat (
    id bigint primary key,
    office text not null,
    date date not null,
    seats bigint not null,
    until_us bigint not null
);
create index returning_seat_office on returning_seat (office, until_us);

-- When an office's list is to be looked at next: something came back, or may have.
create table waiting_turn (
    office text primary key,
    due_us bigint not null
);
