package dev.ringshot.conformance.differ;

/// What a program opens before its ring.
public enum FileKind {
  /// A pipe: end 0 is read, end 1 written.
  PIPE,
  /// Two connected `AF_UNIX` sockets.
  STREAM,
  /// The same with messages, in order.
  SEQPACKET,
  /// The same with messages.
  DGRAM,
  /// An eventfd.
  EVENTFD,
  /// A file in a folder of the program's own.
  REGULAR,
  /// `/dev/null`.
  NULL,
  /// `/dev/zero`, which knows no commands.
  ZERO,
  /// A TCP socket that listens on loopback.
  LISTENER,
  /// Two UDP sockets of loopback, connected to each other, which stamp what they send.
  UDP,
  /// The reference device, which cannot be polled.
  DEVICE,
  /// The reference device that can.
  POLLABLE_DEVICE;

  /// How many descriptors it has.
  int ends() {
    return switch (this) {
      case PIPE, STREAM, SEQPACKET, DGRAM, UDP -> 2;
      case EVENTFD, REGULAR, NULL, ZERO, LISTENER, DEVICE, POLLABLE_DEVICE -> 1;
    };
  }

  /// Whether it is a socket that data goes through.
  boolean isConnected() {
    return this == STREAM || this == SEQPACKET || this == DGRAM || this == UDP;
  }

  /// Whether writing to it takes a worker of the kernel's.
  boolean needsWorker() {
    return this == REGULAR || this == EVENTFD;
  }

  /// Whether it can be polled.
  boolean isPolled() {
    return switch (this) {
      case PIPE, STREAM, SEQPACKET, DGRAM, EVENTFD, LISTENER, UDP, POLLABLE_DEVICE -> true;
      case REGULAR, NULL, ZERO, DEVICE -> false;
    };
  }

  /// Whether it is the reference device.
  boolean isDevice() {
    return this == DEVICE || this == POLLABLE_DEVICE;
  }
}
