-- Requests that carry a key: done once, however often they are repeated.

create table answer (
    subject      text        not null,
    key          text        not null,
    request      uuid        not null default gen_random_uuid() unique, -- stays with every repeat
    fingerprint  text        not null,
    term         integer     not null default 1, -- rises each time that the request is begun
    runner       text,                           -- the process that does it now
    alive_at     timestamptz not null default now(),
    status       integer,                        -- null until it is answered
    content_type text,
    location     text,
    tag          text,
    body         bytea,
    primary key (subject, key),
    check ((status is null) = (body is null)),
    check (status is null or runner is null)
);

-- who is forgotten when the period has passed
create index answer_alive on answer (alive_at);
create index answer_runner on answer (runner) where runner is not null;

-- Which request has made it: a crash between the making and the answer makes nothing twice.
alter table job add column request uuid;
alter table model add column request uuid;

-- a job whose source did not arrive counts for nothing: the repeat makes another
create unique index job_request on job (request)
    where request is not null and not (state = 'FAILED' and phase = 'UPLOADING');
create unique index model_request on model (request)
    where request is not null and deleted_at is null;
