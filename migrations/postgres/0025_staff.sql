-- PostgreSQL twin of the SQLite file of the same name.
-- The people who sign in to the console. Of every secret but one only a hash is kept: the one-time code's seed must be known to compare.
create table staff (
    id bigint primary key,
    login text not null,            -- lower case
    name text not null,
    state text not null check (state in ('active', 'disabled')),
    password text,                  -- argon2id, with its parameters and salt; none until the one-time link was used
    seed text,                      -- of the one-time codes, in base32; none until an authenticator was enrolled
    step bigint not null,          -- the time step of the last code that was taken: none is taken twice
    created_us bigint not null
);
create unique index staff_login on staff (login);

-- What somebody may do, and where; the empty office is every office.
create table staff_role (
    staff bigint not null,
    office text not null,
    role text not null,
    granted_by bigint,             -- none: from the command line
    granted_us bigint not null,
    primary key (staff, office, role)
);

create table staff_session (
    id bigint primary key,
    token text not null,            -- the token's SHA-256, in hexadecimal digits
    staff bigint not null,
    network text not null,
    browser text not null,
    began_us bigint not null,
    seen_us bigint not null,
    confirmed_us bigint not null   -- when a one-time code was last given
);
create unique index staff_session_token on staff_session (token);
create index staff_session_staff on staff_session (staff);
create index staff_session_began on staff_session (began_us);

-- One-time links, by the SHA-256 of their token; one for each person.
create table staff_link (
    staff bigint primary key,
    token text not null,
    kind text not null check (kind in ('enrol', 'password')),
    seed text,                      -- of the authenticator that is being enrolled
    until_us bigint not null
);
create unique index staff_link_token on staff_link (token);

create table staff_recovery (
    staff bigint not null,
    code text not null,             -- the code's SHA-256
    primary key (staff, code)
);

-- Failed sign-ins in a row, by what is slowed down.
create table staff_throttle (
    subject text primary key,       -- a hash of an account, a network or both
    failures bigint not null,
    failed_us bigint not null
);
create index staff_throttle_failed on staff_throttle (failed_us);

-- Networks that somebody has signed in from: a stranger's failures do not keep them out there.
create table staff_network (
    staff bigint not null,
    network text not null,
    seen_us bigint not null,
    primary key (staff, network)
);
