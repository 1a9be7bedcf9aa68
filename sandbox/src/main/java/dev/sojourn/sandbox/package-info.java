/**
 * The embedding API: a {@link dev.sojourn.sandbox.Sandbox} is one guest with its limits, its streams and its lifecycle.
 *
 * <p>Start with {@link dev.sojourn.sandbox.SandboxSpec}, hand it to a {@link dev.sojourn.sandbox.Sandbox} together with
 * {@link dev.sojourn.sandbox.HostStreams}, and look at the {@link dev.sojourn.sandbox.Result} of its run. The command
 * line is a thin layer over exactly this.
 *
 * <p>Invariants: one thread runs the machine; every other thread only asks it to stop, resizes its terminal or feeds
 * its input. A sandbox writes no file
 * but the snapshots it is asked for.
 */
package dev.sojourn.sandbox;
