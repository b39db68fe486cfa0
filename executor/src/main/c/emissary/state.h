/* What the thread that runs the command and those that serve the executor know of each other. Any thread may call any of these. */
#pragma once

#include <sys/types.h>

/* The command runs, as this process and the leader of this group. */
void command_runs(pid_t child);

int is_command(pid_t pid);

/* The process is no more; whether that is the end is still open. */
void command_stopped(void);

/* The end: nothing will run any more. */
void command_ended(int exit_code);

/* Sends a signal to the command's group; 0 or an errno, ESRCH while no command runs. */
int signal_command(int signal_number);

/* Everything that the command wrote has been copied. */
void output_is_drained(void);

/* The executor shows that it is alive. */
void executor_was_heard(void);

/* The executor says that outputs are safe. */
void release(void);

/* Waits until the command has ended and its output is drained; its exit code. */
int await_end(void);

/* Waits as await_end, and for the release, or until the executor has been silent for so many seconds, which is said. */
int await_release(long timeout);
