package io.tiphys.testkit.simulator;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** All chance of a simulation: the same seed gives the same throws on every machine. */
public final class Dice {
    private final SplittableRandom random;

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    public static Dice of(long seed) {
        return new Dice(new SplittableRandom(seed));
    }

    /** Dice of their own for one part of the world, so that another part's throws don't change its. */
    public Dice split() {
        return new Dice(random.split());
    }

    /** From 0 to one less than the bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** From one to the other, both included. */
    public int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** True once in so many times. */
    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    public boolean coin() {
        return random.nextBoolean();
    }

    public long number() {
        return random.nextLong();
    }

    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A time up to the longest, in milliseconds. */
    public Duration upTo(Duration longest) {
        return Duration.ofMillis(random.nextLong(longest.toMillis() + 1));
    }
}
