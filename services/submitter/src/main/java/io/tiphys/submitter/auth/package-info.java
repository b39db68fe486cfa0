/** Who is calling: the auth mode and what follows from it (labels of creator and actor). */
@NullMarked
package io.tiphys.submitter.auth;

import org.jspecify.annotations.NullMarked;
