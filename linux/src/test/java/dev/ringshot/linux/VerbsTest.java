package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.ENODATA;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.Fcntl.AT_EMPTY_PATH;
import static dev.ringshot.abi.Fcntl.AT_FDCWD;
import static dev.ringshot.abi.Fcntl.AT_REMOVEDIR;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_KEEP_SIZE;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_PUNCH_HOLE;
import static dev.ringshot.abi.Fcntl.O_CREAT;
import static dev.ringshot.abi.Fcntl.O_RDONLY;
import static dev.ringshot.abi.Fcntl.O_RDWR;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_FSYNC_DATASYNC;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PROBE;
import static dev.ringshot.abi.IoUring.IO_URING_OP_SUPPORTED;
import static dev.ringshot.abi.Socket.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Msghdr;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Probe;
import dev.ringshot.abi.Sqe;
import dev.ringshot.abi.Stat;
import dev.ringshot.abi.Timespec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The verbs of an SQE do on the running kernel what the system calls of their names do.
@Tag("linux")
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class VerbsTest {
  private static final int MODE = 0600;

  private final LinuxKernel kernel = new LinuxKernel();
  private final RawRing ring = new RawRing(kernel);
  private final Sqe sqe = new Sqe();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(4096, 4096);
  private int submitted;
  @TempDir Path directory;

  @AfterEach
  void close() {
    ring.close();
    arena.close();
  }

  @Test
  void filesAreWrittenReadAndCut() {
    int fd = open("file");
    text("hello, ring");
    assertEquals(11, run(s -> s.write(fd, memory.address(), 11, 100)));
    assertEquals(11, run(s -> s.read(fd, memory.asSlice(64, 50), 100)));
    assertEquals("hello, ring", memory.getString(64));
    assertEquals(0, run(s -> s.fsync(fd)));
    assertEquals(0, run(s -> s.fsync(fd, IORING_FSYNC_DATASYNC)));
    assertEquals(0, run(s -> s.syncFileRange(fd, 0, 4096, 2)));
    assertEquals(0, run(s -> s.fadvise(fd, 0, 0, 2)));
    assertEquals(0, run(s -> s.ftruncate(fd, 105)));
    assertEquals(105, size(fd));
    assertEquals(0, run(s -> s.fallocate(fd, 0, 0, 8192)));
    assertEquals(8192, size(fd));
    assertEquals(0, run(s -> s.fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100, 5)));
    assertEquals(1, run(s -> s.read(fd, memory.address(), 1, 100)));
    assertEquals(0, memory.get(JAVA_BYTE, 0));
    closeAll(fd);
  }

  @Test
  void vectorsGatherAndScatter() {
    int fd = open("file");
    text("abcdef");
    iovec(512, memory.address() + 3, 3);
    iovec(528, memory.address(), 3);
    assertEquals(6, run(s -> s.writev(fd, memory.address() + 512, 2, 0)));
    assertEquals(6, run(s -> s.readv(fd, memory.address() + 512, 2, 0)));
    assertEquals("abcdef", memory.getString(0));
    assertEquals(6, run(s -> s.read(fd, memory.address(), 6, 0)));
    assertEquals("defabc", memory.getString(0));
    closeAll(fd);
  }

  @Test
  void pathsAreMadeLinkedMovedAndRemoved() throws IOException {
    int dir = run(s -> s.openat(AT_FDCWD, text(directory.toString()), O_RDONLY, 0));
    assertEquals(0, run(s -> s.mkdirat(dir, text("sub"), 0700)));
    assertTrue(Files.isDirectory(directory.resolve("sub")));
    Files.writeString(directory.resolve("a"), "a");
    assertEquals(0, run(s -> s.renameat(dir, text("a"), dir, text("sub/b", 64), 0)));
    assertTrue(Files.exists(directory.resolve("sub/b")));
    assertEquals(0, run(s -> s.linkat(dir, text("sub/b"), dir, text("c", 64), 0)));
    assertEquals("a", Files.readString(directory.resolve("c")));
    assertEquals(0, run(s -> s.symlinkat(text("c"), dir, text("d", 64))));
    assertEquals(Path.of("c"), Files.readSymbolicLink(directory.resolve("d")));
    assertEquals(0, run(s -> s.unlinkat(dir, text("sub/b"), 0)));
    assertEquals(0, run(s -> s.unlinkat(dir, text("sub"), AT_REMOVEDIR)));
    assertEquals(-ENOENT, run(s -> s.unlinkat(dir, text("sub"), AT_REMOVEDIR)));
    memory.set(JAVA_LONG, 128, O_RDONLY); // struct open_how: flags, mode, resolve
    memory.asSlice(136, 16).fill((byte) 0);
    int fd = run(s -> s.openat2(dir, text("c"), memory.address() + 128, 24));
    assertEquals(1, size(fd));
    closeAll(fd, dir);
  }

  @Test
  void attributesAreSetAndRead() {
    int fd = open("file");
    long path = text(directory.resolve("file").toString(), 256);
    long name = text("user.a");
    long value = text("value", 64);
    int set = run(s -> s.fsetxattr(fd, name, value, 5, 0));
    if (set == -EOPNOTSUPP) return; // this file system has none
    assertEquals(0, set);
    assertEquals(5, run(s -> s.getxattr(path, name, memory.address() + 128, 16)));
    assertEquals("value", memory.getString(128));
    assertEquals(0, run(s -> s.setxattr(path, name, value, 3, 0)));
    assertEquals(3, run(s -> s.fgetxattr(fd, name, memory.address() + 128, 16)));
    assertEquals(-ENODATA, run(s -> s.fgetxattr(fd, text("user.b"), value, 16)));
    closeAll(fd);
  }

  @Test
  void pipesCarryDataBetweenFiles() {
    int fd = open("file");
    assertEquals(0, run(s -> s.pipe(memory.address(), 0)));
    int in = memory.get(JAVA_INT, 0);
    int out = memory.get(JAVA_INT, 4);
    assertEquals(0, run(s -> s.pipe(memory.address(), 0)));
    int in2 = memory.get(JAVA_INT, 0);
    int out2 = memory.get(JAVA_INT, 4);
    text("piped");
    assertEquals(5, run(s -> s.write(out, memory.address(), 5, -1)));
    assertEquals(Poll.POLLIN, run(s -> s.pollAdd(in, Poll.POLLIN)));
    assertEquals(5, run(s -> s.tee(in, out2, 5, 0)));
    assertEquals(5, run(s -> s.splice(in, -1, fd, 10, 5, 0)));
    assertEquals(5, run(s -> s.splice(in2, -1, fd, 20, 5, 0)));
    assertEquals(25, size(fd));
    int epoll = Posix.epoll();
    memory.set(JAVA_INT, 0, Poll.EPOLLOUT);
    memory.set(JAVA_INT, 4, 7);
    assertEquals(0, run(s -> s.epollCtl(epoll, 1, out, memory.address())));
    assertEquals(1, run(s -> s.epollWait(epoll, memory.address() + 64, 4)));
    assertEquals(Poll.EPOLLOUT, memory.get(JAVA_INT, 64));
    closeAll(fd, in, out, in2, out2, epoll);
  }

  @Test
  void socketsConnectSendReceiveAndTellTheirOptions() {
    int server = run(s -> s.socket(AF_UNIX, SOCK_STREAM, 0, 0));
    memory.set(JAVA_INT, 0, 1);
    assertEquals(0, run(s -> s.setsockopt(server, SOL_SOCKET, SO_REUSEADDR, memory.address(), 4)));
    memory.set(JAVA_INT, 0, 0);
    assertEquals(4, run(s -> s.getsockopt(server, SOL_SOCKET, SO_REUSEADDR, memory.address(), 4)));
    assertEquals(1, memory.get(JAVA_INT, 0));
    memory.set(JAVA_SHORT, 256 + SUN_FAMILY, (short) AF_UNIX);
    text(directory.resolve("socket").toString(), 256 + SUN_PATH);
    long address = memory.address() + 256;
    assertEquals(0, run(s -> s.bind(server, address, SOCKADDR_UN_SIZE)));
    assertEquals(0, run(s -> s.listen(server, 4)));
    int client = run(s -> s.socket(AF_UNIX, SOCK_STREAM, 0, 0));
    assertEquals(0, run(s -> s.connect(client, address, SOCKADDR_UN_SIZE)));
    memory.set(JAVA_INT, 192, SOCKADDR_IN_SIZE);
    long peer = memory.address() + 128;
    int accepted = run(s -> s.accept(server, peer, memory.address() + 192, SOCK_CLOEXEC));
    assertTrue(accepted >= 0, () -> Errno.name(accepted));
    assertEquals(AF_UNIX, memory.get(JAVA_SHORT, 128));
    text("over");
    assertEquals(4, run(s -> s.send(client, memory.asSlice(0, 4), MSG_NOSIGNAL)));
    assertEquals(4, run(s -> s.recv(accepted, memory.asSlice(32, 8), 0)));
    assertEquals("over", memory.getString(32));
    iovec(512, memory.address(), 4);
    memory.set(JAVA_LONG, 576 + Msghdr.MSG_IOV, memory.address() + 512);
    memory.set(JAVA_LONG, 576 + Msghdr.MSG_IOVLEN, 1);
    assertEquals(4, run(s -> s.sendmsg(client, memory.address() + 576, MSG_NOSIGNAL)));
    assertEquals(4, run(s -> s.recvmsg(accepted, memory.address() + 576, 0)));
    assertEquals(0, run(s -> s.shutdown(client, SHUT_WR)));
    assertEquals(0, run(s -> s.recv(accepted, memory.asSlice(32, 8), 0)));
    closeAll(server, client, accepted);
  }

  @Test
  void tcpSocketTellsHowMuchThereIsToRead() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int client = run(s -> s.socket(AF_INET, SOCK_STREAM, 0, 0));
      long address = loopback(server.getLocalPort());
      assertEquals(0, run(s -> s.connect(client, address, SOCKADDR_IN_SIZE)));
      try (var accepted = server.accept()) {
        accepted.getOutputStream().write(new byte[4]);
        assertEquals(Poll.POLLIN, run(s -> s.pollAdd(client, Poll.POLLIN)));
        assertEquals(4, run(s -> s.socketInq(client)));
        assertEquals(0, run(s -> s.socketOutq(client)));
      }
      closeAll(client);
    }
  }

  @Test
  void datagramGoesToAnAddress() throws IOException {
    try (var receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      int sender = run(s -> s.socket(AF_INET, SOCK_DGRAM, 0, 0));
      long address = loopback(receiver.getLocalPort());
      long data = text("to you");
      assertEquals(6, run(s -> s.sendto(sender, data, 6, 0, address, SOCKADDR_IN_SIZE)));
      var packet = new DatagramPacket(new byte[32], 32);
      receiver.receive(packet);
      assertEquals(6, packet.getLength());
      closeAll(sender);
    }
  }

  @Test
  void timeoutsFutexesAndMessagesAnswer() {
    Timespec.set(memory, 0, 1_000);
    assertEquals(-ETIME, run(s -> s.timeout(memory.address(), 0, 0)));
    assertEquals(-ENOENT, run(s -> s.timeoutRemove(77, 0)));
    assertEquals(-ENOENT, run(s -> s.timeoutUpdate(77, memory.address(), 0)));
    assertEquals(-ENOENT, run(s -> s.pollRemove(77)));
    assertEquals(-ENOENT, run(s -> s.asyncCancel(77, 0)));
    assertEquals(0, run(s -> s.futexWake(memory.address(), 1, -1L >>> 32, 2)));
    assertEquals(-Errno.EAGAIN, run(s -> s.futexWait(memory.address() + 8, 1, -1L >>> 32, 2)));
    assertEquals(0, run(s -> s.madvise(memory.address(), 4096, 0)));
    assertEquals(-Errno.ECHILD, run(s -> s.waitid(1, (int) ProcessHandle.current().pid(), 0, 4)));
    assertEquals(-5, run(s -> s.nop(-5)));
    assertEquals(0, run(s -> s.nop()));
    try (var target = new RawRing(kernel)) {
      assertEquals(0, run(s -> s.msgRing(target.fd, 12, 34, 0)));
      assertEquals(34, target.userData());
      assertEquals(12, target.result());
    }
  }

  @Test
  void providedBuffersAreTaken() {
    int fd = open("file");
    text("0123456789");
    assertEquals(10, run(s -> s.write(fd, memory.address(), 10, 0)));
    assertEquals(0, run(s -> s.provideBuffers(memory.address() + 1024, 4, 8, 3, 40)));
    assertEquals(4, run(s -> s.bufferSelect(3).read(fd, 0L, 0, 2)));
    assertEquals("2345", memory.getString(1024).substring(0, 4));
    assertEquals(7, run(s -> s.removeBuffers(100, 3)));
    closeAll(fd);
  }

  /// Submits one entry and waits for its result.
  private int run(UnaryOperator<Sqe> verb) {
    int slot = submitted++ & 7;
    ring.push(0, -1, 0, 0, 0, 0); // the kernel looks at it when it is entered
    Sqe entry = sqe.at(ring.sqes, slot * (long) Sqe.SIZE).clear().userData(submitted);
    assertSame(entry, verb.apply(entry));
    if (!knows(entry.opcode())) Assumptions.abort("this kernel has no opcode " + entry.opcode());
    assertEquals(1, ring.enter(1, 1, IORING_ENTER_GETEVENTS));
    assertEquals(submitted, ring.userData());
    int result = ring.result();
    ring.consume(1);
    return result;
  }

  private boolean knows(int opcode) {
    int opsMax = 256;
    var probe = arena.allocate(Probe.SIZE + (long) opsMax * Probe.OP_SIZE, 8);
    assertEquals(0, kernel.register(ring.fd, IORING_REGISTER_PROBE, probe.address(), opsMax));
    long op = Probe.OPS + (long) opcode * Probe.OP_SIZE;
    return (probe.get(JAVA_SHORT, op + Probe.OP_FLAGS) & IO_URING_OP_SUPPORTED) != 0;
  }

  private int open(String name) {
    int fd = run(s -> s.openat(AT_FDCWD, path(name), O_RDWR | O_CREAT, MODE));
    assertTrue(fd >= 0, () -> Errno.name(fd));
    return fd;
  }

  private long path(String name) {
    return text(directory.resolve(name).toString());
  }

  private long size(int fd) {
    long at = memory.address() + 2048;
    assertEquals(0, run(s -> s.statx(fd, text("", 2304), AT_EMPTY_PATH, Stat.STATX_SIZE, at)));
    return memory.get(JAVA_LONG, 2048 + Stat.STX_SIZE);
  }

  private long text(String text) {
    return text(text, 0);
  }

  private long text(String text, long at) {
    memory.setString(at, text, StandardCharsets.UTF_8);
    return memory.address() + at;
  }

  private void iovec(long at, long address, long length) {
    memory.set(JAVA_LONG, at + Iovec.IOV_BASE, address);
    memory.set(JAVA_LONG, at + Iovec.IOV_LEN, length);
  }

  /// The address of a `struct sockaddr_in`.
  private long loopback(int port) {
    memory.asSlice(64, SOCKADDR_IN_SIZE).fill((byte) 0);
    memory.set(JAVA_SHORT, 64 + SIN_FAMILY, (short) AF_INET);
    memory.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 64 + SIN_PORT, (short) port);
    memory.set(JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 64 + SIN_ADDR, 0x7f000001);
    return memory.address() + 64;
  }

  private void closeAll(int... fds) {
    for (int fd : fds) assertEquals(0, run(s -> s.close(fd)));
  }
}
