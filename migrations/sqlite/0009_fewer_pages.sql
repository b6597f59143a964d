-- A seat and a step were checked against their booking one by one, although the same commit writes all three: on a
-- server that was a tenth of what a message costs it. The audit (`antrean db verify`) looks for what the checks held.
create table seat_next (
    office text not null,
    date text not null,
    hour integer not null,
    number integer not null check (number > 0),
    booking integer not null,
    primary key (office, date, hour, number)
) strict, without rowid;
insert into seat_next (office, date, hour, number, booking) select office, date, hour, number, booking from seat;
drop table seat;
alter table seat_next rename to seat;
create table event_next (
    id integer not null,
    booking integer not null,
    at_us integer not null,
    state text not null,
    detail text not null,           -- JSON: date, hour, seats
    primary key (booking, id)
) strict, without rowid;
insert into event_next (id, booking, at_us, state, detail) select id, booking, at_us, state, detail from event;
drop table event;
alter table event_next rename to event;

-- Whether an earlier reply of a contact still waits is in outbox_order: a contact has few.
drop index outbox_pending;

-- Codes are drawn at random, so an index that begins with them writes a page of its own for every booking. Behind office
-- and day they stand together with the others of that day; a code is looked up day by day.
drop index booking_code;
create unique index booking_code on booking (office, date, code);

-- In the order in which replies are taken: a long queue need not be sorted for its first few.
drop index outbox_due;
create index outbox_due on outbox (channel, due_us, id) where state in ('waiting', 'claimed');
