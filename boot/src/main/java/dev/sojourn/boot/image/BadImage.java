package dev.sojourn.boot.image;

/**
 * Something a person gave a machine to start with, and that it cannot start with: a kernel, an initrd, a root file
 * system, a command line. The message is one sentence that says what is wrong and what to do.
 */
public final class BadImage extends Exception {
    private static final long serialVersionUID = 1;

    public BadImage(String sentence) { super(printable(sentence)); }

    public BadImage(String sentence, Throwable cause) { super(printable(sentence), cause); }

    /** Sentences quote names and bytes of the input, which shall not command the reader's terminal. */
    private static String printable(String sentence) {
        StringBuilder text = new StringBuilder(sentence);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
