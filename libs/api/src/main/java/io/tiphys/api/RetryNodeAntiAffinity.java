package io.tiphys.api;

/** Asks that attempts run on nodes where none failed before. Has no fields. */
@ArgoType
public record RetryNodeAntiAffinity() {}
