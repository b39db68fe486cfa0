package io.tiphys.local.system;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A cluster that the user has: its API server is used instead of an embedded one, its kubelets run the pods.
 *
 * @param kubeconfig where the file is; what it names relative to itself stays right
 * @param server URL of the current context's API server
 * @param namespace of the current context; {@code default} if it says none
 */
record GivenCluster(Path kubeconfig, String server, String namespace) {
    private static final System.Logger LOG = System.getLogger(GivenCluster.class.getName());
    private static final Duration ESTABLISHED_WITHIN = Duration.ofSeconds(60);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /**
     * The cluster of a kubeconfig's current context.
     *
     * @throws UserFacingException if the file can't be read or names no server
     */
    static GivenCluster read(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isReadable(absolute)) {
            throw new UserFacingException(
                    "--kubeconfig " + file + ": no such file, or not readable; give the kubeconfig of a cluster");
        }
        Config config = config(absolute);
        String namespace = config.getNamespace() == null ? "default" : config.getNamespace();
        return new GivenCluster(absolute, config.getMasterUrl().replaceAll("/$", ""), namespace);
    }

    private static Config config(Path file) {
        Config config;
        try {
            config = Config.fromKubeconfig(file.toFile());
        } catch (RuntimeException e) {
            throw new UserFacingException("--kubeconfig " + file + ": not a kubeconfig: " + e.getMessage(), e);
        }
        if (config.getCurrentContext() == null) {
            throw new UserFacingException(
                    "--kubeconfig " + file + ": it has no current-context; kubectl config use-context sets one");
        }
        return config;
    }

    /** Makes what the services need there and is missing: the CRDs, the namespace. What is there stays as it is. */
    void prepare(Path root) throws IOException, InterruptedException {
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config(kubeconfig)).build()) {
            awaitAnswer(client);
            createIfAbsent(
                    client,
                    new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build());
            List<Path> files;
            try (Stream<Path> found = Files.list(root.resolve("k8s/base/crds"))) {
                files = found.filter(path -> path.getFileName().toString().startsWith("argoproj.io_"))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                try (var in = Files.newInputStream(file)) {
                    createIfAbsent(
                            client,
                            client.apiextensions()
                                    .v1()
                                    .customResourceDefinitions()
                                    .load(in)
                                    .item());
                }
            }
        } catch (KubernetesClientException e) {
            throw new UserFacingException(
                    "the cluster at " + server + " can't be prepared: " + e.getMessage()
                            + "; the kubeconfig must allow to create CRDs and namespaces, or they must be there",
                    e);
        }
    }

    private void awaitAnswer(KubernetesClient client) throws InterruptedException {
        long end = System.nanoTime() + ANSWERS_WITHIN.toNanos();
        while (true) {
            try {
                client.getKubernetesVersion();
                return;
            } catch (KubernetesClientException e) {
                if (System.nanoTime() > end) {
                    throw new UserFacingException(
                            "the cluster at " + server + " of " + kubeconfig + " doesn't answer: " + e.getMessage(), e);
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void createIfAbsent(KubernetesClient client, HasMetadata object) {
        String what = object.getKind() + " " + object.getMetadata().getName();
        Resource<HasMetadata> resource = client.resource(object);
        if (resource.get() != null) {
            return;
        }
        try {
            resource.create();
            LOG.log(System.Logger.Level.INFO, "created " + what);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) {
                throw e;
            }
        }
        if (object instanceof CustomResourceDefinition) {
            resource.waitUntilCondition(
                    seen -> seen instanceof CustomResourceDefinition definition && isEstablished(definition),
                    ESTABLISHED_WITHIN.toSeconds(),
                    TimeUnit.SECONDS);
        }
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        CustomResourceDefinitionStatus status = definition.getStatus();
        return status != null
                && status.getConditions()
                        != null // null as long as the server has said nothing, whatever Fabric8 promises
                && status.getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
