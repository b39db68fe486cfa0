package io.tiphys.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class PostgresTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String PASSWORD = "of-this-test";
    private static final int ROWS = 200;

    @TempDir
    private Path directory = Path.of("");

    /** The archive and the uploader tell Kafka and the executors that something is kept as soon as Postgres says so. */
    @Test
    void keepsWhatWasCommittedWhenItIsKilled() throws Exception {
        int port = freePort();
        ProcessSpec spec = Postgres.prepare(new Home(directory), directory.resolve("cache"), port, PASSWORD);

        Process first = start(spec);
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (number int)");
            for (int row = 0; row < ROWS; row++) {
                statement.execute("INSERT INTO kept VALUES (" + row + ")");
            }
            kill(first);
        } catch (SQLException e) {
            assertThat(first.isAlive()).as("%s", e).isFalse(); // closing what is gone
        } finally {
            kill(first);
        }

        Process second = start(spec);
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM kept")) {
            assertThat(count.next()).isTrue();
            assertThat(count.getInt(1)).isEqualTo(ROWS);
        } finally {
            kill(second);
        }
    }

    private static Process start(ProcessSpec spec) throws IOException {
        Files.createDirectories(spec.log().getParent());
        return new ProcessBuilder(spec.command())
                .redirectErrorStream(true)
                .redirectOutput(spec.log().toFile())
                .start();
    }

    /** With what it was started by, if anything: unshare waits for it. */
    private static void kill(Process postgres) throws InterruptedException {
        postgres.descendants().forEach(ProcessHandle::destroyForcibly);
        postgres.destroyForcibly().waitFor();
    }

    private static Connection connect(int port) {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + Postgres.DATABASE;
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(
                        () -> DriverManager.getConnection(url, Postgres.USER, PASSWORD),
                        connection -> connection != null);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
