/** What the archive keeps for workflows whose objects have no room for it. */
@NullMarked
package io.tiphys.controller.archive;

import org.jspecify.annotations.NullMarked;
