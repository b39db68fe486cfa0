/** Every store that is built in, put together as services need it: drivers made when first wanted, Secrets from Kubernetes, settings. */
@NullMarked
package io.tiphys.artifacts.all;

import org.jspecify.annotations.NullMarked;
