package io.tiphys.engine.command;

import io.tiphys.api.NodePhase;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.dag.DagMachine;
import io.tiphys.engine.dag.TaskGroupMachine;
import io.tiphys.engine.hook.HookMachine;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.memo.MemoMachine;
import io.tiphys.engine.metric.MetricMachine;
import io.tiphys.engine.pod.PodMachine;
import io.tiphys.engine.retry.RetryMachine;
import io.tiphys.engine.steps.StepGroupMachine;
import io.tiphys.engine.steps.StepsMachine;
import io.tiphys.engine.suspend.SuspendMachine;
import io.tiphys.engine.sync.LockMachine;
import io.tiphys.engine.task.TaskMachine;
import io.tiphys.engine.workflow.WorkflowMachine;

/** Hands an entry of the work list to the machine of the node's type. */
public final class WorkRouter {
    private WorkRouter() {}

    public static void attend(Draft draft, Node node) {
        if (draft.run().phase().isFulfilled()) {
            return; // the workflow was ended from outside, and nothing begins any more
        }
        if (node.lacksLocks()) {
            LockMachine.attend(draft, node);
        } else if (node.awaitsCache()) {
            MemoMachine.attend(draft, node); // Argo: whoever holds the lock may have filled the cache meanwhile
            return;
        } else {
            run(draft, node);
        }
        if (node.hasHooks()) {
            HookMachine.attend(draft, node);
        }
    }

    private static void run(Draft draft, Node node) {
        if (!node.hasBegun()) {
            String problem = node.displayNameProblem();
            if (problem != null) {
                draft.add(new Event.NodePhaseChanged(
                        node.seq(), NodePhase.ERROR, Faults.told(node, problem), draft.at()));
                return;
            }
            MetricMachine.began(draft, node);
        }
        switch (node.type()) {
            case STEPS -> StepsMachine.attend(draft, node);
            case STEP_GROUP -> StepGroupMachine.attend(draft, node);
            case DAG -> DagMachine.attend(draft, node);
            case TASK_GROUP -> TaskGroupMachine.attend(draft, node);
            case RETRY -> RetryMachine.attend(draft, node);
            case POD -> PodMachine.order(draft, node);
            case SUSPEND -> SuspendMachine.attend(draft, node);
            case HTTP, PLUGIN -> TaskMachine.attend(draft, node);
            case SKIPPED, CONTAINER, UNKNOWN -> {}
        }
    }

    public static void attendWorkflow(Draft draft) {
        WorkflowMachine.attend(draft);
    }
}
