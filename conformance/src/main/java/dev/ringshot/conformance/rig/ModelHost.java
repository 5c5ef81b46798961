package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Kernel;
import dev.ringshot.model.ModelKernel;
import java.lang.foreign.MemorySegment;

/// The model's own system calls beside the seam. What it lacks skips the case.
final class ModelHost implements Host {
  private static final int PAGE = 4096;

  private final ModelKernel kernel;

  ModelHost(ModelKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public int eventfd(long initial, int flags) {
    return kernel.eventfd((int) initial, flags);
  }

  @Override
  public Ends pipe() {
    throw lacking("pipes");
  }

  @Override
  public Ends socketPair(int type) {
    throw lacking("sockets");
  }

  @Override
  public int udpSocket() {
    throw lacking("sockets");
  }

  @Override
  public int tcpListener() {
    throw lacking("sockets");
  }

  @Override
  public int tcpConnect(int listener) {
    throw lacking("sockets");
  }

  @Override
  public int udpConnect(int socket, int peer) {
    throw lacking("sockets");
  }

  @Override
  public int setsockopt(int socket, int level, int option, int value) {
    throw lacking("sockets");
  }

  @Override
  public int shutdown(int socket, int how) {
    throw lacking("sockets");
  }

  private static Skipped lacking(String what) {
    return new Skipped(what + ", which the model does not have yet");
  }

  @Override
  public int read(int fd, MemorySegment into) {
    return kernel.read(fd, into.address(), (int) into.byteSize());
  }

  @Override
  public int write(int fd, MemorySegment from) {
    return kernel.write(fd, from.address(), (int) from.byteSize());
  }

  @Override
  public int dup(int fd) {
    return kernel.dup(fd);
  }

  @Override
  public int close(int fd) {
    return kernel.close(fd);
  }

  /// Time does not pass by itself here, so what is not ready now will not be.
  @Override
  public int poll(int fd, int events, int timeoutMillis) {
    return kernel.poll(fd, events);
  }

  /// Whatever lies behind a mapping is bad.
  @Override
  public MemorySegment pageBeforeHole() {
    return kernel.map(-1, 0, PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE);
  }
}
