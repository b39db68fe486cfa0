/** What the probes of Kubernetes ask. */
@NullMarked
package io.tiphys.controller.health;

import org.jspecify.annotations.NullMarked;
