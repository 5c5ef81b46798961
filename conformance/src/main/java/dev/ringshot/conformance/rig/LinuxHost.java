package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Socket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The running Linux system, by libc symbols.
public final class LinuxHost implements Host {
  private static final int PAGE = 4096;
  private static final int SOCKADDR_IN = 16;
  private static final int LOOPBACK = 0x0100007f; // 127.0.0.1 as it lies in memory
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  private final Libc libc = new Libc();
  private final MemorySegment scratch = Arena.global().allocate(32, 8);

  /// Needs native access for this module.
  public LinuxHost() {}

  @Override
  public int eventfd(long initial, int flags) {
    return libc.call("eventfd", initial, flags);
  }

  @Override
  public Ends pipe() {
    need("pipe2", libc.call("pipe2", scratch.address(), 0));
    return ends();
  }

  @Override
  public Ends socketPair(int type) {
    need("socketpair", libc.call("socketpair", Socket.AF_UNIX, type, 0, scratch.address()));
    return ends();
  }

  private Ends ends() {
    return new Ends(scratch.get(JAVA_INT, 0), scratch.get(JAVA_INT, 4));
  }

  @Override
  public int udpSocket() {
    return bound(Socket.SOCK_DGRAM);
  }

  @Override
  public int tcpListener() {
    int fd = bound(Socket.SOCK_STREAM);
    need("listen", libc.call("listen", fd, 16));
    return fd;
  }

  @Override
  public int tcpConnect(int listener) {
    int fd = need("socket", libc.call("socket", Socket.AF_INET, Socket.SOCK_STREAM, 0));
    need("connect", udpConnect(fd, listener));
    return fd;
  }

  @Override
  public int udpConnect(int socket, int peer) {
    scratch.set(JAVA_INT, SOCKADDR_IN, SOCKADDR_IN);
    long length = scratch.address() + SOCKADDR_IN;
    need("getsockname", libc.call("getsockname", peer, scratch.address(), length));
    return libc.call("connect", socket, scratch.address(), SOCKADDR_IN);
  }

  private int bound(int type) {
    int fd = need("socket", libc.call("socket", Socket.AF_INET, type, 0));
    scratch.fill((byte) 0).set(JAVA_SHORT, 0, (short) Socket.AF_INET);
    scratch.set(JAVA_INT, 4, LOOPBACK);
    need("bind", libc.call("bind", fd, scratch.address(), SOCKADDR_IN));
    return fd;
  }

  @Override
  public int setsockopt(int socket, int level, int option, int value) {
    scratch.set(JAVA_INT, 0, value);
    return libc.call("setsockopt", socket, level, option, scratch.address(), Integer.BYTES);
  }

  @Override
  public int shutdown(int socket, int how) {
    return libc.call("shutdown", socket, how);
  }

  @Override
  public int read(int fd, MemorySegment into) {
    if ((poll(fd, Poll.POLLIN, 0) & (Poll.POLLIN | Poll.POLLHUP)) == 0) return -Errno.EAGAIN;
    return libc.call("read", fd, into.address(), into.byteSize());
  }

  @Override
  public int write(int fd, MemorySegment from) {
    return libc.call("write", fd, from.address(), from.byteSize());
  }

  @Override
  public int dup(int fd) {
    return libc.call("dup", fd);
  }

  @Override
  public int close(int fd) {
    return libc.call("close", fd);
  }

  @Override
  public int poll(int fd, int events, int timeoutMillis) {
    scratch.set(JAVA_INT, 0, fd);
    scratch.set(JAVA_INT, 4, events); // revents is the upper half of this int
    int ready = libc.call("poll", scratch.address(), 1, timeoutMillis);
    return ready <= 0 ? ready : scratch.get(JAVA_SHORT, 6);
  }

  @Override
  public MemorySegment pageBeforeHole() {
    long address = libc.callForAddress("mmap", 0, 2 * PAGE, 0, MAP_PRIVATE_ANONYMOUS, -1, 0);
    need("mmap", (int) Math.min(0, address));
    need("mprotect", libc.call("mprotect", address, PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE));
    return Libc.memory(address, PAGE);
  }

  private static int need(String call, int result) {
    if (result < 0) throw new ErrnoException(call, -result, "a test host needs it");
    return result;
  }
}
