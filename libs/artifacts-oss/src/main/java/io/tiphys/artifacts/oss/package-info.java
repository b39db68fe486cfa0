/** Alibaba Cloud OSS behind the artifact store port, through the official SDK. */
@NullMarked
package io.tiphys.artifacts.oss;

import org.jspecify.annotations.NullMarked;
