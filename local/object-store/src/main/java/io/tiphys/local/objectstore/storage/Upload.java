package io.tiphys.local.objectstore.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A multipart upload under way.
 *
 * @param headers what the finished object will carry
 * @param parts by number; the latest upload of a number counts
 */
public record Upload(
        String id,
        String bucket,
        String key,
        long initiated,
        Map<String, String> headers,
        ConcurrentSkipListMap<Integer, Part> parts) {}
