-- The version of the office's notice about personal data that a contact was told last; 0: none.
alter table conversation add column privacy integer not null default 0;
