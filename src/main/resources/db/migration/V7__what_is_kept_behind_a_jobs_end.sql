-- What is still kept of a job behind its end, besides its splits; and what sweeps have found.

alter table job
    add column rejections_kept boolean not null default true,
    add column replaced_kept   boolean not null default true;

-- who is looked at when periods pass: the oldest first
create index job_finished on job (finished_at) where cleaned_at is not null;

create table sweep (
    number bigint      primary key generated always as identity,
    at     timestamptz not null default now(),
    more   bigint      not null
);

create table swept (
    sweep   bigint  not null references sweep on delete cascade,
    place   integer not null,
    kind    text    not null,
    job     text    not null,
    name    text    not null,
    removed boolean not null,
    primary key (sweep, place)
);
