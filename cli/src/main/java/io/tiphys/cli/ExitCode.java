package io.tiphys.cli;

/** How the process ends; scripts rely on it. */
final class ExitCode {
    static final int SUCCEEDED = 0;

    /** A workflow that was waited for did not succeed. */
    static final int WORKFLOW_FAILED = 1;

    /** An artifact that was verified is missing or not what was stored. */
    static final int ARTIFACT_DAMAGED = 1;

    /** Wrong usage, an invalid manifest, or something that isn't there. */
    static final int INVALID = 2;

    static final int NOT_REACHABLE = 3;

    private ExitCode() {}
}
