/** The interface {@code native}: a plain PC, no hypervisor to be seen. */
package dev.sojourn.interfaces.nativepc;
