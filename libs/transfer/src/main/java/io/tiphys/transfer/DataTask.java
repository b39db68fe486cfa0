package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A data template (Argo: docs/data-sourcing-and-transformation.md): the keys below a location, and what becomes of the list.
 *
 * @param artifact name under which the capability's {@code read} knows the location
 * @param expressions each sees the outcome of the one before as {@code data}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DataTask(String artifact, List<String> expressions) {
    public DataTask {
        expressions = Copies.of(expressions);
    }
}
