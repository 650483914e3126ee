-- Exports that the server itself writes into an S3.

alter table export
    add column target                 text,    -- s3://BUCKET/KEY; null when somebody receives the file
    add column target_connection      uuid,    -- which may be gone
    add column target_connection_name text,    -- as it was called then
    add column target_replace         boolean not null default false,
    -- under which the S3 collects its parts, as long as they may have to be abandoned
    add column upload                 text,
    add constraint export_target check (
        target is null and target_connection is null and target_connection_name is null
            and upload is null
        or target is not null and target_connection is not null
            and target_connection_name is not null);

-- One that is RUNNING and has a sha256 is whole and checked, and its object is being completed: it
-- cannot be cancelled any more, and whoever finds it without a sign of life looks for the object.

create index export_left on export (alive_at)
    where upload is not null or state = 'RUNNING' and sha256 is not null;
