package dev.sojourn.bench;

/** One line of the result: a quantity, as Sojourn and as the peer has it. */
final class Row {
    final String name;
    final String unit;
    final Samples sojourn = new Samples();
    final Samples peer = new Samples();

    Row(String name, String unit) {
        this.name = name;
        this.unit = unit;
    }

    Samples of(Contender contender) { return contender.isPeer() ? peer : sojourn; }

    /** Sojourn's median in terms of the peer's; not a number without a peer. */
    double ratio() { return sojourn.isEmpty() || peer.isEmpty() ? Double.NaN : sojourn.median() / peer.median(); }
}
