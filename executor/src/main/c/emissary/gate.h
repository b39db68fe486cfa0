/* The files by which the executor lets containers begin, or tells them that it is too late for that. */
#pragma once

/* Waits until the file exists and prints it unless it says "ok"; 0 seconds: for ever. An exit code. */
int await_and_tell(const char *file, long seconds);

/* Waits for DIR/staged. Whether the command may start; otherwise says why, also where the kubelet looks for a container's last words. */
int inputs_are_staged(const char *dir);

/* Whether the executor has already told the sidecars to end. It writes the file before it looks for their sockets, and we look for the
 * file after our socket is there: whoever comes second sees the other. */
int is_over(const char *dir);
