package dev.ringshot.conformance.rig;

import java.lang.foreign.MemorySegment;

/// The system calls that a case needs beside the ring itself. Each kernel brings its own.
///
/// Results are a value or `-errno`, as at [dev.ringshot.abi.Kernel]; what a host does not have
/// throws [Skipped]. Descriptors belong to the caller; [Rig] closes those it handed out.
public interface Host {
  /// eventfd(2).
  int eventfd(long initial, int flags);

  /// pipe2(2) without flags.
  Ends pipe();

  /// socketpair(2) of `AF_UNIX`.
  ///
  /// @param type `SOCK_STREAM`, `SOCK_DGRAM` or `SOCK_SEQPACKET`
  Ends socketPair(int type);

  /// A UDP socket bound to a free port of 127.0.0.1.
  int udpSocket();

  /// A TCP socket that listens on a free port of 127.0.0.1.
  int tcpListener();

  /// A TCP socket connected to `listener`, whose accept queue it now waits in.
  int tcpConnect(int listener);

  /// connect(2) of a UDP socket to another one.
  int udpConnect(int socket, int peer);

  /// setsockopt(2) with an int.
  int setsockopt(int socket, int level, int option, int value);

  /// shutdown(2).
  int shutdown(int socket, int how);

  /// read(2), but `-EAGAIN` instead of blocking.
  ///
  /// @param into memory of the kernel's
  int read(int fd, MemorySegment into);

  /// write(2).
  ///
  /// @param from memory of the kernel's
  int write(int fd, MemorySegment from);

  /// dup(2).
  int dup(int fd);

  /// close(2).
  int close(int fd);

  /// poll(2) of one descriptor.
  ///
  /// @return `revents`, or 0 when `timeoutMillis` have passed
  int poll(int fd, int events, int timeoutMillis);

  /// One page of memory, followed by addresses that are bad.
  MemorySegment pageBeforeHole();
}
