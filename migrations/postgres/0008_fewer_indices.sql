-- PostgreSQL twin of the SQLite file of the same name.
-- What each message writes is what the queue costs: nineteen index entries a booking become eleven. An index that one
-- rare job needs is not worth an entry in every message where the job can go another way.

-- An answered message goes to the archive with its reply; only the others need an order of their own.
alter table inbound add column answered bigint not null default 1;
update inbound set answered = 0
    where not exists (select 1 from outbox o where o.channel = inbound.channel and o.reply_to = inbound.message);
drop index inbound_served;
create index inbound_unanswered on inbound (served_us) where answered = 0;

-- The record is read by booking, and leaves by booking.
alter table event drop constraint event_pkey;
drop index event_booking;
drop index event_at;
alter table event add primary key (booking, id);
alter table event_archive drop constraint event_archive_pkey;
drop index event_archive_booking;
alter table event_archive add primary key (booking, id);

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
