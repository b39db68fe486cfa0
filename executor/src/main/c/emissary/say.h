/* What people are told: in the container's log and, at its end, in the pod's status. */
#pragma once

/* A line on standard error. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says text and leaves it where the kubelet looks for a container's last words. */
void last_words(const char *text);
