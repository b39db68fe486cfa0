/**
 * An endpoint that speaks Alibaba Cloud's OSS protocol on a folder: for {@code tiphys up} and for tests. It knows the official
 * SDK's requests, signatures V1 and V4, multipart uploads and lifecycle rules; it knows nothing of workflows.
 */
@NullMarked
package io.tiphys.local.objectstore;

import org.jspecify.annotations.NullMarked;
