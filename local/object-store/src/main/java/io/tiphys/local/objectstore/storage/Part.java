package io.tiphys.local.objectstore.storage;

/** One uploaded part; fields as in {@link StoredObject}. */
public record Part(int number, Blob blob, String etag, long crc64, long modified) {}
