/** What the uploader says on Kafka. */
@NullMarked
package io.tiphys.uploader.messaging;

import org.jspecify.annotations.NullMarked;
