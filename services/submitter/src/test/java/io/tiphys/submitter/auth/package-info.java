@NullMarked
package io.tiphys.submitter.auth;

import org.jspecify.annotations.NullMarked;
