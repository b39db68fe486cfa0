package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pods do on a node, seen through the API as a user sees it. */
class NodeTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    static Path home;

    private static ApiServer api;
    private static KubernetesClient client;
    private static NodeConfig config;
    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        api = ApiServer.start(ApiServerConfig.inMemory());
        config = NodeConfig.in(home.resolve("node"), api.url().toString()).withCrashBackoff(Duration.ofMillis(50));
        node = Node.start(config);
        client = new KubernetesClientBuilder().withConfig(config.kubernetes()).build();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        node.close();
        api.close();
    }

    private Pod create(String yaml) {
        return client.pods()
                .inNamespace("default")
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private Pod get(String name) {
        return client.pods().inNamespace("default").withName(name).get();
    }

    private Pod until(String name, Predicate<Pod> condition) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get(name), pod -> pod != null && condition.test(pod));
    }

    private static boolean isOver(Pod pod) {
        return "Succeeded".equals(pod.getStatus().getPhase())
                || "Failed".equals(pod.getStatus().getPhase());
    }

    private static ContainerStatus container(Pod pod, String name) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ContainerStateTerminated main(Pod pod) {
        return container(pod, "main").getState().getTerminated();
    }

    private String log(String pod, String container) {
        return client.pods()
                .inNamespace("default")
                .withName(pod)
                .inContainer(container)
                .getLog();
    }

    @Test
    void runsAHelloPod() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: hello}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: alpine:latest
                    command: [sh, -c]
                    args: ["echo hello $(WHO); hostname; echo $$ oops >&2"]
                    env: [{name: WHO, value: world}]
                """);
        Pod pod = until("hello", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(main(pod).getReason()).isEqualTo("Completed");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("local");
        assertThat(log("hello", "main")).isEqualTo("hello world\nhello\n$ oops\n");
    }

    @Test
    void reportsExitCodeAndTerminationMessage() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: fails}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: alpine, command: [sh, -c, "echo why > /dev/termination-log; exit 3"]}
                """);
        Pod pod = until("fails", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(main(pod).getExitCode()).isEqualTo(3);
        assertThat(main(pod).getReason()).isEqualTo("Error");
        assertThat(main(pod).getMessage()).isEqualTo("why\n");
    }

    @Test
    void startsInitContainersInOrderAndSharesVolumes() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: order}
                spec:
                  restartPolicy: Never
                  volumes: [{name: v, emptyDir: {}}, {name: m, emptyDir: {medium: Memory}}]
                  initContainers:
                  - {name: one, image: alpine, command: [sh, -c, "echo one >> /v/f"], volumeMounts: [{name: v, mountPath: /v}]}
                  - {name: two, image: alpine, command: [sh, -c, "sleep 0.1; echo two >> /v/f"], volumeMounts: [{name: v, mountPath: /v}]}
                  containers:
                  - name: main
                    image: alpine
                    workingDir: /v/deep/er
                    command: [sh, -c, "pwd; cat /v/f /tmp/part; echo x > /m/y; echo x > /ro/z; ls /v/sub"]
                    volumeMounts:
                    - {name: v, mountPath: /v}
                    - {name: v, mountPath: /ro, readOnly: true}
                    - {name: m, mountPath: /m}
                    - {name: v, mountPath: /tmp/part, subPath: f}
                    - {name: m, mountPath: /v/sub, subPath: made/here}
                """);
        Pod pod = until("order", NodeTest::isOver);
        assertThat(log("order", "main"))
                .contains("/v/deep/er\none\ntwo\none\ntwo\n")
                .contains("Read-only file system");
        assertThat(pod.getStatus().getInitContainerStatuses())
                .allSatisfy(status -> assertThat(status.getReady()).isTrue());
    }

    @Test
    void aFailingInitContainerFailsThePodAndMainNeverRuns() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: badinit}
                spec:
                  restartPolicy: Never
                  initContainers: [{name: one, image: alpine, command: [sh, -c, "exit 9"]}]
                  containers: [{name: main, image: alpine, command: [echo, ran]}]
                """);
        Pod pod = until("badinit", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(pod.getStatus()
                        .getInitContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                        .getExitCode())
                .isEqualTo(9);
        assertThat(container(pod, "main").getState().getWaiting().getReason()).isEqualTo("PodInitializing");
    }

    @Test
    void aSidecarsPostStartHookHoldsTheNextContainerAndItEndsAfterMain() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: sidecar}
                spec:
                  restartPolicy: Never
                  volumes: [{name: v, emptyDir: {}}]
                  initContainers:
                  - name: helper
                    image: alpine
                    restartPolicy: Always
                    command: [sh, -c, "trap 'echo helper ends >> /v/f; exit 0' TERM; sleep 0.3; touch /v/staged; while :; do sleep 0.05; done"]
                    volumeMounts: [{name: v, mountPath: /v}]
                    lifecycle: {postStart: {exec: {command: [sh, -c, "until [ -e /v/staged ]; do sleep 0.02; done; echo hook >> /v/f"]}}}
                  containers:
                  - {name: main, image: alpine, command: [sh, -c, "ls /v; echo main >> /v/f; cat /v/f"], volumeMounts: [{name: v, mountPath: /v}]}
                """);
        Pod pod = until("sidecar", NodeTest::isOver);
        assertThat(log("sidecar", "main")).isEqualTo("f\nstaged\nhook\nmain\n");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        ContainerStatus helper = pod.getStatus().getInitContainerStatuses().getFirst();
        assertThat(helper.getState().getTerminated().getExitCode()).isZero();
    }

    @Test
    void aSidecarThatDiesIsRestartedWhileMainGoesOn() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: dies}
                spec:
                  restartPolicy: Never
                  volumes: [{name: v, emptyDir: {}}]
                  initContainers:
                  - name: helper
                    image: alpine
                    restartPolicy: Always
                    command: [sh, -c, "echo x >> /v/starts; [ $(wc -l < /v/starts) -ge 3 ] && exec sleep 100; exit 7"]
                    volumeMounts: [{name: v, mountPath: /v}]
                  containers:
                  - name: main
                    image: alpine
                    command: [sh, -c, "until [ $(wc -l < /v/starts) -ge 3 ]; do sleep 0.02; done"]
                    volumeMounts: [{name: v, mountPath: /v}]
                  terminationGracePeriodSeconds: 1
                """);
        Pod pod = until("dies", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        ContainerStatus helper = pod.getStatus().getInitContainerStatuses().getFirst();
        assertThat(helper.getRestartCount()).isEqualTo(2);
        assertThat(helper.getLastState().getTerminated().getExitCode()).isEqualTo(7);
    }

    @Test
    void restartsOnFailureAndKeepsThePreviousLog() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: retry}
                spec:
                  restartPolicy: OnFailure
                  volumes: [{name: v, emptyDir: {}}]
                  containers:
                  - name: main
                    image: alpine
                    command: [sh, -c, "echo try; if [ -e /v/f ]; then exit 0; fi; touch /v/f /fresh; exit 1"]
                    volumeMounts: [{name: v, mountPath: /v}]
                """);
        Pod pod = until("retry", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(container(pod, "main").getRestartCount()).isEqualTo(1);
        String previous = client.pods()
                .inNamespace("default")
                .withName("retry")
                .inContainer("main")
                .terminated()
                .getLog();
        assertThat(previous).isEqualTo("try\n");
    }

    @Test
    void givesVariablesAndFilesFromConfigMapsSecretsAndThePod() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: config, labels: {app: x}, annotations: {a/b: "1"}}
                spec:
                  restartPolicy: Never
                  volumes:
                  - {name: cm, configMap: {name: settings, items: [{key: b.txt, path: d/b}]}}
                  - {name: all, projected: {sources: [{secret: {name: keys}}, {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}}
                  containers:
                  - name: main
                    image: alpine
                    command: [sh, -c, 'echo $A $PRE_user $NAME $LABEL $NODE $CPU $MISSING; cat /cm/d/b /all/user /all/labels']
                    resources: {limits: {cpu: 1500m}}
                    envFrom: [{prefix: PRE_, secretRef: {name: keys}}]
                    env:
                    - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
                    - {name: MISSING, valueFrom: {configMapKeyRef: {name: settings, key: nope, optional: true}}}
                    - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                    - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                    volumeMounts: [{name: cm, mountPath: /cm}, {name: all, mountPath: /all}]
                """);
        // Neither exists yet: the pod waits for them.
        until(
                "config",
                pod -> pod.getStatus().getPhase().equals("Pending")
                        && pod.getSpec().getNodeName() != null);
        client.configMaps()
                .inNamespace("default")
                .resource(new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("settings")
                        .endMetadata()
                        .addToData("a", "va")
                        .addToData("b.txt", "vb\n")
                        .build())
                .create();
        client.secrets()
                .inNamespace("default")
                .resource(new io.fabric8.kubernetes.api.model.SecretBuilder()
                        .withNewMetadata()
                        .withName("keys")
                        .endMetadata()
                        .addToStringData("user", "root")
                        .build())
                .create();
        until("config", NodeTest::isOver);
        assertThat(log("config", "main")).isEqualTo("va root config x local 2\nvb\nrootapp=\"x\"");
    }

    @Test
    void deletionGivesGraceThenKills() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: polite, finalizers: [test/keep]}
                spec:
                  containers: [{name: main, image: alpine, command: [sh, -c, "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done"]}]
                """);
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: stubborn, finalizers: [test/keep]}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: alpine, command: [sh, -c, "echo up; sleep 100"]}]
                """);
        for (String name : new String[] {"polite", "stubborn"}) {
            until(name, pod -> pod.getStatus().getPhase().equals("Running"));
            await().atMost(LONG).until(() -> log(name, "main").contains("up"));
            client.pods().inNamespace("default").withName(name).delete();
        }
        assertThat(main(until("polite", NodeTest::isOver)).getExitCode()).isEqualTo(5);
        assertThat(log("polite", "main")).isEqualTo("up\nbye\n");
        assertThat(main(until("stubborn", NodeTest::isOver)).getExitCode()).isEqualTo(137);
        for (String name : new String[] {"polite", "stubborn"}) {
            client.pods().inNamespace("default").withName(name).edit(pod -> {
                pod.getMetadata().setFinalizers(null);
                return pod;
            });
            await().atMost(LONG).until(() -> get(name) == null);
        }
    }

    @Test
    void forcedDeletionLeavesNoProcess() {
        String mark = "987.654";
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: forced}
                spec:
                  containers: [{name: main, image: alpine, command: [sh, -c, "sleep 987.654 & sleep 987.654"]}]
                """);
        await().atMost(LONG).until(() -> processes(mark) >= 2);
        client.pods()
                .inNamespace("default")
                .withName("forced")
                .withGracePeriod(0)
                .delete();
        await().atMost(LONG).until(() -> processes(mark) == 0);
        await().atMost(LONG).until(() -> node.runningPods() == 0);
    }

    private static long processes(String argument) throws IOException {
        try (var folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            long count = 0;
            for (Path folder : folders) {
                try {
                    count += Files.readString(folder.resolve("cmdline")).contains("sleep\0" + argument) ? 1 : 0;
                } catch (IOException e) {
                    // It ended while we looked.
                }
            }
            return count;
        }
    }

    @Test
    void activeDeadlineFailsThePod() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: late}
                spec:
                  restartPolicy: Never
                  activeDeadlineSeconds: 1
                  terminationGracePeriodSeconds: 0
                  containers: [{name: main, image: alpine, command: [sleep, "100"]}]
                """);
        Pod pod = until("late", NodeTest::isOver);
        assertThat(pod.getStatus().getReason()).isEqualTo("DeadlineExceeded");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
    }

    @Test
    void whatCannotStartSaysWhy() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: nocmd}
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: alpine, command: [no-such-program]}]
                """);
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: unknown}
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "example.org/strange:1"}]
                """);
        Pod nocmd = until("nocmd", NodeTest::isOver);
        assertThat(main(nocmd).getReason()).isEqualTo("StartError");
        assertThat(main(nocmd).getExitCode()).isEqualTo(128);
        assertThat(main(nocmd).getMessage()).contains("\"no-such-program\": executable file not found in $PATH");
        assertThat(main(until("unknown", NodeTest::isOver)).getMessage())
                .contains("example.org/strange:1")
                .contains("set command");
        await().atMost(LONG)
                .until(() -> client.v1().events().inNamespace("default").list().getItems().stream()
                        .map(Event::getReason)
                        .toList()
                        .contains("ImageNotAtHand"));
    }

    @Test
    void demoImagesHaveStandIns() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: demo}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: "argoproj/argosay:v2", args: [echo, "from argosay", /tmp/x/y]}
                  - {name: cow, image: "docker/whalesay:latest", command: [sh, -c], args: ["cowsay hello world"]}
                  - {name: default, image: "argoproj/argosay:v2"}
                  - {name: exits, image: "quay.io/argoproj/argosay:v2", args: [exit, "4"]}
                """);
        Pod pod = until("demo", NodeTest::isOver);
        assertThat(log("demo", "cow")).contains("< hello world >").contains("(oo)");
        assertThat(log("demo", "default")).isEqualTo("hello argo\n");
        assertThat(container(pod, "exits").getState().getTerminated().getExitCode())
                .isEqualTo(4);
        assertThat(main(pod).getExitCode()).isZero();
    }

    @Test
    void theShellOfBusyboxKnowsMoreThanPosixSays() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "nothing stands for it without bash");
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: ash}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: "alpine:3.23", command: [sh, -c], args: ['[ -n "${RANDOM}" ] && [[ abc == a* ]] && echo "a\\nb"']}
                """);

        assertThat(main(until("ash", NodeTest::isOver)).getExitCode()).isZero();
        assertThat(log("ash", "main")).isEqualTo("a\\nb\n");
    }

    @Test
    void containersThatShareTheirProcessesAreToldWhatTheyDoNotHandle() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: shared}
                spec:
                  restartPolicy: Never
                  shareProcessNamespace: true
                  hostAliases: [{ip: 192.0.2.7, hostnames: [far.example, away.example]}]
                  containers:
                  - {name: main, image: busybox, command: [sh, -c, "cat /etc/hosts; kill $$$$; exit 0"]}
                  - {name: fine, image: busybox, command: [sh, -c, "exit 5"]}
                  - {name: none, image: busybox, command: [no-such-program]}
                """);
        Pod pod = until("shared", NodeTest::isOver);

        assertThat(main(pod).getExitCode()).isEqualTo(143);
        assertThat(log("shared", "main")).contains("192.0.2.7\tfar.example\taway.example");
        assertThat(container(pod, "fine").getState().getTerminated().getExitCode())
                .isEqualTo(5);
        assertThat(container(pod, "none").getState().getTerminated().getMessage())
                .contains("executable file not found");
    }

    /** It is somebody's, unlike what stands for the image. */
    @Test
    void aFileInAVolumeStaysWhereAFolderIsToBeMounted(@TempDir Path volume) throws IOException {
        Files.writeString(volume.resolve("file"), "kept");
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: kept}
                spec:
                  restartPolicy: Never
                  volumes: [{name: v, hostPath: {path: "%s"}}, {name: w, emptyDir: {}}]
                  containers:
                  - name: main
                    image: debian
                    command: ["true"]
                    volumeMounts: [{name: v, mountPath: /vol}, {name: w, mountPath: /vol/file}]
                """.formatted(volume));

        assertThat(main(until("kept", NodeTest::isOver)).getExitCode()).isNotZero();
        assertThat(volume.resolve("file")).hasContent("kept");
    }

    @Test
    void aFolderIsMountedWhereTheHostHasAFile() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: inplace}
                spec:
                  restartPolicy: Never
                  volumes: [{name: v, emptyDir: {}}]
                  containers:
                  - name: main
                    image: debian
                    command: [sh, -c, "touch /bin/env/it && ls /usr/bin/env"]
                    volumeMounts: [{name: v, mountPath: /bin/env}]
                """);

        assertThat(main(until("inplace", NodeTest::isOver)).getExitCode()).isZero();
        assertThat(log("inplace", "main")).isEqualTo("it\n");
        assertThat(Path.of("/usr/bin/env")).isRegularFile();
    }

    @Test
    void containersAreIsolatedFromTheHostAndEachOther() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: alone}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: alpine
                    command: [sh, -c, "rm -rf /etc/passwd; echo x > /bin/new; ls /proc | grep -c '^[0-9]'; ls -A /tmp; ls HOME/pods 2>/dev/null | wc -l; id -u"]
                    securityContext: {runAsUser: 0}
                  - {name: user, image: alpine, command: [id, -u], securityContext: {runAsUser: 1234}}
                  - {name: python, image: "python:alpine3.23", command: [python, -c, "print(40 + 2)"]}
                  - {name: link, image: python, command: [/usr/local/bin/python, -c, "print(6 * 7)"]}
                """.replace("HOME", home.resolve("node").toString()));
        until("alone", NodeTest::isOver);
        assertThat(Path.of("/etc/passwd")).exists();
        assertThat(Path.of("/bin/new")).doesNotExist();
        assertThat(log("alone", "main")).endsWith("0\n0\n");
        assertThat(log("alone", "user")).isIn("1234\n", "0\n");
        assertThat(log("alone", "python")).isEqualTo("42\n");
        assertThat(log("alone", "link")).isEqualTo("42\n");
    }

    @Test
    void logsCanBeTailedTimedAndFollowed() throws IOException {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: chatty}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: alpine, command: [sh, -c, "for i in 1 2 3; do echo line $i; sleep 0.2; done; printf end"]}
                """);
        until("chatty", pod -> pod.getStatus().getContainerStatuses().size() == 1);
        var main = client.pods().inNamespace("default").withName("chatty").inContainer("main");
        try (var watch = main.watchLog()) {
            assertThat(new String(watch.getOutput().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("line 1\nline 2\nline 3\nend");
        }
        until("chatty", NodeTest::isOver);
        assertThat(main.tailingLines(2).getLog()).isEqualTo("line 3\nend");
        assertThat(main.usingTimestamps().getLog()).matches("(?s)\\d{4}-\\d\\d-\\d\\dT[^ ]*Z line 1\n.*");
        assertThat(main.limitBytes(6).getLog()).isEqualTo("line 1");
    }

    @Test
    void aClaimIsAFolderThatOutlivesPods() {
        client.persistentVolumeClaims()
                .inNamespace("default")
                .resource(new io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("work")
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .endSpec()
                        .build())
                .create();
        for (String name : new String[] {"writer", "reader"}) {
            create("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: NAME}
                    spec:
                      restartPolicy: Never
                      volumes: [{name: v, persistentVolumeClaim: {claimName: work}}]
                      containers: [{name: main, image: alpine, command: [sh, -c, "echo NAME >> /v/f; cat /v/f"], volumeMounts: [{name: v, mountPath: /v}]}]
                    """.replace("NAME", name));
            until(name, NodeTest::isOver);
        }
        assertThat(log("reader", "main")).isEqualTo("writer\nreader\n");
    }

    @Test
    void aPodThatRanWhenTheNodeWentAwayFailsOrIsStartedAgain() throws IOException {
        for (String policy : new String[] {"Never", "OnFailure"}) {
            create("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: lost-POLICY}
                    spec:
                      restartPolicy: POLICY
                      containers: [{name: main, image: alpine, command: [sleep, "654.321"]}]
                    """.replace("lost-POLICY", "lost-" + policy.toLowerCase(java.util.Locale.ROOT))
                    .replace("POLICY", policy));
        }
        until("lost-never", pod -> pod.getStatus().getPhase().equals("Running"));
        until("lost-onfailure", pod -> pod.getStatus().getPhase().equals("Running"));
        node.close();
        assertThat(processes("654.321")).isZero();
        node = Node.start(config);
        Pod never = until("lost-never", NodeTest::isOver);
        assertThat(main(never).getReason()).isEqualTo("ContainerStatusUnknown");
        until("lost-onfailure", pod -> container(pod, "main").getRestartCount() == 1);
        assertThat(processes("654.321")).isEqualTo(1);
    }
}
