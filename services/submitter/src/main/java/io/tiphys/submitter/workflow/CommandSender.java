package io.tiphys.submitter.workflow;

import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.config.KafkaConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends commands to the controllers. Connects on first use, so that the API serves without Kafka what needs no Kafka. */
@ApplicationScoped
public class CommandSender {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Access access;
    private final String bootstrapServers;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;

    public CommandSender(Access access, KafkaConfig config) {
        this.access = access;
        this.bootstrapServers = config.servers();
    }

    private record Connection(KafkaProducer<String, byte[]> producer, Records records) {}

    /** Returns once Kafka has the command. Who may not change the workflow is refused: the Kubernetes API never sees commands. */
    public void send(WorkflowCommand command) {
        access.requireWorkflows(
                "update", command.workflow().namespace(), command.workflow().name());
        try {
            Connection open = connect();
            open.producer().send(open.records().toRecord(command)).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unavailable(e);
        }
    }

    private Connection connect() {
        lock.lock();
        try {
            if (connection == null) {
                int shards;
                try (Admin admin = KafkaClients.admin(bootstrapServers, "submitter-admin")) {
                    shards = Topics.ensure(admin).getOrDefault(Topics.NODE_CHANGES.name(), Topics.SHARDS);
                }
                connection = new Connection(
                        KafkaClients.producer(bootstrapServers, "submitter"), new Records("/tiphys/submitter", shards));
            }
            return connection;
        } finally {
            lock.unlock();
        }
    }

    private static ApiException unavailable(Exception e) {
        return new ApiException(Code.UNAVAILABLE, "the command could not be handed to Kafka: " + e.getMessage(), e);
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            if (connection != null) {
                connection.producer().close(Duration.ofSeconds(2));
                connection = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
