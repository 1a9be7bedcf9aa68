package dev.sojourn.cpu.operation.x87;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class X87Test {
    private final X87 fpu = new X87();

    @Test void powerOnRegistersHoldZerosAndAreNotEmpty() {
        fpu.reset();
        assertEquals(0x40, fpu.control());
        assertEquals(0x5555, fpu.tags());
    }

    @Test void initializeEmptiesTheStack() {
        fpu.initialize();
        assertEquals(0x37f, fpu.control());
        assertEquals(0xffff, fpu.tags());
    }

    @Test void reservedBitsOfTheControlWordKeepTheirValues() {
        fpu.control(0xffff);
        assertEquals(0x1f7f, fpu.control());
        fpu.control(0);
        assertEquals(0x40, fpu.control());
    }

    @Test void unmaskingAFlaggedExceptionMakesItPending() {
        fpu.initialize();
        fpu.status(X87.ZERO_DIVIDE);
        assertFalse(fpu.exceptionPending());
        fpu.control(0x37b);
        assertTrue(fpu.exceptionPending());
        assertEquals(X87.ZERO_DIVIDE | X87.ERROR_SUMMARY | X87.BUSY, fpu.status());
    }

    @Test void unmaskedZeroDivideLeavesTheStackAlone() {
        fpu.initialize();
        fpu.control(0x37b);
        X87Memory.loadInteger(fpu, 3);
        X87Memory.loadInteger(fpu, 0);
        X87Instructions.register(fpu, 0xde, 0xf9);
        assertTrue(fpu.exceptionPending());
        assertEquals(6, fpu.top());
        assertEquals(3, X87Memory.storeInteger(reversed(), 32, true, true));
    }

    private X87 reversed() {
        X87Instructions.register(fpu, 0xd9, 0xc9);
        return fpu;
    }

    @Test void abandonedStoreDoesNotPop() {
        fpu.initialize();
        fpu.control(0x37e);
        X87Memory.loadInteger(fpu, 1L << 40);
        X87Memory.storeInteger(fpu, 32, false, true);
        assertTrue(fpu.storeAbandoned());
        assertFalse(fpu.empty(0));
    }

    @Test void mmxWriteSetsTopTagsAndExponent() {
        fpu.initialize();
        X87Memory.loadInteger(fpu, 5);
        fpu.mmx(3, 0x123456789abcdefL);
        assertEquals(0, fpu.top());
        assertEquals(0xff, fpu.abridgedTags());
        assertEquals(0xffff, fpu.exponent(3));
        assertEquals(0x123456789abcdefL, fpu.mmx(3));
        fpu.emptyMmx();
        assertEquals(0xffff, fpu.tags());
    }

    @Test void packedDecimalGoesThereAndBack() {
        fpu.initialize();
        X87Memory.loadDecimal(fpu, 0x1234_5678_9012_3456L, 0x8098);
        assertEquals(0x1234_5678_9012_3456L, X87Memory.storeDecimal(fpu));
        assertEquals(0x8098, fpu.storedHigh());
    }

    @Test void noInputThrows() {
        Random random = new Random(87);
        for (int i = 0; i < 400_000; i++) {
            fpu.control(random.nextInt());
            fpu.status(random.nextInt());
            fpu.abridgedTags(random.nextInt() | random.nextInt());
            fpu.restore(random.nextInt(8), random.nextLong(), random.nextInt());
            int opcode = 0xd8 + random.nextInt(8);
            int modrm = random.nextInt(256);
            if (modrm < 0xc0) {
                any(opcode, modrm, random.nextLong(), random.nextInt());
            } else if (X87Instructions.exists(opcode, modrm)) {
                X87Instructions.register(fpu, opcode, modrm);
            }
            assertTrue(fpu.top() >= 0 && fpu.top() < 8);
            assertEquals(0, fpu.exponent(i & 7) >>> 16);
        }
    }

    private void any(int opcode, int modrm, long low, int high) {
        if (X87Memory.bytes(opcode, modrm) != 0) {
            if (X87Memory.stores(opcode, modrm)) {
                X87Memory.store(fpu, opcode, modrm);
            } else {
                X87Memory.load(fpu, opcode, modrm, low, high);
            }
        }
    }
}
