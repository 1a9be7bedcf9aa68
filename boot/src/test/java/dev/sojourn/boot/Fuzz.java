package dev.sojourn.boot;

import java.util.Arrays;
import java.util.Random;

/** Seeded damage to files. */
public final class Fuzz {
    private Fuzz() {}

    /** A copy with a few bytes, words or its end changed. */
    public static byte[] damaged(byte[] file, Random random) {
        byte[] copy = file.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(copy.length, 0x600) : copy.length);
            switch (random.nextInt(5)) {
                case 0 -> copy[at] = (byte) random.nextInt();
                case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(copy, at, Math.min(copy.length, at + random.nextInt(8)), (byte) 0xff);
                case 3 -> Arrays.fill(copy, at, Math.min(copy.length, at + random.nextInt(8)), (byte) 0);
                default -> copy = random.nextInt(4) == 0 ? Arrays.copyOf(copy, at + 1) : copy;
            }
        }
        return copy;
    }
}
