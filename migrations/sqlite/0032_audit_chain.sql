-- The audit trail as a chain: each row's hash is taken over the hash before it and the row, so that a row that is changed, removed or
-- moved is found. The program's list of acts is the only one. Rows of before are numbered anew here; the program hashes them at its
-- first start.
create table audit_next (
    id integer primary key,         -- 1, 2, 3 ... without a gap
    at_us integer not null,
    staff integer,                  -- null: somebody at a terminal
    login text not null,            -- as it was then; of a terminal, who they said they are
    network text not null,          -- of a terminal, the system's account
    office text not null,           -- empty: of no office
    act text not null,
    kind text not null,             -- of the subject; empty: about nothing in particular
    subject text not null,          -- its number or id, never a citizen's name or number
    scope text not null,            -- what else was reached: days, numbers of bookings, words of the program
    why text not null,              -- empty: not said
    hash text not null
) strict;
insert into audit_next (id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash)
    select row_number() over (order by at_us, id), at_us, staff, login, network, office, act,
    case when subject is null then '' else 'booking' end, coalesce(cast(subject as text), ''), '', '', '' from audit;
drop trigger audit_is_kept;
drop trigger audit_is_as_written;
drop table audit;
alter table audit_next rename to audit;
create index audit_office on audit (office, id);
create index audit_login on audit (login, id);
create trigger audit_is_kept before delete on audit begin select raise(abort, 'rows of audit are kept'); end;
create trigger audit_is_as_written before update on audit when old.hash <> ''
    begin select raise(abort, 'rows of audit are kept'); end;

-- The last row of the chain; whoever appends locks it. A trail whose end was cut off no longer reaches it.
create table audit_head (
    one integer primary key check (one = 1),
    last integer not null,
    hash text not null,
    older integer not null          -- rows of before there was a chain; no others are ever chained without having been appended
) strict;
insert into audit_head (one, last, hash, older)
    select 1, 0, '0000000000000000000000000000000000000000000000000000000000000000', count(*) from audit;

-- Numbers of contacts that somebody looked at: the trail names them by these. Erasing a contact deletes its row, and leaves the trail.
create table audit_contact (
    id integer primary key,
    channel text not null,
    contact text not null
) strict;
create unique index audit_contact_key on audit_contact (channel, contact);
