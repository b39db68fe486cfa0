package io.tiphys.bench.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Workflow specs as JSON. All their pods are lean and do nothing. */
final class Specs {
    private static final String POD = """
            {"name":"p","container":{"image":"alpine:3.20","command":["true"]}}""";
    private static final int LAYER = 100;
    private static final long SEED = 4242;

    private Specs() {}

    static String fanOut(int items) {
        return """
                {"entrypoint":"main","templates":[{"name":"main","steps":[[{"name":"item","template":"item",\
                "arguments":{"parameters":[{"name":"number","value":"{{item}}"}]},"withSequence":{"count":"%d"}}]]},\
                {"name":"item","inputs":{"parameters":[{"name":"number"}]},"container":{"image":"alpine:3.20",\
                "command":["true"],"args":["{{inputs.parameters.number}}"]}}]}""".formatted(items);
    }

    static String onePod() {
        return "{\"entrypoint\":\"p\",\"templates\":[" + POD + "]}";
    }

    static String chain(int length) {
        String steps = IntStream.range(0, length)
                .mapToObj("[{\"name\":\"s%d\",\"template\":\"p\"}]"::formatted)
                .collect(Collectors.joining(","));
        return "{\"entrypoint\":\"main\",\"templates\":[{\"name\":\"main\",\"steps\":[" + steps + "]}," + POD + "]}";
    }

    /** One task, then all but two after it, then one whose {@code depends} names them all. */
    static String diamond(int tasks) {
        List<String> all = new ArrayList<>(List.of(task(0, "")));
        for (int i = 1; i < tasks - 1; i++) {
            all.add(task(i, "t0"));
        }
        all.add(task(
                tasks - 1, IntStream.range(1, tasks - 1).mapToObj(i -> "t" + i).collect(Collectors.joining("&&"))));
        return dag(all);
    }

    /** Layers of 100 tasks, each after two of the layer before it that chance picks, always the same ones. */
    static String layered(int tasks) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            int before = (i / LAYER - 1) * LAYER;
            all.add(
                    before < 0
                            ? task(i, "")
                            : task(
                                    i,
                                    "t%d&&t%d"
                                            .formatted(
                                                    before + random.nextInt(LAYER), before + random.nextInt(LAYER))));
        }
        return dag(all);
    }

    private static String task(int number, String depends) {
        return depends.isEmpty()
                ? "{\"name\":\"t%d\",\"template\":\"p\"}".formatted(number)
                : "{\"name\":\"t%d\",\"template\":\"p\",\"depends\":\"%s\"}".formatted(number, depends);
    }

    private static String dag(List<String> tasks) {
        return "{\"entrypoint\":\"main\",\"templates\":[{\"name\":\"main\",\"dag\":{\"tasks\":["
                + String.join(",", tasks) + "]}}," + POD + "]}";
    }
}
