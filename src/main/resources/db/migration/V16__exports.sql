-- Exports: jobs that take data out of a connection's database into a file.

create table export (
    id              uuid        primary key,
    public_id       text        not null generated always as (left(id::text, 8)) stored unique,
    number          bigint      not null generated always as identity unique,
    connection      uuid        not null,
    connection_name text        not null,                  -- as it was called then
    query           text        not null,
    format          text        not null,
    compression     text        not null,
    guard_formulas  boolean     not null,
    state           text        not null default 'PENDING',
    rows            bigint      not null default 0,         -- written out
    bytes           bigint      not null default 0,         -- of the file
    read_rows       bigint      not null default 0,         -- by the database, for the query
    read_bytes      bigint      not null default 0,
    total_rows      bigint,                                 -- that it is going to read; null: unknown
    verified        text,                                   -- against what the rows were counted
    sha256          text,                                   -- of the whole file, in hex
    crc32c          text,                                   -- likewise
    cause_code      text,
    cause_message   text,
    cause_remedy    text,
    runner          text,                                   -- the process that sends the file
    alive_at        timestamptz not null default now(),
    owner           text        not null,
    workspace       text        not null,
    request         uuid        unique,                     -- the request that made it
    created_at      timestamptz not null default now(),
    started_at      timestamptz,
    finished_at     timestamptz,
    check (state in ('PENDING', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED')),
    check ((state = 'FAILED') = (cause_code is not null)),
    check (state <> 'SUCCESS' or (sha256 is not null and crc32c is not null and verified is not null))
);

create index export_unfinished on export (alive_at) where state in ('PENDING', 'RUNNING');
