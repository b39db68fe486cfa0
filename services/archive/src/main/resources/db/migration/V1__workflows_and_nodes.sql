-- One row per finished workflow. The manifest is the whole object without status.nodes, the summary what lists show of it, both
-- as JSON text (json and jsonb refuse NUL characters, which a parameter may hold); the other columns are what it is found by.
create table workflows (
    uid         text primary key,
    namespace   text not null,
    name        text not null,
    phase       text not null,
    created_at  timestamptz,
    started_at  timestamptz,
    finished_at timestamptz,
    summary     text not null,
    manifest    text not null,
    archived_at timestamptz not null default now()
);
create index workflows_by_name on workflows (namespace, name, created_at desc);
create index workflows_by_start on workflows (started_at desc nulls first, uid);

create table workflow_labels (
    uid   text not null references workflows (uid) on delete cascade,
    key   text not null,
    value text not null,
    primary key (uid, key)
);
create index workflow_labels_by_value on workflow_labels (key, value, uid);

-- The newest state of each node of each workflow, finished or running. removed_at: the controller took the node out of the
-- workflow (a retry does that).
create table nodes (
    workflow_uid text not null,
    node_id      text not null,
    phase        text not null,
    node         text not null,
    changed_at   timestamptz not null,
    removed_at   timestamptz,
    primary key (workflow_uid, node_id)
);
