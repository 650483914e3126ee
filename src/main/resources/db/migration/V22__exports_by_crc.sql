-- The SHA-256 of an export's file is made only where it is wished for; that it is whole and checked
-- (V19) is told by its CRC-32C.

alter table export
    add column wants_sha256 boolean not null default true,
    drop constraint export_check1,
    add constraint export_whole check (
        state <> 'SUCCESS'
        or crc32c is not null and verified is not null and (sha256 is not null) = wants_sha256);

drop index export_left;
create index export_left on export (alive_at)
    where upload is not null or state = 'RUNNING' and crc32c is not null;
