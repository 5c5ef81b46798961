package dev.ringshot.conformance.rig;

/// Two descriptors that belong together: of a pipe, `near` is read and `far` written; of a socket
/// pair, they are each other's peers.
public record Ends(int near, int far) {}
