/* Reading and writing all of something, however often the kernel is asked. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define CHUNK (256 * 1024) /* read or written at once: the calls cost little beside the bytes */

/* Writes all of it; waits where the other side is slow. 0, or -1 when the other side is gone. */
int write_all(int fd, const void *bytes, size_t length);

/* 0, or -1 when it ends before. */
int read_all(int fd, void *bytes, size_t length);

/* Reads until the end of the file at most; how much that was, or -1. */
ssize_t read_at(int file, char *to, size_t length, off_t offset);
