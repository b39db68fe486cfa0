package io.tiphys.artifacts.all;

import io.tiphys.api.ArtifactDriver;
import io.tiphys.artifacts.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sets about stores; the same for every service that speaks to them. What SDKs find in their surroundings themselves (AWS,
 * Google, Azure) is theirs.
 *
 * @param ossOwn the service's own identity at OSS, for locations that name no Secret
 * @param ossRegion of OSS endpoints whose name doesn't tell it
 * @param scratch folder for what must lie on disk for a while
 * @param gitKnownHosts file with the keys of ssh servers
 * @param artifactDrivers that run beside the service
 */
public record StoreSettings(
        OssIdentity ossOwn,
        @Nullable String ossRegion,
        Path scratch,
        @Nullable Path gitKnownHosts,
        List<ArtifactDriver> artifactDrivers) {
    /** The setting that artifact drivers come from. */
    private static final String DRIVERS = "tiphys.artifact-drivers";

    public StoreSettings {
        artifactDrivers = List.copyOf(artifactDrivers);
    }

    /** Who the service is at OSS by itself. */
    public sealed interface OssIdentity {
        /** Nobody: every location must name a Secret. */
        record Nobody() implements OssIdentity {}

        record Key(Credentials credentials) implements OssIdentity {}

        /** The RAM role of the machine; an empty name is the one that it has. */
        record MachineRole(URI metadata, String role) implements OssIdentity {}

        /** A RAM role for the pod's service account (RRSA). */
        record ServiceAccountRole(URI sts, String roleArn, String providerArn, Path tokenFile) implements OssIdentity {}
    }

    /**
     * From properties: {@code tiphys.oss.access-key-id}, {@code .access-key-secret}, {@code .security-token}; {@code tiphys.oss.ram-role} (a
     * name, or {@code auto}); or what RRSA puts into a pod ({@code ALIBABA_CLOUD_ROLE_ARN}, {@code …_OIDC_PROVIDER_ARN}, {@code
     * …_OIDC_TOKEN_FILE}); {@code tiphys.oss.region}; {@code tiphys.store.scratch-dir}; {@code tiphys.git.known-hosts}; {@code
     * tiphys.artifact-drivers} (as {@link ArtifactDriver#listOf}).
     *
     * @param property name → value, null where it isn't set
     */
    public static StoreSettings read(UnaryOperator<@Nullable String> property) {
        var scratch = property.apply("tiphys.store.scratch-dir");
        var hosts = property.apply("tiphys.git.known-hosts");
        return new StoreSettings(
                oss(property),
                property.apply("tiphys.oss.region"),
                scratch == null ? Path.of(System.getProperty("java.io.tmpdir"), "tiphys-stores") : Path.of(scratch),
                hosts == null ? null : Path.of(hosts),
                ArtifactDriver.listOf(DRIVERS, property.apply(DRIVERS)));
    }

    private static OssIdentity oss(UnaryOperator<@Nullable String> property) {
        var id = property.apply("tiphys.oss.access-key-id");
        var secret = property.apply("tiphys.oss.access-key-secret");
        if (id != null && secret != null) {
            return new OssIdentity.Key(new Credentials(id, secret, property.apply("tiphys.oss.security-token")));
        }
        var role = property.apply("tiphys.oss.ram-role");
        if (role != null) {
            return new OssIdentity.MachineRole(
                    uri(property.apply("tiphys.oss.metadata-url"), "http://100.100.100.200"),
                    role.equals("auto") ? "" : role);
        }
        var arn = property.apply("ALIBABA_CLOUD_ROLE_ARN");
        var provider = property.apply("ALIBABA_CLOUD_OIDC_PROVIDER_ARN");
        var token = property.apply("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
        if (arn != null && provider != null && token != null) {
            return new OssIdentity.ServiceAccountRole(
                    uri(property.apply("tiphys.oss.sts-url"), "https://sts.aliyuncs.com"),
                    arn,
                    provider,
                    Path.of(token));
        }
        return new OssIdentity.Nobody();
    }

    private static URI uri(@Nullable String told, String otherwise) {
        return URI.create(told == null ? otherwise : told);
    }
}
