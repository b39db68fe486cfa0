package io.tiphys.engine.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Mutex;
import io.tiphys.api.SemaphoreRef;
import io.tiphys.api.Synchronization;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a {@code synchronization} with tags to the full names of its locks; semaphores come first, as in Argo. */
final class LockNames {
    private static final String INVALID = "requested configuration is invalid: ";

    private LockNames() {}

    /** What became of it. */
    sealed interface Outcome {
        record Named(List<LockRequest> requests) implements Outcome {}

        record Problem(String message) implements Outcome {}
    }

    static Outcome resolve(CompiledText synchronization, Scope scope, String namespace) {
        return switch (Texts.render(synchronization, scope)) {
            case Texts.Outcome.Problem(var message) -> new Outcome.Problem(message);
            case Texts.Outcome.Text(var json) -> {
                try {
                    yield named(ApiJson.mapper().readValue(json, Synchronization.class), namespace);
                } catch (JsonProcessingException e) {
                    yield new Outcome.Problem(INVALID + e.getOriginalMessage());
                }
            }
        };
    }

    private static Outcome named(Synchronization synchronization, String namespace) {
        List<SemaphoreRef> semaphores = synchronization.semaphores();
        List<Mutex> mutexes = synchronization.mutexes();
        if (Set.copyOf(semaphores).size() < semaphores.size()
                || Set.copyOf(mutexes).size() < mutexes.size()) {
            return new Outcome.Problem(INVALID + "duplicate synchronization item found");
        }
        Map<String, LockRequest> requests = new LinkedHashMap<>();
        for (SemaphoreRef semaphore : semaphores) {
            String problem = problem(semaphore);
            if (problem != null) {
                return new Outcome.Problem(INVALID + problem);
            }
            String name = name(semaphore, in(semaphore.namespace(), namespace));
            requests.put(name, new LockRequest(name, LockRequest.Kind.SEMAPHORE));
        }
        for (Mutex mutex : mutexes) {
            if (isBlank(mutex.name())) {
                return new Outcome.Problem(INVALID + "a mutex needs a name");
            }
            String kind = mutex.database() ? "/Database/" : "/Mutex/";
            String name = in(mutex.namespace(), namespace) + kind + mutex.name();
            requests.put(name, new LockRequest(name, LockRequest.Kind.MUTEX));
        }
        return new Outcome.Named(List.copyOf(requests.values()));
    }

    private static @Nullable String problem(SemaphoreRef semaphore) {
        ConfigMapKeySelector map = semaphore.configMapKeyRef();
        if (map != null && semaphore.database() != null) {
            return "invalid semaphore with both ConfigMapKeyRef and Database";
        } else if (map == null && semaphore.database() == null) {
            return "cannot get LockName for a Semaphore without a ConfigMapRef or Database";
        } else if (map != null && (isBlank(map.getName()) || isBlank(map.getKey()))) {
            return "configMapKeyRef of a semaphore needs a name and a key";
        } else if (semaphore.database() != null && isBlank(semaphore.database().key())) {
            return "the database of a semaphore needs a key";
        }
        return null;
    }

    private static String name(SemaphoreRef semaphore, String namespace) {
        ConfigMapKeySelector map = semaphore.configMapKeyRef();
        return map != null
                ? namespace + "/ConfigMap/" + map.getName() + "/" + map.getKey()
                : namespace + "/Database/"
                        + (semaphore.database() == null
                                ? ""
                                : semaphore.database().key());
    }

    private static String in(@Nullable String own, String workflows) {
        return own == null || own.isEmpty() ? workflows : own;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}
