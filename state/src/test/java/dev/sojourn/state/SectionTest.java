package dev.sojourn.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Fields that are found by name, and sections that are taken whole or refused by name. */
class SectionTest {
    private interface Reading {
        void read(StateReader in) throws BadState;
    }

    private static StateReader reader(Consumer<StateWriter> fields) throws BadState {
        StateWriter out = new StateWriter();
        fields.accept(out);
        return new StateReader("chip", 1, out.toBytes());
    }

    private static Stateful part(int version, Consumer<StateWriter> save, Reading restore) {
        return new Stateful() {
            @Override public int version() { return version; }

            @Override public void save(StateWriter out) { save.accept(out); }

            @Override public void restore(StateReader in) throws BadState { restore.read(in); }
        };
    }

    private static String refusal(Reading reading, Consumer<StateWriter> fields) {
        return assertThrows(BadState.class, () -> {
            StateReader in = reader(fields);
            reading.read(in);
            in.finish();
        }).getMessage();
    }

    @Test void fieldsOfAllKindsComeBack() throws BadState {
        StateReader in = reader(out -> {
            out.number("n", -5).flag("f", true).bytes("b", new byte[] {1, 2}).text("t", "\u00e4");
            out.numbers("ns", 1, -1).group("g", g -> g.number("n", 6));
            out.list("l", List.of(7, 8), (each, n) -> each.number("n", n));
        });
        assertEquals(8, in.listOf("l", 2).get(1).number("n"));
        assertEquals(7, in.listOf("l", 2).getFirst().number("n"));
        assertEquals(6, in.group("g").number("n"));
        assertArrayEquals(new int[] {1, -1}, in.ints("ns", 2));
        assertEquals("\u00e4", in.text("t", 2));
        assertArrayEquals(new byte[] {1, 2}, in.bytesOf("b", 2));
        assertTrue(in.flag("f"));
        assertEquals(-5, in.number("n"));
    }

    @Test void theBytesAreTheSameForEver() {
        StateWriter out = new StateWriter();
        out.number("count", 258).group("g", g -> g.flag("on", true)).mayIgnore(m -> m.text("note", "hi"));
        assertEquals("0105636f756e7408000000" + "0201000000000000" + "050167" + "10000000" + "01026f6e08000000" + "0100000000000000"
                + "84046e6f746502000000" + "6869", HexFormat.of().formatHex(out.toBytes()));
    }

    @Test void whatIsNotKnownIsRefusedByName() {
        assertEquals("The state of chip has more, which this release does not know; use a newer one.",
                refusal(in -> in.number("n"), out -> out.number("n", 1).number("more", 2)));
        assertEquals("The state of chip.g has more, which this release does not know; use a newer one.",
                refusal(in -> in.group("g"), out -> out.group("g", g -> g.number("more", 2))));
    }

    @Test void whatMayBeIgnoredIs() throws BadState {
        StateReader in = reader(out -> out.number("n", 1).mayIgnore(m -> m.number("more", 2)));
        assertEquals(1, in.number("n"));
        in.finish();
        assertFalse(in.has("less"));
    }

    @Test void valuesOutOfRangeAreRefusedByName() {
        assertEquals("The state of chip has n 9, not from 0 to 8.", refusal(in -> in.number("n", 0, 8), out -> out.number("n", 9)));
        assertEquals("The state of chip lacks n.", refusal(in -> in.number("n"), out -> {}));
        assertEquals("The state of chip has n in another form than expected.", refusal(in -> in.number("n"), out -> out.text("n", "")));
        assertEquals("The state of chip has n twice.", refusal(in -> {}, out -> out.number("n", 1).number("n", 1)));
        assertEquals("The state of chip has more than 1 of l.",
                refusal(in -> in.list("l", 1), out -> out.list("l", List.of(1, 2), (each, n) -> each.number("n", n))));
    }

    @Test void sectionsAndPartsMustBeTheSame() {
        Stateful counter = part(1, out -> out.number("n", 1), in -> in.number("n"));
        List<Section> one = Section.save(Map.of("a", counter));
        assertEquals("The state of b is missing.",
                assertThrows(BadState.class, () -> Section.restore(one, Map.of("a", counter, "b", counter))).getMessage());
        assertEquals("There is a state of a, which this machine does not have; use a release that knows it.",
                assertThrows(BadState.class, () -> Section.restore(one, Map.of())).getMessage());
    }

    @Test void aNewerVersionIsRefusedAndAnOlderOneRead() throws BadState {
        Stateful old = part(1, out -> out.number("n", 1), in -> in.number("n"));
        Stateful young = part(2, out -> out.number("n", 1), in -> assertEquals(1, in.version()));
        assertEquals("The state of a has version 2, and this release knows versions to 1; use a newer one.",
                assertThrows(BadState.class, () -> Section.of("a", young).restoreTo(old)).getMessage());
        Section saved = Section.of("a", old);
        assertThrows(BadState.class, () -> saved.restoreTo(young));
        saved.restoreTo(part(2, out -> {}, in -> {
            assertEquals(1, in.version());
            in.number("n");
        }));
    }

    /** Any bytes are read or refused with a sentence. */
    @Test void anyBytesAreReadOrRefused() {
        Random random = new Random(1);
        StateWriter out = new StateWriter();
        out.number("n", -5).bytes("b", new byte[] {1, 2}).group("g", g -> g.numbers("ns", 1, 2));
        out.list("l", List.of(7, 8), (each, n) -> each.number("n", n));
        byte[] good = out.toBytes();
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = java.util.Arrays.copyOf(good, random.nextInt(good.length + 4));
            for (int k = random.nextInt(4); k > 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                StateReader in = new StateReader("chip", 1, bytes);
                in.number("n", -10, 10);
                in.bytes("b", 2);
                in.group("g").numbers("ns", 2);
                in.list("l", 2);
                in.finish();
            } catch (BadState e) {
                assertTrue(e.getMessage().startsWith("The state of chip") && e.getMessage().endsWith("."), e::getMessage);
            }
        }
    }
}
