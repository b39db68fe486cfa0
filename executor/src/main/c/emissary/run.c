#include "run.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "codes.h"
#include "command.h"
#include "containerset.h"
#include "gate.h"
#include "job.h"
#include "output.h"
#include "pause.h"
#include "say.h"
#include "server.h"
#include "state.h"
#include "thread.h"

#define TICK_NANOSECONDS (20 * 1000 * 1000) /* between looks at files that others are to create */

/* Where the command stands between its container's start and its end. */
static enum { WAITING, PAUSED_BEFORE, BACKING_OFF, RUNNING, PAUSED_AFTER, OVER } stage = WAITING;

static struct timespec resume_at; /* end of the pause between two attempts */
static int paused_code;           /* exit code to leave after ARGO_DEBUG_PAUSE_AFTER */

static int out, err;           /* what the command writes to; -1 once it has ended */
static sigset_t original_mask; /* the signals that were held back from us, and so are from the command */

/* The command's end; left is what those that wait for this container are to see. */
static void ended_leaving(int code, int left) {
    stage = OVER;
    leave_exit_code(left);
    drain_output();
    command_ended(code);
}

static void ended(int code) { ended_leaving(code, code); }

static void attempt_over(int code) {
    if (code != 0 && job.attempts > 1) {
        job.attempts--;
        clock_gettime(CLOCK_MONOTONIC, &resume_at);
        resume_at.tv_sec += job.pause / 1000;
        resume_at.tv_nsec += (job.pause % 1000) * 1000000;
        if (resume_at.tv_nsec >= 1000000000) {
            resume_at.tv_sec++;
            resume_at.tv_nsec -= 1000000000;
        }
        say("attempt ended with exit code %d; %ld left", code, job.attempts);
        stage = BACKING_OFF;
    } else if (is_asked_to_pause("ARGO_DEBUG_PAUSE_AFTER")) {
        paused_code = code;
        stage = PAUSED_AFTER;
    } else {
        ended(code);
    }
}

static void reap(void) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (!is_command(pid) || stage != RUNNING) continue;
        command_stopped();
        attempt_over(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    }
}

static void start_attempt(void) {
    stage = RUNNING;
    pid_t child;
    int error = start_command(out, err, &original_mask, &child);
    if (error) {
        job.attempts = 1; /* what can't start won't start next time */
        attempt_over(explain_failed_start(error));
    } else {
        command_runs(child);
    }
}

static void await_dependencies(void) {
    int code, met = dependencies_are_met(&code);
    if (met > 0) stage = PAUSED_BEFORE;
    if (met < 0) ended_leaving(DEPENDENCY_FAILED, code);
}

/* Takes the command as far as it can go now. */
static void advance(void) {
    if (stage == WAITING) await_dependencies();
    if (stage == PAUSED_BEFORE && (!is_asked_to_pause("ARGO_DEBUG_PAUSE_BEFORE") || is_let_go("before"))) {
        if (is_over(job.dir)) _exit(0);
        start_attempt();
    }
    if (stage == BACKING_OFF) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        if (t.tv_sec > resume_at.tv_sec || (t.tv_sec == resume_at.tv_sec && t.tv_nsec >= resume_at.tv_nsec)) start_attempt();
    }
    if (stage == PAUSED_AFTER && is_let_go("after")) ended(paused_code);
}

/* A signal from outside: for the command while it runs; otherwise a wish to end takes effect here. */
static void on_signal(int signal_number) {
    int ends = signal_number == SIGTERM || signal_number == SIGINT || signal_number == SIGQUIT || signal_number == SIGHUP;
    if (ends) job.attempts = 1;
    signal_command(signal_number);
    if (ends && stage != RUNNING && stage != OVER) ended(stage == PAUSED_AFTER ? paused_code : 128 + signal_number);
}

static void *exit_when_released(void *argument) {
    _exit(await_release((long)(intptr_t)argument));
}

int run(void) {
    char path[PATH_MAX];
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &original_mask);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (mkdir(job.directory, 0777) == 0) chmod(job.directory, 0777);
    snprintf(path, sizeof path, "%s/sock", job.directory);
    int listener = listen_at(path);
    if (listener < 0 || make_output(&out, &err) != 0) {
        say("cannot listen at %s: %s", path, strerror(errno));
        return CANNOT_START;
    }
    copy_output(job.directory);
    serve(listener);
    start_thread(exit_when_released, (void *)(intptr_t)job.release_timeout);
    if (is_asked_to_pause("ARGO_DEBUG_PAUSE_BEFORE") || is_asked_to_pause("ARGO_DEBUG_PAUSE_AFTER")) make_argo_directory();
    for (;;) {
        advance();
        if (stage == OVER && out >= 0) {
            close(out);
            close(err);
            out = err = -1;
        }
        struct timespec tick = {0, TICK_NANOSECONDS};
        siginfo_t info;
        int signal_number = stage == RUNNING || stage == OVER ? sigwaitinfo(&all, &info) : sigtimedwait(&all, &info, &tick);
        if (signal_number == SIGCHLD) {
            reap();
        } else if (signal_number > 0 && signal_number != SIGTTOU && signal_number != SIGTTIN) {
            on_signal(signal_number);
        }
    }
}
