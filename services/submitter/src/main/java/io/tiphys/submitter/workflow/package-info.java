/** What one can do with workflows: find, list, create, change, command. Knows the Kubernetes API, the archive and Kafka, not HTTP. */
@NullMarked
package io.tiphys.submitter.workflow;

import org.jspecify.annotations.NullMarked;
