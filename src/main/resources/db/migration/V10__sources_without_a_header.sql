-- The names of the fields of a source without a header, as the caller said them; null where the
-- source's first record names them.
alter table source add column given_columns text[];
