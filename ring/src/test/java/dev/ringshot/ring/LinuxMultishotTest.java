package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Socket.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Cqe;
import dev.ringshot.linux.LinuxKernel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Multishot requests on the running kernel. Of commands only the one that is safe on Linux 6.18.
@Tag("linux")
@EnabledOnOs(OS.LINUX)
final class LinuxMultishotTest {
  private static final Duration PLENTY = Duration.ofSeconds(30);

  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void txTimestampsComeFromOneCommand() throws IOException {
    var options = RingOptions.DEFAULT.plusFlags(IORING_SETUP_CQE32);
    try (var ring = Ring.open(kernel, options);
        var udp = new UdpPeer(ring)) {
      MemorySegment option = ring.allocate(4);
      option.set(
          JAVA_INT,
          0,
          SOF_TIMESTAMPING_TX_SOFTWARE
              | SOF_TIMESTAMPING_SOFTWARE
              | SOF_TIMESTAMPING_OPT_TSONLY
              | SOF_TIMESTAMPING_OPT_ID
              | SOF_TIMESTAMPING_OPT_CMSG);
      UdpPeer.answer(
          ring, set -> set.setsockopt(udp.fd(), SOL_SOCKET, SO_TIMESTAMPING, option.address(), 4));
      List<Integer> keys = new ArrayList<>();
      List<Integer> ends = new ArrayList<>();
      udp.file().multishot(SOCKET_URING_OP_TX_TIMESTAMP);
      Cqe32Handler stamps =
          (res, flags, seconds, nanos) -> {
            if (!Cqe.more(flags)) {
              ends.add(res);
            } else {
              keys.add(res);
              assertTrue(seconds > 0 && nanos < 1_000_000_000);
            }
          };
      long request = ring.prepare(stamps).txTimestamps(udp.fd(), 77).userData();
      var payload = ring.allocate(8);
      for (int i = 0; i < 5; i++) {
        ring.prepare((res, flags) -> assertEquals(8, res)).send(udp.fd(), payload, 0);
        while (keys.size() == i && ends.isEmpty()) {
          ring.submitAndWait(1);
          ring.dispatch();
        }
      }
      assertEquals(List.of(), ends);
      assertEquals(List.of(0, 1, 2, 3, 4), keys);
      ring.cancel(request);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(List.of(-dev.ringshot.abi.Errno.ECANCELED), ends);
    }
  }

  @Test
  void eventsComeInBuffersThatGoBack() throws IOException {
    try (var ring = Ring.open(kernel, 8);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      List<String> heard = new ArrayList<>();
      var datagrams =
          buffers
              .onEvent((buffer, at, length) -> heard.add(length + "x" + buffer.get(JAVA_BYTE, at)))
              .onEnd(end -> heard.add(end.toString()));
      ring.prepare(datagrams).recvMultishot(udp.fd(), 0, buffers.group());
      ring.submit();
      for (int i = 0; i < 40; i++) {
        udp.send(10 + i % 2, i);
        ring.submitAndWait(1);
        ring.dispatch();
        assertEquals((10 + i % 2) + "x" + i, heard.getLast());
        assertEquals(4, buffers.available());
      }
      ring.cancel(datagrams);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals("Cancelled[]", heard.getLast());
      assertEquals(41, heard.size());
      assertEquals(40, datagrams.events());
      assertEquals(0, buffers.recovered());
    }
  }

  @Test
  void observerSeesEachCompletionBeforeItsEventAndItsEnd() throws IOException {
    try (var ring = Ring.open(kernel, 8);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      List<String> heard = new ArrayList<>();
      var datagrams =
          buffers
              .onEvent((buffer, at, length) -> heard.add("event of " + length))
              .onCompletion((res, flags) -> heard.add(res + " " + Cqe.describe(flags)))
              .onEnd(end -> heard.add(end.toString()));
      ring.prepare(datagrams).recvMultishot(udp.fd(), 0, buffers.group());
      ring.submit();
      udp.send(10, 1);
      while (heard.isEmpty()) {
        ring.submitAndWait(1);
        ring.dispatch();
      }
      ring.cancel(datagrams);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(
          List.of("10 F_BUFFER|F_MORE bid=0", "event of 10", "-125 0", "Cancelled[]"), heard);
    }
  }

  @Test
  void rearmsAfterRunningOutOfBuffers() throws IOException {
    try (var ring = Ring.open(kernel, 8);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      List<Integer> heard = new ArrayList<>();
      List<End> ends = new ArrayList<>();
      var datagrams =
          buffers
              .onEvent((buffer, at, length) -> heard.add((int) buffer.get(JAVA_BYTE, at)))
              .onEnd(ends::add)
              .rearmAutomatically();
      ring.prepare(datagrams).recvMultishot(udp.fd(), 0, buffers.group());
      ring.submit();
      for (int i = 0; i < 11; i++) udp.send(20, i);
      while (heard.size() < 11) {
        ring.submitAndWait(1);
        ring.dispatch();
      }
      assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), heard);
      assertEquals(2, datagrams.rearms());
      assertEquals(List.of(), ends);
      ring.cancel(datagrams);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(List.of(new End.Cancelled()), ends);
    }
  }

  @Test
  void keptBuffersComeBackWhenGivenBack() throws IOException {
    try (var ring = Ring.open(kernel, 8);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(2, 64)) {
      List<Integer> kept = new ArrayList<>();
      var datagrams =
          buffers.onEvent((buffer, at, length) -> kept.add(buffers.keep())).rearmAutomatically();
      ring.prepare(datagrams).recvMultishot(udp.fd(), 0, buffers.group());
      ring.submit();
      for (int i = 0; i < 3; i++) udp.send(20, i);
      assertEquals(Pause.IDLE, ring.run(PLENTY)); // it waits for a buffer, and nothing else is left
      assertEquals(2, kept.size());
      assertEquals(2, buffers.kept());
      assertEquals(0, buffers.available());
      buffers.giveBack(kept.removeFirst());
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(2, kept.size());
      assertEquals(0, buffers.available());
      buffers.giveBack(kept.removeFirst());
      buffers.giveBack(kept.removeFirst());
      assertEquals(2, buffers.available());
      assertThrows(IllegalStateException.class, () -> buffers.giveBack(0));
    }
  }

  @Test
  void incrementalBuffersAreFilledInOrder() throws IOException {
    var options = new BufferOptions(2, 64, true, 0, true);
    try (var ring = Ring.open(kernel, 8);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(options)) {
      List<String> heard = new ArrayList<>();
      var datagrams =
          buffers.onEvent((buffer, at, length) ->
              heard.add(at + "+" + length + "x" + buffer.get(JAVA_BYTE, at)));
      ring.prepare(datagrams).recvMultishot(udp.fd(), 0, buffers.group());
      ring.submit();
      int[] sizes = {20, 20, 24, 10, 60};
      for (int i = 0; i < sizes.length; i++) udp.send(sizes[i], i);
      while (heard.size() < sizes.length) {
        ring.submitAndWait(1);
        ring.dispatch();
      }
      assertEquals(List.of("0+20x0", "20+20x1", "40+24x2", "0+10x3", "10+54x4"), heard);
      assertEquals(2, buffers.available());
      assertEquals(0, buffers.skippedBytes());
    }
  }

  @Test
  void fullCompletionQueueEndsAndRearmsWithNothingLost() throws IOException {
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    try (var ring = Ring.open(kernel, options);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(16, 64)) {
      List<Integer> heard = new ArrayList<>();
      var datagrams =
          buffers
              .onEvent((buffer, at, length) -> heard.add((int) buffer.get(JAVA_BYTE, at)))
              .rearmAutomatically();
      ring.prepare(datagrams).recvMultishot(udp.fd(), 0, buffers.group());
      ring.submit();
      for (int i = 0; i < 7; i++) udp.send(3, i);
      while (heard.size() < 7) {
        ring.submitAndWait(1);
        ring.dispatch();
      }
      assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), heard);
      assertEquals(1, datagrams.rearms());
      assertEquals(0, buffers.recovered());
      assertEquals(16, buffers.available());
    }
  }

  @Test
  void undeclaredMultishotCommandIsRefused() throws IOException {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/zero");
        var buffers = ring.provideBuffers(2, 64)) {
      List<End> ends = new ArrayList<>();
      var events = buffers.onEvent((buffer, at, length) -> {}).onEnd(ends::add);
      ring.prepare(events).uringCmdMultishot(file.fd(), 7, buffers.group());
      var refused = assertThrows(IllegalStateException.class, ring::submit);
      assertTrue(refused.toString().contains("file.multishot(0x7)"), refused.toString());
      assertEquals(0, ring.inFlight());
      assertFalse(events.isActive());
      file.multishot(7);
      ring.prepare(events).uringCmdMultishot(file.fd(), 7, buffers.group());
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.Failed(dev.ringshot.abi.Errno.EOPNOTSUPP)), ends);
    }
  }

  @Test
  void closingTheRingEndsWhatIsArmedAtOnce() throws IOException {
    try (var server = ServerSocketChannel.open().bind(loopback(0));
        var peer = armReceive((InetSocketAddress) server.getLocalAddress(), server)) {
      peer.socket().setSoTimeout(10_000);
      assertEquals(-1, peer.socket().getInputStream().read(), "the socket is gone with the ring");
    }
  }

  /// Arms a receive on a connection whose descriptor is closed, so that nothing but it holds the
  /// connection, and closes its ring.
  ///
  /// @return the connection's other end
  private SocketChannel armReceive(InetSocketAddress to, ServerSocketChannel server)
      throws IOException {
    try (var ring = Ring.open(kernel, 8)) {
      var address = UdpPeer.address(ring, to);
      int fd = UdpPeer.answer(ring, socket -> socket.socket(AF_INET, SOCK_STREAM, 0, 0));
      try (var file = ring.file(fd)) {
        UdpPeer.answer(ring, tcp -> tcp.connect(fd, address.address(), SOCKADDR_IN_SIZE));
        var buffers = ring.provideBuffers(new BufferOptions(2, 64, false, 0, true));
        ring.prepare(buffers.onEvent((buffer, at, length) -> {}))
            .recvMultishot(file.fd(), 0, buffers.group());
        ring.submit();
      }
      return server.accept();
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
