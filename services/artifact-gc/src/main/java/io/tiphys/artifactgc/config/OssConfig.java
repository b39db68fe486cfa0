package io.tiphys.artifactgc.config;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** This service's own identity towards OSS, for locations that name no Secret. */
@ConfigMapping(prefix = "tiphys.oss")
public interface OssConfig {
    Optional<String> accessKeyId();

    Optional<String> accessKeySecret();

    /** For temporary credentials. */
    Optional<String> securityToken();
}
