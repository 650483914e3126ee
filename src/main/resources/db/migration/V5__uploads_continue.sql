-- An upload that is interrupted can be continued, by whoever comes with the same source.

alter table job
    -- rises each time that the source begins to be received; whoever receives it says which time
    add column upload_term integer not null default 0,
    -- whether its sender can go on when it is interrupted
    add column upload_continuable boolean not null default true;

-- a job without a receiver waits for its upload, or for the rest of it, since upload_alive_at

alter table source
    add column store_id          text,    -- which store its splits are in, and on which host
    add column store_host        text,
    add column first_split_bytes integer, -- how it is cut; null until pinned
    add column max_split_bytes   integer,
    add column max_split_records integer,
    -- whether its head and its splits are, in its encoding, its first received_bytes
    add column rebuildable       boolean not null default false;

-- The bytes of a source before its first record, as sent. Apart from the source, which every look
-- at a job reads.
create table source_head (
    job_id  uuid    not null,
    ordinal integer not null,
    bytes   bytea   not null,
    primary key (job_id, ordinal),
    foreign key (job_id, ordinal) references source
);

create trigger upload_changed
    after update of upload_term, upload_receiver
    on job
    for each row
execute function announce_job_change();

-- Splits are stored under other names from now on.
update job
set state         = 'FAILED',
    cause_code    = 'UPLOAD_INTERRUPTED',
    cause_message = 'Millrace was updated while the job ran, to a version that stores splits otherwise',
    cause_remedy  = 'Load the file again.',
    finished_at   = now()
where is_loading and splits > 0;
