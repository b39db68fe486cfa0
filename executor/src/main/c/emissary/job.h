/* What `run` was told on its command line. */
#pragma once

#include <limits.h>
#include <stddef.h>

#define DEFAULT_DIR "/var/run/tiphys"
#define MAX_DEPENDENCIES 512

struct job {
    const char *container, *dir;
    char directory[PATH_MAX]; /* the container's own, in dir */
    const char *after[MAX_DEPENDENCIES];
    int after_count;
    long attempts;                    /* left, the running one included */
    long long pause;                  /* milliseconds between two attempts */
    long release_timeout;             /* seconds */
    const char *args_file, *env_file; /* NULL: none */
    char **command;                   /* before take_lines it may be empty */
    size_t command_size;              /* bytes that the kernel will count for command and environment; 0: short enough not to be counted */
};

extern struct job job;

/* Reads the options of `emissary run` and the environment's; -1 when they make no sense. */
int read_options(int count, char **arguments);
