-- What reports count: numbers by office, day and hour, which name nobody and stay when messages, bookings and visits are erased.
-- They are counted from the rows themselves, some minutes later, and counted anew until those can change no more.
alter table outbox add column outcome text;     -- what the reply was, in the words of the log; of a refusal, its reason

create table tally (
    office text not null,
    date text not null,             -- at the office
    kind text not null,             -- message, outcome, reply, booking, visit, wait
    hour integer not null,          -- at the office; of a booking and a visit without arrival, the booked hour
    name text not null,             -- of what kind: an outcome, a state, the longest of a class of times
    count integer not null check (count > 0),
    primary key (office, date, kind, hour, name)
) strict, without rowid;

-- What was counted, and when last: an hour of messages of all offices, or a day of one office.
create table tally_done (
    office text not null,           -- empty for an hour of all offices
    part text not null,             -- 2026-08-04T07, in Greenwich, or 2026-08-04, at the office
    counted_us integer not null,
    primary key (office, part)
) strict, without rowid;

insert into job (name, due_us) values ('tally', 0);
