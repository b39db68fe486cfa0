package io.tiphys.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.conformance.suite.Step.Moment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionScriptTest {
    private static List<Step> steps(String action, String expected) {
        return ActionScript.parse(action, expected) instanceof ActionScript.Parsed.Steps(var steps) ? steps : List.of();
    }

    @Test
    void clausesStandBetweenCommasAndThen() {
        assertThat(steps("set outputs answer=yes on displayName=ask, then resume", ""))
                .containsExactly(new Step.SetOutputs("displayName=ask", Map.of("answer", "yes")), new Step.Resume(""));
        assertThat(steps("suspend, resume", "")).containsExactly(new Step.Suspend(), new Step.Resume(""));
        assertThat(steps("", "")).isEmpty();
    }

    @Test
    void momentsComeBeforeWhatIsDoneThen() {
        assertThat(steps("stop (or terminate) once a pod runs", ""))
                .containsExactly(new Step.Await(Moment.POD_RUNS), new Step.Stop("", ""));
        assertThat(steps("terminate once the main node succeeded", ""))
                .containsExactly(new Step.Await(Moment.MAIN_SUCCEEDED), new Step.Terminate());
        assertThat(steps("retry", "")).containsExactly(new Step.Await(Moment.OVER), new Step.Retry());
    }

    @Test
    void selectorsMayStandInTheExpectation() {
        assertThat(steps(
                        "resume with selector, stop with selector",
                        "resume selector phase=a -> on; stop selector b --message why -> wf Failed"))
                .containsExactly(new Step.Resume("phase=a"), new Step.Stop("phase=b", "why"));
    }

    @Test
    void parametersOfTheSubmissionComeFirst() {
        assertThat(steps("resume, submit with parameter a=\"b c\"", ""))
                .containsExactly(new Step.Submit(Map.of("a", "b c")), new Step.Resume(""));
    }

    @Test
    void whatNobodyUnderstandsIsSaid() {
        assertThat(ActionScript.parse("dance", "")).isEqualTo(new ActionScript.Parsed.Unknown("dance"));
        assertThat(ActionScript.parse("stop when the moon is full", ""))
                .isInstanceOf(ActionScript.Parsed.Unknown.class);
        assertThat(ActionScript.parse("resume with selector", "")).isInstanceOf(ActionScript.Parsed.Unknown.class);
    }
}
