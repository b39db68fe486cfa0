package io.tiphys.local.objectstore.storage;

/** A stretch of content: a file with a name of ours. Objects refer to one or, after a multipart upload, to many. */
public record Blob(String id, long size) {}
