package io.tiphys.local.objectstore.s3;

import java.io.IOException;

/** A refusal as S3 words it. Also thrown out of a body's stream that turns out to be another than what was signed. */
final class S3Exception extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    S3Exception(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
