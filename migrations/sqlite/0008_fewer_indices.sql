-- What each message writes is what the queue costs: nineteen index entries a booking become eleven. An index that one
-- rare job needs is not worth an entry in every message where the job can go another way.

-- An answered message goes to the archive with its reply; only the others need an order of their own.
alter table inbound add column answered integer not null default 1;
update inbound set answered = 0
    where not exists (select 1 from outbox o where o.channel = inbound.channel and o.reply_to = inbound.message);
drop index inbound_served;
create index inbound_unanswered on inbound (served_us) where answered = 0;

-- The record is read by booking, and leaves by booking.
create table event_next (
    id integer not null,
    booking integer not null references booking (id),
    at_us integer not null,
    state text not null,
    detail text not null,           -- JSON: date, hour, seats
    primary key (booking, id)
) strict, without rowid;
insert into event_next (id, booking, at_us, state, detail) select id, booking, at_us, state, detail from event;
drop table event;
alter table event_next rename to event;
create table event_archive_next (
    id integer not null,
    booking integer not null,
    at_us integer not null,
    state text not null,
    detail text not null,
    primary key (booking, id)
) strict, without rowid;
insert into event_archive_next (id, booking, at_us, state, detail)
    select id, booking, at_us, state, detail from event_archive;
drop table event_archive;
alter table event_archive_next rename to event_archive;

-- A booking says which seats it has, and a seat whose booking it is.
drop index seat_booking;
drop index booking_day;

-- The primary key of inbound and the commit that they share hold one reply a message; an audit looks.
drop index outbox_reply;
-- Written when a reply is over, not when it is queued.
drop index outbox_created;
create index outbox_over on outbox (created_us) where state in ('sent', 'dead', 'expired');
-- What waits is in outbox_due and outbox_pending.
drop index outbox_open;
create index outbox_stuck on outbox (id) where state in ('held', 'dead', 'expired');
