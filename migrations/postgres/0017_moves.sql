-- PostgreSQL twin of the SQLite file of the same name.
-- How often a citizen moved a confirmed place to another day. Moves that the office caused are not counted.
alter table booking add column moves bigint not null default 0;
