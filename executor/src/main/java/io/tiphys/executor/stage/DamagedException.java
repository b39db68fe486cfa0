package io.tiphys.executor.stage;

import java.io.IOException;

/** What arrived isn't what object storage says that it has. Fetching it again helps when it was damaged on the way. */
final class DamagedException extends IOException {
    DamagedException(String name, String arrived, String expected) {
        super(name + " arrived damaged: its CRC64 is " + arrived + ", object storage says " + expected);
    }
}
