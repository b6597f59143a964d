-- PostgreSQL twin of the SQLite file of the same name.
-- A seat and a step were checked against their booking one by one, although the same commit writes all three: on a
-- server that was a tenth of what a message costs it. The audit (`antrean db verify`) looks for what the checks held.
alter table seat drop constraint seat_booking_fkey;
alter table event drop constraint event_booking_fkey;

-- Whether an earlier reply of a contact still waits is in outbox_order: a contact has few.
drop index outbox_pending;

-- Codes are drawn at random, so an index that begins with them writes a page of its own for every booking. Behind office
-- and day they stand together with the others of that day; a code is looked up day by day.
drop index booking_code;
create unique index booking_code on booking (office, date, code);

-- In the order in which replies are taken: a long queue need not be sorted for its first few.
drop index outbox_due;
create index outbox_due on outbox (channel, due_us, id) where state in ('waiting', 'claimed');
