package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts one system for the whole test run, hands its {@link Tiphys} to tests, and at the end stops it and checks that no
 * process is left behind.
 */
final class RunningSystem implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RunningSystem.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        instance(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Tiphys.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return instance(context).tiphys;
    }

    private static Instance instance(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Instance.class, _ -> Instance.start(), Instance.class);
    }

    /** A started system; closing it is part of what is tested. */
    private record Instance(Tiphys tiphys) implements AutoCloseable {
        static Instance start() {
            try {
                Path home = Files.createTempDirectory("tiphys-e2e");
                Tiphys tiphys = new Tiphys(home);
                tiphys.ok("up", "--detach", "--port", Integer.toString(freePort()));
                return new Instance(tiphys);
            } catch (IOException e) {
                throw new AssertionError("no place for the instance under test", e);
            }
        }

        @Override
        public void close() throws IOException {
            List<Long> pids = pids(Tiphys.json(tiphys.run("status", "-o", "json")));
            tiphys.ok("down");
            assertThat(pids)
                    .as("processes that `down` left behind")
                    .noneMatch(pid ->
                            ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
            try (Stream<Path> files = Files.walk(tiphys.home())) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }

        private static List<Long> pids(JsonNode node) {
            List<Long> found = new ArrayList<>();
            node.findValues("pid").forEach(pid -> found.add(pid.asLong()));
            return found;
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }
}
