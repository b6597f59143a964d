-- Of what providers say about contacts, only that they want no messages is ever asked for; a count of failures that a repeat
-- counted twice served nobody.
create table reach_next (
    channel text not null,
    contact text not null,
    opted_out_us integer not null,  -- when the provider said that they want no messages
    primary key (channel, contact)
) strict, without rowid;
insert into reach_next (channel, contact, opted_out_us)
    select channel, contact, opted_out_us from reach where opted_out_us is not null;
drop table reach;
alter table reach_next rename to reach;

-- The parts of a reply go with it to the archive; those of replies that went before stayed for ever.
create index outbox_part_reply on outbox_part (outbox);
delete from outbox_part where not exists (select 1 from outbox where outbox.id = outbox_part.outbox);

insert into job (name, due_us) values ('statuses', 0);
