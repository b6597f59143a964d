-- PostgreSQL twin of the SQLite file of the same name.
-- Links by which a citizen sends the photo of a booking from a browser. Of a token only a hash is kept, and a row for about an hour.
create table upload (
    token text primary key,         -- the token's SHA-256, in hexadecimal digits
    office text not null,
    channel text not null,
    contact text not null,
    booking bigint not null,
    until_us bigint not null,       -- when the link ends
    used_us bigint                  -- when a photo came by it; null: not yet
);
create index upload_until on upload (until_us);
