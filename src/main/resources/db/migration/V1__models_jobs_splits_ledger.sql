-- Models, jobs, splits and the ledger. Every time in here is this server's own.
-- Sources, splits and the ledger belong to a job, and so to its owner and workspace.

-- Addition of two's complement numbers modulo 2^64, which bigint itself refuses.
create function wrapping_add(a bigint, b bigint) returns bigint
    language sql immutable strict parallel safe
return ((a::numeric + b + 27670116110564327424) % 18446744073709551616 - 9223372036854775808)::bigint;

create table model (
    id         uuid        primary key,
    public_id  text        not null generated always as (left(id::text, 8)) stored unique,
    name       text        not null,
    version    integer     not null, -- the latest
    owner      text        not null,
    workspace  text        not null,
    created_at timestamptz not null default now(),
    deleted_at timestamptz
);

create unique index model_name on model (workspace, name) where deleted_at is null;

create table model_version (
    model_id           uuid        not null references model,
    version            integer     not null,
    table_name         text,
    event_id           text,
    order_by           text[]      not null,
    partition_function text,                -- empty for the column itself
    partition_column   text,
    created_at         timestamptz not null default now(),
    primary key (model_id, version)
);

create table model_column (
    model_id uuid    not null,
    version  integer not null,
    position integer not null, -- from 1
    name     text    not null,
    type     text    not null,
    primary key (model_id, version, position),
    foreign key (model_id, version) references model_version
);

create table job (
    id                   uuid        primary key,
    public_id            text        not null generated always as (left(id::text, 8)) stored unique,
    number               bigint      not null generated always as identity unique, -- newer is higher
    model_id             uuid        not null,
    model_version        integer     not null,
    state                text        not null default 'PENDING',
    phase                text        not null default 'UPLOADING',
    attempt              integer     not null default 1,
    epoch                integer     not null default 0,
    max_rejected_rows    bigint,
    max_rejected_percent double precision,
    cause_code           text,
    cause_message        text,
    cause_remedy         text,
    server_id            text,
    splits               integer     not null default 0,

    -- the sums of the present attempt's ledger, kept here because every look at a job reads them
    -- and because the same row says whether an entry may still be made
    ledger_splits        integer     not null default 0,
    ledger_read          bigint      not null default 0,
    ledger_bytes_read    bigint      not null default 0,
    ledger_rows          bigint      not null default 0,
    ledger_row_sum       bigint      not null default 0,
    ledger_row_hash      bigint      not null default 0,
    ledger_rejected      bigint      not null default 0,
    ledger_source_bytes  bigint      not null default 0,
    ledger_kept          bigint      not null default 0,

    lease_holder         text,
    lease_until          timestamptz,
    lease_term           bigint      not null default 0,
    upload_receiver      text,
    upload_alive_at      timestamptz not null default now(),
    owner                text        not null,
    workspace            text        not null,
    created_at           timestamptz not null default now(),
    started_at           timestamptz,
    finished_at          timestamptz,
    cleaned_at           timestamptz,

    -- the three questions that every change asks, in one place
    is_final             boolean     not null generated always as
        (state not in ('PENDING', 'RUNNING')) stored,
    is_loading           boolean     not null generated always as
        (state in ('PENDING', 'RUNNING') and phase in ('UPLOADING', 'LOADING')) stored,
    is_stoppable         boolean     not null generated always as
        (state in ('PENDING', 'RUNNING') and phase not in ('PUBLISHING', 'PUBLISHED')) stored,

    foreign key (model_id, model_version) references model_version,
    check (state in ('PENDING', 'RUNNING', 'SUCCESS', 'PARTIAL_SUCCESS', 'FAILED', 'CANCELLED')),
    check (phase in ('UPLOADING', 'LOADING', 'SEALED', 'AUDITED', 'PUBLISHING', 'PUBLISHED')),
    check (phase = 'PUBLISHED' or state not in ('SUCCESS', 'PARTIAL_SUCCESS')),
    check ((state = 'FAILED') = (cause_code is not null)),
    check ((cause_code is null) = (cause_message is null)),
    check ((state in ('PENDING', 'RUNNING')) = (finished_at is null)),
    check (cleaned_at is null or finished_at is not null),
    check ((lease_holder is null) = (lease_until is null))
) with (fillfactor = 50); -- room to change a row in its own page

create index job_uncleaned on job (number) where cleaned_at is null;
create index job_unfinished on job (model_id, model_version) where not is_final;

create table source (
    job_id          uuid    not null references job,
    ordinal         integer not null,
    name            text    not null,
    given_encoding  text,            -- what the caller said; null is detected
    given_delimiter text,
    given_quote     text,            -- empty for none
    compression     text,            -- from here how it is read; null until pinned
    encoding        text,
    delimiter       text,
    quote           text,            -- empty for none
    header          text[],
    declared_bytes  bigint  not null default -1,
    received_bytes  bigint  not null default 0,
    records         bigint  not null default 0,
    bytes           bigint  not null default 0,
    content_hash    text,
    primary key (job_id, ordinal)
) with (fillfactor = 50);

create table split (
    job_id      uuid    not null,
    source      integer not null,
    number      integer not null,
    first_row   bigint  not null,
    records     integer not null,
    bytes       integer not null,
    checksum    integer not null,
    source_from bigint  not null,
    source_to   bigint  not null,

    -- how far it is in this attempt
    attempt     integer not null,
    alive_at    timestamptz,                    -- its last sign of life; null before it is announced
    starts      integer not null default 0,
    worker      text,                           -- who began it last
    done        boolean not null default false, -- has its ledger entry

    primary key (job_id, source, number),
    foreign key (job_id, source) references source
) with (fillfactor = 80);

-- a job may have 100,000 splits, and the announcing loop must not read them all
create index split_waiting on split (job_id, source, number) where not done and alive_at is null;
create index split_under_way on split (job_id, alive_at) where not done and alive_at is not null;

create table ledger (
    job_id          uuid        not null,
    attempt         integer     not null,
    source          integer     not null,
    number          integer     not null,
    worker          text        not null,
    read            bigint      not null,
    bytes_read      bigint      not null,
    rows            bigint      not null,
    row_sum         bigint      not null,
    row_hash        bigint      not null,
    rejected        bigint      not null,
    kept_rejections bigint      not null,
    count_errors    text[]      not null, -- problems by code and column, side by side
    count_columns   text[]      not null,
    counts          bigint[]    not null,
    recorded_at     timestamptz not null default now(),
    primary key (job_id, attempt, source, number),
    foreign key (job_id, source, number) references split,
    check (read = rows + rejected)
);

-- the sums of the ledger's counts
create table rejection_count (
    job_id      uuid    not null references job,
    attempt     integer not null,
    error       text    not null,
    column_name text    not null,
    count       bigint  not null,
    primary key (job_id, attempt, error, column_name)
);

-- Whoever waits for a change hears of it when it is committed, whichever statement made it.
create function announce_job_change() returns trigger
    language plpgsql as
$$
begin
    perform pg_notify('millrace', '');
    return null;
end
$$;

create trigger job_changed
    after insert or update of state, phase, attempt, splits, ledger_splits, lease_holder
    on job
    for each row
execute function announce_job_change();
