-- Copies: a source that the server fetches may be the answer of a query at a connection.

alter table source_pull
    add column query text, -- null for an object
    alter column object drop not null,
    alter column bytes drop not null,
    alter column tag drop not null,
    add constraint source_pull_kind check (
        query is null and object is not null and bytes is not null and tag is not null
        or query is not null and object is null and bytes is null and tag is null);
