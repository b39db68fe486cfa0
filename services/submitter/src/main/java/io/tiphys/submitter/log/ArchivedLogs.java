package io.tiphys.submitter.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.submitter.artifacts.ArtifactFinder;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.stream.MessageStream;
import io.tiphys.submitter.workflow.PodNames;
import io.tiphys.submitter.workflow.WorkflowReads;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** What pods that are gone have said, from the log artifacts ({@code main-logs}) of their nodes. */
@ApplicationScoped
public class ArchivedLogs {
    private static final Logger LOG = Logger.getLogger(ArchivedLogs.class);

    private final WorkflowReads reads;
    private final ArtifactFinder artifacts;

    public ArchivedLogs(WorkflowReads reads, ArtifactFinder artifacts) {
        this.reads = reads;
        this.artifacts = artifacts;
    }

    /** Sends the logs of all nodes whose pod isn't in {@code said}, one after the other. */
    void stream(String namespace, String name, String uid, LogOptions options, Set<String> said, MessageStream out)
            throws IOException {
        WorkflowTree workflow;
        try {
            workflow = reads.withNodes(namespace, name, uid, (_, node) -> hasLogs(node, options));
        } catch (ApiException e) {
            if (e.code() == Code.NOT_FOUND || e.code() == Code.UNAVAILABLE) {
                LOG.debugf("no archived logs of workflow %s/%s: %s", namespace, name, e.text());
                return;
            }
            throw e;
        }
        List<JsonNode> nodes = new ArrayList<>();
        workflow.nodes().forEach(nodes::add);
        nodes.sort(Comparator.comparing(node -> node.path("startedAt").asText("")));
        for (JsonNode node : nodes) {
            String pod = PodNames.of(workflow, node);
            boolean wanted = options.podName().isEmpty() || options.podName().equals(pod);
            if (wanted && !said.contains(pod)) {
                stream(workflow, node, pod, options, out);
            }
        }
    }

    private static boolean hasLogs(JsonNode node, LogOptions options) {
        return node.path("type").asText("").equals("Pod")
                && node.path("outputs").path("artifacts").valueStream().anyMatch(artifact -> isLog(artifact, options));
    }

    private static boolean isLog(JsonNode artifact, LogOptions options) {
        return artifact.path("name").asText("").equals(options.container() + "-logs")
                && !artifact.path("deleted").asBoolean(false);
    }

    private void stream(WorkflowTree workflow, JsonNode node, String pod, LogOptions options, MessageStream out)
            throws IOException {
        for (JsonNode artifact : node.path("outputs").path("artifacts")) {
            if (isLog(artifact, options)) {
                try {
                    Located located = artifacts.locate(workflow, artifact);
                    copy(located, pod, options, out);
                } catch (StoreException | ApiException e) {
                    LOG.warnf("archived log of pod %s/%s: %s", workflow.namespace(), pod, e.getMessage());
                }
            }
        }
    }

    private static void copy(Located located, String pod, LogOptions options, MessageStream out) throws IOException {
        try (LongLines lines = new LongLines(located.store().read(located.key()))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (options.grep().matcher(line).find()) {
                    out.send(JsonNodeFactory.instance
                            .objectNode()
                            .put("content", line)
                            .put("podName", pod));
                }
            }
        }
    }
}
