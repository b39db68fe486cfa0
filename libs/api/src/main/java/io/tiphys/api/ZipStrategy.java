package io.tiphys.api;

/** The artifact is stored as a zip file. Has no fields. */
@ArgoType
public record ZipStrategy() {}
