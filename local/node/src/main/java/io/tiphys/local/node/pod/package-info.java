/** One pod's life, from being bound to being gone: order of containers, restarts, hooks, probes, deadlines, status. */
@NullMarked
package io.tiphys.local.node.pod;

import org.jspecify.annotations.NullMarked;
