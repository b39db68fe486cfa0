/** The way to the API server: watches, pods, workflows' status, behind one limiter that adapts to what the server can take. */
@NullMarked
package io.tiphys.controller.kube;

import org.jspecify.annotations.NullMarked;
