package dev.sojourn.cpu.operation.x87;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class X87EnvironmentTest {
    /** What FRSTOR was given on a processor, and what FNSAVE and FXSAVE made of it in the two sizes. */
    private static final String GIVEN = """
            3fdd6a086cf03099c12d6200049e1ae41cda246ece2dcfb5636c4f79\
            142f622f0ccc3779bc67127d95757d9913977d2f71a19d3fce6df431d943abed720d1c7fd954f895\
            bb0a12507f8fe9922666c197075fd6d6ccca07a50eb29280bfaeff9802f72dbe023f0e81cef814f4""";
    private static final String SAVED_32 = """
            7f1dffff6c70ffffca2cffff049e1ae400002406ce2dcfb50000ffff\
            142f622f0ccc3779bc67127d95757d9913977d2f71a19d3fce6df431d943abed720d1c7fd954f895\
            bb0a12507f8fe9922666c197075fd6d6ccca07a50eb29280bfaeff9802f72dbe023f0e81cef814f4""";
    private static final String SAVED_16 = """
            7f1d6a08acfa3099000062000000\
            1ae41cda246ece2dcfb5636c4f79142f622f0ccc3779bc67127d95757d9913977d2f71a19d3fce6d\
            f431d943abed720d1c7fd954f895bb0a12507f8fe9922666c197075fd6d6ccca07a50eb29280bfae""";
    private static final String FXSAVED = """
            7f1d6c70d7002406049e1ae400000000ce2dcfb5000000000000000000000000\
            142f622f0ccc3779bc67000000000000127d95757d9913977d2f000000000000\
            71a19d3fce6df431d943000000000000abed720d1c7fd954f895000000000000\
            bb0a12507f8fe9922666000000000000c197075fd6d6ccca07a5000000000000\
            0eb29280bfaeff9802f70000000000002dbe023f0e81cef814f4000000000000""";
    private final X87 fpu = new X87();

    private static byte[] bytes(String hex) { return HexFormat.of().parseHex(hex); }

    @Test void saveInProtectedModeMatchesTheProcessor() {
        X87Environment.restore(fpu, bytes(GIVEN), true, false);
        byte[] image = new byte[X87Environment.BYTES_32 + X87Environment.REGISTER_BYTES];
        X87Environment.save(fpu, image, true, false);
        assertEquals(SAVED_32, HexFormat.of().formatHex(image));
    }

    @Test void saveWithSixteenBitsMatchesTheProcessor() {
        X87Environment.restore(fpu, bytes(GIVEN), false, false);
        byte[] image = new byte[X87Environment.BYTES_16 + X87Environment.REGISTER_BYTES];
        X87Environment.save(fpu, image, false, false);
        assertEquals(SAVED_16, HexFormat.of().formatHex(image));
    }

    @Test void fxsaveMatchesTheProcessor() {
        X87Environment.restore(fpu, bytes(GIVEN), true, false);
        byte[] area = new byte[X87Environment.FXSAVE_BYTES];
        X87Environment.fxsave(fpu, area, true);
        assertEquals(FXSAVED, HexFormat.of().formatHex(area));
    }

    @Test void saveInitializes() {
        X87Environment.save(fpu, new byte[108], true, false);
        assertEquals(X87.CONTROL_INITIAL, fpu.control());
        assertEquals(0, fpu.status());
        assertEquals(0xffff, fpu.tags());
    }

    @Test void storeEnvironmentMasksAllExceptions() {
        fpu.control(0x340);
        X87Environment.storeEnvironment(fpu, new byte[28], true, false);
        assertEquals(0x37f, fpu.control());
    }

    @Test void realModeLayoutsKeepThePointers() {
        for (boolean wide : new boolean[] {false, true}) {
            fpu.initialize();
            fpu.instructionPointer(0xabcde);
            fpu.dataPointer(0x54321);
            fpu.lastOpcode(0x5d9);
            byte[] image = new byte[28];
            X87Environment.storeEnvironment(fpu, image, wide, true);
            fpu.initialize();
            X87Environment.loadEnvironment(fpu, image, wide, true);
            assertEquals(0xabcde, fpu.instructionPointer());
            assertEquals(0x54321, fpu.dataPointer());
            assertEquals(0x5d9, fpu.lastOpcode());
        }
    }

    @Test void anyImageCanBeRestoredAndSavedImagesAreStable() {
        Random random = new Random(7);
        byte[] image = new byte[160];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(image);
            boolean wide = random.nextBoolean();
            boolean real = random.nextBoolean();
            X87Environment.restore(fpu, image, wide, real);
            byte[] first = new byte[108];
            X87Environment.save(fpu, first, wide, real);
            X87Environment.restore(fpu, first, wide, real);
            byte[] second = new byte[108];
            X87Environment.save(fpu, second, wide, real);
            assertArrayEquals(first, second);

            X87Environment.fxrstor(fpu, image, wide);
            byte[] third = new byte[160];
            X87Environment.fxsave(fpu, third, wide);
            X87Environment.fxrstor(fpu, third, wide);
            byte[] fourth = new byte[160];
            X87Environment.fxsave(fpu, fourth, wide);
            assertArrayEquals(third, fourth);
        }
    }
}
