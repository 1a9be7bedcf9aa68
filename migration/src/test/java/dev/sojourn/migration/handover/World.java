package dev.sojourn.migration.handover;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Both hosts and the network between them, at one moment.
 *
 * <p>What was ever sent may arrive at any later time, any number of times, in any order, or never. A host may be killed between any
 * two actions. {@code done} counts what a copy of the guest has done for the world to see.
 */
record World(SourceState sourceState, List<SourceAction> sourceTodo, SourceRules.Record sourceJournal, Copy sourceCopy,
        TargetState targetState, List<TargetAction> targetTodo, boolean targetJournal, Copy targetCopy,
        Set<SourceAction> toTarget, Set<TargetAction> toSource, Past past) {
    /** A guest's state as a host has it: {@code present} in its memory, and {@code runs} there. */
    record Copy(boolean present, boolean runs, int done) {
        static final Copy NONE = new Copy(false, false, 0);

        Copy running(boolean now) { return new Copy(present, now, done); }
    }

    /**
     * What happened and no host needs to know.
     *
     * @param seen what the world has seen of the guest
     * @param ownedWhenKilled whether a host was killed that ran the guest, or had decided to
     * @param targetHadAll whether the whole guest was ever at the target
     * @param operator whether an operator decided
     */
    record Past(int seen, int sourceKills, int targetKills, boolean sourceDead, boolean targetDead, boolean sourceGone,
            boolean ownedWhenKilled, boolean targetHadAll, boolean operator, String wrong) {}

    /** A later moment and how it came. */
    record Next(String how, boolean fault, World world) {}

    private static final int KILLS_MAX = 2;
    private static final int DONE_MAX = 3;

    static World begin() {
        return new World(SourceState.COPYING, List.of(), SourceRules.Record.NONE, new Copy(true, true, 0), TargetState.RECEIVING,
                List.of(), false, Copy.NONE, Set.of(), Set.of(), new Past(0, 0, 0, false, false, false, false, false, false, ""));
    }

    /** Why this must not be; empty if it may. */
    Optional<String> wrong() {
        if (!past.wrong.isEmpty()) {
            return Optional.of(past.wrong);
        }
        if (sourceCopy.runs && targetCopy.runs) {
            return Optional.of("both run it");
        }
        boolean mayBeLost = past.ownedWhenKilled || past.sourceKills > 0 && (past.targetKills > 0 || !past.targetHadAll);
        if (!sourceCopy.present && !targetCopy.present && !mayBeLost) {
            return Optional.of("lost");
        }
        return Optional.empty();
    }

    /** Whether nothing is left to do: one runs it, or none can, or an operator is asked. */
    boolean isSettled() {
        boolean sourceRests = sourceTodo.isEmpty()
                && (sourceState.isEnd() || sourceState == SourceState.IN_DOUBT || past.sourceGone);
        boolean targetRests = targetTodo.isEmpty() && (targetState != TargetState.READY || past.sourceGone)
                && targetState != TargetState.RECEIVING;
        boolean oneRuns = sourceCopy.runs ^ targetCopy.runs;
        boolean noneCan = !sourceCopy.present && !targetCopy.present;
        return sourceRests && targetRests && (oneRuns || noneCan || sourceState == SourceState.IN_DOUBT || past.sourceGone);
    }

    List<Next> next() {
        List<Next> all = new ArrayList<>();
        faults(all);
        if (past.sourceDead) {
            restartSource(all);
        } else {
            source(all);
        }
        if (past.targetDead) {
            TargetState again = TargetRules.restarted(targetJournal);
            add(all, "target restarts", false, edit().target(again, List.of()).targetBack());
        } else {
            target(all);
        }
        return all;
    }

    private void faults(List<Next> all) {
        if (!past.sourceDead && past.sourceKills < KILLS_MAX) {
            add(all, "source killed", true, edit().sourceKilled());
        }
        if (!past.targetDead && past.targetKills < KILLS_MAX) {
            add(all, "target killed", true, edit().targetKilled());
        }
        if (past.sourceDead && !past.sourceGone) {
            add(all, "source gone for ever", true, edit().gone());
        }
    }

    private void restartSource(List<Next> all) {
        if (!past.sourceGone) {
            SourceRules.Step step = SourceRules.restarted(sourceJournal);
            add(all, "source restarts", false, edit().source(step.next(), step.actions()).sourceBack());
        }
    }

    private void source(List<Next> all) {
        if (sourceCopy.runs && sourceCopy.done < DONE_MAX) {
            add(all, "guest acts at the source", false,
                    edit().sourceCopy(new Copy(true, true, sourceCopy.done + 1)).seen(sourceCopy.done + 1));
        }
        if (!sourceTodo.isEmpty()) {
            sourceAction(all, sourceTodo.getFirst());
            return;
        }
        if (sourceState == SourceState.COPYING) {
            sourceEvent(all, SourceEvent.DRAINED);
        }
        sourceEvent(all, SourceEvent.FAILED);
        sourceEvent(all, SourceEvent.RETRY);
        if (sourceState == SourceState.IN_DOUBT) {
            SourceRules.Step step = SourceRules.on(sourceState, SourceEvent.TAKE_BACK);
            add(all, "operator takes back", true, edit().source(step.next(), step.actions()).operator());
        }
        for (TargetAction message : toSource) {
            sourceEvent(all, switch (message) {
                case SEND_READY -> SourceEvent.TARGET_READY;
                case SEND_STARTED -> SourceEvent.TARGET_STARTED;
                case SEND_NONE -> SourceEvent.TARGET_NONE;
                case SEND_KILLED -> SourceEvent.TARGET_KILLED;
                default -> throw new AssertionError(message);
            });
        }
    }

    private void sourceEvent(List<Next> all, SourceEvent event) {
        SourceRules.Step step = SourceRules.on(sourceState, event);
        if (step.next() != sourceState || !step.actions().isEmpty()) {
            add(all, "source: " + event, false, edit().source(step.next(), step.actions()));
        }
    }

    private void sourceAction(List<Next> all, SourceAction action) {
        Edit edit = edit().source(sourceState, sourceTodo.subList(1, sourceTodo.size()));
        add(all, "source does " + action, false, switch (action) {
            case PAUSE -> edit.sourceCopy(sourceCopy.running(false));
            case RESUME -> edit.sourceCopy(sourceCopy.running(true)).begins(sourceCopy);
            case DROP_COPY -> edit.sourceCopy(Copy.NONE);
            case SEND_PREPARE, SEND_COMMIT, SEND_ABORT -> edit.send(action);
            case JOURNAL_PREPARED -> edit.journal(SourceRules.Record.PREPARED);
            case JOURNAL_ABORTED -> edit.journal(SourceRules.Record.ABORTED);
            case JOURNAL_ERASE -> edit.journal(SourceRules.Record.NONE);
        });
    }

    private void target(List<Next> all) {
        if (targetCopy.runs && targetCopy.done < DONE_MAX) {
            add(all, "guest acts at the target", false,
                    edit().targetCopy(new Copy(true, true, targetCopy.done + 1)).seen(targetCopy.done + 1));
        }
        if (!targetTodo.isEmpty()) {
            targetAction(all, targetTodo.getFirst());
            return;
        }
        targetEvent(all, TargetEvent.CUT);
        if (targetState == TargetState.READY && past.sourceGone) {
            TargetRules.Step step = TargetRules.on(targetState, TargetEvent.TAKE_OVER);
            add(all, "operator takes over", true, edit().target(step.next(), step.actions()).operator());
        }
        for (SourceAction message : toTarget) {
            targetEvent(all, switch (message) {
                case SEND_PREPARE -> TargetEvent.PREPARE;
                case SEND_COMMIT -> TargetEvent.COMMIT;
                case SEND_ABORT -> TargetEvent.ABORT;
                default -> throw new AssertionError(message);
            });
        }
    }

    private void targetEvent(List<Next> all, TargetEvent event) {
        TargetRules.Step step = TargetRules.on(targetState, event);
        if (step.next() != targetState || !step.actions().isEmpty()) {
            Edit edit = edit().target(step.next(), step.actions());
            if (targetState == TargetState.RECEIVING && step.next() == TargetState.READY) {
                edit.targetCopy(new Copy(true, false, past.seen)).targetHasAll();
            }
            add(all, "target: " + event, false, edit);
        }
    }

    private void targetAction(List<Next> all, TargetAction action) {
        Edit edit = edit().target(targetState, targetTodo.subList(1, targetTodo.size()));
        add(all, "target does " + action, false, switch (action) {
            case START -> edit.targetCopy(targetCopy.running(true)).begins(targetCopy);
            case DISCARD_COPY -> edit.targetCopy(Copy.NONE);
            case SEND_READY, SEND_STARTED, SEND_NONE, SEND_KILLED -> edit.send(action);
            case JOURNAL_STARTED -> edit.journalStarted();
        });
    }

    private static void add(List<Next> all, String how, boolean fault, Edit edit) { all.add(new Next(how, fault, edit.world())); }

    private Edit edit() { return new Edit(this); }

    /** A world being changed. */
    private static final class Edit {
        private SourceState sourceState;
        private List<SourceAction> sourceTodo;
        private SourceRules.Record sourceJournal;
        private Copy sourceCopy;
        private TargetState targetState;
        private List<TargetAction> targetTodo;
        private boolean targetJournal;
        private Copy targetCopy;
        private Set<SourceAction> toTarget;
        private Set<TargetAction> toSource;
        private int seen;
        private int sourceKills;
        private int targetKills;
        private boolean sourceDead;
        private boolean targetDead;
        private boolean sourceGone;
        private boolean ownedWhenKilled;
        private boolean targetHadAll;
        private boolean operator;
        private String wrong;

        Edit(World w) {
            sourceState = w.sourceState;
            sourceTodo = w.sourceTodo;
            sourceJournal = w.sourceJournal;
            sourceCopy = w.sourceCopy;
            targetState = w.targetState;
            targetTodo = w.targetTodo;
            targetJournal = w.targetJournal;
            targetCopy = w.targetCopy;
            toTarget = w.toTarget;
            toSource = w.toSource;
            seen = w.past.seen;
            sourceKills = w.past.sourceKills;
            targetKills = w.past.targetKills;
            sourceDead = w.past.sourceDead;
            targetDead = w.past.targetDead;
            sourceGone = w.past.sourceGone;
            ownedWhenKilled = w.past.ownedWhenKilled;
            targetHadAll = w.past.targetHadAll;
            operator = w.past.operator;
            wrong = w.past.wrong;
        }

        World world() {
            return new World(sourceState, sourceTodo, sourceJournal, sourceCopy, targetState, targetTodo, targetJournal, targetCopy,
                    toTarget, toSource, new Past(seen, sourceKills, targetKills, sourceDead, targetDead, sourceGone, ownedWhenKilled,
                            targetHadAll, operator, wrong));
        }

        Edit source(SourceState state, List<SourceAction> todo) {
            sourceState = state;
            sourceTodo = List.copyOf(todo);
            return this;
        }

        Edit target(TargetState state, List<TargetAction> todo) {
            targetState = state;
            targetTodo = List.copyOf(todo);
            return this;
        }

        Edit journal(SourceRules.Record record) {
            sourceJournal = record;
            return this;
        }

        Edit journalStarted() {
            targetJournal = true;
            return this;
        }

        Edit sourceCopy(Copy copy) {
            sourceCopy = copy;
            return this;
        }

        Edit targetCopy(Copy copy) {
            targetCopy = copy;
            return this;
        }

        Edit targetHasAll() {
            targetHadAll = true;
            return this;
        }

        Edit send(SourceAction message) {
            toTarget = with(toTarget, message);
            return this;
        }

        Edit send(TargetAction message) {
            toSource = with(toSource, message);
            return this;
        }

        Edit seen(int done) {
            seen = Math.max(seen, done);
            return this;
        }

        Edit sourceKilled() {
            sourceKills++;
            sourceDead = true;
            ownedWhenKilled |= sourceCopy.runs || sourceJournal == SourceRules.Record.ABORTED;
            sourceCopy = Copy.NONE;
            sourceTodo = List.of();
            return this;
        }

        Edit targetKilled() {
            targetKills++;
            targetDead = true;
            ownedWhenKilled |= targetCopy.runs;
            targetCopy = Copy.NONE;
            targetTodo = List.of();
            return this;
        }

        Edit sourceBack() {
            sourceDead = false;
            return this;
        }

        Edit targetBack() {
            targetDead = false;
            return this;
        }

        Edit gone() {
            sourceGone = true;
            return this;
        }

        Edit operator() {
            operator = true;
            return this;
        }

        /** A copy goes on; what the world saw must be what it has done. */
        Edit begins(Copy copy) {
            if (!copy.present) {
                wrong = "a copy runs that is not there";
            } else if (copy.done < seen && !operator) {
                wrong = "goes back behind what the world saw";
            }
            return this;
        }

        private static <E extends Enum<E>> Set<E> with(Set<E> set, E element) {
            Set<E> all = EnumSet.of(element);
            all.addAll(set);
            return Collections.unmodifiableSet(all);
        }
    }
}
