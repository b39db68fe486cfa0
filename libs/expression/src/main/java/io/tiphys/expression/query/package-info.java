/**
 * Questions to the JSON of a Kubernetes object, as resource templates ask them: kubectl's JSONPath templates, jq filters, and conditions
 * in the form of label selectors over paths. Compiled once; hostile texts end in a {@link io.tiphys.expression.query.QueryException}.
 */
@NullMarked
package io.tiphys.expression.query;

import org.jspecify.annotations.NullMarked;
