package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import org.jspecify.annotations.Nullable;

/**
 * An executor plugin that goes into the agents' pods. Argo: docs/executor_plugins.md.
 *
 * @param container the sidecar; its first port is where it listens
 * @param tokenSecret Secret with the token of the plugin's service account, to be mounted into the sidecar; null for none
 */
public record AgentPlugin(Container container, @Nullable String tokenSecret) {
    /** The plugin's name is its container's: its secret lies in a folder of that name. */
    public String name() {
        return container.getName();
    }

    /** What keeps a container from being a plugin, in Argo's words; null if nothing does. */
    public static @Nullable String problem(@Nullable Container container) {
        if (container == null || container.getPorts().isEmpty()) {
            return "at least one port is mandatory";
        }
        var resources = container.getResources();
        if (resources == null
                || resources.getRequests() == null
                || resources.getRequests().isEmpty()) {
            return "resources requests are mandatory";
        }
        if (resources.getLimits() == null || resources.getLimits().isEmpty()) {
            return "resources limits are mandatory";
        }
        return container.getSecurityContext() == null ? "security context is mandatory" : null;
    }
}
