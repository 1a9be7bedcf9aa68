/** Numbers as the PC lays them out in bytes. Knows no format; its callers check ranges. */
package dev.sojourn.boot.bytes;
