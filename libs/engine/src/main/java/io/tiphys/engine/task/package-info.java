/**
 * Tasks of the workflow's agent: HTTP requests and plugin templates, which need no pod of their own. A task is ordered,
 * its results are taken, and it ends. Doesn't know who carries it out and how.
 */
@NullMarked
package io.tiphys.engine.task;

import org.jspecify.annotations.NullMarked;
