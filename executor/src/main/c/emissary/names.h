/* File names that Java can't give, as they aren't text. */
#pragma once

/* Carries out the orders on standard input, each of them a letter and two strings that end with a zero byte. An exit code. */
int give_names(void);
