package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.nodes;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopScenarioTest {
    /** Names would grow with each level below; the first one that is too long ends it. */
    @Test
    void anItemThatIsTooLongForANameIsRefused() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: s, template: work, withItems: ["{{=repeat('ab', 1000000)}}"]}]]
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(workflow(
                        WorkflowPhase.FAILED,
                        "withItems has an item of more than 1048576 characters, which nodes' names can't hold;"
                                + " pass large data as artifacts"));
    }

    @Test
    void itemsShowAsTheJsonThatTheyWereWrittenAs() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - name: s
                              template: work
                              arguments:
                                parameters: [{name: i, value: "{{item}}"}, {name: v, value: "{{=item.v ?? 'none'}}"}]
                              withParam: '[{"v": "a\\"b\\n<c>", "l": [1.50, {"z": 1, "a": null}]}]'
                            - name: t
                              template: work
                              arguments:
                                parameters: [{name: i, value: "{{item}}"}, {name: v, value: ""}]
                              withParam: '["x\\ty", 1.50, null, ["p\\"", {"k": "(q)"}]]'
                        - name: work
                          inputs: {parameters: [{name: i}, {name: v}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(
                        node("s(0:l:[1.50,{\"z\":1,\"a\":null}],v:a\\\"b\\n<c>)")
                                .has("i", "{\"l\":[1.50,{\"z\":1,\"a\":null}],\"v\":\"a\\\"b\\n\\u003cc\\u003e\"}")
                                .has("v", "a\\\"b\\n<c>"),
                        node("t(0:x\\ty)").has("i", "x\ty"),
                        node("t(1:1.50)").has("i", "1.50"),
                        node("t(2:[])").has("i", "null"),
                        node("t(3:[p\\\" {\"k\":\"q\"}])").has("i", "[\"p\\\"\",{\"k\":\"(q)\"}]"));
        assertThat(scenario.run().nodes()).hasSize(7);
    }

    @Test
    void itemsOfALargeLoopAreMadeInPortions() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: s, template: work, withSequence: {count: "150"}}
                            - {name: t, template: work, withSequence: {count: "150"}}
                            - {name: u, template: work}
                        - name: work
                          retryStrategy: {limit: 1}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(ensured("s(0:0)(0)"), ensured("s(149:149)(0)"), ensured("t(149:149)(0)"), ensured("u(0)"));
        assertThat(scenario.run().nodes()).hasSize(2 + 301 * 2);
    }

    @Test
    void aConditionAsksForEachItemEvenIfItIsFalseAsItIsWritten() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: s, template: work, withItems: [1, 2], when: "'{{item}}' == '2'"}
                            - name: t
                              template: work
                              withItems: [{a: x}, {b: x}]
                              when: "'{{item.a}}' == 'x'"
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(
                        node("s(0:1)").is(NodePhase.SKIPPED).says("when ''1' == '2'' evaluated false"),
                        ensured("s(1:2)"),
                        ensured("t(0:a:x)"),
                        node("t(1:b:x)").is(NodePhase.SKIPPED).says("when ''{{item.a}}' == 'x'' evaluated false"));
    }

    @Test
    void aCountBelowZeroCountsDown() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: s, template: work, withSequence: {count: "-1"}}]]
                        - name: work
                          container: {image: busybox}
                        """).submitted().then(ensured("s(0:0)"), ensured("s(1:-1)"), ensured("s(2:-2)"));
    }

    private static Scenario looping(String loop) {
        return givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work, %s, arguments: {parameters: [{name: x, value: "{{item}}"}]}}
                          - - name: all
                              template: work
                              arguments: {parameters: [{name: x, value: "{{steps.a.outputs.parameters.out}} {{steps.a.outputs.parameters}}"}]}
                        - name: work
                          inputs: {parameters: [{name: x}]}
                          container: {image: busybox, args: ["{{inputs.parameters.x}}"]}
                          outputs: {parameters: [{name: out, valueFrom: {path: /out}}]}
                        """.formatted(loop)).submitted();
    }

    @Test
    void itemsOfAStepHangUnderItsGroup() {
        looping("withItems: [red, 7, true]")
                .then(
                        nodes("wf", "wf[0]", "wf[0].a(0:red)", "wf[0].a(1:7)", "wf[0].a(2:true)"),
                        node("a(1:7)").has("x", "7"));
    }

    @Test
    void mapsShowTheirPairsInOrderAndNoParentheses() {
        looping("withItems: [{name: 'n(1)', group: g}]")
                .then(node("wf[0].a(0:group:g,name:n1)").has("x", "{\"group\":\"g\",\"name\":\"n(1)\"}"));
    }

    @Test
    void outputsAreAggregatedInTheItemsOrder() {
        looping("withItems: [p, q, r]")
                .pod("a(2:r)")
                .yields(Map.of("out", "3"))
                .pod("a(1:q)")
                .yields(Map.of("out", "2"))
                .pod("a(0:p)")
                .yields(Map.of("out", "1"))
                .then(node("all").has("x", "[\"1\",\"2\",\"3\"] [{\"out\":\"1\"},{\"out\":\"2\"},{\"out\":\"3\"}]"));
    }

    @Test
    void sequencesCountUpAndDownInAFormat() {
        looping("withSequence: {start: 3, end: 1, format: 'n%02X'}")
                .then(ensured("a(0:n03)"), ensured("a(2:n01)"), node("a(1:n02)").has("x", "n02"));
    }

    @Test
    void anEmptyListIsSkipped() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work, withParam: "[]"}
                          - - {name: b, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(
                        node("a").is(NodeType.SKIPPED).is(NodePhase.SKIPPED).says("Skipped, empty params"),
                        node("[0]").is(NodePhase.SUCCEEDED),
                        ensured("b"))
                .pod("b")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aListThatIsNoneIsAnError() {
        // Argo looks through the whole group before any of its steps gets a node
        looping("withParam: nonsense")
                .then(nodes("wf", "wf[0]"), node("[0]").is(NodePhase.ERROR), workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aConditionMayLookAtTheItem() {
        looping("withItems: [p, q], when: \"{{item}} == q\"")
                .then(
                        node("a(0:p)").is(NodePhase.SKIPPED).says("when 'p == q' evaluated false"),
                        ensured("a(1:q)"),
                        order(
                                "a(1:q)",
                                order -> assertThat(order.template().container().getArgs())
                                        .containsExactly("q")));
    }

    @Test
    void anEmptyWithItemsIsNoLoop() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work, withItems: []}
                          - - {name: b, template: work, withItems: [], when: "1 > 2"}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .succeeds()
                .then(
                        node("wf[1].b").is(NodePhase.SKIPPED).says("when '1 > 2' evaluated false"),
                        workflow(WorkflowPhase.SUCCEEDED));
    }
}
