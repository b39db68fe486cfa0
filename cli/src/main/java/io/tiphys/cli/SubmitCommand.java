package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys submit}. */
@Command(
        name = "submit",
        description = "Creates the workflows (and templates, and cron workflows) of manifest files.",
        mixinStandardHelpOptions = true)
final class SubmitCommand extends ServerCommand {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Manifest files; - is standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--from",
            paramLabel = "KIND/NAME",
            description =
                    "Run a template that is in the cluster: workflowtemplate/x, clusterworkflowtemplate/x or cronwf/x.")
    private @Nullable String from;

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "An argument of the workflow.")
    private List<String> parameters = List.of();

    @Option(
            names = "--artifact",
            paramLabel = "NAME=KEY",
            description =
                    "With --from: an argument artifact is read from this key; \"tiphys artifact upload\" gives one.")
    private List<String> artifacts = List.of();

    @Option(names = "--name", description = "The workflow's name.")
    private @Nullable String name;

    @Option(names = "--generate-name", paramLabel = "PREFIX", description = "What the workflow's name begins with.")
    private @Nullable String generateName;

    @Option(names = "--entrypoint", paramLabel = "TEMPLATE", description = "The template to start with.")
    private @Nullable String entrypoint;

    @Option(names = "--serviceaccount", paramLabel = "NAME", description = "The service account of its pods.")
    private @Nullable String serviceAccount;

    @Option(
            names = {"-l", "--labels"},
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Labels of the workflow.")
    private Map<String, String> labels = Map.of();

    @Option(
            names = "--annotations",
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Annotations of the workflow.")
    private Map<String, String> annotations = Map.of();

    @Option(names = "--priority", paramLabel = "N", description = "Its priority.")
    private @Nullable Integer priority;

    @Option(
            names = {"-f", "--parameter-file"},
            paramLabel = "FILE",
            description = "A YAML or JSON file of arguments, name: value.")
    private @Nullable String parameterFile;

    @Option(names = "--dry-run", description = "Create nothing; only show what would be sent.")
    private boolean dryRun;

    @Option(names = "--server-dry-run", description = "Create nothing; show what the server would make of it.")
    private boolean serverDryRun;

    @Option(names = "--replace", description = "Replace templates and cron workflows that exist already.")
    private boolean replace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json or yaml.")
    private @Nullable Output output;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    /** A document that is ready to be sent. */
    private record Ready(ArgoKind kind, String namespace, ObjectNode object) {}

    SubmitCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        boolean dry = dryRun || serverDryRun;
        if (dry && (follow.wanted() || replace)) {
            throw CommandFailure.invalid("a dry run creates nothing that could be waited for or replaced");
        }
        if (files.isEmpty() == (from == null)) {
            throw CommandFailure.invalid("name manifest files (- for standard input) or --from KIND/NAME");
        }
        if (from == null && !artifacts.isEmpty()) {
            throw CommandFailure.invalid("--artifact goes with --from; a manifest names its artifacts itself");
        }
        List<WorkflowView> workflows = new ArrayList<>();
        if (from != null) {
            workflows.add(submitFrom(from));
        } else {
            for (Ready ready : prepare()) {
                JsonNode created = create(ready);
                report(ready.kind(), created);
                if (ready.kind() == ArgoKind.WORKFLOW) {
                    workflows.add(new WorkflowView(created));
                }
            }
        }
        Terminal progress = output == null ? terminal() : terminal().beside();
        return follow.wanted() ? follow.follow(server(), progress, workflows) : ExitCode.SUCCEEDED;
    }

    /** All documents, read and looked at before the first is created. */
    private List<Ready> prepare() {
        List<Ready> all = new ArrayList<>();
        for (ManifestFiles.Source source : new ManifestFiles(session().input()).read(files)) {
            for (Manifest manifest : source.documents()) {
                ArgoKind kind = ArgoKind.of(manifest.kind(), source.name());
                if (!(manifest.tree() instanceof ObjectNode object)) {
                    throw CommandFailure.invalid(source.name() + ": a manifest must be an object");
                }
                String namespace =
                        namespace(object.path("metadata").path("namespace").asText(""));
                all.add(new Ready(kind, namespace, kind == ArgoKind.WORKFLOW ? adjusted(object) : object));
            }
        }
        boolean noWorkflow = all.stream().noneMatch(ready -> ready.kind() == ArgoKind.WORKFLOW);
        if (noWorkflow && (!parameters.isEmpty() || follow.wanted())) {
            throw CommandFailure.invalid(
                    "there is no Workflow among the manifests that could take parameters or be waited for");
        }
        return all;
    }

    private ObjectNode adjusted(ObjectNode manifest) {
        ObjectNode workflow = manifest.deepCopy();
        ObjectNode metadata = ManifestFiles.object(workflow, "metadata");
        if (name != null) {
            metadata.put("name", name).remove("generateName");
        }
        if (generateName != null) {
            metadata.put("generateName", generateName).remove("name");
        }
        labels.forEach((key, value) -> ManifestFiles.object(metadata, "labels").put(key, value));
        if (entrypoint != null) {
            ManifestFiles.object(workflow, "spec").put("entrypoint", entrypoint);
        }
        if (serviceAccount != null) {
            ManifestFiles.object(workflow, "spec").put("serviceAccountName", serviceAccount);
        }
        annotations.forEach(
                (key, value) -> ManifestFiles.object(metadata, "annotations").put(key, value));
        if (priority != null) {
            ManifestFiles.object(workflow, "spec").put("priority", priority);
        }
        ManifestFiles.setParameters(workflow, arguments());
        return workflow;
    }

    /** Those of the file, then those of the command line, which win. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (parameterFile != null) {
            arguments.addAll(new ManifestFiles(session().input()).parameters(parameterFile));
        }
        arguments.addAll(parameters);
        return arguments;
    }

    private JsonNode create(Ready ready) {
        if (dryRun) {
            return ready.object();
        }
        if (serverDryRun && ready.kind() == ArgoKind.WORKFLOW) {
            return server().post(
                            ready.kind().path(ready.namespace()),
                            ready.kind()
                                    .request(ready.namespace(), ready.object())
                                    .put("serverDryRun", true));
        }
        String name = ready.object().path("metadata").path("name").asText("");
        if (replace && ready.kind() != ArgoKind.WORKFLOW && !name.isEmpty()) {
            String path = ready.kind().path(ready.namespace(), name);
            String version = currentVersion(path);
            if (!version.isEmpty()) {
                ObjectNode object = ready.object().deepCopy();
                ManifestFiles.object(object, "metadata").put("resourceVersion", version);
                return server().put(
                                path,
                                ready.kind().request(ready.namespace(), object).put("name", name));
            }
        }
        return server().post(
                        ready.kind().path(ready.namespace()), ready.kind().request(ready.namespace(), ready.object()));
    }

    /** The resource version of what is there, "" if nothing is. */
    private String currentVersion(String path) {
        try {
            return server().get(path, Map.of())
                    .path("metadata")
                    .path("resourceVersion")
                    .asText("");
        } catch (CommandFailure failure) {
            if (failure.exitCode() == ExitCode.INVALID) {
                return "";
            }
            throw failure;
        }
    }

    private WorkflowView submitFrom(String reference) {
        int slash = reference.indexOf('/');
        if (slash < 1 || slash == reference.length() - 1) {
            throw CommandFailure.invalid("--from " + reference + ": write it as workflowtemplate/NAME");
        }
        ObjectNode request = Json.object()
                .put("namespace", namespace())
                .put("resourceKind", reference.substring(0, slash))
                .put("resourceName", reference.substring(slash + 1));
        ObjectNode options = request.putObject("submitOptions");
        arguments().forEach(options.putArray("parameters")::add);
        artifacts.forEach(options.putArray("artifacts")::add);
        if (priority != null) {
            options.put("priority", priority);
        }
        options.put("dryRun", dryRun).put("serverDryRun", serverDryRun);
        put(options, "name", name);
        put(options, "generateName", generateName);
        put(options, "entryPoint", entrypoint);
        put(options, "serviceAccount", serviceAccount);
        put(options, "labels", pairs(labels));
        put(options, "annotations", pairs(annotations));
        JsonNode created = server().post(ArgoServer.path("workflows", namespace(), "submit"), request);
        report(ArgoKind.WORKFLOW, created);
        return new WorkflowView(created);
    }

    private static @Nullable String pairs(Map<String, String> texts) {
        return texts.isEmpty()
                ? null
                : texts.entrySet().stream()
                        .map(text -> text.getKey() + "=" + text.getValue())
                        .collect(Collectors.joining(","));
    }

    private static void put(ObjectNode object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    private void report(ArgoKind kind, JsonNode created) {
        if (output != null && output != Output.WIDE) {
            terminal().line(output.show(created));
        } else if (dryRun || serverDryRun) {
            terminal().line(Output.YAML.show(created));
        } else if (!follow.wanted() || kind != ArgoKind.WORKFLOW) {
            terminal().line(kind.label(created.path("metadata").path("name").asText()) + " created");
        } else {
            terminal().note(kind.label(created.path("metadata").path("name").asText()) + " created");
        }
    }
}
