-- What an office says unasked. A notice is planned once, is due at an instant, and then becomes a message of the outbox, or is
-- dropped; it is never said twice: kind, subject and occasion are unique.
create table notice (
    id integer primary key,
    office text not null,
    kind text not null,
    channel text not null,
    contact text not null,
    booking integer,                -- booking.id that it is about, if it is about one
    subject text not null,          -- the number of the booking, or the contact, whom it is said to once an occasion
    occasion text not null,         -- the day of a reminder, the number of a closing: what makes it another notice
    detail text,                    -- JSON of what it says besides the booking
    due_us integer not null,        -- not before
    drop_us integer not null,       -- not after: late news is no news
    state text not null check (state in ('planned', 'queued', 'dropped')),
    reason text,                    -- why it was dropped
    outbox integer,                 -- outbox.id of its message
    created_us integer not null
) strict;
create unique index notice_once on notice (kind, subject, occasion);
create index notice_due on notice (channel, due_us, id) where state = 'planned';
create index notice_over on notice (drop_us);

alter table outbox add column notice integer;   -- notice.id; null for the reply to a message
-- A few notices at a time stand in the queue of a line: how many there are.
create index outbox_notice on outbox (channel) where notice is not null and state in ('waiting', 'claimed');

insert into job (name, due_us) values ('notices', 0);
