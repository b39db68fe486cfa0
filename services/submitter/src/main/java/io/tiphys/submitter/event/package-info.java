/** Events from outside: accepted into Kafka, matched with WorkflowEventBindings, turned into workflows. Argo: docs/events.md, docs/webhooks.md. */
@org.jspecify.annotations.NullMarked
package io.tiphys.submitter.event;
