/**
 * The {@code tiphys} command for users of workflows: a plain Java process that speaks Argo's REST API and nothing else. It works on JSON
 * trees, not on the API's types, so that it starts fast and shows fields that it doesn't know.
 */
@NullMarked
package io.tiphys.cli;

import org.jspecify.annotations.NullMarked;
