/* Answer to D: what the executor has to know of parts before it sends them. Summed here, their bytes cross the socket only once. */
#pragma once

#include <stdint.h>

/* Before the first answer. */
void prepare_digests(void);

/* The buffer has CHUNK bytes. */
int answer_digest(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, uint64_t piece, char *buffer);
