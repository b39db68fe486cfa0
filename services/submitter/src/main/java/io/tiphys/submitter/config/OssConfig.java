package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The submitter's own identity towards OSS, for artifact locations that name no Secret. */
@ConfigMapping(prefix = "tiphys.oss")
public interface OssConfig {
    Optional<String> accessKeyId();

    Optional<String> accessKeySecret();

    Optional<String> securityToken();
}
