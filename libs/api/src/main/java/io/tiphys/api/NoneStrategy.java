package io.tiphys.api;

/** The artifact is stored as it is. Has no fields. */
@ArgoType
public record NoneStrategy() {}
