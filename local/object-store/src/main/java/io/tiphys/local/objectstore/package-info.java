/**
 * An endpoint that speaks Alibaba Cloud's OSS protocol, and S3's, on a folder: for {@code tiphys up} and for tests. It knows the official
 * SDKs' requests, OSS' signatures V1 and V4 and S3's V4, multipart uploads and lifecycle rules; it knows nothing of workflows.
 */
@NullMarked
package io.tiphys.local.objectstore;

import org.jspecify.annotations.NullMarked;
