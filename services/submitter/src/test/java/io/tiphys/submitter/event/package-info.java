@NullMarked
package io.tiphys.submitter.event;

import org.jspecify.annotations.NullMarked;
