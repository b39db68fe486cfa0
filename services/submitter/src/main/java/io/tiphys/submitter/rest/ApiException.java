package io.tiphys.submitter.rest;

/** A refusal in the terms of Argo's API: a gRPC status code, which fixes the HTTP status, and a message for people. */
public final class ApiException extends RuntimeException {

    /** The gRPC codes that the API uses, each with the HTTP status that Argo's gateway maps it to. */
    public enum Code {
        INVALID_ARGUMENT(3, 400),
        DEADLINE_EXCEEDED(4, 504),
        NOT_FOUND(5, 404),
        ALREADY_EXISTS(6, 409),
        PERMISSION_DENIED(7, 403),
        RESOURCE_EXHAUSTED(8, 429),
        FAILED_PRECONDITION(9, 400),
        ABORTED(10, 409),
        UNIMPLEMENTED(12, 501),
        INTERNAL(13, 500),
        UNAVAILABLE(14, 503),
        UNAUTHENTICATED(16, 401);

        private final int grpc;
        private final int http;

        Code(int grpc, int http) {
            this.grpc = grpc;
            this.http = http;
        }

        /** The number in the error body's {@code code}. */
        public int grpc() {
            return grpc;
        }

        /** The HTTP status. */
        public int http() {
            return http;
        }
    }

    private final Code code;

    public ApiException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public ApiException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    public String text() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }

    public static ApiException invalid(String message) {
        return new ApiException(Code.INVALID_ARGUMENT, message);
    }

    public static ApiException notFound(String message) {
        return new ApiException(Code.NOT_FOUND, message);
    }
}
