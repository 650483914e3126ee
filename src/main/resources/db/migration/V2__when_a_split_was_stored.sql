-- Since when a split waits. Those that are there count from now on.
alter table split add column stored_at timestamptz not null default now();
