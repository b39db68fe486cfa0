/**
 * The native sidecar of a workflow pod: stages inputs, opens the gate for main, waits for its end, saves outputs through emissary and
 * reports. It knows the uploader and object storage (by presigned URL); no Kubernetes, no Kafka, no credentials.
 */
@NullMarked
package io.tiphys.executor;

import org.jspecify.annotations.NullMarked;
