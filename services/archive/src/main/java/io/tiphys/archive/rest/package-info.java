/** The archive's HTTP: what it knows, as JSON. Used by the submitter. */
@NullMarked
package io.tiphys.archive.rest;

import org.jspecify.annotations.NullMarked;
