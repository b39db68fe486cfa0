-- What is still to be deleted for workflows that are gone.
create table deletion (
    id            bigint generated always as identity primary key,
    namespace     text        not null,
    workflow      text        not null,
    workflow_uid  text        not null,
    node_id       text        not null,
    artifact_name text        not null,
    artifact      text        not null, -- Argo artifact with its whole location as JSON; no secrets
    strategy      text        not null,
    due_at        timestamptz not null,
    attempts      int         not null default 0, -- that failed
    reason        text,                 -- of the last failure
    dead_at       timestamptz,          -- given up: for people to read
    created_at    timestamptz not null default now(),
    unique (workflow_uid, node_id, artifact_name)
);

create index deletion_due on deletion (due_at) where dead_at is null;
create index deletion_dead on deletion (dead_at) where dead_at is not null;
