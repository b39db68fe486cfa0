package io.tiphys.pods;

/** Names that a pod of ours is known by: labels, annotations, containers, volumes, paths. */
public final class Names {
    public static final String LABEL_WORKFLOW = "workflows.argoproj.io/workflow";
    public static final String LABEL_COMPLETED = "workflows.argoproj.io/completed";
    public static final String LABEL_ON_EXIT = "workflows.argoproj.io/on-exit";
    /** Which of several installations in a cluster the workflow belongs to. */
    public static final String LABEL_INSTANCE = "workflows.argoproj.io/controller-instanceid";

    public static final String LABEL_SHARD = "tiphys.io/shard";
    /** Keeps a pod that is deleted until the controller has taken note of how it ended. */
    public static final String FINALIZER_STATUS = "workflows.argoproj.io/status";

    public static final String ANNOTATION_NODE_ID = "workflows.argoproj.io/node-id";
    public static final String ANNOTATION_NODE_NAME = "workflows.argoproj.io/node-name";
    public static final String ANNOTATION_WORKFLOW_UID = "tiphys.io/workflow-uid";
    public static final String ANNOTATION_POD_GC_STRATEGY = "workflows.argoproj.io/pod-gc-strategy";
    /** On pods of container sets: the containers whose end is the node's end, with commas between them. */
    public static final String ANNOTATION_MAIN_CONTAINERS = "tiphys.io/main-containers";

    public static final String ANNOTATION_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    public static final String MAIN = "main";
    public static final String EXECUTOR = "executor";

    static final String VOLUME_TIPHYS = "tiphys";
    static final String VOLUME_INPUTS = "tiphys-inputs";
    static final String PATH_TIPHYS = "/var/run/tiphys";
    static final String PATH_INPUTS = "/var/run/tiphys-inputs";
    static final String PATH_USER_VOLUMES = "/mainctrfs";
    static final String PATH_PROGRESS = PATH_TIPHYS + "/progress";
    static final String SCRIPT_SUB_PATH = ".script";
    static final String PATH_SCRIPT = "/argo/staging/script";
    static final String EMISSARY = PATH_TIPHYS + "/emissary";

    private Names() {}
}
