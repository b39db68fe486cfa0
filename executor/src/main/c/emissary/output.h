/* The command's output: copied to our own and to the files that the executor has put for it. */
#pragma once

/* Makes the pipes; out and err are the command's ends. 0, or -1 with errno. */
int make_output(int *out, int *err);

/* Copies from now on, also to DIRECTORY/log and DIRECTORY/stdout where they are. */
void copy_output(const char *directory);

/* The command has ended: what it wrote by now is copied, and then output_is_drained. */
void drain_output(void);
