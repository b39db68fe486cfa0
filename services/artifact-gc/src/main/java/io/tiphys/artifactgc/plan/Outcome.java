package io.tiphys.artifactgc.plan;

/** What became of a deletion. */
public sealed interface Outcome {
    Deletion deletion();

    /** The objects are gone, or were never there. */
    record Deleted(Deletion deletion) implements Outcome {}

    /** Left alone since another live workflow refers to the same object; it is looked at again later. */
    record Referenced(Deletion deletion) implements Outcome {}

    /**
     * The objects may still be there.
     *
     * @param reason for people; names artifact, key and cause, never a secret
     * @param transientFailure whether another try may help
     */
    record Failed(Deletion deletion, String reason, boolean transientFailure) implements Outcome {}
}
