package dev.sojourn.migration;

/** What the world sees of one guest: the numbers it says, each once and in order, from one copy at a time. */
final class FakeWorld {
    private long last;
    private FakeGuest running;
    private String wrong = "";

    synchronized void runs(FakeGuest guest) {
        note(running != null && running != guest, "two copies run");
        running = guest;
    }

    synchronized void stands(FakeGuest guest) { running = running == guest ? null : running; }

    synchronized void says(FakeGuest guest, long number) {
        note(running != guest, "a copy speaks that does not run");
        note(number != last + 1, number + " after " + last);
        last = number;
    }

    synchronized String wrong() { return wrong; }

    synchronized long last() { return last; }

    synchronized FakeGuest running() { return running; }

    private void note(boolean isWrong, String what) {
        if (isWrong && wrong.isEmpty()) {
            wrong = what;
        }
    }
}
