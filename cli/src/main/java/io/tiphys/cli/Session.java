package io.tiphys.cli;

import java.io.InputStream;
import java.util.Map;

/**
 * What a command gets from its process, so that tests can give it something else.
 *
 * @param input standard input
 * @param environment the process's environment
 */
record Session(Terminal terminal, InputStream input, Map<String, String> environment) {
    Session {
        environment = Map.copyOf(environment);
    }
}
