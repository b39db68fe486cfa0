package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.ApiJson;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LongLinesTest {
    private static final int FIVE_MILLION = 5_000_000;

    private static String template(Map<String, Object> container) {
        return ApiJson.mapper()
                .valueToTree(Map.of("name", "main", "container", container))
                .toString();
    }

    private static List<String> args(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> "f".repeat(length - 8) + "%08d".formatted(i))
                .toList();
    }

    @Test
    void fiveMegabytesOfArgumentsTravelAsAFile() throws Exception {
        List<String> args = args(100_000, FIVE_MILLION / 100_000);
        Wishes wishes =
                Wishes.template(template(Map.of("image", "alpine", "command", List.of("wc", "-c"), "args", args)));

        Pod pod = wishes.pod();

        assertThat(Wishes.main(pod).getCommand())
                .containsExactly(
                        "/var/run/tiphys/emissary",
                        "run",
                        "--container",
                        "main",
                        "--args-file",
                        "/var/run/tiphys/lines/main.args",
                        "--");
        assertThat(Wishes.main(pod).getArgs()).isEmpty();
        assertThat(wishes.task().lines().get("main.args"))
                .startsWith("wc", "-c")
                .endsWith(args.getLast())
                .hasSize(args.size() + 2);
        assertThat(ApiJson.mapper().writeValueAsBytes(pod).length)
                .as("the API takes objects of 1.5 MiB")
                .isLessThan(1400 * 1024);
    }

    @Test
    void aManyKilobytesEnvironmentTravelsAsAFile() throws Exception {
        List<Map<String, String>> env = IntStream.range(0, 10)
                .mapToObj(i -> Map.of("name", "V" + i, "value", "v".repeat(60_000)))
                .toList();
        Wishes wishes = Wishes.template(template(Map.of("image", "alpine", "command", List.of("env"), "env", env)));

        Container main = Wishes.main(wishes.pod());

        assertThat(main.getCommand()).containsSubsequence("--env-file", "/var/run/tiphys/lines/main.env", "--", "env");
        assertThat(main.getEnv())
                .extracting(EnvVar::getName)
                .doesNotContain("V0")
                .contains("ARGO_NODE_ID");
        assertThat(wishes.task().lines().get("main.env")).hasSize(10).contains("V3=" + "v".repeat(60_000));
    }

    @Test
    void whatPatchesMakeOfItIsWhatTravels() throws Exception {
        String patch =
                "containers: [{name: main, args: [\"%s\", \"%s\"]}]".formatted("a".repeat(90_000), "b".repeat(90_000));
        String template = """
                name: main
                container: {image: alpine, command: [echo]}
                outputs: {parameters: [{name: p, valueFrom: {path: /tmp/p}}]}
                podSpecPatch: '%s'
                """.formatted(patch);
        Wishes wishes = Wishes.template(template).movingData();

        assertThat(wishes.task().lines().get("main.args"))
                .containsExactly("echo", "a".repeat(90_000), "b".repeat(90_000));
    }

    @Test
    void oneArgumentThatLinuxWontTakeIsNamed() {
        assertThat(Wishes.template(template(Map.of(
                                "image",
                                "alpine",
                                "command",
                                List.of("sh", "-c"),
                                "args",
                                List.of("x", "é".repeat(100_000)))))
                        .refusal())
                .isEqualTo(
                        "container \"main\" of template \"main\": args[1] has 200000 bytes, and Linux takes at most 131071 in"
                                + " one argument or variable: pass it in a file, as an input artifact (raw) or the source of a script template");
        assertThat(Wishes.template(template(Map.of(
                                "image",
                                "alpine",
                                "command",
                                List.of("env"),
                                "env",
                                List.of(Map.of("name", "BIG", "value", "v".repeat(131_072))))))
                        .refusal())
                .contains("env BIG has 131076 bytes");
    }

    @Test
    void moreThanLinuxTakesInAllIsRefused() {
        assertThat(Wishes.template(template(
                                Map.of("image", "alpine", "command", List.of("wc"), "args", args(70_000, 100))))
                        .refusal())
                .contains("7630")
                .contains("at most 6291456");
    }

    @Test
    void shortOnesStayPlainPods() {
        Pod pod = Wishes.template(
                        template(Map.of("image", "alpine", "command", List.of("echo"), "args", args(1000, 100))))
                .pod();

        assertThat(pod.getSpec().getInitContainers()).isEmpty();
        assertThat(Wishes.main(pod).getArgs()).hasSize(1000);
    }
}
