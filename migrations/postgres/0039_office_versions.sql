-- PostgreSQL twin of the SQLite file of the same name.
-- Every version of what an office is: its files with their formats and calendars, who published it, when and why. The highest version
-- is in force; `office` holds that one as a whole file, which is what messages are served by. Rows are only ever added.
create table office_version (
    office text not null,
    version bigint not null,
    at_us bigint not null,
    actor text not null,            -- a login of the console, or the account that ran the command
    why text not null,
    origin text not null,           -- 'file', 'page' or 'rollback'
    came_from bigint,               -- the version that it changed, or whose content it brings back
    file text not null,             -- the whole office file, as in `office`
    content text not null,          -- the files as they were written, in JSON; empty where only `file` is known
    hash text not null,             -- SHA-256 of `content`, in hexadecimal digits
    primary key (office, version)
);
insert into office_version (office, version, at_us, actor, why, origin, came_from, file, content, hash)
    select id, version, imported_us, '', '', 'file', null, file, '', '' from office;
