/*
 * Command lines and environments that are too long for the pod's object: they come in files of texts that each end with a NUL, and Linux'
 * own limits hold for them.
 */
#pragma once

#define LONGEST_STRING (128 * 1024)    /* Linux: MAX_ARG_STRLEN, the NUL included */
#define LONGEST_LINE (6 * 1024 * 1024) /* Linux: the most for all arguments and variables, whatever the stack limit is */

/* Completes the job's command line and the environment from its files. 0, or -1 when that failed, which is said. */
int take_lines(void);
