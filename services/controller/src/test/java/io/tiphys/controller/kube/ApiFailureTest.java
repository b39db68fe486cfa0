package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiFailureTest {
    @Test
    void aConnectionThatBrokeIsWorthAnotherTry() {
        var broken = new KubernetesClientException("POST …/pods: Connection was closed", new IOException("closed"));

        assertThat(ApiFailure.of(broken)).isEqualTo(ApiFailure.TRANSIENT);
        assertThat(ApiFailure.of(new KubernetesClientException("timeout"))).isEqualTo(ApiFailure.TRANSIENT);
    }

    @ParameterizedTest
    @CsvSource({
        "408, TRANSIENT",
        "429, TRANSIENT",
        "500, TRANSIENT",
        "503, TRANSIENT",
        "400, PERMANENT",
        "403, PERMANENT",
        "422, PERMANENT",
        "404, NOT_FOUND",
        "409, CONFLICT"
    })
    void anAnswerMeansWhatItsCodeSays(int code, ApiFailure expected) {
        assertThat(ApiFailure.of(new KubernetesClientException("refused", code, null)))
                .isEqualTo(expected);
    }

    @Test
    void whatIsTooLargeStaysTooLarge() {
        var refused = new KubernetesClientException("etcdserver: request is too large", 500, null);

        assertThat(ApiFailure.of(refused)).isEqualTo(ApiFailure.PERMANENT);
    }
}
