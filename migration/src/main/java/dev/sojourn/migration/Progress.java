package dev.sojourn.migration;

/** Is told how a migration goes on, by its thread. */
public interface Progress {
    Progress NONE = (_, _, _, _) -> {};

    /**
     * Some of a round is sent.
     *
     * @param round 0 for the first, which sends all
     * @param pages of the round
     * @param sentPages of them so far
     * @param sentBytes by the migration so far
     */
    void sent(int round, int pages, int sentPages, long sentBytes);
}
