package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.ApiJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What the controller would read of a pod that a test made. */
public final class PodObservations {
    private PodObservations() {}

    /** As the API server would send it; empty if it is no workflow's pod. */
    public static Optional<PodObservation> of(Pod pod) {
        try (JsonParser json = ApiJson.mapper().createParser(ApiJson.mapper().writeValueAsBytes(pod))) {
            json.nextToken();
            return Optional.ofNullable(PodReader.read(json).object());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
