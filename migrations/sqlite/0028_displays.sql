-- The displays in an office's hall, each at an address of its own. Of its token only a hash is kept.
create table display (
    id integer primary key,
    office text not null,
    name text not null,             -- where it hangs
    token text not null,            -- the token's SHA-256, in hexadecimal digits
    added_us integer not null,
    added_by text not null,
    seen_us integer,                -- when it last asked, give or take half a minute; null: never
    sound text not null check (sound in ('unknown', 'off', 'on', 'broken'))
) strict;
create unique index display_token on display (token);
create index display_office on display (office);

-- Keys of this installation; they go with every copy, backup and move. `turn` seals the addresses of citizens' turns.
create table secret (name text primary key, key text not null) strict, without rowid;
insert into secret (name, key) values ('turn', lower(hex(randomblob(32))));
