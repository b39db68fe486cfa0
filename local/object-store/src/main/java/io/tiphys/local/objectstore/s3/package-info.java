/**
 * The S3 dialect of the endpoint: requests that are signed as S3's (SigV4) are checked here, put into OSS' words, and their answers put back
 * into S3's. Same buckets, same objects.
 */
@NullMarked
package io.tiphys.local.objectstore.s3;

import org.jspecify.annotations.NullMarked;
