package io.tiphys.api;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** What to start when an event matches. */
@ArgoType
public record Submit(
        @Nullable WorkflowTemplateRef workflowTemplateRef,
        @Nullable ObjectMeta metadata,
        @Nullable Arguments arguments) implements SubmitBuilder.With {}
