#include "pause.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"

#define ARGO_DIR "/var/run/argo"

int is_asked_to_pause(const char *variable) {
    const char *value = getenv(variable);
    return value && strcmp(value, "true") == 0;
}

int is_let_go(const char *marker) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", job.directory, marker);
    if (access(path, F_OK) == 0) return 1;
    snprintf(path, sizeof path, ARGO_DIR "/ctr/%s/%s", job.container, marker);
    return access(path, F_OK) == 0;
}

void make_argo_directory(void) {
    char path[PATH_MAX];
    if (strcmp(job.dir, DEFAULT_DIR) != 0) return; /* in no container of its own */
    mkdir(ARGO_DIR, 0777);
    mkdir(ARGO_DIR "/ctr", 0777);
    snprintf(path, sizeof path, ARGO_DIR "/ctr/%s", job.container);
    if (mkdir(path, 0777) == 0) chmod(path, 0777);
}
