package io.tiphys.conformance;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Whether this machine has Python. */
final class Python {
    private Python() {}

    static boolean isHere() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("python3", "-c", "pass")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
