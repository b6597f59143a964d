-- Authentic bodies that this version cannot read, to be read again after an upgrade: few, and none for longer than a month.
create table unread (
    id bigint primary key,
    gateway text not null,
    hash text not null,             -- of gateway and body: the same body is kept once
    sender text,                    -- the address, where that much can be read
    body text not null,
    reason text not null,
    at_us bigint not null
);
create unique index unread_once on unread (hash);
create index unread_at on unread (at_us);
