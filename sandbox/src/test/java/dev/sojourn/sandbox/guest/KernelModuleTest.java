package dev.sojourn.sandbox.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelModuleTest {
    @Test void dependenciesAreRead() throws IOException {
        assertEquals(List.of("virtio", "virtio_ring"),
                KernelModule.dependencies(module("license=GPL\0depends=virtio,virtio_ring\0name=x\0")));
    }

    @Test void noneAreNone() throws IOException {
        assertEquals(List.of(), KernelModule.dependencies(module("license=GPL\0depends=\0")));
        assertEquals(List.of(), KernelModule.dependencies(module("license=GPL\0")));
    }

    @Test void otherFilesAreRefused() {
        assertThrows(IOException.class, () -> KernelModule.dependencies(new byte[0]));
        assertThrows(IOException.class, () -> KernelModule.dependencies(new byte[1000]));
    }

    @Test void damagedFilesAreRefusedOrRead() {
        byte[] good = module("depends=virtio\0");
        Random random = new Random(13);
        for (int i = 0; i < 100_000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length)
                    : good.length);
            for (int j = random.nextInt(4); j >= 0 && bad.length > 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                KernelModule.dependencies(bad);
            } catch (IOException _) {
                // Refused in good order.
            }
        }
    }

    /** A file of an ELF header, the information, the section names, and three section headers. */
    private static byte[] module(String information) {
        byte[] content = information.getBytes(StandardCharsets.US_ASCII);
        byte[] names = "\0.shstrtab\0.modinfo\0".getBytes(StandardCharsets.US_ASCII);
        int namesAt = 64 + content.length;
        int tableAt = namesAt + names.length;
        ByteBuffer elf = ByteBuffer.allocate(tableAt + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
        elf.putLong(0x28, tableAt).putShort(0x3a, (short) 64).putShort(0x3c, (short) 3).putShort(0x3e, (short) 1);
        elf.put(64, content).put(namesAt, names);
        elf.putInt(tableAt + 64, 1).putLong(tableAt + 64 + 0x18, namesAt).putLong(tableAt + 64 + 0x20, names.length);
        elf.putInt(tableAt + 128, 11).putLong(tableAt + 128 + 0x18, 64).putLong(tableAt + 128 + 0x20, content.length);
        return elf.array();
    }
}
