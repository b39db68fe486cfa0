package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.submitter.stream.MessageStream;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An answer of many messages, written on the request's virtual thread; a failure on the way is its last message. */
final class StreamedAnswer {
    private StreamedAnswer() {}

    /** What writes the messages. */
    interface Script {
        void write(MessageStream out) throws IOException, InterruptedException;
    }

    static Response of(ObjectMapper json, @Nullable String accept, Script script) {
        StreamingOutput body = out -> {
            MessageStream stream = new MessageStream(out, json, accept);
            try {
                script.write(stream);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (KubernetesClientException e) {
                stream.fail(ErrorMapping.toApi(e));
            } catch (ApiException e) {
                stream.fail(e);
            }
        };
        return Response.ok(body)
                .type(MessageStream.contentType(accept))
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no")
                .build();
    }
}
