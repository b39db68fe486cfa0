@NullMarked
package io.tiphys.submitter.config;

import org.jspecify.annotations.NullMarked;
