-- An upload that has begun; it outlives restarts of pod, executor and uploader.
create table upload_session (
    id            uuid primary key,
    workflow_uid  text        not null,
    namespace     text        not null,
    pod           text        not null,
    artifact      text        not null,
    relative_path text        not null,
    fingerprint   text        not null,
    location      text        not null, -- Argo artifact location as JSON; no secrets
    object_key    text        not null,
    upload_id     text,                 -- of a multipart upload
    part_size     bigint      not null,
    state         text        not null check (state in ('open', 'completed')),
    size_bytes    bigint,
    etag          text,
    crc64         text,
    created_at    timestamptz not null default now(),
    touched_at    timestamptz not null default now(),
    unique (workflow_uid, pod, artifact, relative_path)
);

create index upload_session_touched on upload_session (touched_at);

create table upload_part (
    session    uuid   not null references upload_session (id) on delete cascade,
    number     int    not null,
    size_bytes bigint not null,
    md5        text   not null,
    etag       text   not null,
    crc64      text   not null,
    primary key (session, number)
);
