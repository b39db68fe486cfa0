/** What may be deleted, and how the outcome is written down: pure functions over the API's records. */
@NullMarked
package io.tiphys.artifactgc.plan;

import org.jspecify.annotations.NullMarked;
