package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.model.ModelKernel;
import java.lang.foreign.MemorySegment;

/// The model's own system calls beside the seam. What it lacks skips the case.
final class ModelHost implements Host {
  private static final int PAGE = 4096;

  private final ModelKernel kernel;
  private final MemorySegment scratch;

  ModelHost(ModelKernel kernel) {
    this.kernel = kernel;
    this.scratch = kernel.map(-1, 0, PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE);
  }

  @Override
  public int eventfd(long initial, int flags) {
    return kernel.eventfd((int) initial, flags);
  }

  @Override
  public Ends pipe() {
    need("pipe2", kernel.pipe(scratch.address(), 0));
    return ends();
  }

  private Ends ends() {
    return new Ends(scratch.get(JAVA_INT, 0), scratch.get(JAVA_INT, 4));
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

  private static int need(String call, int result) {
    if (result < 0) throw new ErrnoException(call, -result, "a test host needs it");
    return result;
  }
}
