package io.tiphys.expression.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
    private static final JsonNode JOB = job();
    private static final long SMALL_STACK_BYTES = 160 << 10;

    private static JsonNode job() {
        try {
            return new ObjectMapper()
                    .readTree(
                            "{\"status\": {\"phase\": \"Succeeded\", \"succeeded\": 2, \"none\": null, \"list\": [\"a\"]}}");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "status.phase == Succeeded ~ true",
                "status.phase=Succeeded ~ true",
                "status.phase in (Failed, Error) ~ false",
                "status.phase notin (Failed) ~ true",
                "status.missing != x ~ true",
                "status.missing == x ~ false",
                "status.succeeded > 1 ~ true",
                "status.succeeded > 2 ~ false",
                "status.succeeded < 3, status.phase == Succeeded ~ true",
                "status.succeeded < 3, status.phase == Failed ~ false",
                "status.phase > 1 ~ false",
                "status.none ~ true",
                "status.none == ~ true",
                "!status.none ~ false",
                "status.list.0 = a ~ true",
                "'' ~ true",
            })
    void holdsAsInKubernetes(String condition, boolean holds) throws QueryException {
        assertThat(Condition.compile(condition).allHold(JOB)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a in x",
                "a in (b",
                "a > x",
                ",a",
                "a,",
                "-a",
                "a == \"b\"",
                "a===b",
                "status.conditions.#.type"
            })
    void refusesWhatIsNoSelector(String condition) {
        assertThatThrownBy(() -> Condition.compile(condition)).isInstanceOf(QueryException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "status.phase in (Succeeded), status.phase in (Succeeded)",
        "'status.missing,status.succeeded > 1', status.succeeded>1",
        "status.phase == Failed, ''"
    })
    void namesTheRequirementThatHolds(String condition, String shown) throws QueryException {
        assertThat(Condition.compile(condition).firstThatHolds(JOB)).isEqualTo(shown);
    }

    /** Executors run with small stacks, of which code takes the more the less of it is compiled: all of it is new here. */
    @Test
    void isReadOnASmallStack() throws Exception {
        ClassLoader fresh = new ClassLoader(Condition.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (!name.startsWith(Condition.class.getPackageName())) {
                    return super.loadClass(name, resolve);
                }
                Class<?> known = findLoadedClass(name);
                return known == null ? define(name) : known;
            }

            private Class<?> define(String name) throws ClassNotFoundException {
                try (var in = Objects.requireNonNull(getResourceAsStream(name.replace('.', '/') + ".class"))) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        Method compile = fresh.loadClass(Condition.class.getName()).getMethod("compile", String.class);
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        compile.invoke(null, "a.example/b == c, d in (e, f)");
                    } catch (ReflectiveOperationException | StackOverflowError e) {
                        thrown.add(e);
                    }
                },
                "small",
                SMALL_STACK_BYTES);
        small.start();
        small.join();

        assertThat(thrown).isEmpty();
    }

    @Test
    void keysHaveBounds() throws QueryException {
        assertThat(Condition.compile("a".repeat(253) + "/b").requirements()).hasSize(1);
        assertThatThrownBy(() -> Condition.compile("a".repeat(254) + "/b")).isInstanceOf(QueryException.class);
        assertThatThrownBy(() -> Condition.compile("-a/b")).isInstanceOf(QueryException.class);
        assertThatThrownBy(() -> Condition.compile("b".repeat(64))).isInstanceOf(QueryException.class);
    }
}
