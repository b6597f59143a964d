-- Who looks after a ticket, so that two officers do not answer one citizen. Without a row nobody does.
create table ticket_holder (
    ticket integer primary key,
    login text not null,
    since_us integer not null,      -- by the office's clock
    press text                      -- of the last answer: a form that is sent twice answers once
) strict;

-- Who writes an answer just now, by wall time; a row counts for some seconds.
create table ticket_typing (
    ticket integer not null,
    login text not null,
    at_us integer not null,
    primary key (ticket, login)
) strict, without rowid;

-- Messages that the provider of a channel took, by hours since 1970: inside of the window for free messages, and as templates.
create table channel_hour (
    channel text not null,
    hour integer not null,
    inside integer not null,
    outside integer not null,
    primary key (channel, hour)
) strict, without rowid;
