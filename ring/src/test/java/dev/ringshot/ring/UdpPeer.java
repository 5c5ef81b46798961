package dev.ringshot.ring;

import static dev.ringshot.abi.Socket.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ErrnoException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;

/// Two UDP sockets of the loopback: one that a ring made and works with, and Java's, which a test
/// sends from.
final class UdpPeer implements AutoCloseable {
  private final DatagramChannel channel;
  private final InetSocketAddress ringSide;
  private final RingFile file;

  UdpPeer(Ring ring) throws IOException {
    channel =
        DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    file = ring.file(answer(ring, socket -> socket.socket(AF_INET, SOCK_DGRAM, 0, 0)));
    connect(ring, (InetSocketAddress) channel.getLocalAddress());
    answer(ring, send -> send.send(fd(), ring.allocate(1), 0));
    ringSide = (InetSocketAddress) channel.receive(ByteBuffer.allocate(1));
  }

  /// From here on the ring's socket hears itself and nobody else.
  void connectToItself(Ring ring) {
    connect(ring, ringSide);
  }

  private void connect(Ring ring, InetSocketAddress port) {
    MemorySegment address = address(ring, port);
    answer(ring, connect -> connect.connect(fd(), address.address(), SOCKADDR_IN_SIZE));
  }

  /// A `struct sockaddr_in` of the loopback.
  static MemorySegment address(Ring ring, InetSocketAddress port) {
    MemorySegment address = ring.allocate(SOCKADDR_IN_SIZE);
    address.set(JAVA_SHORT, SIN_FAMILY, (short) AF_INET);
    address.set(
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN),
        SIN_PORT,
        (short) port.getPort());
    byte[] loopback = {127, 0, 0, 1};
    MemorySegment.copy(loopback, 0, address, JAVA_BYTE, SIN_ADDR, 4);
    return address;
  }

  /// What one request answers.
  static int answer(Ring ring, java.util.function.Consumer<dev.ringshot.abi.Sqe> request) {
    int[] answer = {0};
    request.accept(ring.prepare((res, flags) -> answer[0] = res));
    ring.run();
    if (answer[0] < 0) throw new ErrnoException("request", -answer[0]);
    return answer[0];
  }

  /// The ring's socket.
  RingFile file() {
    return file;
  }

  int fd() {
    return file.fd();
  }

  /// Sends a datagram of `bytes` bytes to the ring's socket, each of them `value`.
  void send(int bytes, int value) throws IOException {
    byte[] datagram = new byte[bytes];
    java.util.Arrays.fill(datagram, (byte) value);
    channel.send(ByteBuffer.wrap(datagram), ringSide);
  }

  @Override
  public void close() throws IOException {
    file.close();
    channel.close();
  }
}
