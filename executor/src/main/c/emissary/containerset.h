/* Containers of a set tell each other how they ended, by DIR/ctr/NAME/exitcode. */
#pragma once

/* 1: all that this one comes after have succeeded, 0: one still runs, -1: one failed, with *code, and the command will never start. */
int dependencies_are_met(int *code);

/* Tells those that wait for this container. */
void leave_exit_code(int code);
