package dev.sojourn.device;

import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.Stateful;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A guest gone mad: random accesses at random times to a chip and to a copy of it, which must do the same.
 *
 * <p>Every few hundred accesses the copy is made afresh by saving and restoring, so that a register missing from the
 * state shows up as a difference. Alarms must come to rest whatever the guest has programmed.
 */
public final class Hammer {
    private static final int ROUNDS = 150;
    private static final int STEPS = 200;
    private static final int ALARMS_AT_ONCE_MAX = 8;

    private final Random random;
    private final FakeTime time;
    private final int[] addresses;
    private final int[] sizes;

    public Hammer(long seed, FakeTime time, int[] sizes, int... addresses) {
        random = new Random(seed);
        this.time = time;
        this.addresses = addresses;
        this.sizes = sizes;
    }

    /** How a guest reaches a chip. */
    public interface Access {
        long read(int address, int size);

        void write(int address, int size, long value);
    }

    /** A chip under test; {@code output} is whatever of it can be seen without touching a register. */
    public record Subject<S>(Access access, Supplier<S> save, Consumer<S> restore, Supplier<?> output) {}

    /** Chips that are saved and restored by the bytes of their sections, in this order. */
    public static Subject<List<Section>> saved(Access access, Supplier<?> output, Stateful... chips) {
        return new Subject<>(access, () -> Stream.of(chips).map(chip -> Section.of("chip", chip)).toList(), sections -> {
            try {
                for (int i = 0; i < chips.length; i++) {
                    sections.get(i).restoreTo(chips[i]);
                }
            } catch (BadState e) {
                throw new AssertionError(e);
            }
        }, output);
    }

    /** Addresses from {@code first}, {@code count} of them, {@code step} apart. */
    public static int[] range(int first, int count, int step) {
        int[] addresses = new int[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = first + i * step;
        }
        return addresses;
    }

    public <S> void strike(Subject<S> original, Subject<S> copy) {
        for (int round = 0; round < ROUNDS; round++) {
            copy.restore.accept(original.save.get());
            for (int step = 0; step < STEPS; step++) {
                String where = "round " + round + " step " + step;
                access(where, original.access, copy.access);
                assertEquals(original.output.get(), copy.output.get(), where);
                passTime(where);
                assertEquals(original.output.get(), copy.output.get(), where);
            }
        }
    }

    private void access(String where, Access original, Access copy) {
        int address = addresses[random.nextInt(addresses.length)];
        int size = sizes[random.nextInt(sizes.length)];
        if (random.nextInt(3) == 0) {
            assertEquals(original.read(address, size), copy.read(address, size), where);
            return;
        }
        long value = random.nextInt(4) == 0 ? random.nextInt(32) : random.nextLong() >>> 64 - 8 * size;
        original.write(address, size, value & -1L >>> 64 - 8 * size);
        copy.write(address, size, value & -1L >>> 64 - 8 * size);
    }

    private void passTime(String where) {
        switch (random.nextInt(16)) {
            case 0 -> time.jump(random.nextLong(4_000_000_000L));
            case 1, 2, 3 -> time.jump(random.nextInt(3_000_000));
            case 4, 5, 6, 7 -> time.jump(random.nextInt(20_000));
            default -> time.jump(random.nextInt(500));
        }
        for (int i = 0; i < ALARMS_AT_ONCE_MAX; i++) {
            time.alarms.runDue();
        }
        assertTrue(time.alarms.next() > time.nanos(), where + ": alarms do not come to rest");
    }
}
