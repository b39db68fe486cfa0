package io.tiphys.submitter.workflow;

import java.util.random.RandomGenerator;

/** Five characters at the end of a name, as the Kubernetes API makes them for {@code generateName}. */
final class RandomSuffix {
    private static final String CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LENGTH = 5;

    private RandomSuffix() {}

    static String next() {
        RandomGenerator random = RandomGenerator.getDefault();
        StringBuilder suffix = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            suffix.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return suffix.toString();
    }
}
