package io.tiphys.uploader.agent;

import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.transfer.AgentWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Completes tasks with the secrets that their headers refer to; agents have no rights to read them. */
public final class HeaderSecrets {
    private final Secrets secrets;

    public HeaderSecrets(Secrets secrets) {
        this.secrets = secrets;
    }

    /**
     * The task with its secrets, or with the reason why it can't have them.
     *
     * @throws StoreException if Secrets can't be read for the time being
     */
    public AgentWork.Task complete(String namespace, String nodeId, Map<String, Object> template)
            throws StoreException {
        Map<String, String> values = new LinkedHashMap<>();
        if (template.get("http") instanceof Map<?, ?> http && http.get("headers") instanceof List<?> headers) {
            for (Object header : headers) {
                if (header instanceof Map<?, ?> fields
                        && fields.get("valueFrom") instanceof Map<?, ?> from
                        && from.get("secretKeyRef") instanceof Map<?, ?> reference) {
                    String name = String.valueOf(reference.get("name"));
                    String key = String.valueOf(reference.get("key"));
                    try {
                        var value = secrets.value(namespace, name, key);
                        if (value.isEmpty()) {
                            return new AgentWork.Task(
                                    nodeId,
                                    template,
                                    Map.of(),
                                    "header \"" + fields.get("name") + "\": the Secret \"" + name
                                            + "\" is not there or has no key \"" + key + "\"");
                        }
                        values.put(name + "/" + key, value.get());
                    } catch (StoreException e) {
                        if (e.kind() == Kind.UNAVAILABLE) {
                            throw e;
                        }
                        return new AgentWork.Task(nodeId, template, Map.of(), e.getMessage());
                    }
                }
            }
        }
        return new AgentWork.Task(nodeId, template, values, null);
    }
}
