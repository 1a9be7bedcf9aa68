package dev.sojourn.translator;

import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import dev.sojourn.translator.FlagCode.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What is known of a region before code is emitted: registers it uses, and where flags matter. */
final class RegionFlow {
    /** How many blocks ahead flags are followed. */
    private static final int DEPTH = 3;

    private static final int ABSENT = -1;
    private static final int NONE_YET = -2;

    /** General registers used, and those of them that change, as masks; XMM registers likewise. */
    final int used;

    final int changed;
    final int xmm;
    final int xmmChanged;

    private final List<RegionPlan.Part> parts;
    private final List<List<Effects>> effects = new ArrayList<>();
    private final Map<Long, Integer> order = new HashMap<>();
    private final State[] behind;
    private final int[] only;

    RegionFlow(RegionPlan plan) {
        parts = plan.parts();
        int reads = 0;
        int writes = 0;
        int vectors = 0;
        int vectorWrites = 0;
        for (RegionPlan.Part part : parts) {
            order.put(part.start(), order.size());
            List<Effects> all = part.instructions().stream().map(Effects::of).toList();
            effects.add(all);
            for (Effects e : all) {
                reads |= e.reads();
                writes |= e.writes();
                vectors |= e.xmm();
                vectorWrites |= e.xmmWrites();
            }
        }
        used = reads | writes;
        changed = writes;
        xmm = vectors;
        xmmChanged = vectorWrites;
        behind = new State[parts.size()];
        only = predecessors();
    }

    /** The place of the part that starts at an address; -1 if none does. */
    int order(long start) { return order.getOrDefault(start, ABSENT); }

    /** What is known of the flags where a part begins: what was known behind the only part that it can follow. */
    State stateAt(int part) { return only[part] >= 0 && only[part] < part ? behind[only[part]] : State.UNKNOWN; }

    /** Learns what is known of the flags behind a part, which is emitted. */
    void stateBehind(int part, State state) { behind[part] = state; }

    /** For each part the only one that it can follow; -1 where that is not so, as for the first. */
    private int[] predecessors() {
        int[] found = new int[parts.size()];
        Arrays.fill(found, NONE_YET);
        found[0] = ABSENT;
        for (int n = 0; n < parts.size(); n++) {
            for (long start : new TreeSet<>(followers(parts.get(n)))) {
                int next = order(start);
                if (next > 0) {
                    found[next] = found[next] == NONE_YET ? n : ABSENT;
                }
            }
        }
        return found;
    }

    /** Where control may go from a part without leaving the region. */
    private static List<Long> followers(RegionPlan.Part part) {
        Instruction last = part.instructions().getLast();
        long end = part.end();
        if (!last.endsBlock()) {
            return List.of(end);
        }
        return switch (last.op) {
            case JCC -> List.of(end, BranchCode.target(last, end));
            case JMP, CALL -> List.of(BranchCode.target(last, end));
            case RET, JMP_INDIRECT, CALL_INDIRECT -> part.seenNext();
            default -> List.of(end);
        };
    }

    /** Whether the flags that an instruction leaves may be looked at: behind a store, too, which may be the last one here. */
    boolean flagsLiveAfter(int part, int instruction) {
        Instruction i = parts.get(part).instructions().get(instruction);
        boolean stores = !i.form.operands.isEmpty() && Effects.isMemory(i, i.form.operands.getFirst());
        return stores && i.op != Op.CMP && i.op != Op.TEST || isLive(part, instruction + 1, DEPTH);
    }

    private boolean isLive(int part, int from, int depth) {
        List<Effects> all = effects.get(part);
        for (Effects e : all.subList(from, all.size())) {
            if (e.readsFlags() || e.mayFault()) {
                return true;
            }
            if (e.killsFlags()) {
                return false;
            }
        }
        int next = depth == 0 ? ABSENT : follower(part);
        return next <= part || isLive(next, 0, depth - 1);
    }

    /** The one part that follows; -1 if none does or there may be several. */
    private int follower(int number) {
        List<Long> next = followers(parts.get(number));
        return next.size() == 1 ? order(next.getFirst()) : ABSENT;
    }
}
