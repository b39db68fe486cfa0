package io.tiphys.controller.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where Kafka is: {@code KAFKA_BOOTSTRAP_SERVERS}. */
@ConfigMapping(prefix = "kafka.bootstrap")
public interface KafkaConfig {
    /** {@code host:port,…} */
    @WithDefault("localhost:9092")
    String servers();
}
