package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Decoder;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;

/** Decodes a block from memory: up to a branch, the end of the page, or the longest block. */
final class BlockReader {
    /** Long enough for nearly all straight code, short enough to bound the delay of an interrupt. */
    private static final int STEPS_MAX = 64;

    private BlockReader() {}

    static Block read(Cpu cpu, GuestMemory memory, long physical) {
        int inPage = GuestMemory.PAGE_BYTES - (int) (physical & GuestMemory.PAGE_BYTES - 1);
        byte[] code = new byte[inPage + Decoder.LENGTH_MAX];
        fetch(cpu, memory, physical, code, 0, inPage);
        List<Step> steps = new ArrayList<>();
        int position = 0;
        int limit = inPage;
        long secondPhysical = -1;
        while (steps.size() < STEPS_MAX && position < inPage) {
            Instruction instruction = Decoder.decode(code, position, limit, cpu.mode);
            if (instruction == null) {
                if (position > 0) {
                    break;
                }
                secondPhysical = cpu.mmu.fetchAddress(cpu.wrap(cpu.codeLinear(cpu.rip) + inPage));
                fetch(cpu, memory, secondPhysical, code, inPage, Decoder.LENGTH_MAX);
                limit = inPage + Decoder.LENGTH_MAX;
                instruction = Decoder.decode(code, position, limit, cpu.mode);
            }
            Step step = Binder.bind(instruction, cpu.rip + position);
            step.offset = position;
            steps.add(step);
            position += instruction.length;
            if (instruction.endsBlock()) {
                break;
            }
        }
        return new Block(cpu.rip, cpu.wrapInstruction(cpu.rip + position), cpu.codeKey, physical, Math.min(position, inPage),
                position, position > inPage ? secondPhysical : -1, steps.toArray(Step[]::new));
    }

    /** The instruction at the instruction pointer, which has been fetched before. */
    static Instruction instruction(Cpu cpu) {
        byte[] code = new byte[Decoder.LENGTH_MAX];
        long linear = cpu.codeLinear(cpu.rip);
        int inPage = Math.min(code.length, GuestMemory.PAGE_BYTES - (int) (linear & GuestMemory.PAGE_BYTES - 1));
        fetch(cpu, cpu.memory, cpu.mmu.fetchAddress(linear), code, 0, inPage);
        Instruction instruction = Decoder.decode(code, 0, inPage, cpu.mode);
        if (instruction == null) {
            fetch(cpu, cpu.memory, cpu.mmu.fetchAddress(cpu.wrap(linear + inPage)), code, inPage, code.length - inPage);
            instruction = Decoder.decode(code, 0, code.length, cpu.mode);
        }
        return instruction;
    }

    private static void fetch(Cpu cpu, GuestMemory memory, long physical, byte[] code, int offset, int length) {
        if (memory.isRam(physical, length)) {
            memory.read(physical, code, offset, length);
        } else {
            for (int i = 0; i < length; i++) {
                code[offset + i] = (byte) cpu.hooks.memoryIn(physical + i, 1);
            }
        }
    }
}
