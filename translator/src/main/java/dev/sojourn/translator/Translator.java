package dev.sojourn.translator;

import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.interpreter.RegionPlan;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes classes of regions, on a thread of its own. */
public final class Translator implements RegionCompiler, AutoCloseable {
    /** After so many runs a block is worth its translation. */
    public static final int HOT_RUNS = 128_000;

    /** More are not kept waiting: a guest that makes code faster than it is translated is interpreted. */
    private static final int WAITING_MAX = 256;

    private final ExecutorService worker;
    private final Queue<CompiledRegion> done = new ConcurrentLinkedQueue<>();

    public Translator() {
        worker = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), work -> {
            Thread thread = new Thread(work, "sojourn-translator");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void compile(RegionPlan plan) { worker.execute(() -> done.add(translate(plan))); }

    @Override
    public CompiledRegion poll() { return done.poll(); }

    @Override
    public boolean warmsUp() { return true; }

    @Override
    public void close() { worker.shutdownNow(); }

    @Override
    public void dropped(CompiledRegion region) {
        RegionDropped event = new RegionDropped();
        event.address = region.plan().parts().getFirst().start();
        event.commit();
    }

    /** Translates here and now. */
    public static CompiledRegion translate(RegionPlan plan) {
        RegionTranslated event = new RegionTranslated();
        event.begin();
        byte[] bytes = RegionEmitter.emit(plan);
        CompiledRegion region = define(plan, bytes);
        event.end();
        event.address = plan.parts().getFirst().start();
        event.blocks = plan.parts().size();
        event.instructions = plan.parts().stream().mapToInt(part -> part.instructions().size()).sum();
        event.bytes = bytes.length;
        event.commit();
        return region;
    }

    private static CompiledRegion define(RegionPlan plan, byte[] bytes) {
        try {
            MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(bytes, true);
            return (CompiledRegion) made.findConstructor(made.lookupClass(), MethodType.methodType(void.class, RegionPlan.class))
                    .invoke(plan);
        } catch (Throwable e) {
            throw new AssertionError("The region at 0x" + Long.toHexString(plan.parts().getFirst().start()) + " is no class.", e);
        }
    }
}
