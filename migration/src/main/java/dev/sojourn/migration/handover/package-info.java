/**
 * Who has the guest: the two state machines of a migration, without wire, disk or machine.
 *
 * <p>Begin with {@link dev.sojourn.migration.handover.SourceRules} and {@link dev.sojourn.migration.handover.TargetRules}. Both are
 * functions from a state and an event to the next state and a list of actions, which their caller carries out in order. What they
 * promise, and what may happen to them, is in docs/migration.md; the tests explore it exhaustively.
 *
 * <p>Invariants: at most one host runs the guest; a guest never goes on from before what it has already done elsewhere, unless an
 * operator says so; while a host lives that held the whole guest, and none runs it, that copy is kept.
 */
package dev.sojourn.migration.handover;
