/**
 * Argo's API types as records, one for each type, components named as in JSON, and the JSON and YAML that they come in.
 *
 * <p>Absent scalars and objects are null; absent lists and maps are empty and never null, but for {@code withItems}. Fields
 * that Argo fills in with an empty object ({@code arguments}, {@code inputs}, {@code outputs} of a template) are that
 * object, never null. Required text that is missing is "". Every record has a builder ({@code TemplateBuilder.builder()},
 * {@code TemplateBuilder.builder(template)}) and withers ({@code node.withPhase(…)}). {@code default} and {@code enum} of a
 * parameter are Java keywords and are called {@code defaultValue} and {@code enumValues}. {@code Item}, {@code Plugin} are a
 * {@code JsonNode}.
 *
 * <p>Knows Jackson and the Fabric8 model; no client, no I/O.
 */
@NullMarked
package io.tiphys.api;

import org.jspecify.annotations.NullMarked;
