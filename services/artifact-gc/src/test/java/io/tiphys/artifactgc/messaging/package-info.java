@NullMarked
package io.tiphys.artifactgc.messaging;

import org.jspecify.annotations.NullMarked;
