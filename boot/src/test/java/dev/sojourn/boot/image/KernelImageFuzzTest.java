package dev.sojourn.boot.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.BootPlan;
import dev.sojourn.boot.Entry;
import dev.sojourn.boot.Fuzz;
import dev.sojourn.boot.Loader;
import dev.sojourn.memory.GuestMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged kernels: they load or are refused with a sentence, and nothing else happens. */
class KernelImageFuzzTest {
    private static final int ROUNDS = Integer.getInteger("sojourn.fuzz.rounds", 300);
    private static final Entry[] ENTRIES = Entry.values();

    @ParameterizedTest
    @EnumSource
    void damagedImageIsLoadedOrRefused(TestKernels.Packing packing) {
        byte[] image = TestKernels.bzImage(packing);
        try (GuestMemory memory = new GuestMemory(64 << 20)) {
            for (int seed = 0; seed < ROUNDS; seed++) {
                round(memory, image, seed);
            }
        }
    }

    @Test
    void damagedElfIsLoadedOrRefused() {
        byte[] elf = TestKernels.elf();
        try (GuestMemory memory = new GuestMemory(64 << 20)) {
            for (int seed = 0; seed < 10 * ROUNDS; seed++) {
                round(memory, elf, seed);
            }
        }
    }

    private static void round(GuestMemory memory, byte[] image, int seed) {
        Random random = new Random(seed);
        byte[] damaged = Fuzz.damaged(image, random);
        try {
            Loader.load(memory, new BootPlan(KernelImage.read(damaged), new byte[random.nextInt(3) * 5000], "quiet",
                    ENTRIES[random.nextInt(ENTRIES.length)], 0));
        } catch (BadImage e) {
            assertTrue(e.getMessage().matches("[A-Z].*[a-z)].*[.]"), e.getMessage());
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
