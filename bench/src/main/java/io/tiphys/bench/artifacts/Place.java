package io.tiphys.bench.artifacts;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.transfer.CapabilityKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The running instance that is measured: its store, its uploader, and a folder of ours on its disk. */
final class Place implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String NAMESPACE = "default";

    private final Path home;
    final Path folder;
    final Path programs;
    final URI uploader;
    private final URI submitter;
    private final Path kubeconfig;
    final URI endpoint;
    final String bucket;
    final CapabilityKey key;
    final OSS oss;

    Place(Path home, JsonNode instance) throws IOException {
        this.home = home;
        this.folder = Files.createTempDirectory(home, "bench-artifacts-");
        this.programs = Path.of(System.getProperty("tiphys.root", "."), "executor/target/dist/tiphys")
                .toAbsolutePath();
        this.uploader = URI.create(instance.path("urls").path("uploader").asText());
        this.submitter = URI.create(instance.path("urls").path("submitter").asText());
        this.kubeconfig = Path.of(instance.path("kubeconfig").asText());
        this.endpoint = URI.create(instance.path("oss").path("endpoint").asText());
        this.bucket = instance.path("oss").path("bucket").asText();
        this.key = CapabilityKey.read(home.resolve("capability.key"));
        var secret = JSON.readTree(home.resolve("settings.json").toFile())
                .path("secrets")
                .path("oss")
                .asText();
        var configuration = new ClientBuilderConfiguration();
        configuration.setCrcCheckEnabled(false); // the plainest there is
        this.oss = new OSSClientBuilder()
                .build(
                        endpoint.toString(),
                        instance.path("oss").path("accessKeyId").asText(),
                        secret,
                        configuration);
    }

    Map<String, Object> location(URI at, String objectKey) {
        return Map.of("oss", Map.of("endpoint", at.toString(), "bucket", bucket, "key", objectKey));
    }

    KubernetesClient kubernetes() throws IOException {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
                .build();
    }

    /** Where people get an artifact of a {@link FinishedWorkflow}. */
    URI artifact(String workflow, int number) {
        return submitter.resolve("/artifacts/" + NAMESPACE + "/" + workflow + "/"
                + FinishedWorkflow.node(workflow, number) + "/a" + number);
    }

    /** Process ids of all parts that are processes of their own, and of the one that is all the others, by name. */
    Map<String, Long> pids() throws IOException {
        var pids = new LinkedHashMap<String, Long>();
        for (var known : JSON.readTree(home.resolve("instance.json").toFile()).path("parts")) {
            if (known.path("pid").isNumber()) {
                pids.put(known.path("name").asText(), known.path("pid").asLong());
            }
        }
        return pids;
    }

    /** Process id of a part of the instance, which changes when it is started again. */
    long pid(String part) throws IOException {
        for (var known : JSON.readTree(home.resolve("instance.json").toFile()).path("parts")) {
            if (known.path("name").asText().equals(part)) {
                return known.path("pid").asLong();
            }
        }
        throw new IllegalStateException("the instance has no part " + part);
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(home).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        oss.shutdown();
        delete(folder);
    }

    static void delete(Path tree) throws IOException {
        try (var paths = Files.walk(tree)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
