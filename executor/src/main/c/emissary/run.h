/* The command from its container's start to its end: attempts, pauses, signals from outside. */
#pragma once

/* Runs the job. Returns only when it can't begin; otherwise the process ends with the command's exit code. */
int run(void);
