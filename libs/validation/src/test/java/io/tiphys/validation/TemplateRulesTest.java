package io.tiphys.validation;

import static io.tiphys.validation.Linting.problemsOfSpec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateRulesTest {
    /** A template's fields in flow style, and the start of the one problem with it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "container: {image: a}, script: {image: a, source: x}|: has several types: container, script",
                "timeout: 5s|: has no type; needs one of container",
                "container: {}|.container.image: is required",
                "container: {image: a}, timeout: '30'|.timeout: \"30\" needs a unit, such as 30s",
                "container: {image: a}, parallelism: 2|.parallelism: can only be given for steps and dag",
                "container: {image: a}, activeDeadlineSeconds: -1|.activeDeadlineSeconds: \"-1\" must be",
                "container: {image: a}, retryStrategy: {retryPolicy: Never}|.retryStrategy.retryPolicy: \"Never\" is unknown",
                "container: {image: a}, sidecars: [{name: wait, image: a}]|.sidecars[0].name: \"wait\" is reserved",
                "container: {image: a}, initContainers: [{image: a}]|.initContainers[0].name: is required",
                "suspend: {}, timeout: 1m|.timeout: can't be given for Suspend templates",
                "steps: [], activeDeadlineSeconds: 3|.activeDeadlineSeconds: can't be given for Steps",
                "container: {image: a}, outputs: {artifacts: [{name: a}]}|.outputs.artifacts[0]: artifact \"a\" needs a path",
                "container: {image: a}, outputs: {artifacts: [{name: a, path: /a/../../b}]}|.outputs.artifacts[0].path: \"/a/../../b\" leads out",
                "container: {image: a}, outputs: {parameters: [{name: a}]}|.outputs.parameters[0]: needs a value or valueFrom",
                "container: {image: a}, outputs: {parameters: [{name: a, valueFrom: {expression: x}}]}|.outputs.parameters[0].valueFrom: must be path",
                "suspend: {}, outputs: {parameters: [{name: a, valueFrom: {path: x, supplied: {}}}]}|.outputs.parameters[0].valueFrom: needs exactly one",
                "container: {image: a}, inputs: {parameters: [{name: a b, value: 1}]}|.inputs.parameters[0].name: \"a b\" may have only",
                "container: {image: a}, inputs: {artifacts: [{name: a, path: /a, optional: true, git: {}}]}|.inputs.artifacts[0].git.repo: is required",
                "resource: {action: make, manifest: a}|.resource.action: \"make\" is unknown",
                "resource: {action: create}|.resource: needs manifest or manifestFrom",
                "resource: {action: create, manifest: '[a'}|.resource.manifest: line",
                "containerSet: {containers: [{name: a, image: a, dependencies: [b]}]}|.containerSet.containers[0].dependencies: container \"b\" not found",
                "container: {image: a}, metrics: {prometheus: [{name: a-b, help: h, counter: {value: '1'}}]}|.metrics.prometheus[0].name: \"a-b\" may",
                "container: {image: a}, podResources: {limits: {gpu: 1}}|.podResources.limits.gpu: \"gpu\" can't be given",
                "http: {url: a}, resourceClaims: [{name: a}]|.resourceClaims: can't be given for HTTP templates",
            })
    void reports(String fields, String problem) {
        assertThat(problemsOfSpec("entrypoint: main\ntemplates: [{name: main, " + fields + "}]"))
                .singleElement()
                .asString()
                .startsWith("spec.templates[0]" + problem);
    }

    @Test
    void defaultsMaySupplyTheImage() {
        assertThat(problemsOfSpec("""
                                entrypoint: main
                                templateDefaults: {container: {image: alpine}}
                                templates: [{name: main, container: {command: [date]}}]
                                """)).isEmpty();
    }

    @Test
    void namesMustBeThereWellFormedAndUnique() {
        assertThat(problemsOfSpec("""
                                entrypoint: a
                                templates: [{name: a, suspend: {}}, {name: a, suspend: {}}, {name: a_b, suspend: {}}, {suspend: {}}]
                                """))
                .containsExactly(
                        "spec.templates[1].name: \"a\" is used more than once",
                        "spec.templates[2].name: \"a_b\" may have only letters, digits and '-', and must start with a"
                                + " letter or digit",
                        "spec.templates[3].name: is required");
    }

    @Test
    void templatesThatNobodyCallsAreCheckedToo() {
        assertThat(problemsOfSpec("""
                                entrypoint: a
                                templates:
                                - {name: a, suspend: {}}
                                - {name: b, steps: [[{name: x, template: missing}]]}
                                """)).hasSize(1);
    }

    @Test
    void artifactsMustNotHideVolumes() {
        assertThat(problemsOfSpec("""
                                entrypoint: a
                                templates:
                                - name: a
                                  inputs: {artifacts: [{name: src, path: /src, raw: {data: x}}]}
                                  container: {image: alpine, volumeMounts: [{name: work, mountPath: /src}]}
                                """))
                .containsExactly(
                        "spec.templates[0].inputs.artifacts[0].path: \"/src\" is taken already by volume \"work\"");
    }
}
