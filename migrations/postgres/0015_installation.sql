-- PostgreSQL twin of the SQLite file of the same name.
-- Which installation this database is: its number goes with every copy, backup and move, so that a start with another
-- database in its place is noticed.
create table installation (one bigint primary key check (one = 1), id text not null);
insert into installation (one, id) values (1, replace(cast(gen_random_uuid() as text), '-', ''));
