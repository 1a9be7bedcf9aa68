/** The x86 processor. */
package dev.sojourn.cpu;
