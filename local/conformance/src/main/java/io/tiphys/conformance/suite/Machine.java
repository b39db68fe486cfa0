package io.tiphys.conformance.suite;

/**
 * What the machine is that the local system runs on.
 *
 * @param nodes how many nodes it stands for
 * @param programs which programs it has
 */
public record Machine(int processors, int gibibytes, int nodes, Programs programs) {

    /** Which programs a machine has. */
    public interface Programs {
        /** Whether the name is that of a program that can be started by it. */
        boolean has(String name);
    }

    boolean has(String program) {
        return programs.has(program);
    }

    /** The same machine, standing for as many nodes. */
    public Machine withNodes(int count) {
        return new Machine(processors, gibibytes, count, programs);
    }
}
