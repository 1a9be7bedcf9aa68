package dev.sojourn.interfaces.vmi;

import static dev.sojourn.interfaces.vmi.Assembler.Register.EAX;

import java.util.Locale;
import java.util.Optional;

/**
 * The option ROM of a blob: headers, bootstrap entries, the table of answers, and the code of the calls.
 *
 * <pre>
 * 000  header: 55 aa, blocks of 512 bytes, a far return for real mode, "cVmi", API version, offsets of what follows
 * 080  initialisation
 * 088  relocation information
 * 090  the code of relocation information; strings, PCI data structure, PnP header
 *      for each number the distance of its code from the label "relocation_here" and the kind of answer, 4 bytes each
 *      the code, each routine at a multiple of 16
 * </pre>
 */
final class Rom {
    /** Where the guest finds it: the first place that both the specification and Linux search. */
    static final long ADDRESS = 0xc8000;
    static final int BLOCK = 512;

    private static final int INITIALISE = 0x80;
    private static final int RELOCATION = 0x88;
    private static final int FIRST_CODE = 0x90;
    private static final int BLOCKS = 2;
    private static final int PNP_BYTES = 32;
    private static final int PNP_CHECKSUM = 9;
    private static final int SIGNATURE = 0xaa55;
    private static final int VMI_SIGNATURE = 0x696d_5663;
    private static final int API_MAJOR = 3;
    private static final int API_MINOR = 0;
    private static final int VENDOR = 0x15ad;
    private static final int DEVICE = 0x0801;
    private static final int PCI_BYTES = 24;
    private static final int ROUTINE_ALIGNMENT = 16;

    private final Assembler a = new Assembler();
    private final Blob blob;
    private final RomDefect defect;
    private final byte[] image;

    Rom(Blob blob, RomDefect defect) {
        this.blob = blob;
        this.defect = defect;
        Routines routines = new Routines(a);
        header();
        a.skipTo(INITIALISE);
        a.label("initialise");
        a.jump("initialise_code");
        a.skipTo(RELOCATION);
        a.label("relocation");
        a.jump("relocation_code");
        a.skipTo(FIRST_CODE);
        a.label("relocation_code");
        routines.relocation("answers");
        strings();
        a.align(8);
        table();
        code(routines);
        image = a.image(BLOCK);
        balance();
    }

    private void header() {
        a.number("dw 0xaa55", 2, SIGNATURE);
        a.number("db blocks of 512 bytes", 1, 0);
        a.bytes("retf for real mode, padding", 0xcb, 0, 0, 0, 0);
        a.number("dd \"cVmi\"", 4, VMI_SIGNATURE);
        a.number("db API minor", 1, API_MINOR);
        a.number("db API major", 1, defect == RomDefect.MAJOR ? 2 : API_MAJOR);
        a.number("db jump slots", 1, 2);
        a.number("db reserved", 1, 0);
        a.number("dd lowest address of the hypervisor, 0 for none", 4, 0);
        a.number("dw reserved", 2, 0);
        a.distance("dw licence", 2, "licence", 0);
        if (defect == RomDefect.PCI) {
            a.number("dw no PCI data structure", 2, 0);
        } else {
            a.distance("dw pci", 2, "pci", 0);
        }
        a.distance("dw pnp", 2, "pnp", 0);
        a.number("dd reserved", 4, 0);
    }

    private void strings() {
        a.label("licence");
        a.text(defect == RomDefect.LICENCE ? "BSD" : "GPL");
        a.label("manufacturer");
        a.text("Sojourn");
        a.label("product");
        a.text("VMI, " + blob.id() + " blob");
        a.align(4);
        a.label("pci");
        a.number("dd \"PCIR\"", 4, 0x5249_4350);
        a.number("dw vendor", 2, VENDOR);
        a.number("dw device", 2, defect == RomDefect.DEVICE ? 0x0802 : DEVICE);
        a.number("dw no vital product data", 2, 0);
        a.number("dw length", 2, PCI_BYTES);
        a.bytes("db revision, class: memory controller, other", 0, 0, 0x80, 0x05);
        a.label("pci_blocks");
        a.number("dw blocks of 512 bytes", 2, 0);
        a.bytes("db ROM version 1.0 (minor, major)", 0, 1);
        a.bytes("db code type: PC; last image", 0, 0x80);
        a.number("dw reserved", 2, 0);
        a.label("pnp");
        a.number("dd \"$PnP\"", 4, 0x506e_5024);
        a.bytes("db revision, length in 16 bytes", 1, 2);
        a.number("dw no next header", 2, 0);
        a.number("dw reserved, checksum", 2, 0);
        a.number("dd device id", 4, 0);
        a.distance("dw manufacturer", 2, "manufacturer", 0);
        a.distance("dw product", 2, "product", 0);
        a.number("padding", 8, 0);
        a.number("padding", 6, 0);
    }

    private static String label(Call call) { return call.name().toLowerCase(Locale.ROOT); }

    private Relocation answer(Call call) {
        boolean least = call == Call.IRET || call == Call.SYSEXIT;
        return defect == RomDefect.LEAST && !least ? Relocation.NONE : blob.answer(call);
    }

    private static boolean isCode(Relocation answer) { return answer == Relocation.CALL || answer == Relocation.JUMP; }

    private void table() {
        int from = a.offset("relocation_here");
        a.label("answers");
        for (int number = 0; number < Call.NUMBERS; number++) {
            Optional<Call> call = Call.of(number);
            Relocation answer = call.map(this::answer).orElse(Relocation.NONE);
            String name = "dd " + number + call.map(named -> " " + named.title()).orElse("") + ": "
                    + answer.name().toLowerCase(Locale.ROOT);
            if (isCode(answer)) {
                a.entry(name, label(call.orElseThrow()), from, answer.ordinal());
            } else {
                a.number(name, 8, (long) answer.ordinal() << 32);
            }
        }
    }

    private void code(Routines routines) {
        a.align(ROUTINE_ALIGNMENT);
        a.label("initialise_code");
        if (blob.usesHost()) {
            routines.host(Routines.INITIALISE);
        }
        a.move(EAX, defect == RomDefect.INITIALISE ? -1 : 0);
        a.ret();
        for (Call call : Call.values()) {
            if (isCode(answer(call))) {
                a.align(ROUTINE_ALIGNMENT);
                a.label(label(call));
                if (blob.asksHost(call)) {
                    routines.host(call.number);
                    a.ret();
                } else {
                    routines.plain(call);
                }
            }
        }
        a.skipTo((a.here() / BLOCK + 1) * BLOCK - 1);
        a.number("db makes the sum of all bytes zero", 1, 0);
    }

    /** Fills in lengths, and makes the sums of bytes zero that a BIOS looks at. */
    private void balance() {
        int blocks = image.length / BLOCK;
        image[BLOCKS] = (byte) blocks;
        image[a.offset("pci_blocks")] = (byte) blocks;
        int pnp = a.offset("pnp");
        image[pnp + PNP_CHECKSUM] = (byte) -sum(pnp, PNP_BYTES);
        image[image.length - 1] -= (byte) sum(0, image.length);
    }

    private int sum(int from, int bytes) {
        int sum = 0;
        for (int i = 0; i < bytes; i++) {
            sum += image[from + i];
        }
        return sum;
    }

    byte[] image() { return image.clone(); }

    String listing() { return a.listing(image); }
}
