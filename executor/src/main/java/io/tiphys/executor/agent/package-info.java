/**
 * The agent of a workflow: one pod that does the HTTP requests and plugin templates of all its nodes. It gets its tasks from the
 * uploader and reports there; it knows no Kubernetes and keeps nothing that its successor would need.
 */
@NullMarked
package io.tiphys.executor.agent;

import org.jspecify.annotations.NullMarked;
