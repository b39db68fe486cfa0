-- What workflows refer to by hash because it is too large for the Kubernetes API: gzipped JSON, looked up by the SHA-256 of the text. A
-- namespace sees its own only. touched_at: when somebody was last about to refer to it.
create table blobs (
    namespace  text not null,
    hash       text not null,
    content    bytea not null,
    touched_at timestamptz not null default now(),
    primary key (namespace, hash)
);
-- The content is compressed already.
alter table blobs alter column content set storage external;

alter table workflows add column spec_hash text;
create index workflows_by_spec on workflows (namespace, spec_hash) where spec_hash is not null;
