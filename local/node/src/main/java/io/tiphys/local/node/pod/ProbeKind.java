package io.tiphys.local.node.pod;

/** What a probe decides. */
enum ProbeKind {
    STARTUP,
    READINESS,
    LIVENESS
}
