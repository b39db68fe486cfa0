/**
 * The embedded Kubernetes API server: objects in memory, a journal on disk, watches with history.
 *
 * <p>It knows the Kubernetes API conventions (resource versions, conflicts, patches, selectors, paging, graceful deletion,
 * owner references, discovery, tables) and nothing of workflows, pods' processes or Kafka. Types that aren't built in are
 * known through CustomResourceDefinitions, ours included.
 */
@NullMarked
package io.tiphys.local.apiserver;

import org.jspecify.annotations.NullMarked;
