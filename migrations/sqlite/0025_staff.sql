-- The people who sign in to the console. Of every secret but one only a hash is kept: the one-time code's seed must be known to compare.
create table staff (
    id integer primary key,
    login text not null,            -- lower case
    name text not null,
    state text not null check (state in ('active', 'disabled')),
    password text,                  -- argon2id, with its parameters and salt; none until the one-time link was used
    seed text,                      -- of the one-time codes, in base32; none until an authenticator was enrolled
    step integer not null,          -- the time step of the last code that was taken: none is taken twice
    created_us integer not null
) strict;
create unique index staff_login on staff (login);

-- What somebody may do, and where; the empty office is every office.
create table staff_role (
    staff integer not null,
    office text not null,
    role text not null,
    granted_by integer,             -- none: from the command line
    granted_us integer not null,
    primary key (staff, office, role)
) strict, without rowid;

create table staff_session (
    id integer primary key,
    token text not null,            -- the token's SHA-256, in hexadecimal digits
    staff integer not null,
    network text not null,
    browser text not null,
    began_us integer not null,
    seen_us integer not null,
    confirmed_us integer not null   -- when a one-time code was last given
) strict;
create unique index staff_session_token on staff_session (token);
create index staff_session_staff on staff_session (staff);
create index staff_session_began on staff_session (began_us);

-- One-time links, by the SHA-256 of their token; one for each person.
create table staff_link (
    staff integer primary key,
    token text not null,
    kind text not null check (kind in ('enrol', 'password')),
    seed text,                      -- of the authenticator that is being enrolled
    until_us integer not null
) strict;
create unique index staff_link_token on staff_link (token);

create table staff_recovery (
    staff integer not null,
    code text not null,             -- the code's SHA-256
    primary key (staff, code)
) strict, without rowid;

-- Failed sign-ins in a row, by what is slowed down.
create table staff_throttle (
    subject text primary key,       -- a hash of an account, a network or both
    failures integer not null,
    failed_us integer not null
) strict, without rowid;
create index staff_throttle_failed on staff_throttle (failed_us);

-- Networks that somebody has signed in from: a stranger's failures do not keep them out there.
create table staff_network (
    staff integer not null,
    network text not null,
    seen_us integer not null,
    primary key (staff, network)
) strict, without rowid;
