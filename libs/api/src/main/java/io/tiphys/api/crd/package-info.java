/** The CustomResourceDefinitions of Argo's kinds, made from the types, so that the two can't drift apart. */
@NullMarked
package io.tiphys.api.crd;

import org.jspecify.annotations.NullMarked;
