-- PostgreSQL twin of the SQLite file of the same name.
-- The key that a photo's file is encrypted with, by its id in hexadecimal digits; empty: the file is plain, from an earlier version,
-- or there is none yet.
alter table media add column key_id text not null default '';
create index media_key on media (key_id, id) where state = 'fetched';
