-- Personal data is kept for a time and given back: what is erased when, and what stays of it.

-- When everything about people left a booking: what stays is that there was one, on which day and hour, and what became of it.
alter table booking add column erased_us integer;
-- The visit that a photo belongs to says how long the photo is kept.
create index booking_photo on booking (photo) where photo is not null;

-- The oldest of what the archives, and the small tables, hold.
create index inbound_archive_served on inbound_archive (served_us);
create index outbox_archive_created on outbox_archive (created_us);
create index set_aside_at on set_aside (at_us);
create index visit_named on visit (date) where name is not null;
create index visit_archive_named on visit_archive (date) where name is not null;
create index ticket_kept on ticket (closed_us) where contact <> '';
create index waiting_kept on waiting (joined_us) where contact <> '';

-- Messages that were erased, by a keyed hash of channel and id: one of them that is delivered again is still a repeat.
create table erased_message (
    hash text primary key,
    until_us integer not null
) strict, without rowid;
create index erased_message_until on erased_message (until_us);

-- Files of photos whose row is gone; the row here goes when the file is.
create table erased_file (name text primary key) strict, without rowid;

-- Citizens who asked that everything about them be erased: when it is looked at next whether that is possible.
create table erasure (
    channel text not null,
    contact text not null,
    office text not null,
    asked_us integer not null,
    due_us integer not null,
    primary key (channel, contact)
) strict, without rowid;
create index erasure_due on erasure (due_us);

-- How far the search for what is old has come: bookings by office (the day, counted from 1 January of the year 1), photos by number.
create table retention (
    part text not null,
    office text not null,
    done integer not null,
    primary key (part, office)
) strict, without rowid;

insert into secret (name, key) values ('repeat', lower(hex(randomblob(32))));
insert into job (name, due_us) values ('retention', 0);
