-- Who signed in, and who looked at which citizen. Rows are only ever added; by wall time, also in a demo.
create table audit (
    id integer primary key,
    at_us integer not null,
    staff integer not null,
    login text not null,            -- as it was then
    office text not null,           -- empty: of no office
    act text not null check (act in ('sign_in', 'find', 'view_booking', 'view_photo')),
    subject integer,                -- booking.id, where one was looked at
    network text not null
) strict;
create index audit_office on audit (office, id);
create trigger audit_is_kept before delete on audit begin select raise(abort, 'rows of audit are kept'); end;
create trigger audit_is_as_written before update on audit begin select raise(abort, 'rows of audit are kept'); end;
