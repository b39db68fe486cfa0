#include "containerset.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "job.h"
#include "say.h"

/* The exit code that a container of the set has left, or -1 while it runs. */
static int exit_code_of(const char *container) {
    char path[PATH_MAX];
    int code = -1;
    snprintf(path, sizeof path, "%s/ctr/%s/exitcode", job.dir, container);
    FILE *in = fopen(path, "re");
    if (!in) return -1;
    if (fscanf(in, "%d", &code) != 1) code = -1;
    fclose(in);
    return code;
}

int dependencies_are_met(int *code) {
    int met = 1;
    for (int i = 0; i < job.after_count; i++) {
        *code = exit_code_of(job.after[i]);
        if (*code < 0) {
            met = 0;
        } else if (*code > 0) {
            char text[512];
            snprintf(text, sizeof text, "dependency \"%s\" exited with non-zero code: %d", job.after[i], *code);
            last_words(text);
            return -1;
        }
    }
    return met;
}

void leave_exit_code(int code) {
    char path[PATH_MAX], half[PATH_MAX], text[16];
    snprintf(path, sizeof path, "%s/exitcode", job.directory);
    snprintf(half, sizeof half, "%s/.exitcode", job.directory);
    int fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int length = snprintf(text, sizeof text, "%d\n", code);
    if (fd < 0 || write_all(fd, text, (size_t)length) != 0 || close(fd) != 0 || rename(half, path) != 0) {
        say("cannot leave the exit code at %s: %s", path, strerror(errno));
    }
}
