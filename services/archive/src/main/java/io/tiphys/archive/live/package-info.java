/** The live Workflow in the Kubernetes API, which is told that it has been archived. */
@NullMarked
package io.tiphys.archive.live;

import org.jspecify.annotations.NullMarked;
