/** The HTTP interface that executors speak to. */
@NullMarked
package io.tiphys.uploader.rest;

import org.jspecify.annotations.NullMarked;
