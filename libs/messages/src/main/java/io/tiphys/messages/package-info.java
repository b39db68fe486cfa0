/**
 * What the services say to each other on Kafka: topics with their settings, the records that travel on them, and the
 * codec (CloudEvents in binary mode: attributes as headers, data as JSON).
 *
 * <p>Knows Kafka's client types and Jackson. Knows nothing of the engine, Kubernetes or any service: documents of Argo's
 * shapes (a node's status, outputs, a whole workflow) travel as JSON trees, so that a reader that is older than its
 * writer loses nothing.
 */
@NullMarked
package io.tiphys.messages;

import org.jspecify.annotations.NullMarked;
