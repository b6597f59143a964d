-- A citizen may have several addresses on a line (phone number, business-scoped id, privacy id, chat), and they change.
-- The contact is the name that conversation, booking and outbox know them by: the first address that was heard. An
-- address that is its own contact needs no row until there is another one.
create table address (
    channel text not null,
    address text not null,
    contact text not null,
    heard_us bigint not null,      -- when they last wrote from it; 0: only told of. Answers go to the newest.
    primary key (channel, address)
);
create index address_contact on address (channel, contact, heard_us);
