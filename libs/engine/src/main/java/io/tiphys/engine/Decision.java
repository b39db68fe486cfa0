package io.tiphys.engine;

import java.util.List;

/** What an input means for a run: facts to apply and record, intentions to carry out afterwards. */
public record Decision(List<Event> events, List<Command> commands) {
    public static final Decision NOTHING = new Decision(List.of(), List.of());

    public boolean isEmpty() {
        return events.isEmpty() && commands.isEmpty();
    }
}
