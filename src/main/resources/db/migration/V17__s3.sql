-- Connections to S3, and sources that the server fetches itself.

alter table connection
    add column region     text,
    add column path_style boolean,
    add column has_token  boolean not null default false, -- the secret has a session token too
    alter column url drop not null,                       -- null for AWS's own
    alter column database_name drop not null,
    drop constraint connection_kind_check,
    -- user_name of an S3 is the access key id
    add constraint connection_kind_check check (
        kind = 'CLICKHOUSE' and url is not null and database_name is not null
        or kind = 'S3' and region is not null and path_style is not null and user_name is not null);

-- The sources that nobody sends: a server fetches them. One at a time does, which holds the lease.
create table source_pull (
    job_id      uuid    not null,
    ordinal     integer not null,
    connection  uuid    not null, -- which may be gone
    object      text    not null, -- s3://BUCKET/KEY
    bytes       bigint  not null,
    tag         text    not null, -- what the object was when the job was made
    lease_holder text,
    -- while somebody holds it: until when; otherwise when the next may take it
    lease_until timestamptz not null default now(),
    primary key (job_id, ordinal),
    foreign key (job_id, ordinal) references source
);
