package io.tiphys.controller.image;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.pods.DesiredPod.ImageUnknown;
import io.tiphys.pods.PodSettings.ImageCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * {@link ImageCommands} from registries, each image's answer remembered: for an hour if its name has a tag, which may move, else for good
 * (at most 1,000 images). At most 8 images are looked up at once.
 */
public final class RegistryImages implements ImageCommands {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MOST_REMEMBERED = 1000;

    private record Key(String image, String architecture) {}

    private record Remembered(ImageCommand command, Instant until) {}

    private final PullSecrets secrets;
    private final RegistryClient registry;
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final Map<Key, Remembered> known = new ConcurrentHashMap<>();
    private final Semaphore turns = new Semaphore(8);

    /**
     * From the registries that images name.
     *
     * @param plainHttp hosts, with their port if it isn't 80, that are spoken to without TLS
     */
    public RegistryImages(
            KubernetesClient client,
            ApiCalls calls,
            Set<String> plainHttp,
            MeterRegistry metrics,
            InstantSource clock) {
        this.secrets = new PullSecrets(client, calls);
        this.registry = new RegistryClient(plainHttp, TIMEOUT);
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Answer find(String namespace, ImageUnknown unknown) throws InterruptedException {
        Optional<ImageName> image = ImageName.parse(unknown.image());
        if (image.isEmpty()) {
            return new Answer.NotFound(unknown.message() + " (this names no image)", false);
        }
        Key key = new Key(unknown.image(), unknown.architecture());
        turns.acquire();
        try {
            Remembered before = known.get(key);
            if (before != null && clock.instant().isBefore(before.until())) {
                return new Answer.Found(before.command());
            }
            ImageCommand command = ask(namespace, image.get(), unknown);
            if (known.size() >= MOST_REMEMBERED) {
                known.clear();
            }
            known.put(
                    key,
                    new Remembered(
                            command,
                            image.get().isFixed()
                                    ? Instant.MAX
                                    : clock.instant().plus(REMEMBERED)));
            return count(new Answer.Found(command));
        } catch (RegistryException e) {
            return count(
                    new Answer.NotFound(unknown.message() + " (looked up: " + e.getMessage() + ")", e.isTransient()));
        } catch (KubernetesClientException e) {
            return count(new Answer.NotFound(
                    unknown.message() + " (its credentials can't be read: " + ApiFailure.reason(e) + ")",
                    ApiFailure.of(e) == ApiFailure.TRANSIENT));
        } finally {
            turns.release();
        }
    }

    private ImageCommand ask(String namespace, ImageName image, ImageUnknown unknown)
            throws RegistryException, InterruptedException {
        List<Credentials.Entry> entries = List.of();
        String unread = "";
        try {
            entries = secrets.read(namespace, unknown.pullSecrets(), unknown.serviceAccount());
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.PERMANENT) {
                throw e;
            }
            unread = "; credentials couldn't be read: " + ApiFailure.reason(e); // whoever may see the image may anyway
        }
        try {
            return registry.command(image, unknown.architecture(), Credentials.forImage(image, entries));
        } catch (RegistryException e) {
            throw new RegistryException(e.getMessage() + unread, e.isTransient());
        }
    }

    private Answer count(Answer answer) {
        String outcome = switch (answer) {
            case Answer.Found _ -> "found";
            case Answer.NotFound none -> none.isTransient() ? "unavailable" : "refused";
        };
        metrics.counter("tiphys.image.lookups", "outcome", outcome).increment();
        return answer;
    }
}
