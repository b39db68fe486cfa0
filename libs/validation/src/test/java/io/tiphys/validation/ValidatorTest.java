package io.tiphys.validation;

import static io.tiphys.validation.Linting.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowTemplate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidatorTest {
    private static final String TEMPLATE = """
            apiVersion: argoproj.io/v1alpha1
            kind: WorkflowTemplate
            metadata: {name: lib}
            spec:
              arguments: {parameters: [{name: who}]}
              entrypoint: greet
              templates:
              - name: greet
                inputs: {parameters: [{name: who}]}
                container: {image: alpine, args: ["{{inputs.parameters.who}} {{workflow.parameters.anything}}"]}
            """;

    private static String calling(String ref) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {generateName: w-}
                spec:
                  entrypoint: main
                  arguments: {parameters: [{name: anything, value: x}]}
                  templates:
                  - name: main
                    steps: [[{name: a, templateRef: %s, arguments: {parameters: [{name: who, value: you}]}}]]
                """.formatted(ref);
    }

    @Test
    void documentsMayReferToEachOther() {
        assertThat(problems(TEMPLATE + "---\n" + calling("{name: lib, template: greet}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: lib, template: nope}|templateRef.template: template \"nope\" not found in workflow template \"lib\"; known: greet",
                "{name: bil, template: greet}|templateRef.name: workflow template \"bil\" not found",
                "{name: lib, template: greet, clusterScope: true}|templateRef.name: cluster workflow template \"lib\" not found",
                "{name: lib}|templateRef.template: is required",
            })
    void referencesMustLeadSomewhere(String ref, String problem) {
        assertThat(problems(TEMPLATE + "---\n" + calling(ref)))
                .singleElement()
                .asString()
                .endsWith("spec.templates[0].steps[0][0]." + problem);
    }

    @Test
    void dynamicReferencesAreLetBe() {
        assertThat(problems(calling("{name: \"{{inputs.parameters.lib}}\", template: greet}")))
                .hasSize(1);
        assertThat(problems(calling("{name: \"x-{{workflow.name}}\", template: greet}")))
                .isEmpty();
    }

    @Test
    void problemsOfAReferredTemplateAreReportedWhereItIsReferredTo() {
        String broken = TEMPLATE.replace("{{workflow.parameters.anything}}", "{{inputs.parameters.x}}");

        assertThat(problems(broken + "---\n" + calling("{name: lib, template: greet}")))
                .hasSize(2)
                .anyMatch(p -> p.contains("spec.templates[0].steps[0][0].templateRef: in workflow template \"lib\":"
                        + " spec.templates[0].container.args[0]: {{inputs.parameters.x}}"));
    }

    @Test
    void aWorkflowOfATemplateHasNoTemplatesOfItsOwn() {
        String instance = """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {generateName: w-}
                spec:
                  workflowTemplateRef: {name: lib}
                  arguments: {parameters: [{name: who, value: you}, {name: anything, value: x}]}
                """;

        assertThat(problems(TEMPLATE + "---\n" + instance)).isEmpty();
        assertThat(problems(TEMPLATE + "---\n" + instance + "  templates: [{name: a, suspend: {}}]\n"))
                .singleElement()
                .asString()
                .contains("spec.templates: can't be given together with workflowTemplateRef");
        assertThat(problems(instance))
                .containsExactly("line 5: spec.workflowTemplateRef.name: workflow template \"lib\" not found");
    }

    @Test
    void whatATemplateLeavesOpenMustBeGivenWhereItIsInstantiated() {
        List<Manifest> template = Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: WorkflowTemplate
                metadata: {name: open}
                spec:
                  entrypoint: main
                  arguments: {parameters: [{name: p, default: d}, {name: q, value: c, enum: [a, b]}]}
                  templates: [{name: main, suspend: {}}]
                """);
        TemplateLookup templates =
                new TemplatesAmong(List.of(template.getFirst().as(WorkflowTemplate.class)), TemplateLookup.NONE);
        String instance = """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: w}
                spec:
                  workflowTemplateRef: {name: open}
                """;

        assertThat(Validator.validate(Manifests.read(instance, Workflow.class), templates)
                        .problems())
                .extracting(Problem::message)
                .containsExactly(
                        "parameter \"p\" of the template needs a value",
                        "parameter \"q\" of the template has a value that is not in its enum");
        assertThat(Validator.validate(
                                Manifests.read(
                                        instance
                                                + "  arguments: {parameters: [{name: p, value: x}, {name: q, value: x}]}\n",
                                        Workflow.class),
                                templates)
                        .problems())
                .isEmpty();
    }

    @Test
    void argumentsMayBeMissingInLintButNotWhenItRuns() {
        String workflow = Linting.workflow("""
                entrypoint: main
                arguments: {parameters: [{name: p}]}
                templates: [{name: main, suspend: {}}]
                """);

        assertThat(problems(workflow)).isEmpty();
        ValidationResult result = Validator.validate(Manifests.read(workflow, Workflow.class), TemplateLookup.NONE);
        assertThat(result.message())
                .isEqualTo("spec.arguments.parameters[0]: parameter \"p\" needs a value or valueFrom");
    }

    @Test
    void anArgumentMustBeInItsEnum() {
        assertThat(Linting.problemsOfSpec("""
                                entrypoint: main
                                arguments: {parameters: [{name: p, value: z, enum: [x, "y"]}]}
                                templates: [{name: main, suspend: {}}]
                                """))
                .containsExactly("spec.arguments.parameters[0].value: \"z\" is not in the enum; known: x, y");
    }

    private static String cron(String fields) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: c}\nspec:\n" + fields.indent(2)
                + "  workflowSpec: {entrypoint: a, templates: [{name: a, suspend: {}}]}\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * *",
                "*/5 0-6,22 1 JAN mon-FRI",
                "@daily",
                "@every 1h30m",
                "CRON_TZ=Europe/Berlin 0 3 * * 1",
                "0 0 ? * 6"
            })
    void acceptsSchedules(String schedule) {
        assertThat(problems(cron("schedules: ['" + schedule + "']\ntimezone: Asia/Tokyo")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * *",
                "60 * * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 7",
                "5-1 * * * *",
                "*/0 * * * *",
                "@weakly",
                "@every soon",
                "a * * * *",
                "",
                "TZ=Mars/Base 0 3 * * 1",
                "1-2-3 * * * *",
                "1/2/3 * * * *"
            })
    void refusesBrokenSchedules(String schedule) {
        assertThat(problems(cron("schedules: ['" + schedule + "']")))
                .singleElement()
                .asString()
                .contains("is no schedule");
    }

    @Test
    void reportsTheRestOfACronWorkflowAtOnce() {
        assertThat(problems(cron("timezone: Mars/Base\nconcurrencyPolicy: Never\nstartingDeadlineSeconds: -1")))
                .hasSize(4);
    }

    @Test
    void namesMustLeaveRoom() {
        String workflow = """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec: {entrypoint: a, templates: [{name: a, suspend: {}}]}
                """;

        assertThat(problems(workflow.formatted("n".repeat(63)))).isEmpty();
        assertThat(problems(workflow.formatted("n".repeat(64)))).hasSize(1);
    }

    @Test
    void eventBindingsNeedASelector() {
        assertThat(Linting.lint("""
                                        apiVersion: argoproj.io/v1alpha1
                                        kind: WorkflowEventBinding
                                        metadata: {name: e}
                                        spec: {event: {selector: ""}, submit: {workflowTemplateRef: {name: lib}}}
                                        """).warnings()).hasSize(1);
    }
}
