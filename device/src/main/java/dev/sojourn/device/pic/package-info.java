/**
 * The pair of 8259A interrupt controllers of a PC and the edge/level registers of its ISA bridge.
 *
 * <p>Ports: 0x20 and 0x21 the first, 0xa0 and 0xa1 the second, 0x4d0 and 0x4d1 edge/level; all eight bits wide. The
 * names are those of the 8259A data sheet. Not modelled: buffered mode and the 8080/8085 call sequence.
 *
 * <p>Start with {@link dev.sojourn.device.pic.PicPair}. Invariants: the second controller's output is the first
 * one's input 2; INTR is high exactly while the first has a request above everything in service.
 */
package dev.sojourn.device.pic;
