package io.tiphys.testkit;

/** Something that must be so at a point of a scenario. */
@FunctionalInterface
public interface Expectation {
    void check(Scenario scenario);
}
