package dev.sojourn.device.apic;

/** A register of 256 bits, one for each vector: IRR, ISR or TMR. */
final class Vectors {
    private final int[] words = new int[8];

    void set(int vector) { words[vector >> 5] |= 1 << vector; }

    void clear(int vector) { words[vector >> 5] &= ~(1 << vector); }

    boolean has(int vector) { return (words[vector >> 5] & 1 << vector) != 0; }

    /** The highest vector set; -1 if there is none. */
    int highest() {
        for (int i = words.length - 1; i >= 0; i--) {
            if (words[i] != 0) {
                return i << 5 | 31 - Integer.numberOfLeadingZeros(words[i]);
            }
        }
        return -1;
    }

    int count() {
        int count = 0;
        for (int word : words) {
            count += Integer.bitCount(word);
        }
        return count;
    }

    /** 32 vectors, from {@code 32 * index}. */
    int word(int index) { return words[index]; }

    int[] words() { return words.clone(); }

    void load(int[] source) { System.arraycopy(source, 0, words, 0, words.length); }
}
