package io.tiphys.controller.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tiphys.controller.shard.Restrictions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Settings of the controller; in the environment {@code TIPHYS_UPLOADER_URL} and so on. */
@ConfigMapping(prefix = "tiphys")
public interface ControllerConfig {

    /** The default artifact repository as JSON, as Argo's {@code artifactRepository}. */
    Optional<String> artifactRepository();

    /** Which artifact drivers there are, as JSON, as Argo's {@code artifactDrivers}; the services that speak to stores read the same. */
    Optional<String> artifactDrivers();

    /** What images start that templates name no command for: image → {@code {entrypoint:[…],cmd:[…]}} as JSON. */
    Optional<String> images();

    ImageLookupConfig imageLookup();

    /** Asking registries what images start that templates name no command for, as Argo does. */
    interface ImageLookupConfig {
        @WithDefault("true")
        boolean enabled();

        /** Registries, {@code host} or {@code host:port}, that are spoken to without TLS; this machine itself always is. */
        Optional<Set<String>> plainHttp();
    }

    /** What main containers have where their template says nothing: a Kubernetes container as JSON (Argo's {@code mainContainer}). */
    Optional<String> mainContainer();

    /**
     * Which of several installations in a cluster this is, Argo's {@code instanceID}: it takes up only what has the label {@code
     * workflows.argoproj.io/controller-instanceid} with this value; absent: only what hasn't the label. Each installation needs a Kafka
     * of its own.
     */
    Optional<String> instanceId();

    /** What workflows have where they say nothing: a Workflow as JSON (Argo's {@code workflowDefaults}). */
    Optional<String> workflowDefaults();

    WorkflowRestrictionsConfig workflowRestrictions();

    RetentionPolicyConfig retentionPolicy();

    ResourceRateLimitConfig resourceRateLimit();

    FailedPodRestartConfig failedPodRestart();

    /** Which workflows may run; Argo's {@code workflowRestrictions}. */
    interface WorkflowRestrictionsConfig {
        /**
         * {@code Strict}: only workflows with {@code workflowTemplateRef} that set nothing but harmless fields. {@code Secure}: and that
         * aren't edited while they run. {@code None}: all.
         */
        @WithDefault("None")
        Restrictions.TemplateReferencing templateReferencing();

        /** Fields of a workflow's spec that are harmless here, beyond Argo's list; Argo's {@code WORKFLOW_USER_OVERRIDE_ALLOWLIST}. */
        Optional<Set<String>> userOverrides();
    }

    /** How many finished workflows are kept, oldest go first; Argo's {@code retentionPolicy}. */
    interface RetentionPolicyConfig {
        /** Of phase Succeeded; absent: all. */
        OptionalInt completed();

        /** Of phase Failed; absent: all. */
        OptionalInt failed();

        /** Of phase Error; absent: all. */
        OptionalInt errored();
    }

    /** How fast pods may be created, by each replica; Argo's {@code resourceRateLimit}. */
    interface ResourceRateLimitConfig {
        /** Pods a second; absent: as fast as the API server takes them. */
        OptionalDouble limit();

        /** Pods at once after a time of rest. */
        @WithDefault("1")
        int burst();
    }

    /** Pods that the cluster gave up before they began are made again; Argo's {@code failedPodRestart}. */
    interface FailedPodRestartConfig {
        @WithDefault("false")
        boolean enabled();

        /** Times for one node. */
        @WithDefault("3")
        int maxRestarts();
    }

    CapabilityConfig capability();

    UploaderConfig uploader();

    ExecutorConfig executor();

    ArchiveConfig archive();

    RuntimeConfig controller();

    MemoConfig memo();

    WorkflowEventsConfig workflowEvents();

    NodeEventsConfig nodeEvents();

    /** Kubernetes Events about workflows; Argo's {@code workflowEvents}. */
    interface WorkflowEventsConfig {
        @WithDefault("true")
        boolean enabled();
    }

    /** Kubernetes Events about nodes; Argo's {@code nodeEvents}. */
    interface NodeEventsConfig {
        @WithDefault("true")
        boolean enabled();

        /** Tell them of the pod where there is one, not of the workflow. */
        @WithDefault("false")
        boolean sendAsPod();
    }

    /** Caches of memoized outputs. */
    interface MemoConfig {
        /** How often entries that nobody hits are looked for; 0 for never. Argo's {@code CACHE_GC_PERIOD}. */
        @WithDefault("0s")
        Duration gcPeriod();

        /** How long an entry stays without a hit. Argo's {@code CACHE_GC_AFTER_NOT_HIT_DURATION}. */
        @WithDefault("30s")
        Duration gcAfterNotHit();
    }

    AgentConfig agent();

    /** The agents of workflows with HTTP and plugin templates. */
    interface AgentConfig {
        /** Whether agents get executor plugins, from ConfigMaps and from {@code spec.executorPlugins}. */
        @WithDefault("true")
        boolean plugins();

        /** Plugins of this namespace go to the agents of all workflows; those of a workflow's own namespace always do. */
        Optional<String> pluginNamespace();
    }

    /** The key that capabilities of pods are signed with. */
    interface CapabilityConfig {
        /** File with 32 random bytes in Base64, shared with the uploader; without it only lean pods can be made. */
        Optional<Path> keyFile();

        /** How long a pod's capability holds. */
        @WithDefault("24h")
        Duration life();
    }

    /** The service that pods send their outputs to. */
    interface UploaderConfig {
        /** URL that pods use. */
        @WithDefault("http://tiphys-uploader:8080")
        String url();
    }

    /** The executor container of staged pods. */
    interface ExecutorConfig {
        @WithDefault("tiphys/executor:latest")
        String image();

        Optional<String> imagePullPolicy();

        @WithDefault("10m")
        String cpuRequest();

        @WithDefault("64Mi")
        String memoryRequest();

        @WithDefault("128Mi")
        String memoryLimit();

        /** Its securityContext as JSON. */
        Optional<String> securityContext();
    }

    /** The service that keeps finished workflows. */
    interface ArchiveConfig {
        /** Whether there is one; finished workflows that it hasn't got yet are not deleted by ttlStrategy. */
        @WithDefault("true")
        boolean enabled();

        /** Its base URL: specs that are too large for their objects, and what {@code estimatedDuration} goes by, are read there. */
        Optional<URI> url();
    }

    /** The controller itself. */
    interface RuntimeConfig {
        /** A workflow's status is written at most this often unless its phase changes. */
        @WithDefault("1s")
        Duration statusInterval();

        /**
         * So many statuses a second of all workflows together, after a burst, only show how far they are; and so many more that they have
         * begun. More than 0.
         */
        @WithDefault("20")
        double statusRate();

        /** A workflow that needs more nodes than this ends in error. */
        @WithDefault("200000")
        int maxNodes();

        /**
         * Runs that have ended stay in memory for a quick retry as long as they have no more nodes than this in all, of about half a KiB
         * each; 0 for none.
         */
        @WithDefault("50000")
        int restingNodes();

        /** So deep may templates call templates, at most 2000; Argo's limit is the default, which {@code DISABLE_MAX_RECURSION} lifts. */
        @WithDefault("100")
        int maxDepth();

        /** Messages in which this is found are transient errors; Argo's {@code TRANSIENT_ERROR_PATTERN}. */
        Optional<String> transientErrorPattern();

        /**
         * Whether a workflow whose entry template can't be carried out ends at once, without its exit handler; Argo's {@code
         * BUBBLE_ENTRY_TEMPLATE_ERR}.
         */
        @WithDefault("true")
        boolean bubbleEntryTemplateErr();

        /** From a pod's end to its deletion when {@code podGC} doesn't say. */
        @WithDefault("5s")
        Duration podGcDelay();

        /**
         * Whether pods that somebody deletes stay until it is known how they ended; Argo's {@code ARGO_POD_STATUS_CAPTURE_FINALIZER}.
         */
        @WithDefault("false")
        boolean podStatusFinalizer();

        /** Requests that may be with the API server at once: to begin with, and at most. */
        @WithDefault("16")
        int requests();

        @WithDefault("128")
        int maxRequests();

        /** A replica that the group's coordinator hasn't heard of for so long loses its shards to the others. */
        @WithDefault("3500ms")
        Duration sessionTimeout();

        /** Workflows that may run at once; 0 for no limit. */
        @WithDefault("0")
        int parallelism();

        /**
         * Workflows that may run at once in a namespace; 0 for no limit. The Namespace's label {@code
         * workflows.argoproj.io/parallelism-limit} says otherwise.
         */
        @WithDefault("0")
        int namespaceParallelism();

        /** Whether {@code estimatedDuration} is looked up; Argo's {@code SKIP_WORKFLOW_DURATION_ESTIMATION} the other way round. */
        @WithDefault("true")
        boolean estimates();

        /** How often cron schedules are looked at. */
        @WithDefault("1s")
        Duration cronInterval();
    }
}
