package io.tiphys.local.objectstore.storage;

import java.util.List;

/** Bytes that have been received: their blobs and what was computed on the way; {@code md5} in upper-case hex. */
public record Content(List<Blob> blobs, long size, String md5, long crc64) {}
