package io.tiphys.transfer;

/**
 * Answer of {@code POST /v1/capability}: the same rights for longer.
 *
 * @param expires Unix seconds
 */
public record RenewedCapability(String token, long expires) {}
