package dev.sojourn.interfaces.xen;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import java.nio.charset.StandardCharsets;

/**
 * Memory by the addresses that a guest's kernel passes in calls: those of its current address space. Each access throws a
 * {@link GuestFault} if the kernel itself could not make it, which {@link Hypercalls} turns into {@link Errno#EFAULT}.
 */
public final class GuestPointers {
    private final Cpu cpu;
    private final long holeFirst;
    private final long holeLast;

    /** @param holeFirst the first address a guest may not name, and {@code holeLast} the last; none if that is below */
    public GuestPointers(Cpu cpu, long holeFirst, long holeLast) {
        this.cpu = cpu;
        this.holeFirst = holeFirst;
        this.holeLast = holeLast;
    }

    private long checked(long at) {
        if (at >= holeFirst && at <= holeLast) {
            throw cpu.fault(dev.sojourn.cpu.Vector.GP, 0);
        }
        return at;
    }

    public int u8(long at) { return (int) cpu.mmu.loadSystem(checked(at), 1); }

    public int u16(long at) { return (int) cpu.mmu.loadSystem(checked(at), 2); }

    public int u32(long at) { return (int) cpu.mmu.loadSystem(checked(at), 4); }

    public long u64(long at) { return cpu.mmu.loadSystem(checked(at), 8); }

    public void put8(long at, int value) { cpu.mmu.storeSystem(checked(at), 1, value & 0xff); }

    public void put16(long at, int value) { cpu.mmu.storeSystem(checked(at), 2, value & 0xffff); }

    public void put32(long at, int value) { cpu.mmu.storeSystem(checked(at), 4, value & 0xffff_ffffL); }

    public void put64(long at, long value) { cpu.mmu.storeSystem(checked(at), 8, value); }

    public void read(long at, byte[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (byte) u8(at + i);
        }
    }

    public void write(long at, byte[] source) {
        for (int i = 0; i < source.length; i++) {
            put8(at + i, source[i]);
        }
    }

    /** Text in a field of fixed size, filled up with zeros; at least one. */
    public void text(long at, int bytes, String text) {
        byte[] field = new byte[bytes];
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(content, 0, field, 0, Math.min(content.length, bytes - 1));
        write(at, field);
    }
}
