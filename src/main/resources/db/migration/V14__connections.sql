-- Connections: stored ways to reach other servers.

create table connection (
    id             uuid        primary key,
    public_id      text        not null generated always as (left(id::text, 8)) stored unique,
    name           text        not null,
    revision       integer     not null default 1, -- a change makes the next
    kind           text        not null,
    url            text        not null,
    database_name  text        not null,
    user_name      text,                           -- null when it has an access token
    secret         bytea       not null,           -- encrypted with a key that is not in here
    has_secret     boolean     not null,           -- false for an empty password
    ca             text,                           -- PEM; null for the usual authorities
    connect_millis integer     not null check (connect_millis > 0),
    answer_millis  integer     not null check (answer_millis > 0),
    owner          text        not null,
    workspace      text        not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    check (kind = 'CLICKHOUSE'),
    unique (workspace, name)
);
