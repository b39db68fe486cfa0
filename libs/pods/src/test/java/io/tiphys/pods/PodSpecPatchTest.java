package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import org.junit.jupiter.api.Test;

class PodSpecPatchTest {
    private static final String TEMPLATE =
            "name: t\ncontainer: {image: a, command: [b], env: [{name: A, value: \"1\"}, {name: B, value: \"2\"}]}\n";

    @Test
    void mergesContainersByName() {
        PodSpec spec = patched("containers: [{name: main, resources: {limits: {memory: 1Gi}}}]");

        assertThat(spec.getContainers()).hasSize(1);
        assertThat(spec.getContainers().getFirst().getImage()).isEqualTo("a");
        assertThat(spec.getContainers().getFirst().getResources().getLimits())
                .containsEntry("memory", new Quantity("1Gi"));
    }

    @Test
    void mergesVariablesByNameAndAddsNewOnes() {
        PodSpec spec = patched(
                "{\"containers\":[{\"name\":\"main\",\"env\":[{\"name\":\"B\",\"value\":\"3\"},{\"name\":\"C\",\"value\":\"4\"}]}]}");

        assertThat(spec.getContainers().getFirst().getEnv())
                .filteredOn(variable -> variable.getName().length() == 1)
                .extracting(EnvVar::getValue)
                .containsExactly("1", "3", "4");
    }

    @Test
    void removesWithNullAndWithADirective() {
        PodSpec spec = patched("restartPolicy: null\ncontainers: [{name: main, env: [{name: A, $patch: delete}]}]");

        assertThat(spec.getRestartPolicy()).isNull();
        assertThat(spec.getContainers().getFirst().getEnv())
                .extracting(EnvVar::getName)
                .doesNotContain("A")
                .contains("B");
    }

    @Test
    void replacesListsWithoutAKey() {
        PodSpec spec = patched("containers: [{name: main, command: [other]}]");

        assertThat(spec.getContainers().getFirst().getCommand()).containsExactly("other");
    }

    @Test
    void appliesTheWorkflowsPatchBeforeTheTemplates() {
        PodSpec spec = Wishes.template(TEMPLATE + "podSpecPatch: '{\"schedulerName\": \"template\"}'")
                .spec("podSpecPatch: 'schedulerName: workflow\n\n  terminationGracePeriodSeconds: 3'")
                .pod()
                .getSpec();

        assertThat(spec.getSchedulerName()).isEqualTo("template");
    }

    @Test
    void saysWhatIsWrongWithAPatch() {
        assertThat(Wishes.template(TEMPLATE + "podSpecPatch: 'just text'").refusal())
                .contains("podSpecPatch");
        assertThat(Wishes.template(TEMPLATE + "podSpecPatch: 'containers: {a: b'")
                        .refusal())
                .contains("podSpecPatch");
    }

    @Test
    void seesTheCommandAsTheUserWroteIt() {
        PodSpec spec = Wishes.template(
                        TEMPLATE + "podSpecPatch: '{\"containers\": [{\"name\": \"main\", \"command\": [\"other\"]}]}'")
                .movingData()
                .pod()
                .getSpec();

        assertThat(spec.getContainers().getFirst().getCommand()).startsWith("/var/run/tiphys/emissary");
        assertThat(spec.getContainers().getFirst().getCommand()).containsSubsequence("--", "other");
    }

    /** A container that nobody stops would keep the pod running for ever after main's end. */
    @Test
    void containersOfAPatchAreSidecarsThatEndWithMain() throws JsonProcessingException {
        Wishes wishes = Wishes.template(TEMPLATE + "podSpecPatch: '{\"containers\": [{\"name\": \"main\"},"
                + " {\"name\": \"side\", \"image\": \"i\", \"command\": [\"sleep\"], \"args\": [\"99\"]}]}'");
        Pod pod = wishes.pod();

        Container side = pod.getSpec().getContainers().getLast();
        assertThat(pod.getSpec().getContainers()).hasSize(2);
        assertThat(side.getName()).isEqualTo("side");
        assertThat(side.getCommand()).startsWith("/var/run/tiphys/emissary").endsWith("--", "sleep", "99");
        assertThat(side.getVolumeMounts()).extracting(VolumeMount::getMountPath).contains("/var/run/tiphys");
        assertThat(wishes.task().sidecars()).containsExactly("side");
        assertThat(wishes.task().containers()).containsExactly("main");
    }

    @Test
    void whatIsMeantForArgosContainersIsForTheExecutor() {
        String patch = TEMPLATE
                + "podSpecPatch: '{\"containers\": [{\"name\": \"wait\", \"resources\": {\"limits\": {\"cpu\": \"2\"}}}]}'";

        assertThat(Wishes.template(patch).movingData().pod().getSpec().getInitContainers())
                .singleElement()
                .satisfies(executor ->
                        assertThat(executor.getResources().getLimits()).containsKey("cpu"));
        assertThat(Wishes.template(patch).pod().getSpec().getContainers()).hasSize(1);
    }

    private static PodSpec patched(String patch) {
        return Wishes.template(TEMPLATE + "podSpecPatch: |\n" + patch.indent(2))
                .pod()
                .getSpec();
    }
}
