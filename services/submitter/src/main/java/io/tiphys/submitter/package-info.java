@NullMarked
package io.tiphys.submitter;

import org.jspecify.annotations.NullMarked;
