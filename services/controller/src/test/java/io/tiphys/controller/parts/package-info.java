/** Real parts, in process: a Kafka broker, the embedded API server, a kubelet that only pretends to run containers. */
@NullMarked
package io.tiphys.controller.parts;

import org.jspecify.annotations.NullMarked;
