-- How a column's fields are read and what its values must be; a model's key; what becomes of a
-- source's columns that the model does not have. The defaults are what models meant before.

alter table model_version
    add column key_columns     text[] not null default '{}',
    add column unknown_columns text   not null default 'IGNORE';

alter table model_column
    add column source_names     text[]  not null default '{}',
    add column null_markers     text[]  not null default '{}',
    add column default_text     text,
    add column date_formats     text[]  not null default '{}',
    add column allow_non_finite boolean not null default false,
    add column clock_change     text    not null default 'REJECT',
    add column outer_blanks     text    not null default 'KEEP',
    add column min_value        text,
    add column max_value        text,
    add column pattern          text,
    add column allowed          text[]  not null default '{}',
    add column min_length       integer,
    add column max_length       integer;
