/* Answers the executor: one thread for each of its connections. */
#pragma once

/* A listening socket at the path, or -1 with errno. */
int listen_at(const char *path);

/* Takes connections from now on. */
void serve(int listener);
