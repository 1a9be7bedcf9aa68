package dev.sojourn.device.virtio.fs;

import dev.sojourn.state.Stateful;

/** Answers requests of the FUSE protocol. Its state is what it knows of the guest, told while it has nothing to answer. */
public interface FileService extends Stateful {
    /** How many bytes an answer has; 0 if the request has none. */
    interface Answer {
        void done(int bytes);
    }

    /**
     * Begins to answer a request. The arrays belong to the service until it has answered, on the machine's thread.
     *
     * @param length bytes of the request
     * @param reply where the answer goes
     * @param room bytes the answer may have
     */
    void submit(byte[] request, int length, byte[] reply, int room, Answer answer);
}
