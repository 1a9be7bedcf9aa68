/**
 * What instructions compute: static methods over primitives, one file for each chapter of the manual.
 *
 * <p>An operation loads and stores nothing; the operand form does. Every engine calls the same method.
 */
package dev.sojourn.cpu.operation;
