package io.tiphys.submitter.stream;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ErrorMapping;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One answer of many messages, written as Argo's gateway writes it: with {@code Accept: text/event-stream} each message is
 * {@code data: {"result":…}} and an empty line, otherwise one line {@code {"result":…}}. Writing blocks while the reader is slow.
 * An {@link IOException} means that the reader has gone.
 */
public final class MessageStream {
    public static final String SERVER_SENT_EVENTS = "text/event-stream";
    /** How long a stream may be silent. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = ":\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final ObjectMapper json;
    private final boolean events;

    public MessageStream(OutputStream out, ObjectMapper json, @Nullable String accept) {
        this.out = out;
        this.json = json;
        this.events = wantsEvents(accept);
    }

    public static boolean wantsEvents(@Nullable String accept) {
        return accept != null && accept.contains(SERVER_SENT_EVENTS);
    }

    /** The content type of the answer. */
    public static String contentType(@Nullable String accept) {
        return wantsEvents(accept) ? SERVER_SENT_EVENTS : "application/json";
    }

    /**
     * Sends the headers before there is anything to say, so that the reader knows that it is connected. Without SSE that takes a
     * byte: a space, which JSON allows in front of the first message.
     */
    public void open() throws IOException {
        if (!events) {
            out.write(' ');
        }
        keepAlive();
    }

    /** Writes one JSON value; what it can't write, it leaves cut off. */
    @FunctionalInterface
    public interface Result {
        void write(JsonGenerator json) throws IOException;
    }

    public void send(JsonNode result) throws IOException {
        write(generator -> json.writeTree(generator, result));
    }

    /** Sends what is written while it is sent, so that all of it is never in memory at once. */
    public void write(Result result) throws IOException {
        message("result", result);
    }

    /** Reports a failure after the headers have gone; the stream is over then. */
    public void fail(ApiException e) throws IOException {
        JsonNode error = ErrorMapping.body(e.code(), e.text());
        message("error", generator -> json.writeTree(generator, error));
    }

    /** A comment, in which readers see nothing and proxies see life. Without SSE there is no such thing. */
    public void keepAlive() throws IOException {
        if (events) {
            out.write(COMMENT);
        }
        out.flush();
    }

    private void message(String field, Result value) throws IOException {
        if (events) {
            out.write(DATA);
        }
        try (JsonGenerator generator = json.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)) {
            generator.writeStartObject();
            generator.writeFieldName(field);
            value.write(generator);
            generator.writeEndObject();
        }
        out.write('\n');
        if (events) {
            out.write('\n');
        }
        out.flush();
    }
}
