-- PostgreSQL twin of the SQLite file of the same name.
-- The version of the office's notice about personal data that a contact was told last; 0: none.
alter table conversation add column privacy bigint not null default 0;
