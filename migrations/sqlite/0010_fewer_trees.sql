-- An index by contact is a tree that grows at a random place with every message. A conversation is found by its contact
-- anyway, so it says which bookings of theirs can still matter and which reply was the last; a reply says which one it
-- comes after.
alter table conversation add column bookings text;       -- JSON array of booking.id; null for none
alter table conversation add column last_reply integer;  -- outbox.id
alter table outbox add column previous integer;          -- outbox.id of the reply to the same contact before it

update conversation set
    bookings = (select nullif(json_group_array(b.id order by b.id), '[]') from booking b where b.channel = conversation.channel
        and b.contact = conversation.contact and b.state in ('held', 'booked', 'expired', 'replaced')),
    last_reply = (select o.id from outbox o where o.channel = conversation.channel and o.contact = conversation.contact
        order by o.seq desc limit 1);
update outbox set previous = (select p.id from outbox p where p.channel = outbox.channel and p.contact = outbox.contact
    and p.seq < outbox.seq order by p.seq desc limit 1);

drop index booking_contact;
drop index outbox_order;
alter table conversation drop column replies;
alter table outbox drop column seq;
alter table outbox_archive drop column seq;
