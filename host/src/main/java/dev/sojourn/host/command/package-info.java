/**
 * What can be asked of a host, and what it tells of its sandboxes: sealed commands, and their shapes in JSON.
 *
 * <p>Start with {@link dev.sojourn.host.command.HostCommand}. Everything that comes from outside is checked here, once, when a
 * record is made of it; docs/control-protocol.md lists the same shapes for readers of other languages.
 */
package dev.sojourn.host.command;
