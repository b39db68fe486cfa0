#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_RELEASE_TIMEOUT 1200

struct job job = {.attempts = 1};

int read_options(int count, char **arguments) {
    const char *timeout = getenv("TIPHYS_RELEASE_TIMEOUT");
    job.dir = getenv("TIPHYS_DIR");
    int i = 2;
    for (; i < count && strcmp(arguments[i], "--") != 0; i++) {
        const char *option = arguments[i];
        if (strcmp(option, "--no-wait") == 0) {
            timeout = "0";
        } else if (i + 1 == count) {
            return -1;
        } else if (strcmp(option, "--container") == 0) {
            job.container = arguments[++i];
        } else if (strcmp(option, "--dir") == 0) {
            job.dir = arguments[++i];
        } else if (strcmp(option, "--after") == 0 && job.after_count < MAX_DEPENDENCIES) {
            job.after[job.after_count++] = arguments[++i];
        } else if (strcmp(option, "--attempts") == 0) {
            job.attempts = atol(arguments[++i]);
        } else if (strcmp(option, "--pause") == 0) {
            job.pause = atoll(arguments[++i]);
        } else if (strcmp(option, "--args-file") == 0) {
            job.args_file = arguments[++i];
        } else if (strcmp(option, "--env-file") == 0) {
            job.env_file = arguments[++i];
        } else if (strcmp(option, "--release-timeout") == 0) {
            timeout = arguments[++i];
        } else {
            return -1;
        }
    }
    if (!job.container || strchr(job.container, '/') || i >= count || (i + 1 == count && !job.args_file)) return -1;
    if (!job.dir) job.dir = DEFAULT_DIR;
    snprintf(job.directory, sizeof job.directory, "%s/ctr/%s", job.dir, job.container);
    job.release_timeout = timeout ? atol(timeout) : DEFAULT_RELEASE_TIMEOUT;
    job.command = arguments + i + 1;
    return 0;
}
