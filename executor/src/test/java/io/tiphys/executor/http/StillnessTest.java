package io.tiphys.executor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class StillnessTest {
    @Test
    void readThatNobodyAnswersEnds() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = new Socket(server.getInetAddress(), server.getLocalPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var read = threads.submit(() -> {
                try (var stillness = new Stillness(Duration.ofMillis(100))) {
                    return stillness.bounded(() -> socket.getInputStream().read());
                }
            });

            assertThatThrownBy(read::get)
                    .rootCause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("nothing moved");
        }
    }

    @Test
    void stepThatMovesIsLeftAlone() throws Exception {
        try (var stillness = new Stillness(Duration.ofMinutes(1))) {
            assertThat(stillness.bounded(() -> 7)).isEqualTo(7);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }
}
