package io.tiphys.artifacts.all;

import com.aliyun.oss.common.auth.CredentialsProvider;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.StoreSettings.OssIdentity;
import io.tiphys.artifacts.azure.AzureDriver;
import io.tiphys.artifacts.gcs.GcsDriver;
import io.tiphys.artifacts.git.GitDriver;
import io.tiphys.artifacts.hdfs.HdfsDriver;
import io.tiphys.artifacts.http.HttpDriver;
import io.tiphys.artifacts.http.RawDriver;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.artifacts.oss.TemporaryCredentials;
import io.tiphys.artifacts.plugin.PluginDriver;
import io.tiphys.artifacts.s3.S3Driver;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the drivers of all kinds together. */
public final class BuiltInStores {
    private BuiltInStores() {}

    /** The stores; closing them closes their clients. */
    public static Stores of(StoreSettings settings, Secrets secrets, InstantSource clock) {
        return new Stores(drivers(settings, clock), secrets);
    }

    private static List<StoreDriver> drivers(StoreSettings settings, InstantSource clock) {
        return List.of(
                new LazyDriver("oss", location -> location.oss() != null, () -> oss(settings, clock)),
                new LazyDriver("s3", location -> location.s3() != null, () -> new S3Driver(clock)),
                new LazyDriver("gcs", location -> location.gcs() != null, () -> new GcsDriver(GcsDriver.GOOGLE, clock)),
                new LazyDriver("azure", location -> location.azure() != null, () -> new AzureDriver(clock)),
                new LazyDriver("http", location -> location.http() != null, () -> HttpDriver.http(clock)),
                new LazyDriver(
                        "artifactory", location -> location.artifactory() != null, () -> HttpDriver.artifactory(clock)),
                new LazyDriver(
                        "git",
                        location -> location.git() != null,
                        () -> new GitDriver(settings.scratch(), settings.gitKnownHosts())),
                new LazyDriver("hdfs", location -> location.hdfs() != null, HdfsDriver::new),
                new LazyDriver("raw", BuiltInStores::isRaw, RawDriver::new),
                new LazyDriver(
                        "plugin",
                        location -> location.plugin() != null,
                        () -> new PluginDriver(settings.artifactDrivers())));
    }

    private static boolean isRaw(ArtifactLocation location) {
        return location.raw() != null;
    }

    private static StoreDriver oss(StoreSettings settings, InstantSource clock) {
        return new OssDriver(own(settings.ossOwn(), clock), settings.ossRegion(), clock);
    }

    private static @Nullable CredentialsProvider own(OssIdentity identity, InstantSource clock) {
        return switch (identity) {
            case OssIdentity.Nobody _ -> null;
            case OssIdentity.Key(var key) ->
                new DefaultCredentialProvider(key.accessKeyId(), key.accessKeySecret(), key.securityToken());
            case OssIdentity.MachineRole(var metadata, var role) ->
                TemporaryCredentials.ofMachine(metadata, role, clock);
            case OssIdentity.ServiceAccountRole(var sts, var role, var provider, var token) ->
                TemporaryCredentials.ofServiceAccount(sts, role, provider, token, clock);
        };
    }
}
