-- PostgreSQL twin of the SQLite file of the same name.
-- A seat that several of those who wait are offered at once: as JSON, with whom a booking would be for; null when the wait is over.
alter table waiting add column shared text;
