package dev.sojourn.migration.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every world that loss, delay, repetition, cuts, kills and operators can lead to from the beginning of a migration. */
class ExploredHandoverTest {
    private final Map<World, World.Next> cameBy = new LinkedHashMap<>();
    private final Map<World, World> cameFrom = new LinkedHashMap<>();
    private final Map<World, List<World>> calmBefore = new LinkedHashMap<>();

    ExploredHandoverTest() {
        Deque<World> open = new ArrayDeque<>(List.of(World.begin()));
        cameFrom.put(World.begin(), World.begin());
        while (!open.isEmpty()) {
            World world = open.poll();
            for (World.Next next : world.next()) {
                if (!next.fault()) {
                    calmBefore.computeIfAbsent(next.world(), _ -> new ArrayList<>()).add(world);
                }
                if (cameFrom.putIfAbsent(next.world(), world) == null) {
                    cameBy.put(next.world(), next);
                    open.add(next.world());
                }
            }
        }
    }

    @Test
    void oneHostRunsItAndNoneForgetsIt() {
        assertTrue(cameFrom.size() > 10_000, "only " + cameFrom.size() + " worlds");
        for (World world : cameFrom.keySet()) {
            assertEquals("", world.wrong().orElse(""), () -> story(world));
        }
    }

    @Test
    void whateverHappenedItSettlesOnceNothingMoreHappens() {
        Set<World> settling = new HashSet<>();
        Deque<World> open = new ArrayDeque<>();
        cameFrom.keySet().stream().filter(World::isSettled).forEach(w -> {
            settling.add(w);
            open.add(w);
        });
        while (!open.isEmpty()) {
            for (World before : calmBefore.getOrDefault(open.poll(), List.of())) {
                if (settling.add(before)) {
                    open.add(before);
                }
            }
        }
        for (World world : cameFrom.keySet()) {
            assertTrue(settling.contains(world), () -> "never settles:\n" + story(world));
        }
    }

    private String story(World world) {
        StringBuilder lines = new StringBuilder(world + "\n");
        for (World at = world; cameBy.containsKey(at); at = cameFrom.get(at)) {
            lines.insert(0, cameBy.get(at).how() + "\n");
        }
        return lines.toString();
    }
}
