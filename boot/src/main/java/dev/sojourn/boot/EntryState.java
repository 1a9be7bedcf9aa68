package dev.sojourn.boot;

/**
 * What the boot processor holds when the kernel gets it.
 *
 * <p>By entry: {@link Entry#PVH} and {@link Entry#LINUX_32} are protected mode without paging, {@link Entry#LINUX_64}
 * is long mode with the page tables at {@code cr3} (CR4.PAE, EFER.LME and LMA, CR0.PE and PG). Interrupts are off.
 * Code selectors are for CS, data selectors for DS, ES and SS; all segments are flat, and the descriptors are in the
 * table at {@code gdtBase}, also for PVH, which does not ask for one. EBP, EDI and EBX are zero unless they are the
 * register named here.
 *
 * @param entry never {@link Entry#AUTO}
 * @param register the register that holds {@code structure}
 * @param structure address of the zero page or the PVH start info
 * @param cr3 page tables, 0 where paging is off
 * @param gdtLimit the last byte of the table, as LGDT takes it
 */
public record EntryState(
        Entry entry,
        long instructionPointer,
        Register register,
        long structure,
        long cr3,
        long gdtBase,
        int gdtLimit,
        int codeSelector,
        int dataSelector) {

    /** The register that tells a kernel where its structure is. */
    public enum Register { EBX, ESI, RSI }
}
