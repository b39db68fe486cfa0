package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodeStatus;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes of a workflow, wherever they are kept: read one at a time, as often as wanted. */
final class StoredNodes implements Nodes {
    private final String workflow;
    private final JsonNode inline;
    private final Supplier<@Nullable NodesAsJson> elsewhere;

    /**
     * Nodes that nothing was read of yet.
     *
     * @param inline those in the object, by id
     * @param elsewhere opens those that are packed or in the archive; null if there are none
     */
    StoredNodes(String workflow, JsonNode inline, Supplier<@Nullable NodesAsJson> elsewhere) {
        this.workflow = workflow;
        this.inline = inline;
        this.elsewhere = elsewhere;
    }

    /**
     * @throws ApiException if they can't be had
     */
    @Override
    public void forEach(Consumer<NodeStatus> taker) {
        try (NodesAsJson nodes = elsewhere.get()) {
            if (nodes != null) {
                read(nodes, taker);
                return;
            }
            for (JsonNode node : inline) {
                taker.accept(ApiJson.mapper().treeToValue(node, NodeStatus.class));
            }
        } catch (IOException e) {
            throw new ApiException(
                    Code.UNAVAILABLE, "the nodes of workflow \"" + workflow + "\" can't be read: " + e.getMessage(), e);
        }
    }

    private static void read(NodesAsJson nodes, Consumer<NodeStatus> taker) throws IOException {
        try (JsonParser parser = nodes.parser(ApiJson.mapper())) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                parser.nextToken();
                taker.accept(ApiJson.mapper().readValue(parser, NodeStatus.class));
            }
        }
    }
}
