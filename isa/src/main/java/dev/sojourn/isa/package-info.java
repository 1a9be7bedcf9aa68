package dev.sojourn.isa;
