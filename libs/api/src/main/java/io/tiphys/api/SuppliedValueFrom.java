package io.tiphys.api;

/** The value is given by whoever resumes the node. Has no fields. */
@ArgoType
public record SuppliedValueFrom() {}
