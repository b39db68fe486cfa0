@NullMarked
package io.tiphys.submitter.kube;

import org.jspecify.annotations.NullMarked;
