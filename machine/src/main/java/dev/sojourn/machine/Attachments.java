package dev.sojourn.machine;

import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.block.VirtioBlock;
import dev.sojourn.device.virtio.fs.VirtioFs;
import dev.sojourn.device.virtio.net.VirtioNet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What is attached to a machine: the devices its guest finds, and the host's side behind them. */
final class Attachments implements AutoCloseable {
    private final Host host;
    private final boolean repeats;
    private final Consumer<Runnable> post;
    private final List<VirtioDevice> devices = new ArrayList<>();
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

    private void add(Attachment.Disk disk) {
        DiskQueue queue = new DiskQueue(disk.image(), thread("sojourn-" + disk.serial()),
                failure -> host.deviceFailed(disk.serial(), failure));
        devices.add(new VirtioBlock(queue, disk.serial()));
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
        devices.add(new VirtioFs(queue, share.tag()));
        backs.add(queue::close);
    }

    private WorkThread thread(String name) { return repeats ? WorkThread.atOnce() : WorkThread.beside(name, post); }

    /** Ends what still goes on behind the devices. */
    @Override
    public void close() {
        backs.forEach(Runnable::run);
        backs.clear();
    }
}
