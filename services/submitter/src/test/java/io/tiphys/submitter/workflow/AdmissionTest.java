package io.tiphys.submitter.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long GIBIBYTE = 1 << 30;
    private static final long LARGEST = 20L * 1024 * 1024;

    private static Admission admission(String places) {
        SubmitterConfig config = new SmallRyeConfigBuilder()
                .withMapping(SubmitterConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withDefaultValues(Map.of(
                        "tiphys.submitter.concurrent-submissions", places, "tiphys.submitter.submission-wait", "20ms"))
                .build()
                .getConfigMapping(SubmitterConfig.class);
        return new Admission(config, new SimpleMeterRegistry());
    }

    @Test
    void whoFindsNoPlaceInTimeIsSentAwayUntilOneIsFree() throws Exception {
        Admission admission = admission("2");
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch leave = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> admission.admit(10, () -> held(inside, leave)));
            Future<String> second = threads.submit(() -> admission.admit(10, () -> held(inside, leave)));
            inside.await();

            assertThatThrownBy(() -> admission.admit(10, () -> "never"))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.code()).isEqualTo(Code.RESOURCE_EXHAUSTED))
                    .hasMessageContaining("tiphys.submitter.concurrent-submissions");

            leave.countDown();
            assertThat(first.get()).isEqualTo("done");
            assertThat(second.get()).isEqualTo("done");
        }
        assertThat(admission.admit(10, () -> "free")).isEqualTo("free");
    }

    @Test
    void manifestsMayNotTakeTheHeapTogether() {
        Admission admission = admission("1000");
        int fit = (int) (Runtime.getRuntime().maxMemory() / 24 / LARGEST);

        assertThat(nested(admission, Math.max(1, fit))).isEqualTo("inside");
        assertThatThrownBy(() -> nested(admission, fit + 2)).hasMessageContaining("manifests are being read");
        assertThat(admission.admit(-1, () -> "alone always fits")).isEqualTo("alone always fits");
    }

    /** So many manifests of the largest size at the same time. */
    private static String nested(Admission admission, int depth) {
        return admission.admit(GIBIBYTE, () -> depth == 1 ? "inside" : nested(admission, depth - 1));
    }

    private static String held(CountDownLatch inside, CountDownLatch leave) {
        inside.countDown();
        try {
            leave.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "done";
    }
}
