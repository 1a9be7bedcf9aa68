package dev.sojourn.migration.handover;

import static dev.sojourn.migration.handover.SourceAction.DROP_COPY;
import static dev.sojourn.migration.handover.SourceAction.JOURNAL_ABORTED;
import static dev.sojourn.migration.handover.SourceAction.JOURNAL_ERASE;
import static dev.sojourn.migration.handover.SourceAction.JOURNAL_PREPARED;
import static dev.sojourn.migration.handover.SourceAction.PAUSE;
import static dev.sojourn.migration.handover.SourceAction.RESUME;
import static dev.sojourn.migration.handover.SourceAction.SEND_ABORT;
import static dev.sojourn.migration.handover.SourceAction.SEND_COMMIT;
import static dev.sojourn.migration.handover.SourceAction.SEND_PREPARE;

import java.util.List;

/**
 * What the host a guest comes from does next.
 *
 * <p>The one commit point is the step from {@link SourceState#PREPARED} to {@link SourceState#COMMITTED}. It needs no record of its
 * own: a prepared guest has done nothing since it was paused, so a host that was killed then has given it away, whether it had sent
 * so or not. What needs one is the other way: {@link SourceAction#JOURNAL_ABORTED} is durable before the guest goes on here.
 */
public final class SourceRules {
    /**
     * A step.
     *
     * @param next the state once the actions are done
     */
    public record Step(SourceState next, List<SourceAction> actions) {}

    /** What a host that was killed finds in its journal. */
    public enum Record { NONE, PREPARED, ABORTED }

    private SourceRules() {}

    public static Step on(SourceState state, SourceEvent event) {
        return switch (state) {
            case COPYING -> switch (event) {
                case DRAINED -> step(SourceState.PREPARED, PAUSE, JOURNAL_PREPARED, SEND_PREPARE);
                case FAILED -> step(SourceState.KEPT, SEND_ABORT);
                default -> step(state);
            };
            case PREPARED -> switch (event) {
                case TARGET_READY -> step(SourceState.COMMITTED, SEND_COMMIT);
                case FAILED, TARGET_NONE -> step(SourceState.ABORTED, JOURNAL_ABORTED, RESUME, SEND_ABORT);
                default -> step(state);
            };
            case COMMITTED -> switch (event) {
                case RETRY -> step(state, SEND_COMMIT);
                case TARGET_STARTED -> step(SourceState.MOVED, DROP_COPY, JOURNAL_ERASE);
                case TARGET_NONE -> step(SourceState.KEPT, JOURNAL_ABORTED, RESUME, JOURNAL_ERASE);
                case TARGET_KILLED -> step(SourceState.IN_DOUBT);
                default -> step(state);
            };
            case COMMITTED_WITHOUT_COPY -> switch (event) {
                case RETRY -> step(state, SEND_COMMIT);
                case TARGET_STARTED -> step(SourceState.MOVED, JOURNAL_ERASE);
                case TARGET_NONE, TARGET_KILLED -> step(SourceState.LOST, JOURNAL_ERASE);
                default -> step(state);
            };
            case ABORTED -> switch (event) {
                case RETRY -> step(state, SEND_ABORT);
                case TARGET_NONE, TARGET_KILLED -> step(SourceState.KEPT, JOURNAL_ERASE);
                default -> step(state);
            };
            case IN_DOUBT -> event == SourceEvent.TAKE_BACK
                    ? step(SourceState.KEPT, JOURNAL_ABORTED, RESUME, JOURNAL_ERASE) : step(state);
            case KEPT, MOVED, LOST -> step(state);
        };
    }

    /**
     * After the host was killed.
     */
    public static Step restarted(Record journal) {
        return switch (journal) {
            case NONE -> step(SourceState.LOST);
            case PREPARED -> step(SourceState.COMMITTED_WITHOUT_COPY);
            case ABORTED -> step(SourceState.ABORTED);
        };
    }

    private static Step step(SourceState next, SourceAction... actions) { return new Step(next, List.of(actions)); }
}
