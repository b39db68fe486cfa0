/* Regular files that must not change under their reader. */
#pragma once

#include <stdint.h>
#include <sys/stat.h>

/* Nanoseconds since 1970. */
uint64_t time_of_change(const struct stat *s);

/* Opens a regular file that was last changed at `changed`; -1 with the reason in *error. */
int open_file(const char *path, uint64_t changed, int *error);

/* 0, or why what was read of the file doesn't count. */
int close_file(int file, uint64_t changed);
