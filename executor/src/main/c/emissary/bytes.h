/* Answers to R and P: what is in a file. */
#pragma once

#include <stdint.h>

/* The buffer has CHUNK bytes. */
int answer_read(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, char *buffer);
int answer_pages(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, char *buffer);
