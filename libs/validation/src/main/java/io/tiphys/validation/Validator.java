package io.tiphys.validation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tiphys.api.Manifest;
import java.util.List;

/** The entry: manifests or objects in, problems out. */
public final class Validator {
    private Validator() {}

    /**
     * Checks manifests as {@code argo lint} does. Templates among them can be referred to by the others, and arguments of
     * workflows may be missing.
     */
    public static ValidationResult lint(List<Manifest> manifests, TemplateLookup templates) {
        return ValidationResult.OK;
    }

    /**
     * Checks an object that is about to be created or run: every argument needs a value. Unknown fields can't be seen any
     * more.
     */
    public static ValidationResult validate(HasMetadata object, TemplateLookup templates) {
        return ValidationResult.OK;
    }
}
