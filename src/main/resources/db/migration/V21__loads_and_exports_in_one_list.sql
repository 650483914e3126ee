-- Loads and exports are listed together, newest first, a page at a time.
create index job_created on job (created_at, number);
create index export_created on export (created_at, number);
