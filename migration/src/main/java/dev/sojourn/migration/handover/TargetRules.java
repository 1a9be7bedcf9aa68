package dev.sojourn.migration.handover;

import static dev.sojourn.migration.handover.TargetAction.DISCARD_COPY;
import static dev.sojourn.migration.handover.TargetAction.JOURNAL_STARTED;
import static dev.sojourn.migration.handover.TargetAction.SEND_KILLED;
import static dev.sojourn.migration.handover.TargetAction.SEND_NONE;
import static dev.sojourn.migration.handover.TargetAction.SEND_READY;
import static dev.sojourn.migration.handover.TargetAction.SEND_STARTED;
import static dev.sojourn.migration.handover.TargetAction.START;

import java.util.List;

/** What the host a guest goes to does next. It speaks when it is spoken to; only the source connects again after a cut. */
public final class TargetRules {
    /**
     * A step.
     *
     * @param next the state once the actions are done
     */
    public record Step(TargetState next, List<TargetAction> actions) {}

    private TargetRules() {}

    public static Step on(TargetState state, TargetEvent event) {
        return switch (state) {
            case NONE -> switch (event) {
                case COMMIT, ABORT -> step(state, SEND_NONE);
                default -> step(state);
            };
            case RECEIVING -> switch (event) {
                case PREPARE -> step(TargetState.READY, SEND_READY);
                case COMMIT, ABORT -> step(TargetState.NONE, DISCARD_COPY, SEND_NONE);
                case CUT -> step(TargetState.NONE, DISCARD_COPY);
                case TAKE_OVER -> step(state);
            };
            case READY -> switch (event) {
                case PREPARE -> step(state, SEND_READY);
                case COMMIT -> step(TargetState.STARTED, JOURNAL_STARTED, START, SEND_STARTED);
                case ABORT -> step(TargetState.NONE, DISCARD_COPY, SEND_NONE);
                case CUT -> step(state);
                case TAKE_OVER -> step(TargetState.STARTED, JOURNAL_STARTED, START);
            };
            case STARTED -> switch (event) {
                case COMMIT, ABORT -> step(state, SEND_STARTED);
                default -> step(state);
            };
            case KILLED -> switch (event) {
                case COMMIT, ABORT -> step(state, SEND_KILLED);
                default -> step(state);
            };
        };
    }

    /** After the host was killed. */
    public static TargetState restarted(boolean journalHasStarted) {
        return journalHasStarted ? TargetState.KILLED : TargetState.NONE;
    }

    private static Step step(TargetState next, TargetAction... actions) { return new Step(next, List.of(actions)); }
}
