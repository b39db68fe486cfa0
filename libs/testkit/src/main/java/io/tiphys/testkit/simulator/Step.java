package io.tiphys.testkit.simulator;

import io.tiphys.engine.Input;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;

/** One step of a run: what came in, what it led to, and the run after it. */
public record Step(Run run, Input input, Transition transition) {}
