-- Drafts of formats that officers are editing: nothing reads messages by them.
create table format_draft (
    office text not null,
    format text not null,
    staff integer not null,
    text text not null,             -- the file, whether or not it can be used
    base text not null,             -- the SHA-256, in hexadecimal digits, of the file in force that it began with
    kept_us integer not null,       -- by wall time
    primary key (office, format, staff)
) strict, without rowid;
