-- Waiting lists: citizens who wait for a seat, in the order of their numbers. What they joined with is forgotten when the wait ends.
create table waiting (
    id integer primary key,
    office text not null,
    channel text not null,
    contact text not null,
    date text,                      -- null: as soon as possible
    party integer not null,
    session text,
    booking integer,                -- to be replaced by an earlier one
    booking_date text,
    form text,                      -- JSON; null where a booking is to be replaced, and when the wait is over
    offer integer,                  -- the hold that is offered now
    offers integer not null,
    declines integer not null,
    declined_date text,
    declined_us integer,
    state text not null check (state in ('waiting', 'seated', 'over')),
    joined_us integer not null,
    ended_us integer
) strict;
create index waiting_open on waiting (office, id) where state = 'waiting';
create index waiting_joined on waiting (office, joined_us);
create index waiting_contact on waiting (channel, contact) where state = 'waiting';

-- Seats that came back while nobody waited for them: nobody gets them for some minutes.
create table returning_seat (
    id integer primary key,
    office text not null,
    date text not null,
    seats integer not null,
    until_us integer not null
) strict;
create index returning_seat_office on returning_seat (office, until_us);

-- When an office's list is to be looked at next: something came back, or may have.
create table waiting_turn (
    office text primary key,
    due_us integer not null
) strict, without rowid;
