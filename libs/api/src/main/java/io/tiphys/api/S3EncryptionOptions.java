package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** Server side encryption of S3 objects. */
@ArgoType
public record S3EncryptionOptions(
        @Nullable String kmsKeyId,
        @Nullable String kmsEncryptionContext,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean enableEncryption,
        @Nullable SecretKeySelector serverSideCustomerKeySecret)
        implements S3EncryptionOptionsBuilder.With {}
