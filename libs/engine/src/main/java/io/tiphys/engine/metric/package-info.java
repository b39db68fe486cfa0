/** Metrics that workflows and templates define themselves: evaluated here, kept by whoever is told. */
@NullMarked
package io.tiphys.engine.metric;

import org.jspecify.annotations.NullMarked;
