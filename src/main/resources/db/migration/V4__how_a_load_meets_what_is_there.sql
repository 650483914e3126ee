-- How a load's rows meet those of its destination, who claims which content there, and what is done
-- to jobs after their end: retry, undo, resolve. The defaults are what jobs and models meant before.

alter table model_version
    add column existing_table boolean not null default false,
    add column keep           text    not null default 'ALL';

alter table job
    add column mode          text    not null default 'APPEND',
    add column if_loaded     text    not null default 'LOAD', -- earlier jobs claim nothing
    add column through_views boolean not null default false,
    add column destination   text,                      -- the name of the table
    add column first_attempt integer not null default 1, -- of the present run
    add column splits_kept   boolean not null default true,
    add column note          text,                      -- the sink's, while it changes the destination
    add column parent        uuid,
    add column duplicate_of  uuid,
    add column replaced_by   uuid,
    add column published_at  timestamptz,
    add column undo          text,                      -- REQUESTED, DONE, REFUSED; null for not asked
    add column undo_at       timestamptz,
    add column undo_code     text,
    add column undo_message  text,
    add column undo_remedy   text;

update job
set destination = coalesce(
        (select table_name from model_version
         where model_version.model_id = job.model_id and version = job.model_version),
        'data_' || left(job.model_id::text, 8)),
    splits_kept = cleaned_at is null,
    published_at = case when phase = 'PUBLISHED' then coalesce(finished_at, now()) end;

alter table job
    alter column destination set not null,
    alter column if_loaded drop default,
    add check (mode in ('APPEND', 'REPLACE', 'REPLACE_PARTITIONS', 'UPSERT')),
    add check (if_loaded in ('REFUSE', 'SKIP', 'LOAD')),
    add check (undo in ('REQUESTED', 'DONE', 'REFUSED')),
    add check ((undo is null) = (undo_at is null)),
    add check ((published_at is null) = (phase <> 'PUBLISHED')),
    drop constraint job_check,
    add check (phase = 'PUBLISHED' or state <> 'PARTIAL_SUCCESS'),
    add check (phase = 'PUBLISHED' or state <> 'SUCCESS' or duplicate_of is not null);

-- what was published into a destination, in order
create index job_published on job (destination, published_at) where published_at is not null;
create index job_parent on job (parent) where parent is not null;

-- Which content a destination holds, and whose it is. It outlives the job's history.
create table claim (
    destination  text not null,
    content_hash text not null,
    job_id       uuid not null,
    primary key (destination, content_hash)
);

create index claim_job on claim (job_id);

drop trigger job_changed on job;

create trigger job_changed
    after insert or update of state, phase, attempt, splits, ledger_splits, lease_holder, undo
    on job
    for each row
execute function announce_job_change();
