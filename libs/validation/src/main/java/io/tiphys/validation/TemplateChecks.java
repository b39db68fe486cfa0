package io.tiphys.validation;

/**
 * What the checks of templates share.
 *
 * @param globals variables of the workflow
 * @param resolver finds called templates
 */
record TemplateChecks(KnownVariables globals, TemplateResolver resolver) {}
