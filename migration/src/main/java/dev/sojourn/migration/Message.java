package dev.sojourn.migration;

import dev.sojourn.state.Section;

/** What source and target say to each other. */
public sealed interface Message {
    /** Source: a guest wants to come. */
    record Offered(Offer offer) implements Message {}

    /** Target: it may. */
    record Accepted() implements Message {}

    /** Target: it may not, or cannot go on; a sentence says why. */
    record Refused(String reason) implements Message {}

    /** Source: pages of RAM, as {@link PageBatch} holds them. */
    record Pages(byte[] batch) implements Message {}

    /** Source: asks to be told when all before this is taken. */
    record Mark(int number) implements Message {}

    /** Target: all before that mark is taken. */
    record Marked(int number) implements Message {}

    /** Source: the state of a part of the paused machine. */
    record Part(Section section) implements Message {}

    /** Source: that was all. */
    record Prepare() implements Message {}

    /** Target: it has the whole guest and could run it. */
    record Ready() implements Message {}

    /** Source: the guest is the target's. */
    record Commit(String id) implements Message {}

    /** Source: the guest is not the target's, and will not be by this migration. */
    record Abort(String id) implements Message {}

    /** Target: it runs the guest, or ran it to its end. */
    record Started() implements Message {}

    /** Target: it has nothing of the guest. */
    record None() implements Message {}

    /** Target: it ran the guest until it was killed. */
    record Killed() implements Message {}
}
