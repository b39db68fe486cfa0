#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "say.h"
#include "state.h"
#include "thread.h"

#define STDOUT_KEPT (1024 * 1024) /* of the file stdout; what is older is given back to the disk */

static struct stream {
    int from, to, log, copy; /* -1: not there, or nobody takes it any more */
    off_t copied;
} streams[2] = {{.to = 1, .copy = -1}, {.to = 2, .copy = -1}};

static int drain_pipe[2];

/* Copies what is there; 0 when nothing is left now, -1 at the end. */
static int pump(struct stream *s, char *buffer) {
    ssize_t n = read(s->from, buffer, CHUNK);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return -1;
    if (n < 0) return errno == EINTR;
    if (s->to >= 0 && write_all(s->to, buffer, (size_t)n) != 0) s->to = -1;
    if (s->log >= 0 && write_all(s->log, buffer, (size_t)n) != 0) {
        say("the log is no longer kept: %s", strerror(errno));
        s->log = -1;
    }
    if (s->copy >= 0) {
        if (write_all(s->copy, buffer, (size_t)n) != 0) {
            say("the output is no longer kept: %s", strerror(errno));
            s->copy = -1;
        }
        s->copied += n;
        if (s->copied > 2 * STDOUT_KEPT) { /* where the file system can't, the file just stays longer */
            fallocate(s->copy, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, s->copied - STDOUT_KEPT);
        }
    }
    return 1;
}

static void *pump_all(void *argument) {
    (void)argument;
    char *buffer = malloc(CHUNK);
    int open_streams = buffer ? 2 : 0, drained = 0;
    struct pollfd p[3] = {{streams[0].from, POLLIN, 0}, {streams[1].from, POLLIN, 0}, {drain_pipe[0], POLLIN, 0}};
    while (!drained || open_streams > 0) {
        if (poll(p, 3, -1) < 0) continue;
        int ended = p[2].revents != 0;
        for (int i = 0; i < 2; i++) {
            int more = 1;
            while (p[i].fd >= 0 && more > 0) {
                more = pump(&streams[i], buffer);
                if (!ended) break; /* one read each, so that the two stay in order */
            }
            if (more < 0) {
                close(p[i].fd);
                p[i].fd = -1;
                open_streams--;
            }
        }
        if (ended) {
            p[2].fd = -1;
            p[2].revents = 0;
            drained = 1;
            output_is_drained();
        }
    }
    free(buffer);
    return NULL;
}

static int open_if_there(const char *directory, const char *name) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

int make_output(int *out, int *err) {
    int outs[2], errs[2];
    if (pipe2(outs, O_CLOEXEC) != 0 || pipe2(errs, O_CLOEXEC) != 0 || pipe2(drain_pipe, O_CLOEXEC) != 0) return -1;
    fcntl(outs[0], F_SETFL, O_NONBLOCK);
    fcntl(errs[0], F_SETFL, O_NONBLOCK);
    streams[0].from = outs[0];
    streams[1].from = errs[0];
    *out = outs[1];
    *err = errs[1];
    return 0;
}

void copy_output(const char *directory) {
    streams[0].log = streams[1].log = open_if_there(directory, "log");
    streams[0].copy = open_if_there(directory, "stdout");
    start_thread(pump_all, NULL);
}

void drain_output(void) {
    if (write(drain_pipe[1], "", 1) < 0) say("cannot tell that the command ended: %s", strerror(errno));
}
