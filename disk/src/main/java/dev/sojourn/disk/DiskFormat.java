package dev.sojourn.disk;

/** What a disk image's file may be. */
public enum DiskFormat { RAW, QCOW2 }
