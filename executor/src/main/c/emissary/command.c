#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codes.h"
#include "io.h"
#include "job.h"
#include "lines.h"
#include "say.h"

/* Raises the stack limit so that the kernel, which gives a quarter of it to arguments and variables, takes so many bytes of them. */
static void make_room(size_t size) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    rlim_t wanted = 4 * ((rlim_t)size + 64 * 1024);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_STACK, &limit); /* what it doesn't give, exec refuses */
}

int start_command(int out, int err, const sigset_t *mask, pid_t *child) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    pid_t pid = fork();
    if (pid < 0) return errno;
    if (pid == 0) {
        setpgid(0, 0);
        if (isatty(0)) tcsetpgrp(0, getpid());
        dup2(out, 1);
        dup2(err, 2);
        signal(SIGPIPE, SIG_DFL);
        signal(SIGTTOU, SIG_DFL);
        sigprocmask(SIG_SETMASK, mask, NULL);
        if (job.command_size > 0) make_room(job.command_size);
        execvp(job.command[0], job.command);
        int error = errno;
        if (write(report[1], &error, sizeof error) < 0) _exit(CANNOT_START);
        _exit(NOT_FOUND);
    }
    setpgid(pid, pid); /* also here: a signal may come before the child got that far */
    close(report[1]);
    int error = 0;
    if (read_all(report[0], &error, sizeof error) != 0) error = 0;
    close(report[0]);
    if (error == 0) {
        *child = pid;
    } else {
        waitpid(pid, NULL, 0);
    }
    return error;
}

int explain_failed_start(int error) {
    const char *command = job.command[0];
    if (error == E2BIG) {
        say("cannot run \"%s\": its arguments and variables have %zu bytes, and Linux takes at most %d in all, and at most %d in one:"
            " pass them in a file, as an input artifact",
            command, job.command_size, LONGEST_LINE, LONGEST_STRING - 1);
        return NOT_EXECUTABLE;
    }
    if (error == ENOENT && strchr(command, '/') == NULL) {
        const char *path = getenv("PATH");
        say("cannot run \"%s\": not found in PATH (%s)", command, path ? path : "not set");
        return NOT_FOUND;
    }
    if (error == ENOENT) {
        say(access(command, F_OK) == 0 ? "cannot run \"%s\": its interpreter or loader does not exist in this image"
                                       : "cannot run \"%s\": no such file",
            command);
        return NOT_FOUND;
    }
    say("cannot run \"%s\": %s", command, strerror(error));
    return NOT_EXECUTABLE;
}
