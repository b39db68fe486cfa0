package io.tiphys.local.objectstore;

import java.time.Duration;

/** Something that goes wrong with one request, on purpose. */
public sealed interface Fault {
    /** The connection closes without an answer; the request has no effect. */
    record Drop() implements Fault {}

    /** The request takes effect, but its answer never arrives: the connection closes instead. */
    record DropAnswer() implements Fault {}

    /** The request is served after a while. */
    record Delay(Duration by) implements Fault {}

    /** The request is refused with this status and OSS error code, for example 503 and {@code ServiceUnavailable}. */
    record Refuse(int status, String code) implements Fault {}

    /** One bit of the body is wrong: of the request's body when it has one, else of the answer's. */
    record FlipBit(long atByte) implements Fault {}

    /** The answer's body ends early, after this many bytes, and the connection closes. */
    record CutBody(long afterBytes) implements Fault {}
}
