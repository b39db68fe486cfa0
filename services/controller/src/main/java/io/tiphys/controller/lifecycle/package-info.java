/** What comes after a workflow's end: labels, pod clean-up, time to live, finalizers. */
@NullMarked
package io.tiphys.controller.lifecycle;

import org.jspecify.annotations.NullMarked;
