#include "state.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "clock.h"
#include "say.h"

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pid_t child;    /* 0: none */
    int exit_code;  /* -1 while the command runs */
    int drained;    /* everything the command wrote has been copied */
    int released;   /* the executor said that outputs are safe */
    time_t contact; /* when the executor last asked something */
} state = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, -1, 0, 0, 0};

static void set_child(pid_t child) {
    pthread_mutex_lock(&state.lock);
    state.child = child;
    pthread_mutex_unlock(&state.lock);
}

void command_runs(pid_t child) { set_child(child); }

void command_stopped(void) { set_child(0); }

int is_command(pid_t pid) {
    pthread_mutex_lock(&state.lock);
    int same = pid == state.child;
    pthread_mutex_unlock(&state.lock);
    return same;
}

void command_ended(int exit_code) {
    pthread_mutex_lock(&state.lock);
    state.exit_code = exit_code;
    state.contact = now();
    pthread_cond_broadcast(&state.changed);
    pthread_mutex_unlock(&state.lock);
}

int signal_command(int signal_number) {
    pthread_mutex_lock(&state.lock);
    int running = state.exit_code < 0 && state.child > 0;
    int error = !running ? ESRCH : kill(-state.child, signal_number) != 0 ? errno : 0;
    pthread_mutex_unlock(&state.lock);
    return error;
}

void output_is_drained(void) {
    pthread_mutex_lock(&state.lock);
    state.drained = 1;
    pthread_cond_broadcast(&state.changed);
    pthread_mutex_unlock(&state.lock);
}

void executor_was_heard(void) {
    pthread_mutex_lock(&state.lock);
    state.contact = now();
    pthread_mutex_unlock(&state.lock);
}

void release(void) {
    pthread_mutex_lock(&state.lock);
    state.released = 1;
    pthread_cond_broadcast(&state.changed);
    pthread_mutex_unlock(&state.lock);
}

int await_end(void) {
    pthread_mutex_lock(&state.lock);
    while (state.exit_code < 0 || !state.drained) pthread_cond_wait(&state.changed, &state.lock);
    int code = state.exit_code;
    state.contact = now();
    pthread_mutex_unlock(&state.lock);
    return code;
}

int await_release(long timeout) {
    struct timespec until;
    pthread_mutex_lock(&state.lock);
    while (state.exit_code < 0 || !state.drained) pthread_cond_wait(&state.changed, &state.lock);
    while (!state.released && timeout > 0) {
        long silent = now() - state.contact;
        if (silent >= timeout) {
            say("the executor has been silent for %ld s; outputs may be lost", silent);
            break;
        }
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += timeout - silent;
        pthread_cond_timedwait(&state.changed, &state.lock, &until);
    }
    int code = state.exit_code;
    pthread_mutex_unlock(&state.lock);
    return code;
}
