#include "install.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "say.h"

int install(const char *destination) {
    char temporary[PATH_MAX], buffer[64 * 1024];
    snprintf(temporary, sizeof temporary, "%s.%d", destination, (int)getpid());
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    int failed = from < 0 || to < 0;
    for (ssize_t n; !failed && (n = read(from, buffer, sizeof buffer)) != 0;) {
        failed = n < 0 || write_all(to, buffer, (size_t)n) != 0;
    }
    /* renamed into place, so that nobody ever starts half of it */
    if (failed || fchmod(to, 0755) != 0 || close(to) != 0 || rename(temporary, destination) != 0) {
        say("cannot install as %s: %s", destination, strerror(errno));
        unlink(temporary);
        return 1;
    }
    return 0;
}
