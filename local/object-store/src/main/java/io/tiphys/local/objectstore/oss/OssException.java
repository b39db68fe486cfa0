package io.tiphys.local.objectstore.oss;

/** A refusal as OSS words it: an HTTP status, a code that SDKs act on, a message for people. */
final class OssException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    OssException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        String message = getMessage();
        return message == null ? code : message;
    }

    static OssException noSuchBucket(String bucket) {
        return new OssException(404, "NoSuchBucket", "The specified bucket does not exist: " + bucket);
    }

    static OssException noSuchKey(String key) {
        return new OssException(404, "NoSuchKey", "The specified key does not exist: " + key);
    }

    static OssException noSuchUpload(String id) {
        return new OssException(
                404, "NoSuchUpload", "There is no upload " + id + " of this object; it may have ended already.");
    }

    static OssException invalidArgument(String what) {
        return new OssException(400, "InvalidArgument", what);
    }

    static OssException accessDenied(String why) {
        return new OssException(403, "AccessDenied", why);
    }
}
