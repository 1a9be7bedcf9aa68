package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.memory.GuestMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The decoded blocks of one machine, shared by its processors.
 *
 * <p>Implementation notes. A block is found by instruction pointer in a direct-mapped table, and behind it by physical
 * address. It may run while its {@code epoch} is that of the processor's translations; else its addresses are looked up
 * once more, which also checks that the code may be fetched. A page that holds decoded code is marked in
 * {@link GuestMemory}, which then reports stores to it: blocks they touch die.
 */
final class BlockCache implements GuestMemory.CodeWatch {
    /** Past this many blocks all are dropped: a guest that writes code all day keeps the host's memory flat. */
    private static final int BLOCKS_MAX = 300_000;

    /** Compiled regions: some 100 MB of classes and machine code at most. */
    private static final int REGIONS_MAX = 4_000;

    private static final int TABLE = 1 << 15;
    private static final long PAGE_MASK = -GuestMemory.PAGE_BYTES;

    private final GuestMemory memory;
    private final Cpu[] cpus;
    private final Block[] table = new Block[TABLE];
    private final Map<Long, List<Block>> pages = new HashMap<>();
    private final SequencedSet<CompiledRegion> regions = new LinkedHashSet<>();
    private final RegionCompiler compiler;
    private int count;

    /** @param compiler is told of regions that go; null if nothing is compiled */
    BlockCache(GuestMemory memory, RegionCompiler compiler, Cpu[] cpus) {
        this.memory = memory;
        this.compiler = compiler;
        this.cpus = cpus;
        memory.watch(this);
    }

    /** The block at the instruction pointer. @throws dev.sojourn.cpu.GuestFault if code may not be fetched there */
    Block find(Cpu cpu) {
        long rip = cpu.rip;
        int slot = (int) (rip ^ rip >>> 15) & TABLE - 1;
        Block block = table[slot];
        if (block != null && block.start == rip && block.key == cpu.codeKey && verify(cpu, block)) {
            return block;
        }
        block = byAddress(cpu);
        table[slot] = block;
        return block;
    }

    /** Whether a block still is what lies at the instruction pointer. */
    boolean verify(Cpu cpu, Block block) {
        if (block.epoch == cpu.mmu.epoch) {
            return true;
        }
        if (block.dead) {
            return false;
        }
        long linear = cpu.codeLinear(block.start);
        if (cpu.mmu.fetchAddress(linear) != block.physical) {
            return false;
        }
        if (block.secondPhysical >= 0
                && cpu.mmu.fetchAddress(cpu.wrap(linear + block.firstBytes)) != block.secondPhysical) {
            return false;
        }
        block.epoch = cpu.mmu.epoch;
        return true;
    }

    private Block byAddress(Cpu cpu) {
        long physical = cpu.mmu.fetchAddress(cpu.codeLinear(cpu.rip));
        List<Block> blocks = pages.get(physical & PAGE_MASK);
        if (blocks != null) {
            for (Block block : blocks) {
                if (block.start == cpu.rip && block.key == cpu.codeKey && block.physical == physical && verify(cpu, block)) {
                    return block;
                }
            }
        }
        if (count >= BLOCKS_MAX) {
            clear();
        }
        Block block = BlockReader.read(cpu, memory, physical);
        count++;
        register(block, physical & PAGE_MASK);
        if (block.secondPhysical >= 0) {
            register(block, block.secondPhysical);
        }
        block.epoch = cpu.mmu.epoch;
        return block;
    }

    private void register(Block block, long page) {
        pages.computeIfAbsent(page, _ -> new ArrayList<>()).add(block);
        if (memory.isRam(page) && !memory.hasFlag(page, GuestMemory.CODE)) {
            memory.setFlag(page, GuestMemory.CODE);
            for (Cpu cpu : cpus) {
                cpu.mmu.protect(page);
            }
        }
    }

    @Override
    public void codeWritten(long physical, int bytes) {
        long page = physical & PAGE_MASK;
        List<Block> blocks = pages.get(page);
        if (blocks != null) {
            for (int i = blocks.size() - 1; i >= 0; i--) {
                Block block = blocks.get(i);
                if (block.overlaps(physical, bytes)) {
                    kill(block);
                    blocks.set(i, blocks.getLast());
                    blocks.removeLast();
                }
            }
        }
        if (blocks == null || blocks.isEmpty()) {
            pages.remove(page);
            memory.clearFlag(page, GuestMemory.CODE);
        }
    }

    private void kill(Block block) {
        block.dead = true;
        block.epoch = Block.NOT_VERIFIED;
        block.next = null;
        block.otherNext = null;
        List.copyOf(block.regions).forEach(this::drop);
        count--;
        for (Cpu cpu : cpus) {
            cpu.stepLimit = 0;
        }
    }

    /** Puts compiled code in place, unless some of what it was made from has changed; past the limit the oldest goes. */
    void install(CompiledRegion region) {
        RegionPlan plan = region.plan();
        for (Block block : plan.blocks) {
            if (block.dead) {
                return;
            }
        }
        if (regions.size() >= REGIONS_MAX) {
            drop(regions.getFirst());
        }
        for (Block block : plan.blocks) {
            if (block.regions.isEmpty()) {
                block.regions = new ArrayList<>(1);
            }
            block.regions.add(region);
        }
        plan.blocks[0].region = region;
        regions.add(region);
    }

    /** Leaves nothing that refers to compiled code, so that the JVM unloads its class. A hot block may be compiled anew. */
    private void drop(CompiledRegion region) {
        RegionPlan plan = region.plan();
        region.kill();
        for (Block block : plan.blocks) {
            block.regions.remove(region);
        }
        if (plan.blocks[0].region == region) {
            plan.blocks[0].region = null;
            plan.blocks[0].runs = 0;
        }
        regions.remove(region);
        compiler.dropped(region);
    }

    /** Compiled regions in place. */
    int regionCount() { return regions.size(); }

    private void clear() {
        for (Map.Entry<Long, List<Block>> page : pages.entrySet()) {
            page.getValue().forEach(this::kill);
            if (memory.isRam(page.getKey())) {
                memory.clearFlag(page.getKey(), GuestMemory.CODE);
            }
        }
        pages.clear();
        Arrays.fill(table, null);
        count = 0;
    }
}
