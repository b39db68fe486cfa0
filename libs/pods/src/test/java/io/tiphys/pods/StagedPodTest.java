package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.tiphys.transfer.Archive;
import io.tiphys.transfer.PodTask;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StagedPodTest {
    private static final String PRODUCER = """
            name: main
            container: {image: "alpine:latest", command: [sh, -c], args: ["echo hi > /tmp/out"]}
            outputs:
              artifacts: [{name: out, path: /tmp/out}]
              parameters: [{name: p, valueFrom: {path: /tmp/p, default: none}}]
            """;
    private static final String CONSUMER = """
            name: main
            inputs: {artifacts: [{name: data, path: /in/data, oss: {key: some/key.tgz}}]}
            container: {image: "alpine:latest", command: [cat, /in/data]}
            """;

    @Test
    void gatesMainByAnExecutorThatLivesBesideIt() {
        Pod pod = Wishes.template(PRODUCER).pod();

        Container executor = pod.getSpec().getInitContainers().getFirst();
        assertThat(executor.getName()).isEqualTo("executor");
        assertThat(executor.getImage()).isEqualTo("tiphys/executor:1");
        assertThat(executor.getRestartPolicy()).isEqualTo("Always");
        assertThat(executor.getCommand()).containsExactly("/tiphys/executor");
        assertThat(executor.getLifecycle().getPostStart().getExec().getCommand())
                .containsExactly("/tiphys/emissary", "await", "/var/run/tiphys/staged");
        assertThat(executor.getEnv())
                .extracting(EnvVar::getName)
                .containsExactly(
                        "TIPHYS_TASK", "TIPHYS_UPLOADER", "TIPHYS_CAPABILITY", "TIPHYS_POD_NAME", "TIPHYS_POD_UID");
        assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).containsExactly("tiphys", "tiphys-inputs");
    }

    @Test
    void startsTheUsersCommandThroughEmissary() {
        Container main = Wishes.main(Wishes.template(PRODUCER).pod());

        assertThat(main.getCommand())
                .containsExactly(
                        "/var/run/tiphys/emissary",
                        "run",
                        "--container",
                        "main",
                        "--",
                        "sh",
                        "-c",
                        "echo hi > /tmp/out");
        assertThat(main.getArgs()).isEmpty();
        assertThat(main.getVolumeMounts())
                .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/var/run/tiphys"));
    }

    @Test
    void readsTheProgressOfAProgramThatWritesIt() {
        Pod says = Wishes.template("""
                        name: main
                        container: {image: "alpine:latest", command: [sh, -c, "echo 1/2 > $ARGO_PROGRESS_FILE"]}
                        """).pod();
        Pod annotated = Wishes.template("""
                        name: main
                        metadata: {annotations: {workflows.argoproj.io/progress: "0/2"}}
                        container: {image: "alpine:latest", command: [simulate]}
                        """).pod();

        assertThat(List.of(says, annotated))
                .allSatisfy(pod -> assertThat(pod.getSpec().getInitContainers())
                        .extracting(Container::getName)
                        .containsExactly("executor"));
    }

    @Test
    void completesTheCommandFromTheImage() {
        String template = "name: t\ncontainer: {image: \"known:1\"}";

        assertThat(Wishes.main(Wishes.template(template).movingData().pod()).getCommand())
                .endsWith("--", "/entry", "default");
        assertThat(Wishes.main(Wishes.template("container: {image: \"known:1\", args: [own]}")
                                .movingData()
                                .pod())
                        .getCommand())
                .endsWith("--", "/entry", "own");
    }

    @Test
    void asksForAnImageThatIsNotKnownAndTakesTheAnswer() {
        String template = "name: t\ncontainer: {image: \"unknown:1\"}";
        String spec =
                "{imagePullSecrets: [{name: regcred}], serviceAccountName: builder, nodeSelector: {kubernetes.io/arch: arm64}}";

        assertThat(Wishes.template(template).spec(spec).movingData().plan())
                .isInstanceOfSatisfying(DesiredPod.ImageUnknown.class, unknown -> {
                    assertThat(unknown.image()).isEqualTo("unknown:1");
                    assertThat(unknown.pullSecrets()).containsExactly("regcred");
                    assertThat(unknown.serviceAccount()).isEqualTo("builder");
                    assertThat(unknown.architecture()).isEqualTo("arm64");
                    assertThat(unknown.message()).contains("unknown:1", "command");
                });
        Map<String, PodSettings.ImageCommand> answer =
                Map.of("unknown:1", new PodSettings.ImageCommand(List.of("/found"), List.of("this")));
        assertThat(Wishes.main(Wishes.template(template)
                                .found(answer)
                                .movingData()
                                .pod())
                        .getCommand())
                .endsWith("--", "/found", "this");
        Map<String, PodSettings.ImageCommand> nothing =
                Map.of("unknown:1", new PodSettings.ImageCommand(List.of(), List.of()));
        assertThat(Wishes.template(template).found(nothing).movingData().refusal())
                .contains("starts none");
    }

    @Test
    void tellsTheExecutorWhatToSaveAndOnlyTheCapabilityWhere() throws Exception {
        Wishes wishes = Wishes.template(PRODUCER).withResult();

        PodTask task = wishes.task();
        assertThat(task.nodeId()).isEqualTo("hello-123");
        assertThat(task.workflow()).isEqualTo(new PodTask.WorkflowRef("argo", "hello", "uid-1"));
        assertThat(task.containers()).containsExactly("main");
        assertThat(task.outputs().result()).isTrue();
        assertThat(task.outputs().parameters()).containsExactly(new PodTask.OutputParameter("p", "/tmp/p", "none"));
        assertThat(task.outputs().artifacts())
                .containsExactly(new PodTask.OutputArtifact("out", "/tmp/out", false, null, null, null));
        assertThat(wishes.capability().write())
                .containsEntry(
                        "out",
                        Map.of(
                                "oss",
                                Map.of(
                                        "endpoint",
                                        "http://oss",
                                        "bucket",
                                        "bkt",
                                        "useSDKCreds",
                                        true,
                                        "key",
                                        "hello/hello-main-123/out.tgz")));
        assertThat(wishes.capability().expires()).isEqualTo(Wishes.NOW.plusSeconds(3600));
        assertThat(wishes.capability().shard()).isEqualTo(7);
    }

    @Test
    void namesFilesByTheirPacking() {
        String template = """
                name: main
                container: {image: a, command: [b]}
                outputs:
                  artifacts:
                  - {name: plain, path: /tmp/file.txt, archive: {none: {}}}
                  - {name: zipped, path: /tmp/dir, archive: {zip: {}}}
                  - {name: own, path: /tmp/own, oss: {key: given/key}, archive: {tar: {compressionLevel: 3}}}
                """;
        Wishes wishes = Wishes.template(template);

        assertThat(key(wishes, "plain")).isEqualTo("hello/hello-main-123/file.txt");
        assertThat(key(wishes, "zipped")).isEqualTo("hello/hello-main-123/zipped.zip");
        assertThat(key(wishes, "own")).isEqualTo("given/key");
    }

    @Test
    void followsTheRepositorysKeyFormat() {
        Wishes wishes = Wishes.template(PRODUCER + "inputs: {parameters: [{name: day, value: monday}]}\n")
                .repository("""
                        oss:
                          bucket: b
                          keyFormat: "{{workflow.creationTimestamp.Y}}/{{workflow.labels.team}}/{{inputs.parameters.day}}/{{pod.name}}"
                        """);

        assertThat(key(wishes, "out")).isEqualTo("2026/blue/monday/hello-main-123/out.tgz");
    }

    @Test
    void knowsTheRepositoriesOfOtherStores() {
        Wishes azure = Wishes.template(PRODUCER).repository("""
                azure: {endpoint: "https://a.example", container: c, blobNameFormat: "blobs/{{pod.name}}", useSDKCreds: true}
                """);
        assertThat(azure.capability().write().get("out"))
                .isEqualTo(Map.of(
                        "azure",
                        Map.of(
                                "endpoint",
                                "https://a.example",
                                "container",
                                "c",
                                "useSDKCreds",
                                true,
                                "blob",
                                "blobs/hello-main-123/out.tgz")));
        Wishes artifactory = Wishes.template(PRODUCER).repository("""
                artifactory: {repoURL: "https://repo.example/generic/", keyFormat: "{{workflow.name}}"}
                """);
        assertThat(artifactory.capability().write().get("out"))
                .isEqualTo(Map.of("artifactory", Map.of("url", "https://repo.example/generic/hello/out.tgz")));
        Wishes prefixed = Wishes.template(PRODUCER).repository("s3: {bucket: b, keyPrefix: old/place}");
        assertThat(prefixed.capability().write().get("out"))
                .isEqualTo(Map.of("s3", Map.of("bucket", "b", "key", "old/place/hello/hello-main-123/out.tgz")));
    }

    @Test
    void aKeyAloneLiesInTheRepositoryOfWhateverKind() {
        Wishes wishes = Wishes.template("""
                name: main
                container: {image: a, command: [b]}
                inputs:
                  artifacts:
                  - {name: in, path: /tmp/in, gcs: {key: some/in}}
                  - {name: half, path: /tmp/half, s3: {bucket: without-endpoint, key: some/half}}
                  - {name: whole, path: /tmp/whole, s3: {endpoint: "minio:9000", bucket: m, key: some/whole}}
                outputs:
                  artifacts:
                  - {name: out, path: /tmp/out, s3: {key: some/out}}
                """);
        assertThat(wishes.capability().read())
                .containsEntry("in", inBkt("some/in"))
                .containsEntry("half", inBkt("some/half"))
                .containsEntry(
                        "whole", Map.of("s3", Map.of("endpoint", "minio:9000", "bucket", "m", "key", "some/whole")));
        assertThat(wishes.capability().write()).containsEntry("out", inBkt("some/out"));

        Wishes archived = Wishes.template("""
                name: main
                archiveLocation: {gcs: {bucket: g, key: "logs"}}
                container: {image: a, command: [b]}
                outputs:
                  artifacts:
                  - {name: out, path: /tmp/out, s3: {key: some/out}}
                  - {name: other, path: /tmp/other, archive: {none: {}}}
                """);
        assertThat(archived.capability().write())
                .containsEntry("out", Map.of("gcs", Map.of("bucket", "g", "key", "some/out")))
                .containsEntry("other", Map.of("gcs", Map.of("bucket", "g", "key", "logs/other")));
        assertThat(Wishes.template(PRODUCER.replace("path: /tmp/out", "path: /tmp/out, s3: {key: k}"))
                        .repository("artifactory: {repoURL: \"https://repo.example/generic/\"}")
                        .capability()
                        .write())
                .containsEntry("out", Map.of("artifactory", Map.of("url", "https://repo.example/generic/k")));
    }

    private static Map<String, Object> inBkt(String key) {
        return Map.of("oss", Map.of("endpoint", "http://oss", "bucket", "bkt", "useSDKCreds", true, "key", key));
    }

    @Test
    void anOutputMayGoToAUrl() {
        Wishes wishes = Wishes.template("""
                name: main
                container: {image: a, command: [b]}
                outputs:
                  artifacts:
                  - {name: web, path: /tmp/x, http: {url: "https://example.com/x.tgz"}}
                """);
        assertThat(wishes.capability().write().get("web"))
                .isEqualTo(Map.of("http", Map.of("url", "https://example.com/x.tgz")));
    }

    @Test
    void saysThatARepositoryIsMissing() {
        assertThat(Wishes.template(PRODUCER).repository("{}").refusal())
                .contains("out")
                .contains("TIPHYS_ARTIFACT_REPOSITORY");
    }

    @Test
    void onlyDriversThatThereAreMayBeUsed() {
        String template = """
                name: main
                container: {image: "alpine:latest", command: [sh, -c, x]}
                outputs:
                  artifacts:
                  - {name: hello, path: /tmp/x, plugin: {name: %s, configuration: c, key: k}}
                """;
        assertThat(Wishes.template(template.formatted("known-driver"))
                        .capability()
                        .write())
                .containsOnlyKeys("hello");
        assertThat(Wishes.template(template.formatted("other")).refusal())
                .isEqualTo("artifact driver other not found, which artifact \"hello\" needs; known: known-driver");
        assertThat(Wishes.template(PRODUCER)
                        .repository("plugin: {name: other, configuration: c}")
                        .refusal())
                .as("a repository's driver, too")
                .startsWith("artifact driver other not found");
        assertThat(Wishes.template(CONSUMER)
                        .repository("plugin: {name: other, configuration: c}")
                        .refusal())
                .as("for an input, too")
                .startsWith("artifact driver other not found, which artifact \"data\" needs");
    }

    @Test
    void aDriverAsRepositoryGetsKeysAndItsConfiguration() {
        assertThat(Wishes.template(PRODUCER)
                        .repository(
                                "plugin: {name: known-driver, configuration: c, keyFormat: \"at/{{workflow.name}}\"}")
                        .capability()
                        .write()
                        .get("out"))
                .isEqualTo(Map.of(
                        "plugin", Map.of("name", "known-driver", "configuration", "c", "key", "at/hello/out.tgz")));
    }

    @Test
    void stagesInputsAtTheirPath() throws Exception {
        Wishes wishes = Wishes.template(CONSUMER);

        assertThat(Wishes.main(wishes.pod()).getVolumeMounts()).anySatisfy(mount -> {
            assertThat(mount.getName()).isEqualTo("tiphys-inputs");
            assertThat(mount.getMountPath()).isEqualTo("/in/data");
            assertThat(mount.getSubPath()).isEqualTo("data");
        });
        assertThat(wishes.task().inputs()).singleElement().satisfies(input -> {
            assertThat(input.path()).isEqualTo("/in/data");
            assertThat(input.stagePath()).isEqualTo("/var/run/tiphys-inputs/data");
        });
        assertThat(wishes.capability().read().get("data"))
                .isEqualTo(Map.of(
                        "oss",
                        Map.of("endpoint", "http://oss", "bucket", "bkt", "useSDKCreds", true, "key", "some/key.tgz")));
    }

    @Test
    void stagesThroughAVolumeThatTheUserMountsThere() throws Exception {
        Wishes wishes = Wishes.template("""
                        name: main
                        inputs: {artifacts: [{name: data, path: /work/in/data, raw: {data: hi}}]}
                        container: {image: a, command: [b], volumeMounts: [{name: work, mountPath: /work}]}
                        """).spec("volumes: [{name: work, emptyDir: {}}]");

        Pod pod = wishes.pod();
        assertThat(Wishes.main(pod).getVolumeMounts())
                .noneSatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/work/in/data"));
        assertThat(pod.getSpec().getInitContainers().getFirst().getVolumeMounts())
                .anySatisfy(mount -> {
                    assertThat(mount.getName()).isEqualTo("work");
                    assertThat(mount.getMountPath()).isEqualTo("/mainctrfs/work");
                });
        assertThat(wishes.task().inputs()).singleElement().satisfies(input -> {
            assertThat(input.stagePath()).isEqualTo("/mainctrfs/work/in/data");
            assertThat(input.raw()).isEqualTo("hi");
        });
        assertThat(wishes.capability().read()).isEmpty();
    }

    @Test
    void leavesOutAnOptionalInputThatNobodyGives() throws Exception {
        String optional =
                "name: t\ninputs: {artifacts: [{name: x, path: /x, optional: true}]}\ncontainer: {image: a, command: [b]}";

        assertThat(Wishes.template(optional).task().inputs()).isEmpty();
        assertThat(Wishes.template(optional.replace(", optional: true", "")).refusal())
                .contains("inputs.artifacts.x");
    }

    @Test
    void passesTheScriptAsAFileAndLastArgument() throws Exception {
        Wishes wishes = Wishes.template("name: s\nscript: {image: python, command: [python], source: print(1)}");

        assertThat(wishes.task().script()).isEqualTo("print(1)");
        assertThat(Wishes.main(wishes.pod()).getCommand()).endsWith("--", "python", "/argo/staging/script");
        assertThat(Wishes.main(wishes.pod()).getVolumeMounts()).anySatisfy(mount -> {
            assertThat(mount.getMountPath()).isEqualTo("/argo/staging/script");
            assertThat(mount.getSubPath()).isEqualTo(".script");
        });
    }

    @Test
    void aScriptWithoutASourceIsAContainerWhoseArgumentsAreItsOwn() throws Exception {
        Wishes wishes = Wishes.template("name: s\nscript: {image: a, command: [echo], args: ['[]']}");

        assertThat(Wishes.main(wishes.pod()).getCommand()).endsWith("--", "echo", "[]");
        assertThat(Wishes.main(wishes.pod()).getVolumeMounts())
                .noneMatch(mount -> mount.getMountPath().startsWith("/argo/staging"));
        assertThat(wishes.task().script()).isNull();
    }

    @Test
    void wrapsSidecarsSoThatTheyEndWithMain() throws Exception {
        Wishes wishes = Wishes.template("""
                name: main
                container: {image: a, command: [b], volumeMounts: [{name: v, mountPath: /v}]}
                volumes: [{name: v, emptyDir: {}}]
                sidecars: [{name: db, image: c, command: [d], mirrorVolumeMounts: true}]
                """);

        Container sidecar = wishes.pod().getSpec().getContainers().get(1);
        assertThat(sidecar.getCommand())
                .isEqualTo(List.of("/var/run/tiphys/emissary", "run", "--container", "db", "--", "d"));
        assertThat(sidecar.getVolumeMounts())
                .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/v"));
        assertThat(wishes.task().sidecars()).containsExactly("db");
    }

    @Test
    void archivesLogsWhenTheWorkflowAsksForIt() throws Exception {
        Wishes wishes = Wishes.template("name: main\ncontainer: {image: a, command: [b]}")
                .spec("archiveLogs: true");

        assertThat(wishes.task().outputs().logs()).containsExactly(new PodTask.ArchivedLog("main-logs", "main"));
        assertThat(key(wishes, "main-logs")).isEqualTo("hello/hello-main-123/main.log");
    }

    @Test
    void keepsThePackingOfInputs() throws Exception {
        Wishes wishes =
                Wishes.template(CONSUMER.replace("oss: {key: some/key.tgz}", "archive: {none: {}}, oss: {key: k}"));

        assertThat(wishes.task().inputs().getFirst().archive()).isEqualTo(Archive.NONE);
    }

    @SuppressWarnings("unchecked") // a location's content is JSON
    private static String key(Wishes wishes, String artifact) {
        var location = Objects.requireNonNull(wishes.capability().write().get(artifact), artifact);
        return String.valueOf(
                ((Map<String, Object>) location.values().iterator().next()).get("key"));
    }

    @Test
    void mainContainersHaveTheOperatorsDefaults() {
        Container main = Wishes.main(Wishes.template(PRODUCER)
                .mainContainer(
                        "{imagePullPolicy: Always, resources: {requests: {cpu: 100m}}, env: [{name: SITE, value: x}]}")
                .pod());

        assertThat(main.getImagePullPolicy()).isEqualTo("Always");
        assertThat(main.getResources().getRequests()).containsKey("cpu");
        assertThat(main.getEnv()).extracting(EnvVar::getName).contains("SITE");
        assertThat(main.getImage()).isEqualTo("alpine:latest");
    }

    @Test
    void aPodThatIsToPauseHasNoDeadline() {
        Pod pod = Wishes.template("""
                        name: main
                        container: {image: i, command: [a], env: [{name: ARGO_DEBUG_PAUSE_AFTER, value: "true"}]}
                        """).pod();

        assertThat(Wishes.main(pod).getCommand()).startsWith("/var/run/tiphys/emissary");
        assertThat(pod.getSpec().getActiveDeadlineSeconds()).isNull();
    }

    @Test
    void saysHowFinishedPodsGo() {
        assertThat(Wishes.template(PRODUCER)
                        .spec("podGC: {strategy: OnPodSuccess, deleteDelayDuration: 90s}")
                        .pod()
                        .getMetadata()
                        .getAnnotations())
                .containsEntry("workflows.argoproj.io/pod-gc-strategy", "OnPodSuccess/1m30s");
    }

    @Test
    void aTemplateThatIsTooLargeForAVariableIsLeftOut() {
        String template = PRODUCER + "initContainers: [{name: prepare, image: busybox, args: [\"%s\"]}]\n";

        assertThat(variablesOfInit(template.formatted("x".repeat(1000)))).contains("ARGO_TEMPLATE", "ARGO_NODE_ID");
        assertThat(variablesOfInit(template.formatted("x".repeat(130_000))))
                .contains("ARGO_NODE_ID")
                .doesNotContain("ARGO_TEMPLATE");
    }

    private static List<String> variablesOfInit(String template) {
        return Wishes.template(template).pod().getSpec().getInitContainers().getLast().getEnv().stream()
                .map(EnvVar::getName)
                .toList();
    }

    @Test
    void aNodesNameNeverFillsThePodsAnnotations() {
        Pod pod = Wishes.template(PRODUCER)
                .named("hello.loop(0:" + "x".repeat(300_000) + ")")
                .pod();

        assertThat(pod.getMetadata().getAnnotations().get("workflows.argoproj.io/node-name"))
                .startsWith("hello.loop(0:xxx")
                .hasSizeLessThan(20_000);
    }

    @Test
    void belongsToTheInstallationOfItsWorkflow() {
        assertThat(Wishes.template(PRODUCER)
                        .label("workflows.argoproj.io/controller-instanceid", "ci")
                        .pod()
                        .getMetadata()
                        .getLabels())
                .containsEntry("workflows.argoproj.io/controller-instanceid", "ci");
    }
}
