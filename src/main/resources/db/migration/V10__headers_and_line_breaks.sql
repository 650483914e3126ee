-- The names of the fields of a source without a header, as the caller said them; null where the
-- source's first record names them.
alter table source add column given_columns text[];

-- What ends a record: LF, which stands for CRLF too, or CR.
alter table source add column line_break text;
