package io.tiphys.local.apiserver;

/**
 * One additional column of a type's table.
 *
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date} (printed as an age)
 * @param jsonPath a simple path such as {@code .status.phase}
 * @param priority 0 for always, above for {@code -o wide} only
 */
record PrinterColumn(String name, String type, String jsonPath, int priority) {}
