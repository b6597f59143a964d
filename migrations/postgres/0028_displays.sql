-- PostgreSQL twin of the SQLite file of the same name.
-- The displays in an office's hall, each at an address of its own. Of its token only a hash is kept.
create table display (
    id bigint primary key,
    office text not null,
    name text not null,             -- where it hangs
    token text not null,            -- the token's SHA-256, in hexadecimal digits
    added_us bigint not null,
    added_by text not null,
    seen_us bigint,                 -- when it last asked, give or take half a minute; null: never
    sound text not null check (sound in ('unknown', 'off', 'on', 'broken'))
);
create unique index display_token on display (token);
create index display_office on display (office);

-- Keys of this installation; they go with every copy, backup and move. `turn` seals the addresses of citizens' turns.
create table secret (name text primary key, key text not null);
insert into secret (name, key)
values ('turn', replace(cast(gen_random_uuid() as text) || cast(gen_random_uuid() as text), '-', ''));
