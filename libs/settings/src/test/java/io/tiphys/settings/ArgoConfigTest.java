package io.tiphys.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgoConfigTest {
    private static final String LINKS = """
            - name: Logs
              scope: pod
              url: http://logs?pod=${metadata.name}
            """;

    @Test
    void anEntryForEachKey() {
        ArgoConfig config = ArgoConfig.of(Map.of(
                "instanceID", "ci",
                "parallelism", "10",
                "resourceRateLimit", "limit: 2.5\nburst: 7",
                "nodeEvents", "enabled: false\nsendAsPod: true",
                "workflowRestrictions", "templateReferencing: Strict",
                "retentionPolicy", "completed: 10\nfailed: 3",
                "failedPodRestart", "enabled: true\nmaxRestarts: 5",
                "podGCDeleteDelayDuration", "1m30s"));

        assertThat(config.settings())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("tiphys.instance-id", "ci"),
                        Map.entry("tiphys.controller.parallelism", "10"),
                        Map.entry("tiphys.resource-rate-limit.limit", "2.5"),
                        Map.entry("tiphys.resource-rate-limit.burst", "7"),
                        Map.entry("tiphys.node-events.enabled", "false"),
                        Map.entry("tiphys.node-events.send-as-pod", "true"),
                        Map.entry("tiphys.workflow-restrictions.template-referencing", "Strict"),
                        Map.entry("tiphys.retention-policy.completed", "10"),
                        Map.entry("tiphys.retention-policy.failed", "3"),
                        Map.entry("tiphys.failed-pod-restart.enabled", "true"),
                        Map.entry("tiphys.failed-pod-restart.max-restarts", "5"),
                        Map.entry("tiphys.controller.pod-gc-delay", "PT1M30S")));
        assertThat(config.notices()).isEmpty();
    }

    @Test
    void artifactDriversAreTakenAsTheyAre() {
        assertThat(ArgoConfig.of(Map.of("artifactDrivers", "- name: d\n  image: d:1\n  connectionTimeoutSeconds: 7"))
                        .settings())
                .containsOnly(Map.entry(
                        "tiphys.artifact-drivers",
                        "[{\"name\":\"d\",\"image\":\"d:1\",\"connectionTimeoutSeconds\":7}]"));
    }

    @Test
    void everythingInOneEntry() {
        ArgoConfig config = ArgoConfig.of(Map.of("config", """
                parallelism: 4
                workflowDefaults:
                  spec:
                    serviceAccountName: runner
                executor:
                  image: quay.io/argoproj/argoexec:latest
                  imagePullPolicy: IfNotPresent
                  resources:
                    requests: {cpu: 100m}
                """));

        assertThat(config.settings())
                .containsEntry("tiphys.controller.parallelism", "4")
                .containsEntry("tiphys.workflow-defaults", "{\"spec\":{\"serviceAccountName\":\"runner\"}}")
                .containsEntry("tiphys.executor.image-pull-policy", "IfNotPresent")
                .containsEntry("tiphys.executor.cpu-request", "100m");
        assertThat(config.notices()).containsExactly("executor.image has no effect: it is about Argo's executor");
    }

    @Test
    void whatHasNoMeaningHereIsSaid() {
        ArgoConfig config = ArgoConfig.of(Map.of(
                "kubeConfig", "secretName: s", "persistence", "archive: true\narchiveTTL: 30d", "paralelism", "3"));

        assertThat(config.settings()).containsOnly(Map.entry("tiphys.archive.enabled", "true"));
        assertThat(config.notices())
                .containsExactly(
                        "kubeConfig has no effect: pods need no access to the Kubernetes API here",
                        "paralelism has no effect: it is no key that Argo's controller knows",
                        "persistence.archiveTTL has no effect");
    }

    @Test
    void nonsenseNamesItsKey() {
        assertThatThrownBy(() -> ArgoConfig.of(Map.of("parallelism", "{a: 1}")))
                .hasMessage("parallelism: is {\"a\":1}, must be a single value");
        assertThatThrownBy(() -> ArgoConfig.of(Map.of("retentionPolicy", "10")))
                .hasMessage("retentionPolicy: is 10, must be an object with fields");
        assertThatThrownBy(() -> ArgoConfig.of(Map.of("images", "a: [")))
                .hasMessageStartingWith("images: is no YAML: ");
        assertThatThrownBy(() -> ArgoConfig.of(Map.of("podGCDeleteDelayDuration", "soon")))
                .hasMessageContaining("must be a duration");
        assertThatThrownBy(() -> ArgoConfig.of(Map.of("config", "{}", "parallelism", "1")))
                .hasMessageContaining("either \"config\" alone");
    }

    @Test
    void aMountedConfigMapIsASourceOfSettingsThatOthersWinOver(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("instanceID"), "ci");
        Files.writeString(folder.resolve("parallelism"), "3");
        Files.writeString(folder.resolve("links"), LINKS);
        Files.createDirectory(folder.resolve("..data"));

        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredSources()
                .withSources(new io.smallrye.config.PropertiesConfigSource(
                        Map.of(ArgoConfigSourceFactory.FOLDER, folder.toString(), "tiphys.instance-id", "mine"),
                        "given",
                        300))
                .build();

        assertThat(config.getValue("tiphys.controller.parallelism", Integer.class))
                .isEqualTo(3);
        assertThat(config.getValue("tiphys.instance-id", String.class)).isEqualTo("mine");
        assertThat(config.getValue("tiphys.submitter.links", String.class))
                .isEqualTo("[{\"name\":\"Logs\",\"scope\":\"pod\",\"url\":\"http://logs?pod=${metadata.name}\"}]");
    }

    @Test
    void aFolderThatIsNotThereSaysNothing(@TempDir Path folder) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredSources()
                .withDefaultValue(
                        ArgoConfigSourceFactory.FOLDER, folder.resolve("absent").toString())
                .build();

        assertThat(config.getOptionalValue("tiphys.instance-id", String.class)).isEmpty();
    }
}
