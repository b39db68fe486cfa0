@NullMarked
package io.tiphys.controller.kube;

import org.jspecify.annotations.NullMarked;
