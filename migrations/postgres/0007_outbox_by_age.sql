-- PostgreSQL twin of the SQLite file of the same name.
-- What the archive looks for: the oldest replies. Here, because 0003 builds the table anew.
create index outbox_created on outbox (created_us);
