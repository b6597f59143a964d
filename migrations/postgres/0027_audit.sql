-- PostgreSQL twin of the SQLite file of the same name.
-- Who signed in, and who looked at which citizen. Rows are only ever added; by wall time, also in a demo.
create table audit (
    id bigint primary key,
    at_us bigint not null,
    staff bigint not null,
    login text not null,            -- as it was then
    office text not null,           -- empty: of no office
    act text not null check (act in ('sign_in', 'find', 'view_booking', 'view_photo')),
    subject bigint,                 -- booking.id, where one was looked at
    network text not null
);
create index audit_office on audit (office, id);
create function audit_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'rows of audit are kept';
end
$$;
create trigger audit_is_kept before update or delete on audit for each row execute function audit_is_kept();
