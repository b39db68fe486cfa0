/**
 * A workflow, compiled once per run: templates with their tags parsed, DAGs with their dependencies counted, the
 * templates of other objects resolved. Immutable but for caches; shared by every node of the run.
 * Doesn't know nodes, phases or time.
 */
@NullMarked
package io.tiphys.engine.definition;

import org.jspecify.annotations.NullMarked;
