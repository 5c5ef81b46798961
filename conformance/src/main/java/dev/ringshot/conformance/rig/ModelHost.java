package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Socket;
import dev.ringshot.model.ModelKernel;
import java.lang.foreign.MemorySegment;

/// The model's own system calls beside the seam.
final class ModelHost implements Host {
  private static final int PAGE = 4096;
  private static final int LOOPBACK = 0x0100007f; // 127.0.0.1 as it lies in memory

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
    need("socketpair", kernel.socketPair(type, scratch.address()));
    return ends();
  }

  @Override
  public int udpSocket() {
    return bound(Socket.SOCK_DGRAM);
  }

  @Override
  public int tcpListener() {
    int fd = bound(Socket.SOCK_STREAM);
    need("listen", kernel.sockets().listen(fd, 16));
    return fd;
  }

  @Override
  public int tcpConnect(int listener) {
    int fd = need("socket", kernel.sockets().socket(Socket.AF_INET, Socket.SOCK_STREAM, 0));
    need("connect", udpConnect(fd, listener));
    return fd;
  }

  @Override
  public int udpConnect(int socket, int peer) {
    scratch.set(JAVA_INT, Socket.SOCKADDR_IN_SIZE, Socket.SOCKADDR_IN_SIZE);
    long length = scratch.address() + Socket.SOCKADDR_IN_SIZE;
    need("getsockname", kernel.sockets().getsockname(peer, scratch.address(), length));
    return kernel.sockets().connect(socket, scratch.address(), Socket.SOCKADDR_IN_SIZE);
  }

  private int bound(int type) {
    int fd = need("socket", kernel.sockets().socket(Socket.AF_INET, type, 0));
    scratch.fill((byte) 0).set(JAVA_SHORT, Socket.SIN_FAMILY, (short) Socket.AF_INET);
    scratch.set(JAVA_INT, Socket.SIN_ADDR, LOOPBACK);
    need("bind", kernel.sockets().bind(fd, scratch.address(), Socket.SOCKADDR_IN_SIZE));
    return fd;
  }

  @Override
  public int setsockopt(int socket, int level, int option, int value) {
    scratch.set(JAVA_INT, 0, value);
    return kernel.sockets().setsockopt(socket, level, option, scratch.address(), Integer.BYTES);
  }

  @Override
  public int shutdown(int socket, int how) {
    return kernel.sockets().shutdown(socket, how);
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
