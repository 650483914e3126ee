-- Whoever waits for one job need not ask again because another has changed.
create or replace function announce_job_change() returns trigger
    language plpgsql as
$$
begin
    perform pg_notify('millrace', new.id::text);
    return null;
end
$$;
