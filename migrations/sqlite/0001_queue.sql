-- The queue. Instants are microseconds since 1970 UTC (`_us`), dates are ISO text, JSON is text.
-- Every row that one intake batch writes belongs to one office, so the office is the only thing to lock.

create table office (
    id text primary key,
    version integer not null,
    file text not null,             -- the whole office file, `extend` resolved
    imported_us integer not null
) strict;

-- Database numbers are handed out in blocks, so that a batch can use a number in several rows before it writes any.
create table id_block (one integer primary key check (one = 1), next integer not null) strict;
insert into id_block (one, next) values (1, 1);

create table conversation (
    channel text not null,
    contact text not null,
    office text not null,
    lang text not null,
    photo integer,                  -- media.id of a photo that waits for its form
    photo_until_us integer,
    picture_us integer,
    question text,                  -- JSON of a numbered question
    lost_photo_of integer,          -- booking.id whose photo was asked for again
    replies integer not null,       -- replies written so far: the last outbox.seq
    heard_us integer not null,      -- sending time of the last message
    primary key (channel, contact)
) strict, without rowid;

create table inbound (
    channel text not null,
    message text not null,          -- the provider's id
    office text not null,
    contact text not null,
    sent_us integer not null,
    served_us integer not null,
    content text not null,          -- JSON
    primary key (channel, message)
) strict, without rowid;

create table booking (
    id integer primary key,
    office text not null,
    office_version integer not null,
    format text not null,
    channel text not null,
    contact text not null,
    applicant text not null,        -- JSON
    asked text,
    date text not null,
    hour integer not null,
    seats text not null,            -- JSON array; kept after release for the record
    state text not null check (state in ('held', 'booked', 'expired', 'replaced', 'cancelled', 'blocked')),
    code text not null,
    approval text,
    tries integer not null,
    awaits text,
    hold_until_us integer,
    photo integer,
    created_us integer not null,
    check (state <> 'held' or hold_until_us is not null)
) strict;
create unique index booking_code on booking (code, office);
create index booking_contact on booking (channel, contact, created_us);
create index booking_day on booking (office, date, hour);
create index booking_hold on booking (office, hold_until_us) where state = 'held';

-- One row for each seat of a live booking: two bookings can never have one seat.
create table seat (
    office text not null,
    date text not null,
    hour integer not null,
    number integer not null check (number > 0),
    booking integer not null references booking (id),
    primary key (office, date, hour, number)
) strict, without rowid;
create index seat_booking on seat (booking);

create table hour (
    office text not null,
    date text not null,
    hour integer not null,
    capacity integer not null,
    taken integer not null,
    high integer not null,          -- highest seat number ever given
    primary key (office, date, hour),
    check (taken between 0 and capacity)
) strict, without rowid;

create table day (
    office text not null,
    date text not null,
    capacity integer not null,
    taken integer not null,
    primary key (office, date),
    check (taken between 0 and capacity)
) strict, without rowid;

-- What happened to each booking; its state can be rebuilt from these.
create table event (
    id integer primary key,
    booking integer not null references booking (id),
    at_us integer not null,
    state text not null,
    detail text not null            -- JSON: date, hour, seats
) strict;
create index event_booking on event (booking, id);

create table outbox (
    id integer primary key,
    channel text not null,
    contact text not null,
    seq integer not null,           -- order within the contact
    office text not null,
    reply_to text,                  -- inbound.message that it answers
    text text not null,
    qr text,
    state text not null check (state in ('waiting', 'claimed', 'sent', 'dead')),
    due_us integer not null,
    attempts integer not null,
    owner text,
    lease_us integer,
    provider_id text,
    delivery integer not null,      -- 0 none, 1 sent, 2 failed, 3 delivered, 4 read
    error text,
    without_picture integer not null,
    created_us integer not null,
    sent_us integer
) strict;
create unique index outbox_order on outbox (channel, contact, seq);
create unique index outbox_reply on outbox (channel, reply_to) where reply_to is not null;
create index outbox_due on outbox (due_us) where state in ('waiting', 'claimed');
create index outbox_pending on outbox (channel, contact, seq) where state in ('waiting', 'claimed');
create index outbox_provider on outbox (channel, provider_id) where provider_id is not null;
create index outbox_open on outbox (id) where state in ('waiting', 'claimed', 'dead');

create table media (
    id integer primary key,
    office text not null,
    channel text not null,
    contact text not null,
    attachment text not null,       -- JSON
    state text not null check (state in ('wanted', 'fetched', 'failed')),
    attempts integer not null,
    due_us integer not null,
    file text,                      -- name in the media folder
    created_us integer not null
) strict;
create index media_due on media (due_us) where state = 'wanted';

-- Messages that could not be served: data that the database refused, or a line that no office owns.
create table set_aside (
    id integer primary key,
    channel text not null,
    message text not null,
    office text,
    item text not null,             -- JSON of the inbound
    reason text not null,
    at_us integer not null,
    state text not null check (state in ('kept', 'retried'))
) strict;
create unique index set_aside_once on set_aside (channel, message);
