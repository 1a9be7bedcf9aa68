package dev.sojourn.machine;

import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.block.VirtioBlock;
import dev.sojourn.device.virtio.fs.VirtioFs;
import dev.sojourn.device.virtio.net.VirtioNet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What is attached to a machine: the devices its guest finds, and the host's side behind them. */
final class Attachments implements AutoCloseable {
    private final Host host;
    private final boolean repeats;
    private final Consumer<Runnable> post;
    private final List<VirtioDevice> devices = new ArrayList<>();
    private final List<BooleanSupplier> busy = new ArrayList<>();
    private final List<WorkThread> threads = new ArrayList<>();
    private final List<Runnable> backs = new ArrayList<>();

    /**
     * @param host whose attachments they are
     * @param repeats whether the run is to repeat exactly
     * @param post has something run on the machine's thread
     */
    Attachments(Host host, boolean repeats, Consumer<Runnable> post) {
        List<Attachment> attachments = host.attachments();
        if (attachments.size() > Attachment.COUNT_MAX) {
            throw new IllegalArgumentException(attachments.size() + " attachments");
        }
        this.host = host;
        this.repeats = repeats;
        this.post = post;
        for (Attachment attachment : attachments) {
            switch (attachment) {
                case Attachment.Disk disk -> add(disk);
                case Attachment.Network network -> add(network);
                case Attachment.Share share -> add(share);
            }
        }
    }

    List<VirtioDevice> devices() { return devices; }

    /** Whether a device waits for what is behind it. */
    boolean isBusy() { return busy.stream().anyMatch(BooleanSupplier::getAsBoolean); }

    /** Waits until all that devices asked for is done; the results are posted by then. */
    void drain() { threads.forEach(WorkThread::drain); }

    private void add(Attachment.Disk disk) {
        DiskQueue queue = new DiskQueue(disk.image(), thread("sojourn-" + disk.serial()),
                failure -> host.deviceFailed(disk.serial(), failure));
        VirtioBlock device = new VirtioBlock(queue, disk.serial());
        devices.add(device);
        busy.add(device::busy);
        backs.add(queue::close);
    }

    private void add(Attachment.Network network) {
        VirtioNet card = new VirtioNet(network.cable(), network.mac());
        AtomicBoolean rung = new AtomicBoolean();
        network.cable().plug(() -> {
            if (rung.compareAndSet(false, true)) {
                post.accept(() -> {
                    rung.set(false);
                    card.cableReady();
                });
            }
        });
        devices.add(card);
        backs.add(network.cable()::close);
    }

    private void add(Attachment.Share share) {
        ShareQueue queue = new ShareQueue(share.directory(), thread("sojourn-" + share.tag()),
                failure -> host.deviceFailed(share.tag(), failure));
        VirtioFs device = new VirtioFs(queue, share.tag());
        devices.add(device);
        busy.add(device::busy);
        backs.add(queue::close);
    }

    private WorkThread thread(String name) {
        WorkThread thread = repeats ? WorkThread.atOnce() : WorkThread.beside(name, post);
        threads.add(thread);
        return thread;
    }

    /** Ends what still goes on behind the devices. */
    @Override
    public void close() {
        backs.forEach(Runnable::run);
        backs.clear();
    }
}
