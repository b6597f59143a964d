-- Which installation this database is: its number goes with every copy, backup and move, so that a start with another
-- database in its place is noticed.
create table installation (one integer primary key check (one = 1), id text not null) strict;
insert into installation (one, id) values (1, lower(hex(randomblob(16))));
