-- The queue, PostgreSQL twin of the SQLite file of the same name.
-- Instants are microseconds since 1970 UTC (`_us`), JSON is text.
-- Every row that one intake batch writes belongs to one office, so the office is the only thing to lock.

create table office (
    id text primary key,
    version bigint not null,
    file text not null,             -- the whole office file, `extend` resolved
    imported_us bigint not null
);

-- Database numbers are handed out in blocks, so that a batch can use a number in several rows before it writes any.
create table id_block (one bigint primary key check (one = 1), next bigint not null);
insert into id_block (one, next) values (1, 1);

create table conversation (
    channel text not null,
    contact text not null,
    office text not null,
    lang text not null,
    photo bigint,                  -- media.id of a photo that waits for its form
    photo_until_us bigint,
    picture_us bigint,
    question text,                  -- JSON of a numbered question
    lost_photo_of bigint,          -- booking.id whose photo was asked for again
    replies bigint not null,       -- replies written so far: the last outbox.seq
    heard_us bigint not null,      -- sending time of the last message
    primary key (channel, contact)
);

create table inbound (
    channel text not null,
    message text not null,          -- the provider's id
    office text not null,
    contact text not null,
    sent_us bigint not null,
    served_us bigint not null,
    content text not null,          -- JSON
    primary key (channel, message)
);

create table booking (
    id bigint primary key,
    office text not null,
    office_version bigint not null,
    format text not null,
    channel text not null,
    contact text not null,
    applicant text not null,        -- JSON
    asked date,
    date date not null,
    hour bigint not null,
    seats text not null,            -- JSON array; kept after release for the record
    state text not null check (state in ('held', 'booked', 'expired', 'replaced', 'cancelled', 'blocked')),
    code text not null,
    approval text,
    tries bigint not null,
    awaits text,
    hold_until_us bigint,
    photo bigint,
    created_us bigint not null,
    check (state <> 'held' or hold_until_us is not null)
);
create unique index booking_code on booking (code, office);
create index booking_contact on booking (channel, contact, created_us);
create index booking_day on booking (office, date, hour);
create index booking_hold on booking (office, hold_until_us) where state = 'held';

-- One row for each seat of a live booking: two bookings can never have one seat.
create table seat (
    office text not null,
    date date not null,
    hour bigint not null,
    number bigint not null check (number > 0),
    booking bigint not null references booking (id),
    primary key (office, date, hour, number)
);
create index seat_booking on seat (booking);

create table hour (
    office text not null,
    date date not null,
    hour bigint not null,
    capacity bigint not null,
    taken bigint not null,
    high bigint not null,          -- highest seat number ever given
    primary key (office, date, hour),
    check (taken between 0 and capacity)
);

create table day (
    office text not null,
    date date not null,
    capacity bigint not null,
    taken bigint not null,
    primary key (office, date),
    check (taken between 0 and capacity)
);

-- What happened to each booking; its state can be rebuilt from these.
create table event (
    id bigint primary key,
    booking bigint not null references booking (id),
    at_us bigint not null,
    state text not null,
    detail text not null            -- JSON: date, hour, seats
);
create index event_booking on event (booking, id);

create table outbox (
    id bigint primary key,
    channel text not null,
    contact text not null,
    seq bigint not null,           -- order within the contact
    office text not null,
    reply_to text,                  -- inbound.message that it answers
    text text not null,
    qr text,
    state text not null check (state in ('waiting', 'claimed', 'sent', 'dead')),
    due_us bigint not null,
    attempts bigint not null,
    owner text,
    lease_us bigint,
    provider_id text,
    delivery bigint not null,      -- 0 none, 1 sent, 2 failed, 3 delivered, 4 read
    error text,
    without_picture bigint not null,
    created_us bigint not null,
    sent_us bigint
);
create unique index outbox_order on outbox (channel, contact, seq);
create unique index outbox_reply on outbox (channel, reply_to) where reply_to is not null;
create index outbox_due on outbox (due_us) where state in ('waiting', 'claimed');
create index outbox_pending on outbox (channel, contact, seq) where state in ('waiting', 'claimed');
create index outbox_provider on outbox (channel, provider_id) where provider_id is not null;
create index outbox_open on outbox (id) where state in ('waiting', 'claimed', 'dead');

create table media (
    id bigint primary key,
    office text not null,
    channel text not null,
    contact text not null,
    attachment text not null,       -- JSON
    state text not null check (state in ('wanted', 'fetched', 'failed')),
    attempts bigint not null,
    due_us bigint not null,
    file text,                      -- name in the media folder
    created_us bigint not null
);
create index media_due on media (due_us) where state = 'wanted';

-- Messages that could not be served: data that the database refused, or a line that no office owns.
create table set_aside (
    id bigint primary key,
    channel text not null,
    message text not null,
    office text,
    item text not null,             -- JSON of the inbound
    reason text not null,
    at_us bigint not null,
    state text not null check (state in ('kept', 'retried'))
);
create unique index set_aside_once on set_aside (channel, message);
