package io.tiphys.validation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowEventBinding;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTaskSet;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.api.shape.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entry: manifests or objects in, problems out. */
public final class Validator {
    private static final Map<String, Class<? extends ArgoResource<?>>> KINDS = kinds();

    private Validator() {}

    private static Map<String, Class<? extends ArgoResource<?>>> kinds() {
        var kinds = new LinkedHashMap<String, Class<? extends ArgoResource<?>>>();
        kinds.put("Workflow", Workflow.class);
        kinds.put("WorkflowTemplate", WorkflowTemplate.class);
        kinds.put("ClusterWorkflowTemplate", ClusterWorkflowTemplate.class);
        kinds.put("CronWorkflow", CronWorkflow.class);
        kinds.put("WorkflowEventBinding", WorkflowEventBinding.class);
        return kinds;
    }

    /**
     * Checks manifests as {@code argo lint} does. Templates among them can be referred to by the others, and arguments of
     * workflows may be missing. Documents of other kinds are passed over with a warning.
     */
    public static ValidationResult lint(List<Manifest> manifests, TemplateLookup templates) {
        var readable = new ArrayList<Understood>();
        var findings = new ArrayList<Findings>();
        for (Manifest manifest : manifests) {
            var found = new Findings(manifest.index(), manifest.lines());
            findings.add(found);
            Manifest known = known(manifest);
            ArgoResource<?> object = read(manifest, known, found);
            if (object != null) {
                readable.add(new Understood(known, object, found));
            }
        }
        TemplateLookup all =
                new TemplatesAmong(readable.stream().map(Understood::object).toList(), templates);
        for (Understood each : readable) {
            check(each.object(), each.manifest(), all, true, each.findings());
        }
        return new ValidationResult(
                findings.stream().flatMap(f -> f.problems().stream()).toList(),
                findings.stream().flatMap(f -> f.warnings().stream()).toList());
    }

    /** A document that is what it says it is. */
    private record Understood(Manifest manifest, ArgoResource<?> object, Findings findings) {}

    /** The manifest as Argo has it once it is read. */
    private static Manifest known(Manifest manifest) {
        Class<? extends ArgoResource<?>> type = KINDS.get(manifest.kind());
        return type == null
                ? manifest
                : new Manifest(
                        manifest.index(),
                        AsGoReads.tree(manifest.tree(), Shape.of(type)),
                        manifest.lines(),
                        manifest.duplicateKeys());
    }

    /**
     * Checks an object that is about to be created or run: every argument needs a value. Unknown fields can't be seen any
     * more.
     *
     * @throws IllegalArgumentException if it is none of Argo's kinds
     */
    public static ValidationResult validate(HasMetadata object, TemplateLookup templates) {
        if (!(object instanceof ArgoResource<?> resource)) {
            throw new IllegalArgumentException("not a kind of " + ArgoResource.GROUP + ": " + object.getKind());
        }
        Manifest manifest = Manifest.of(object);
        var findings = new Findings(0, manifest.lines());
        check(resource, manifest, templates, false, findings);
        return new ValidationResult(findings.problems(), findings.warnings());
    }

    private static @org.jspecify.annotations.Nullable ArgoResource<?> read(
            Manifest manifest, Manifest known, Findings findings) {
        Class<? extends ArgoResource<?>> type = KINDS.get(manifest.kind());
        if (type == null) {
            String group = manifest.apiVersion();
            if (manifest.kind().isEmpty()) {
                findings.problem("kind", "is required" + Suggestions.known("", KINDS.keySet()));
            } else if (group.startsWith(ArgoResource.GROUP + "/")) {
                findings.problem(
                        "kind",
                        "\"" + manifest.kind() + "\" is unknown" + Suggestions.known(manifest.kind(), KINDS.keySet()));
            } else {
                findings.warning("kind", "\"" + manifest.kind() + "\" is not looked at");
            }
            return null;
        }
        if (!manifest.apiVersion().equals(ArgoResource.API_VERSION)) {
            findings.problem("apiVersion", "is \"" + manifest.apiVersion() + "\", must be " + ArgoResource.API_VERSION);
        }
        manifest.duplicateKeys().forEach(path -> findings.problem(path, "is given more than once"));
        if (!FieldRules.check(manifest.tree(), Shape.of(type), findings)) {
            return null;
        }
        try {
            return known.as(type);
        } catch (InvalidManifestException e) {
            findings.problem("", e.getMessage());
            return null;
        }
    }

    private static void check(
            ArgoResource<?> object, Manifest manifest, TemplateLookup templates, boolean lint, Findings findings) {
        checkNameLength(object, findings);
        switch (object) {
            case Workflow workflow ->
                SpecRules.check(subject(workflow, workflow.getSpec(), manifest, lint), templates, findings);
            case WorkflowTemplate template ->
                SpecRules.check(subject(template, template.getSpec(), manifest, true), templates, findings);
            case ClusterWorkflowTemplate template ->
                SpecRules.check(subject(template, template.getSpec(), manifest, true), templates, findings);
            case CronWorkflow cron -> {
                CronRules.check(cron.getSpec(), findings);
                SpecRules.check(subject(cron, manifest), templates, findings);
            }
            case WorkflowEventBinding binding -> EventBindingRules.check(binding.getSpec(), findings);
            case WorkflowTaskSet _ -> {} // written by controllers only
        }
    }

    /** The name is a label's value on pods; a cron workflow's gets a time appended. */
    private static void checkNameLength(ArgoResource<?> object, Findings findings) {
        String name = object.getMetadata().getName();
        int longest = object instanceof CronWorkflow ? 52 : 63;
        if (name != null && name.length() > longest && !(object instanceof WorkflowEventBinding)) {
            findings.problem("metadata.name", "has " + name.length() + " characters, may have at most " + longest);
        }
    }

    private static SpecSubject subject(
            ArgoResource<?> object, WorkflowSpec spec, Manifest manifest, boolean valuesMayBeMissing) {
        return new SpecSubject(
                object.getKind(),
                namespace(object),
                object.getMetadata(),
                spec,
                manifest.tree().path("spec"),
                "spec",
                TemplateResolver.isTemplateKind(object),
                object instanceof ClusterWorkflowTemplate,
                valuesMayBeMissing);
    }

    private static SpecSubject subject(CronWorkflow cron, Manifest manifest) {
        WorkflowSpec spec = cron.getSpec().workflowSpec() == null
                ? WorkflowSpec.NONE
                : cron.getSpec().workflowSpec();
        ObjectMeta metadata = cron.getSpec().workflowMetadata() == null
                ? new ObjectMeta()
                : cron.getSpec().workflowMetadata();
        return new SpecSubject(
                cron.getKind(),
                namespace(cron),
                metadata,
                spec,
                manifest.tree().path("spec").path("workflowSpec"),
                "spec.workflowSpec",
                false,
                false,
                false);
    }

    private static String namespace(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return namespace == null ? "" : namespace;
    }
}
