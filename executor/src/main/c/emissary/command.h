/* The user's command as a process. */
#pragma once

#include <signal.h>
#include <sys/types.h>

/* Starts it in a process group of its own, with its output in the two pipes; its errno when that fails, 0 and *child when it runs. */
int start_command(int out, int err, const sigset_t *mask, pid_t *child);

/* Says why it didn't start; the exit code that a shell would have given. */
int explain_failed_start(int error);
