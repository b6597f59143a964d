-- PostgreSQL twin of the SQLite file of the same name.
-- Of a day's places, those that unconfirmed holds keep: counted, so that no message has to look at all of them.
alter table day add column held bigint not null default 0;
update day set held = (select coalesce(sum(jsonb_array_length(b.seats::jsonb)), 0) from booking b
    where b.office = day.office and b.date = day.date and b.state = 'held');

-- Who has a live place, by a number for name and birth date, at offices that refuse a form of whoever has too many. Other
-- offices write nothing here.
create table booking_person (
    office text not null,
    person bigint not null,
    booking bigint not null,
    date date not null,
    primary key (office, person, booking)
);
create index booking_person_date on booking_person (date);

-- Holds that ended without a booking. An entry is written when a hold ends, never for a booking that is confirmed.
create index booking_over on booking (hold_until_us)
    where hold_until_us is not null and state in ('expired', 'replaced', 'cancelled', 'blocked');
insert into job (name, due_us) values ('holds', 0);
