-- PostgreSQL twin of the SQLite file of the same name.
-- Who looks after a ticket, so that two officers do not answer one citizen. Without a row nobody does.
create table ticket_holder (
    ticket bigint primary key,
    login text not null,
    since_us bigint not null,      -- by the office's clock
    press text                      -- of the last answer: a form that is sent twice answers once
);

-- Who writes an answer just now, by wall time; a row counts for some seconds.
create table ticket_typing (
    ticket bigint not null,
    login text not null,
    at_us bigint not null,
    primary key (ticket, login)
);

-- Messages that the provider of a channel took, by hours since 1970: inside of the window for free messages, and as templates.
create table channel_hour (
    channel text not null,
    hour bigint not null,
    inside bigint not null,
    outside bigint not null,
    primary key (channel, hour)
);
