package dev.sojourn.interfaces;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.device.apic.LocalApic;

/** What a machine grants an interface of one processor. */
public interface ProcessorOps {
    /** Its registers. Valid during a call of the guest's; whoever changes them at other times ends its turn first. */
    Cpu cpu();

    LocalApic apic();

    /** Whether it runs at all: not before its start-up message, or {@link #start}. */
    boolean isStarted();

    /** Lets it run from the registers it has, as a start-up message would from real mode. */
    void start();

    /** Takes it off until {@link #start} or a start-up message. */
    void stop();

    /** Ends a wait in HLT, or the next one if it is not waiting now. */
    void wake();

    /** Waits, as in HLT, from the next instruction on. */
    void idle();

    /** Ends its turn: another processor may have the rest. */
    void endTurn();
}
