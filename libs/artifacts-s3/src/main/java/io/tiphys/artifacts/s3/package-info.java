/** Amazon S3, and what speaks its protocol, behind the artifact store port, through the official SDK. */
@NullMarked
package io.tiphys.artifacts.s3;

import org.jspecify.annotations.NullMarked;
