-- A job loads one source or many, received one after the other and published together.

alter table job
    add column sources       integer not null default 1,
    -- the ordinal of the source that is received now, or waits for its sender; the last one's once
    -- all are there
    add column upload_source integer not null default 0;

alter table source
    -- how many of the job's splits are its own
    add column stored_splits integer not null default 0,
    -- the source before it in the job that has the same content; its own rows are left out
    add column same_as       integer;

update source
set stored_splits = job.splits
from job
where source.job_id = job.id;
