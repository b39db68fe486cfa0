/* Exit codes of emissary itself; 126 and 127 are a shell's. */
#pragma once

enum { USAGE = 64, DEPENDENCY_FAILED = 64, CANNOT_START = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };
