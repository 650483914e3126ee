-- What a caller says of a source, besides its encoding, delimiter, quote and columns.
alter table source add column given_format text;
alter table source add column given_escape text;
alter table source add column given_comment text;
alter table source add column given_trailing boolean;
alter table source add column given_skip integer;
alter table source add column given_sheet text;

-- How the source is read: null in what earlier builds have pinned, which read CSV without escapes,
-- comments, trailing delimiters or lines before the header.
alter table source add column format text;
alter table source add column escape text;
alter table source add column comment text;
alter table source add column trailing_delimiter boolean;
alter table source add column skipped integer;

-- What speaks for it.
alter table source add column confidence integer;
alter table source add column reasons text[];

-- What becomes of JSON objects and arrays in columns of texts.
alter table model_column add column nested text not null default 'REJECT';

-- How a column's numbers are written; an empty group separator is none.
alter table model_column add column decimal_separator text not null default '.';
alter table model_column add column group_separator   text not null default '';
