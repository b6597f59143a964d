-- PostgreSQL twin of the SQLite file of the same name.
-- What an office decided about a place that it cannot keep, because its day was closed or made smaller: `closed-move` while it is still to be
-- done, `closed-moved` when it was. Null where the place was never in question.
alter table booking add column displaced text;
-- What is still to be done, by office: empty but for the minutes after an import.
create index booking_displaced on booking (office)
    where displaced in ('closed-tell', 'closed-move', 'closed-cancel', 'shrunk-tell', 'shrunk-move', 'shrunk-cancel')
    and state in ('held', 'booked');
