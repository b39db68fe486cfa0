/** What image names mean on a machine without a registry: overlay layers of our own, or just the host's files. */
@NullMarked
package io.tiphys.local.node.image;

import org.jspecify.annotations.NullMarked;
