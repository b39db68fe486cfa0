package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeanPodTest {
    private static final String HELLO = """
            name: main
            container: {image: "alpine:latest", command: [echo], args: [hello], env: [{name: A, value: b}]}
            """;

    @Test
    void leavesTheUsersContainerAsItIs() {
        Pod pod = Wishes.template(HELLO).pod();

        assertThat(pod.getSpec().getInitContainers()).isEmpty();
        assertThat(pod.getSpec().getContainers()).hasSize(1);
        assertThat(Wishes.main(pod).getName()).isEqualTo("main");
        assertThat(Wishes.main(pod).getCommand()).containsExactly("echo");
        assertThat(Wishes.main(pod).getArgs()).containsExactly("hello");
        assertThat(pod.getSpec().getVolumes()).isEmpty();
        assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
    }

    /** The first process of a container gets no signal that it doesn't handle; in Argo that is the executor. */
    @Test
    void mainIsNotTheFirstProcessUnlessThatIsWantedOrImpossible() {
        assertThat(Wishes.template(HELLO).pod().getSpec().getShareProcessNamespace())
                .isTrue();
        assertThat(Wishes.template(HELLO + "podSpecPatch: 'shareProcessNamespace: false'")
                        .pod()
                        .getSpec()
                        .getShareProcessNamespace())
                .isFalse();
        for (String impossible :
                List.of("podSpecPatch: 'hostPID: true'", "nodeSelector: {kubernetes.io/os: windows}")) {
            assertThat(Wishes.template(HELLO + impossible).pod().getSpec().getShareProcessNamespace())
                    .isNull();
        }
    }

    @Test
    void needsNoCommand() {
        assertThat(Wishes.main(Wishes.template("container: {image: \"any:1\"}").pod())
                        .getCommand())
                .isEmpty();
    }

    @Test
    void tellsTheProgramWhereItRuns() {
        assertThat(Wishes.main(Wishes.template(HELLO).pod()).getEnv())
                .extracting(variable -> variable.getName() + "=" + variable.getValue())
                .containsExactly(
                        "A=b",
                        "ARGO_CONTAINER_NAME=main",
                        "ARGO_NODE_ID=hello-123",
                        "ARGO_POD_NAME=hello-main-123",
                        "ARGO_INCLUDE_SCRIPT_OUTPUT=false",
                        "ARGO_DEADLINE=0001-01-01T00:00:00Z",
                        "ARGO_WORKFLOW_NAME=hello",
                        "ARGO_PROGRESS_FILE=/var/run/tiphys/progress");
    }

    @Test
    void isHeldOnlyWhereTheOperatorWantsThat() {
        assertThat(Wishes.template(HELLO).pod().getFinalizers()).isEmpty();
        assertThat(Wishes.template(HELLO).statusFinalizer().pod().getFinalizers())
                .containsExactly("workflows.argoproj.io/status");
    }

    @Test
    void isKnownByLabelsAnnotationsAndOwner() {
        Pod pod = Wishes.template(HELLO + "metadata: {labels: {own: x}, annotations: {note: y}}")
                .spec("podMetadata: {labels: {all: z}}")
                .onExit()
                .pod();

        assertThat(pod.getMetadata().getName()).isEqualTo("hello-main-123");
        assertThat(pod.getMetadata().getNamespace()).isEqualTo("argo");
        assertThat(pod.getMetadata().getLabels())
                .containsEntry("workflows.argoproj.io/workflow", "hello")
                .containsEntry("workflows.argoproj.io/completed", "false")
                .containsEntry("workflows.argoproj.io/on-exit", "true")
                .containsEntry("tiphys.io/shard", "7")
                .containsEntry("own", "x")
                .containsEntry("all", "z");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("workflows.argoproj.io/node-id", "hello-123")
                .containsEntry("workflows.argoproj.io/node-name", "hello.step")
                .containsEntry("tiphys.io/workflow-uid", "uid-1")
                .containsEntry("kubectl.kubernetes.io/default-container", "main")
                .containsEntry("note", "y");
        assertThat(pod.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("Workflow");
            assertThat(owner.getUid()).isEqualTo("uid-1");
            assertThat(owner.getController()).isTrue();
            assertThat(owner.getBlockOwnerDeletion()).isTrue();
        });
    }

    @Test
    void takesOfTheWorkflowsVolumesThoseThatAreMounted() {
        Pod pod = Wishes.template("""
                        container: {image: a, command: [b], volumeMounts: [{name: used, mountPath: /used}]}
                        volumes: [{name: own, emptyDir: {}}]
                        """)
                .spec("volumes: [{name: used, emptyDir: {}}, {name: unused, emptyDir: {}}]")
                .pod();

        assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).containsExactly("used", "own");
    }

    @Test
    void runsAsTheTemplateSaysElseAsTheWorkflowSays() {
        String spec = """
                serviceAccountName: wf
                automountServiceAccountToken: false
                securityContext: {runAsUser: 1}
                schedulerName: slow
                podPriorityClassName: low
                hostNetwork: true
                imagePullSecrets: [{name: pull}]
                hostAliases: [{ip: 1.2.3.4, hostnames: [a]}]
                """;
        var plain = Wishes.template(HELLO).spec(spec).pod().getSpec();
        var own = Wishes.template(
                        HELLO + "serviceAccountName: mine\nsecurityContext: {runAsUser: 2}\nschedulerName: fast\n")
                .spec(spec)
                .pod()
                .getSpec();

        assertThat(plain.getServiceAccountName()).isEqualTo("wf");
        assertThat(plain.getAutomountServiceAccountToken()).isFalse();
        assertThat(plain.getSecurityContext().getRunAsUser()).isEqualTo(1);
        assertThat(plain.getSchedulerName()).isEqualTo("slow");
        assertThat(plain.getPriorityClassName()).isEqualTo("low");
        assertThat(plain.getHostNetwork()).isTrue();
        assertThat(plain.getImagePullSecrets()).hasSize(1);
        assertThat(plain.getHostAliases()).hasSize(1);
        assertThat(own.getServiceAccountName()).isEqualTo("mine");
        assertThat(own.getSecurityContext().getRunAsUser()).isEqualTo(2);
        assertThat(own.getSchedulerName()).isEqualTo("fast");
    }

    @Test
    void inheritsSchedulingFromTheEnclosingTemplateBeforeTheWorkflow() {
        String spec = "nodeSelector: {from: workflow}\ntolerations: [{key: workflow}]";
        var inherited = Wishes.template(HELLO)
                .boundary("nodeSelector: {from: boundary}")
                .spec(spec)
                .pod()
                .getSpec();

        assertThat(inherited.getNodeSelector()).containsEntry("from", "boundary");
        assertThat(inherited.getTolerations())
                .singleElement()
                .satisfies(toleration -> assertThat(toleration.getKey()).isEqualTo("workflow"));
    }

    @Test
    void avoidsHostsOfFailedAttemptsInEveryTerm() {
        var spec =
                Wishes.template(HELLO + """
                                affinity:
                                  nodeAffinity:
                                    requiredDuringSchedulingIgnoredDuringExecution:
                                      nodeSelectorTerms:
                                      - matchExpressions: [{key: zone, operator: In, values: [a]}]
                                      - matchExpressions: [{key: zone, operator: In, values: [b]}]
                                """).avoiding("host-1", "host-2").pod().getSpec();

        var terms = spec.getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms();
        assertThat(terms)
                .hasSize(2)
                .allSatisfy(term -> assertThat(term.getMatchExpressions()).anySatisfy(expression -> {
                    assertThat(expression.getKey()).isEqualTo("kubernetes.io/hostname");
                    assertThat(expression.getOperator()).isEqualTo("NotIn");
                    assertThat(expression.getValues()).containsExactly("host-1", "host-2");
                }));
    }

    @Test
    void refusesATemplateThatIsNoContainer() {
        assertThat(Wishes.template("name: sleep\nsuspend: {}").refusal()).contains("sleep");
    }
}
