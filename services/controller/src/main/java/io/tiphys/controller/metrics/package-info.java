/** Metrics under Argo's names, those that workflows define themselves among them. */
@NullMarked
package io.tiphys.controller.metrics;

import org.jspecify.annotations.NullMarked;
