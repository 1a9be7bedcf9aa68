package dev.sojourn.cpu.interpreter;

import dev.sojourn.isa.Decoder;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;
import dev.sojourn.memory.GuestMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/**
 * What is to be compiled together: a hot block, and the blocks that were seen to follow it and one another.
 *
 * <p>Instructions are numbered through; the arrays say of each where it lies and how many of its block come after it.
 */
public final class RegionPlan {
    /** Keeps a region's method below what HotSpot compiles, and its compilation short. */
    private static final int INSTRUCTIONS_MAX = 160;

    /** A successor that ran less often than this share of the first block is not worth its place. */
    private static final int SHARE = 16;

    private static final long PAGE_MASK = -GuestMemory.PAGE_BYTES;

    /** One block of the plan. */
    public record Part(long start, long end, int first, List<Instruction> instructions, List<Long> seenNext) {}

    final Block[] blocks;
    final Step[] steps;
    final long[] addresses;
    final int[] left;
    /** Whether one of them is an SSE instruction. */
    final boolean usesSse;
    /** Whether it is 32-bit code, which takes offsets for linear addresses. */
    final boolean isFlat32;
    /** The pages its code lies in, by linear address, and where they were. */
    final long[] linearPages;
    final long[] physicalPages;
    private final List<Part> parts;

    private RegionPlan(List<Block> chosen, Map<Long, Long> pages, GuestMemory memory, Mode mode) {
        blocks = chosen.toArray(Block[]::new);
        int count = chosen.stream().mapToInt(b -> b.steps.length).sum();
        steps = new Step[count];
        addresses = new long[count];
        left = new int[count];
        List<Part> made = new ArrayList<>();
        int first = 0;
        for (Block block : blocks) {
            made.add(part(block, first, memory, mode));
            first += block.steps.length;
        }
        parts = List.copyOf(made);
        linearPages = pages.keySet().stream().mapToLong(page -> page).toArray();
        physicalPages = pages.values().stream().mapToLong(page -> page).toArray();
        isFlat32 = mode == Mode.BITS_32;
        usesSse = parts.stream().flatMap(part -> part.instructions().stream()).anyMatch(i -> i.op == Op.VECTOR);
    }

    public List<Part> parts() { return parts; }

    /** Plans a region around a hot block. */
    static RegionPlan around(Block hot, GuestMemory memory, Mode mode) {
        Map<Long, Block> chosen = new HashMap<>();
        List<Block> order = new ArrayList<>();
        Map<Long, Long> pages = new TreeMap<>();
        Queue<Block> candidates = new ArrayDeque<>(List.of(hot));
        int size = 0;
        while (!candidates.isEmpty()) {
            Block block = candidates.remove();
            boolean wanted = !block.dead && block.key == hot.key && block.runs >= hot.runs / SHARE
                    && size + block.steps.length <= INSTRUCTIONS_MAX && liesWith(pages, block);
            if (wanted && chosen.putIfAbsent(block.start, block) == null) {
                order.add(block);
                pages.put(block.start & PAGE_MASK, block.physical & PAGE_MASK);
                if (block.secondPhysical >= 0) {
                    pages.put(block.start + block.firstBytes, block.secondPhysical);
                }
                size += block.steps.length;
                for (Block next : new Block[] {block.next, block.otherNext}) {
                    if (next != null) {
                        candidates.add(next);
                    }
                }
            }
        }
        if (order.isEmpty()) {
            return null;
        }
        RegionPlan plan = new RegionPlan(order, pages, memory, mode);
        return isForTheInterpreter(plan.parts.getFirst().instructions().getFirst().op) ? null : plan;
    }

    /** Whether a block was seen in the same address space as others: a link may be older than the last change of it. */
    private static boolean liesWith(Map<Long, Long> pages, Block block) {
        long first = block.physical & PAGE_MASK;
        long second = block.secondPhysical;
        return pages.getOrDefault(block.start & PAGE_MASK, first) == first
                && (second < 0 || pages.getOrDefault(block.start + block.firstBytes, second) == second);
    }

    /**
     * Whether compiled code must stop before an instruction: it may call on a hypervisor or a device, which act at once and
     * cannot be asked again.
     */
    public static boolean isForTheInterpreter(Op op) {
        return switch (op) {
            case SYSCALL, SYSENTER, INT, INT3, INT1, INTO, UD, VMCALL, VMMCALL, HLT, IN, OUT, INS, OUTS, INVALID -> true;
            default -> false;
        };
    }

    private Part part(Block block, int first, GuestMemory memory, Mode mode) {
        byte[] code = new byte[block.bytes];
        memory.read(block.physical, code, 0, block.firstBytes);
        if (block.secondPhysical >= 0) {
            memory.read(block.secondPhysical, code, block.firstBytes, block.bytes - block.firstBytes);
        }
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < block.steps.length; i++) {
            Step step = block.steps[i];
            instructions.add(Decoder.decode(code, step.offset, code.length, mode));
            steps[first + i] = step;
            addresses[first + i] = block.start + step.offset;
            left[first + i] = block.steps.length - 1 - i;
        }
        List<Long> next = new ArrayList<>();
        for (Block follower : new Block[] {block.next, block.otherNext}) {
            if (follower != null) {
                next.add(follower.start);
            }
        }
        return new Part(block.start, block.end, first, List.copyOf(instructions), List.copyOf(next));
    }
}
