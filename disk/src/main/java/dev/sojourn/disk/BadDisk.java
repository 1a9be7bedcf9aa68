package dev.sojourn.disk;

/** A file that cannot be used as a disk; the message is a sentence for its owner. */
public final class BadDisk extends Exception {
    private static final long serialVersionUID = 1;

    public BadDisk(String sentence) { super(sentence); }
}
