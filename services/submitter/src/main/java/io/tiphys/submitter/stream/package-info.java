/** Answers of many messages: server-sent events and newline-delimited JSON, as Argo's gateway writes them. */
@NullMarked
package io.tiphys.submitter.stream;

import org.jspecify.annotations.NullMarked;
