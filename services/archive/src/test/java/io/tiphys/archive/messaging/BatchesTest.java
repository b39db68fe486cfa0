package io.tiphys.archive.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.tiphys.archive.config.KafkaConfig;
import io.tiphys.archive.startup.Dependencies;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final KafkaConfig KAFKA = () -> "127.0.0.1:1";

    private final List<Batches.Read<String>> batch =
            List.of(new Batches.Read<>(new ConsumerRecord<>("topic", 0, 0, "key", new byte[0]), "message"));

    @Test
    void whenTheServiceEndsABatchIsGivenUp() throws Exception {
        var tries = new CountDownLatch(2);
        var batches = batches(new Dependencies(Flyway.configure().load(), KAFKA) {
            @Override
            public void awaitSchema() {}
        });
        var applying = applying(() -> batches.apply(batch, _ -> {
            tries.countDown();
            throw new IllegalStateException("Pool closed");
        }));
        assertThat(tries.await(1, TimeUnit.MINUTES)).isTrue();

        batches.onStop(new ShutdownEvent());
        assertThatThrownBy(() -> applying.get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("Pool closed")
                .hasMessageContaining("will come again");
    }

    @Test
    void whenTheServiceEndsNobodyWaitsForTheSchema() {
        var dependencies = new Dependencies(Flyway.configure().load(), KAFKA);
        var applying = applying(() -> batches(dependencies).apply(batch, _ -> {}));
        dependencies.onStop(new ShutdownEvent());
        assertThatThrownBy(() -> applying.get(1, TimeUnit.MINUTES)).hasRootCauseMessage("the service ends");
    }

    private static Batches batches(Dependencies dependencies) {
        return new Batches(dependencies, new DeadLetters(KAFKA, new SimpleMeterRegistry()));
    }

    private static FutureTask<Void> applying(Runnable work) {
        var task = new FutureTask<Void>(work, null);
        Thread.ofVirtual().start(task);
        return task;
    }
}
