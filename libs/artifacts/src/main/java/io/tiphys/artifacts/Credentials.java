package io.tiphys.artifacts;

import org.jspecify.annotations.Nullable;

/** An identity towards object storage; {@code toString} keeps the secret to itself. */
public record Credentials(
        String accessKeyId,
        String accessKeySecret,
        @Nullable String securityToken) {
    @Override
    public String toString() {
        return "Credentials[" + accessKeyId + "]";
    }
}
