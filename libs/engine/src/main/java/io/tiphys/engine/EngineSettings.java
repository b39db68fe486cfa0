package io.tiphys.engine;

/**
 * What an operator decides for all runs.
 *
 * @param limits how large they may grow
 * @param transientErrors what {@code retryPolicy: OnTransientError} retries
 * @param isEntryFaultFinal whether a workflow whose entry template can't be carried out ends at once, without its exit handler (Argo's
 *     {@code BUBBLE_ENTRY_TEMPLATE_ERR})
 */
public record EngineSettings(Limits limits, TransientErrors transientErrors, boolean isEntryFaultFinal) {
    /** What holds where nothing is configured. */
    public static final EngineSettings DEFAULT = of(Limits.DEFAULT);

    /** These limits, and else what holds where nothing is configured. */
    public static EngineSettings of(Limits limits) {
        return new EngineSettings(limits, TransientErrors.KNOWN, true);
    }
}
