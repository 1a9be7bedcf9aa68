package dev.sojourn.machine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does a device's work beside the machine, one piece after the other, and brings the results back to the machine's thread. In a
 * machine whose run is to repeat all of it happens at once, on the machine's thread.
 */
final class WorkThread implements AutoCloseable {
    private final ExecutorService executor;
    private final Consumer<Runnable> post;

    private WorkThread(ExecutorService executor, Consumer<Runnable> post) {
        this.executor = executor;
        this.post = post;
    }

    /** @param post has something run on the machine's thread */
    static WorkThread beside(String name, Consumer<Runnable> post) {
        return new WorkThread(Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory()), post);
    }

    static WorkThread atOnce() { return new WorkThread(null, Runnable::run); }

    <T> void run(Supplier<T> work, Consumer<T> result) {
        if (executor == null) {
            result.accept(work.get());
        } else {
            executor.execute(() -> {
                T done = work.get();
                post.accept(() -> result.accept(done));
            });
        }
    }

    /** Waits until all work that was given is done; its results are posted by then. */
    void drain() {
        if (executor == null) {
            return;
        }
        Future<?> last = executor.submit(() -> {});
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                last.get();
                over = true;
            } catch (InterruptedException _) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        drain();
        if (executor != null) {
            executor.shutdown();
        }
    }
}
