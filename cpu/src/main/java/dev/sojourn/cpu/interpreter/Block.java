package dev.sojourn.cpu.interpreter;

/** A run of instructions entered at its start and left at its end, as it lies at one linear and one physical address. */
final class Block {
    static final long NOT_VERIFIED = -1;

    /** Instruction pointer of the first instruction, and behind the last one. */
    final long start;
    final long end;
    /** Mode, privilege and code segment base it was decoded for: {@link dev.sojourn.cpu.Cpu#codeKey}. */
    final long key;
    final long physical;
    /** Bytes in its first page; the rest lies at {@link #secondPhysical}. */
    final int firstBytes;
    final int bytes;
    /** The physical page of what lies behind the page end; -1 if nothing does. */
    final long secondPhysical;
    final Step[] steps;

    /** The translation epoch for which start and physical address were seen to belong together. */
    long epoch = NOT_VERIFIED;
    /** Its code has changed. */
    boolean dead;
    /** How often it was interpreted. */
    int runs;
    /** Compiled code that begins with it. */
    CompiledRegion region;
    /** Compiled code it is part of. */
    java.util.List<CompiledRegion> regions = java.util.List.of();
    /** Blocks that followed it lately. */
    Block next;
    Block otherNext;

    Block(long start, long end, long key, long physical, int firstBytes, int bytes, long secondPhysical, Step[] steps) {
        this.start = start;
        this.end = end;
        this.key = key;
        this.physical = physical;
        this.firstBytes = firstBytes;
        this.bytes = bytes;
        this.secondPhysical = secondPhysical;
        this.steps = steps;
    }

    /** Whether a physical range touches its code. */
    boolean overlaps(long from, int length) {
        return from < physical + firstBytes && physical < from + length
                || secondPhysical >= 0 && from < secondPhysical + (bytes - firstBytes) && secondPhysical < from + length;
    }
}
