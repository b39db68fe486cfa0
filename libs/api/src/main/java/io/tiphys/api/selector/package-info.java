/** Kubernetes label and field selectors as values: parsed once, asked often, or translated into a query. Knows no objects. */
@NullMarked
package io.tiphys.api.selector;

import org.jspecify.annotations.NullMarked;
