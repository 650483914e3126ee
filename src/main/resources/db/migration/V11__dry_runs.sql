-- A dry run ends well without being published.

alter table job add column dry_run boolean not null default false;

do $$
declare
    name text;
begin
    for name in
        select conname from pg_constraint
        where conrelid = 'job'::regclass and contype = 'c'
          and (pg_get_constraintdef(oid) like '%PARTIAL_SUCCESS%PUBLISHED%'
            or pg_get_constraintdef(oid) like '%PUBLISHED%PARTIAL_SUCCESS%'
            or pg_get_constraintdef(oid) like '%duplicate_of%')
    loop
        execute format('alter table job drop constraint %I', name);
    end loop;
end
$$;

alter table job
    add check (phase = 'PUBLISHED' or state <> 'PARTIAL_SUCCESS' or dry_run),
    add check (phase = 'PUBLISHED' or state <> 'SUCCESS' or duplicate_of is not null or dry_run),
    add check (phase <> 'PUBLISHED' or not dry_run);
