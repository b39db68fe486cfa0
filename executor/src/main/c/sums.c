/* What the executor takes from here because Java has it only in tables: a library without any other, so that it fits to every libc. */
#include "sums.h"

__attribute__((constructor)) static void prepare(void) { crc64_prepare(); }

/* Goes on with a CRC64, which begins as all ones and is turned over at its end. */
uint64_t tiphys_crc64(uint64_t crc, const void *bytes, uint64_t length);
uint64_t tiphys_crc64(uint64_t crc, const void *bytes, uint64_t length) { return crc64_add(crc, bytes, length); }
