package io.tiphys.controller.agent;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.api.ExecutorPlugin;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.pods.AgentPlugin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor plugins of a workflow's agent: those that its spec brings along, else those of ConfigMaps labelled
 * {@code workflows.argoproj.io/configmap-type: ExecutorPlugin} in the workflow's namespace and in the system's own.
 * Argo: docs/executor_plugins.md.
 */
public final class Plugins {
    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
    private static final String LABEL_TYPE = "workflows.argoproj.io/configmap-type";
    private static final String TYPE = "ExecutorPlugin";
    private static final String SUFFIX = "-executor-plugin";
    private static final String ANNOTATION_TOKEN = "workflows.argoproj.io/service-account-token.name";

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final boolean enabled;
    private final Optional<String> ownNamespace;

    /**
     * Reads from the API server whenever it is asked.
     *
     * @param enabled whether agents get plugins at all
     * @param ownNamespace whose plugins all workflows get
     */
    public Plugins(KubernetesClient client, ApiCalls calls, boolean enabled, Optional<String> ownNamespace) {
        this.client = client;
        this.calls = calls;
        this.enabled = enabled;
        this.ownNamespace = ownNamespace;
    }

    /** Plugins that can't be had; the message is for the user. */
    public static final class InvalidPluginException extends Exception {
        InvalidPluginException(String message) {
            super(message);
        }
    }

    /** For a new agent's pod. */
    public List<AgentPlugin> of(String namespace, List<ExecutorPlugin> brought)
            throws InterruptedException, InvalidPluginException {
        if (!enabled) {
            if (!brought.isEmpty()) {
                throw new InvalidPluginException(
                        "executor plugins are disabled in the controller. To enable them, set TIPHYS_AGENT_PLUGINS=true");
            }
            return List.of();
        }
        return brought.isEmpty() ? installed(namespace) : ofSpec(namespace, brought);
    }

    private List<AgentPlugin> ofSpec(String namespace, List<ExecutorPlugin> brought)
            throws InterruptedException, InvalidPluginException {
        List<AgentPlugin> plugins = new ArrayList<>();
        for (ExecutorPlugin plugin : brought) {
            String name = plugin.metadata() == null ? null : plugin.metadata().getName();
            if (name == null || name.isEmpty()) {
                throw new InvalidPluginException("executor plugin metadata name is mandatory");
            }
            var sidecar = plugin.spec() == null ? null : plugin.spec().sidecar();
            Container container = sidecar == null ? null : sidecar.container();
            String problem = AgentPlugin.problem(container);
            if (container == null || sidecar == null || problem != null) {
                throw new InvalidPluginException("executor plugin \"" + name + "\": sidecar is invalid: " + problem);
            }
            plugins.add(new AgentPlugin(
                    container, sidecar.automountServiceAccountToken() ? token(namespace, name + SUFFIX) : null));
        }
        return plugins;
    }

    private List<AgentPlugin> installed(String namespace) throws InterruptedException, InvalidPluginException {
        Set<String> namespaces = new LinkedHashSet<>();
        ownNamespace.ifPresent(namespaces::add);
        namespaces.add(namespace);
        List<AgentPlugin> plugins = new ArrayList<>();
        for (String from : namespaces) {
            List<ConfigMap> configMaps = calls.call(
                    "list plugins",
                    () -> client.configMaps()
                            .inNamespace(from)
                            .withLabel(LABEL_TYPE, TYPE)
                            .list()
                            .getItems());
            for (ConfigMap configMap : configMaps) {
                Optional<AgentPlugin> plugin = plugin(namespace, configMap);
                plugin.ifPresent(plugins::add);
            }
        }
        return plugins;
    }

    private Optional<AgentPlugin> plugin(String namespace, ConfigMap configMap)
            throws InterruptedException, InvalidPluginException {
        String name = configMap.getMetadata().getName();
        Map<String, String> data = configMap.getData() == null ? Map.of() : configMap.getData();
        Container container = container(data.get("sidecar.container"));
        String problem = AgentPlugin.problem(container);
        if (container == null || problem != null) {
            LOG.warn(
                    "ConfigMap {}/{} is no executor plugin: sidecar is invalid: {}",
                    configMap.getMetadata().getNamespace(),
                    name,
                    problem);
            return Optional.empty();
        }
        boolean mounts = "true".equals(data.get("sidecar.automountServiceAccountToken"));
        String account = name.endsWith(SUFFIX) ? name : name + SUFFIX;
        return Optional.of(new AgentPlugin(container, mounts ? token(namespace, account) : null));
    }

    private static @Nullable Container container(@Nullable String yaml) {
        try {
            return yaml == null ? null : Serialization.unmarshal(yaml, Container.class);
        } catch (RuntimeException e) {
            LOG.debug("a plugin's container can't be read", e);
            return null;
        }
    }

    /** Name of the Secret that holds the service account's token. */
    private String token(String namespace, String account) throws InterruptedException, InvalidPluginException {
        ServiceAccount found;
        try {
            found = calls.call(
                    "get service account",
                    () -> client.serviceAccounts()
                            .inNamespace(namespace)
                            .withName(account)
                            .get());
        } catch (KubernetesClientException e) {
            throw new InvalidPluginException(
                    "service account \"" + account + "\" of a plugin can't be read: " + e.getMessage());
        }
        if (found == null) {
            throw new InvalidPluginException("serviceaccounts \"" + account + "\" not found");
        }
        if (found.getSecrets() != null && !found.getSecrets().isEmpty()) {
            return found.getSecrets().getFirst().getName();
        }
        Map<String, String> annotations = found.getMetadata().getAnnotations();
        String named = annotations == null ? null : annotations.get(ANNOTATION_TOKEN);
        return named == null ? account + ".service-account-token" : named;
    }
}
