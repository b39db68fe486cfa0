/** Argo's REST paths: requests in, answers out. Knows HTTP and JSON; what happens is decided elsewhere. */
@NullMarked
package io.tiphys.submitter.rest;

import org.jspecify.annotations.NullMarked;
