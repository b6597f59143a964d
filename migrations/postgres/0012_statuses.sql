-- PostgreSQL twin of the SQLite file of the same name.
-- Of what providers say about contacts, only that they want no messages is ever asked for; a count of failures that a repeat
-- counted twice served nobody.
delete from reach where opted_out_us is null;
alter table reach drop column delivered_us, drop column read_us, drop column failed_us, drop column failures,
    drop column error, alter column opted_out_us set not null;

-- The parts of a reply go with it to the archive; those of replies that went before stayed for ever.
create index outbox_part_reply on outbox_part (outbox);
delete from outbox_part where not exists (select 1 from outbox where outbox.id = outbox_part.outbox);

insert into job (name, due_us) values ('statuses', 0);
