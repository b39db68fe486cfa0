package io.tiphys.executor.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.tiphys.executor.http.UploaderClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told by its environment.
 *
 * @param workflow {@code TIPHYS_WORKFLOW}: {@code {"namespace":…,"name":…,"uid":…}}, shown to plugins
 * @param podUid {@code TIPHYS_POD_UID}
 * @param plugins {@code TIPHYS_AGENT_PLUGINS}: {@code [{"name":…,"address":"http://localhost:…"}]}, asked in this order
 * @param tokens {@code TIPHYS_AGENT_DIR}: where each plugin's token lies as {@code <plugin>/token} (default {@code /var/run/argo})
 * @param workers {@code TIPHYS_AGENT_WORKERS}: tasks that are done at the same time (default 64)
 * @param bodyLimitBytes {@code TIPHYS_AGENT_BODY_LIMIT}: largest answer that a node's result may be (default 1 MiB)
 */
public record AgentSettings(
        Workflow workflow,
        @Nullable String podUid,
        List<Plugin> plugins,
        Path tokens,
        int workers,
        int bodyLimitBytes) {
    private static final String DEFAULT_BODY_LIMIT = "1048576";

    /** As plugins get to know it. */
    public record Workflow(String namespace, String name, String uid) {}

    /** A plugin's sidecar in the agent's pod. */
    public record Plugin(String name, String address) {}

    public static AgentSettings from(Map<String, String> environment) throws IOException {
        String workflow = environment.get("TIPHYS_WORKFLOW");
        if (workflow == null) {
            throw new IOException(
                    "the environment variable TIPHYS_WORKFLOW is not set; the controller sets it on the agent");
        }
        return new AgentSettings(
                UploaderClient.JSON.readValue(workflow, Workflow.class),
                environment.get("TIPHYS_POD_UID"),
                plugins(environment),
                tokens(environment),
                Integer.parseInt(environment.getOrDefault("TIPHYS_AGENT_WORKERS", "64")),
                Integer.parseInt(environment.getOrDefault("TIPHYS_AGENT_BODY_LIMIT", DEFAULT_BODY_LIMIT)));
    }

    static List<Plugin> plugins(Map<String, String> environment) throws JsonProcessingException {
        return UploaderClient.JSON.readValue(
                environment.getOrDefault("TIPHYS_AGENT_PLUGINS", "[]"), new TypeReference<List<Plugin>>() {});
    }

    static Path tokens(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("TIPHYS_AGENT_DIR", "/var/run/argo"));
    }
}
