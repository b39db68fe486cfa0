package io.tiphys.bench.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A form of workflow that can be had in any size. */
public enum Shape {
    WITH_SEQUENCE("withSequence", 1) {
        @Override
        String templates(int units) {
            return steps(loop(sequence(units)), WORK);
        }
    },
    WITH_ITEMS("withItems", 1) {
        @Override
        String templates(int units) {
            return steps(loop("'withItems': [" + numbers(units) + "]"), WORK);
        }
    },
    WITH_PARAM("withParam", 1) {
        @Override
        String templates(int units) {
            return steps(loop("'withParam': '[" + numbers(units) + "]'"), WORK);
        }
    },
    /** A second loop over what the first one's items said. */
    RESULTS("withParam of results", 2) {
        @Override
        String templates(int units) {
            String first = "{'name': 'first', 'template': 'say', " + sequence(units) + "}";
            return "{'name': 'main', 'steps': [[" + first + "], ["
                    + loop("'withParam': '{{steps.first.outputs.result}}'")
                    + "]]}, {'name': 'say', 'script': {'image': 'busybox', 'command': ['sh'], 'source': 'echo 1'}}, "
                    + WORK;
        }
    },
    SLOTS("loop, parallelism 10", 1) {
        @Override
        String templates(int units) {
            return "{'name': 'main', 'parallelism': 10, 'steps': [[" + loop(sequence(units)) + "]]}, " + WORK;
        }
    },
    DAG_LOOP("dag, loop", 1) {
        @Override
        String templates(int units) {
            return dag(loop(sequence(units)), WORK);
        }
    },
    /** Layers of ten, each task after all of the layer before. */
    DAG_LAYERS("dag, layers of 10", 1) {
        @Override
        String templates(int units) {
            return dag(IntStream.range(0, units).mapToObj(Shape::layered).collect(Collectors.joining(",")), WORK);
        }
    },
    DAG_STAR("dag, all after one", 1) {
        @Override
        String templates(int units) {
            String tasks = IntStream.range(0, units)
                    .mapToObj(i -> task(i, i == 0 ? "" : "'t0'"))
                    .collect(Collectors.joining(","));
            return dag(tasks, WORK);
        }
    },
    DAG_SLOTS("dag, parallelism 10", 1) {
        @Override
        String templates(int units) {
            String tasks = IntStream.range(0, units).mapToObj(i -> task(i, "")).collect(Collectors.joining(","));
            return "{'name': 'main', 'parallelism': 10, 'dag': {'tasks': [" + tasks + "]}}, " + WORK;
        }
    },
    /** Two nodes a link: the group and its step. */
    CHAIN("chain of steps", 2) {
        @Override
        String templates(int units) {
            String groups = IntStream.range(0, units)
                    .mapToObj(i -> "[{'name': 's" + i + "', 'template': 'work', " + ARGUMENT.formatted(i) + "}]")
                    .collect(Collectors.joining(","));
            return "{'name': 'main', 'steps': [" + groups + "]}, " + WORK;
        }
    },
    /** Three nodes an item: the first attempt fails. */
    RETRIES("retries", 3) {
        @Override
        String templates(int units) {
            return steps(loop(sequence(units)), work("'retryStrategy': {'limit': 2}, "));
        }
    },
    /** Three nodes an item: one hook as it runs, one at its end. */
    HOOKS("hooks of items", 3) {
        @Override
        String templates(int units) {
            String hooks = "'hooks': {'running': {'expression': 'workflow.status == \"Running\"', 'template': 'note'},"
                    + " 'exit': {'template': 'note'}}, ";
            return steps(loop(hooks + sequence(units)), WORK + ", " + NOTE);
        }
    },
    /** A dag that is itself a step with a hook: looked at whenever one of its tasks ends. */
    HOOK_AROUND("hook around a dag", 1) {
        @Override
        String templates(int units) {
            String tasks = IntStream.range(0, units).mapToObj(i -> task(i, "")).collect(Collectors.joining(","));
            return steps(
                            "{'name': 'all', 'template': 'inner', 'hooks': {'exit': {'template': 'note'}}}",
                            WORK + ", " + NOTE)
                    + ", {'name': 'inner', 'parallelism': 10, 'dag': {'tasks': [" + tasks + "]}}";
        }
    },
    MUTEX("one mutex", 1) {
        @Override
        String templates(int units) {
            return steps(loop(sequence(units)), work("'synchronization': {'mutexes': [{'name': 'one'}]}, "));
        }
    },
    MUTEXES("a mutex each", 1) {
        @Override
        String templates(int units) {
            return steps(
                    loop(sequence(units)),
                    work("'synchronization': {'mutexes': [{'name': 'm-{{inputs.parameters.n}}'}]}, "));
        }
    },
    SEMAPHORE("semaphore of 10", 1) {
        @Override
        String templates(int units) {
            return steps(loop(sequence(units)), work("'synchronization': {'semaphores': [" + LIMITS + "]}, "));
        }
    },
    /** The semaphore has room nearly always; it is the mutex that keeps the others waiting. */
    BOTH("semaphore and mutex", 1) {
        @Override
        String templates(int units) {
            return steps(
                    loop(sequence(units)),
                    work("'synchronization': {'semaphores': [" + LIMITS + "], 'mutexes': [{'name': 'one'}]}, "));
        }
    },
    /** Every other item is in the cache. */
    MEMOIZED("memoized", 1) {
        @Override
        String templates(int units) {
            return steps(
                    loop(sequence(units)),
                    work("'memoize': {'key': 'k{{inputs.parameters.n}}', 'maxAge': '1h',"
                            + " 'cache': {'configMap': {'name': 'store'}}}, "));
        }
    };

    private static final String ARGUMENT = "'arguments': {'parameters': [{'name': 'n', 'value': '%s'}]}";
    private static final String LIMITS = "{'configMapKeyRef': {'name': 'limits', 'key': 'ten'}}";
    private static final String NOTE = "{'name': 'note', 'container': {'image': 'busybox', 'command': ['true']}}";
    private static final String WORK = work("");

    private final String title;
    private final int nodesPerUnit;

    Shape(String title, int nodesPerUnit) {
        this.title = title;
        this.nodesPerUnit = nodesPerUnit;
    }

    /** As the table names it. */
    public String title() {
        return title;
    }

    /** What is compiled once, before anything is measured. */
    WorkflowDefinition ofNodes(int size) {
        String json = "{'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'Workflow',"
                + " 'metadata': {'name': 'bench', 'namespace': 'default', 'uid': 'u'},"
                + " 'spec': {'entrypoint': 'main', 'templates': [" + templates(size / nodesPerUnit) + "]}}";
        try {
            Workflow workflow = ApiJson.mapper().readValue(quoted(json), Workflow.class);
            return WorkflowDefinition.compile(workflow, References.NONE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("shape " + title + " is no workflow", e);
        }
    }

    /** The templates as JSON, with ' for " where no text needs the other one. */
    abstract String templates(int units);

    /** Double quotes within texts are escaped, single ones become double. */
    private static String quoted(String json) {
        return json.replace("\"", "\\\"").replace('\'', '"');
    }

    private static String steps(String step, String others) {
        return "{'name': 'main', 'steps': [[" + step + "]]}, " + others;
    }

    private static String dag(String tasks, String others) {
        return "{'name': 'main', 'dag': {'tasks': [" + tasks + "]}}, " + others;
    }

    private static String loop(String over) {
        return "{'name': 'work', 'template': 'work', " + over + ", " + ARGUMENT.formatted("item-{{item}}") + "}";
    }

    private static String sequence(int count) {
        return "'withSequence': {'count': '" + count + "'}";
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static String layered(int index) {
        int before = index / 10 * 10 - 10;
        return task(
                index,
                before < 0
                        ? ""
                        : IntStream.range(before, before + 10)
                                .mapToObj(i -> "'t" + i + "'")
                                .collect(Collectors.joining(",")));
    }

    private static String task(int index, String dependencies) {
        return "{'name': 't" + index + "', 'template': 'work', 'dependencies': [" + dependencies + "], "
                + ARGUMENT.formatted(index) + "}";
    }

    private static String work(String more) {
        return "{'name': 'work', " + more + "'inputs': {'parameters': [{'name': 'n'}]},"
                + " 'container': {'image': 'busybox', 'command': ['true']}}";
    }
}
