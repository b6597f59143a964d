-- Whether the citizen of a booking has to say that they come: `announced` with the booking, `asked` by the reminder, `confirmed` by their
-- answer. Null where nobody asks. A place whose reminder was not answered until then is given back.
alter table booking add column attendance text;
alter table booking add column answer_until_us integer;   -- of one that is asked
-- Whose answer is awaited: hardly any.
create index booking_unanswered on booking (answer_until_us) where attendance = 'asked' and state = 'booked';
-- Earlier visits of a booking's people.
create index visit_archive_booking on visit_archive (booking, date) where booking is not null;
