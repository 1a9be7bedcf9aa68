package dev.sojourn.sandbox;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.sandbox.guest.GuestRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a machine is loaded with. */
record Payload(byte[] kernel, byte[] initialRoot, String commandLine) {
    /** An image beyond this cannot be held in one array, and no sensible one is as large. */
    static final long IMAGE_BYTES_MAX = 1L << 30;

    /**
     * The default guest's parameters: console on the serial line and out of the command's way; a panic ends the run at
     * once instead of hanging it; ours is the first process, so that a root laid over the default one may bring its own
     * init.
     */
    private static final String DEFAULT_COMMAND_LINE = " panic=-1 rdinit=" + GuestRoot.INIT;

    /** @param guestInterface what the guest will find, which knows its console's name */
    static Payload of(Guest guest, GuestInterface guestInterface, Devices devices) throws SandboxError {
        String console = "console=" + guestInterface.console();
        return switch (guest) {
            case Guest.Command command -> new Payload(read(command.files().kernel(), "kernel"), GuestRoot.of(command, devices),
                    console + DEFAULT_COMMAND_LINE + (command.verbose() ? " loglevel=7" : " quiet"));
            case Guest.Probe probe -> new Payload(read(probe.kernel(), "kernel"), GuestRoot.of(probe),
                    console + DEFAULT_COMMAND_LINE + " quiet");
            case Guest.Image(var kernel, var initialRoot, var commandLine) -> new Payload(read(kernel, "kernel"),
                    initialRoot.isPresent() ? read(initialRoot.get(), "initrd") : new byte[0], commandLine);
        };
    }

    private static byte[] read(Path file, String what) throws SandboxError {
        if (!Files.exists(file)) throw new SandboxError("There is no " + what + " at " + file + "; check the path.");
        if (!Files.isRegularFile(file)) {
            throw new SandboxError("The " + what + " " + file + " is not a regular file; give the path of an image.");
        }
        try {
            long bytes = Files.size(file);
            if (bytes == 0) throw new SandboxError("The " + what + " " + file + " is empty.");
            if (bytes > IMAGE_BYTES_MAX) {
                throw new SandboxError("The " + what + " " + file + " is larger than 1 GiB, which no image may be.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new SandboxError("The " + what + " " + file + " cannot be read: " + IoReasons.of(e) + ".");
        }
    }
}
