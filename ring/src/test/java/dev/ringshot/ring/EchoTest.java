package dev.ringshot.ring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Socket;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A server and its clients on one ring: a multishot accept, a multishot receive for each
/// connection, and every number sent back. The same program on both kernels.
final class EchoTest {
  private static final int CLIENTS = 3;
  private static final int NUMBERS = 50;

  private final List<Long> echoed = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private final List<Subscription> receives = new ArrayList<>();

  @Test
  void everyNumberComesBackOnTheModel() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      everyNumberComesBack(kernel);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void everyNumberComesBackOnLinux() {
    everyNumberComesBack(new LinuxKernel());
  }

  private void everyNumberComesBack(Kernel kernel) {
    try (var ring = Ring.open(kernel, 64);
        var buffers = ring.provideBuffers(2, Long.BYTES)) {
      var name = name(ring);
      int length = (int) name.byteSize();
      int listener = socket(ring);
      ring.prepare(EchoTest::succeed).bind(listener, name.address(), length);
      ring.run();
      ring.prepare(EchoTest::succeed).listen(listener, CLIENTS);
      ring.run();
      int[] clients = new int[CLIENTS];
      for (int client = 0; client < CLIENTS; client++) clients[client] = socket(ring);
      var accepts = ring.subscription();
      accepts.onCompletion((res, flags) -> {
        if (res >= 0) serve(ring, buffers, res);
      });
      ring.prepare(accepts).multishotAccept(listener, 0, 0, 0);
      for (int client = 0; client < CLIENTS; client++) {
        int fd = clients[client];
        long first = (long) client * NUMBERS;
        on(ring, res -> talk(ring, fd, first)).connect(fd, name.address(), length);
      }
      while (ends.size() < CLIENTS) {
        ring.submitAndWait(1);
        ring.dispatch();
      }
      ring.cancel(accepts);
      ring.run();
      assertEquals(CLIENTS * NUMBERS, echoed.size());
      for (long number = 0; number < echoed.size(); number++) assertTrue(echoed.contains(number));
      for (var end : ends) assertEquals(new End.Finished(0), end);
      long rearms = receives.stream().mapToLong(Subscription::rearms).sum();
      assertTrue(rearms > 0, "two buffers do not last, and the receives go on");
      assertEquals(2, buffers.available());
    }
  }

  /// Sends back whatever comes, until the peer says that it is done.
  private void serve(Ring ring, BufferRing buffers, int fd) {
    var copies = ring.allocate((long) NUMBERS * Long.BYTES);
    long[] count = {0};
    var receive =
        buffers.onEvent((buffer, offset, length) -> {
          var copy = copies.asSlice(count[0]++ * Long.BYTES, length);
          copy.copyFrom(buffer.asSlice(offset, length));
          on(ring, res -> assertEquals(length, res)).send(fd, copy, 0);
        });
    receives.add(receive.rearmAutomatically().onEnd(ends::add));
    ring.prepare(receive).recvMultishot(fd, 0, buffers.group());
  }

  /// Sends all numbers at once, then takes what comes back.
  private void talk(Ring ring, int fd, long first) {
    var out = ring.allocate((long) NUMBERS * Long.BYTES);
    for (int i = 0; i < NUMBERS; i++) out.setAtIndex(JAVA_LONG, i, first + i);
    on(ring, res -> assertEquals(out.byteSize(), res)).send(fd, out, 0);
    var in = ring.allocate(out.byteSize());
    on(
            ring,
            res -> {
              assertEquals(in.byteSize(), res);
              for (int i = 0; i < NUMBERS; i++) echoed.add(in.getAtIndex(JAVA_LONG, i));
              ring.prepare(EchoTest::succeed).shutdown(fd, Socket.SHUT_WR);
            })
        .recv(fd, in, Socket.MSG_WAITALL);
  }

  private static dev.ringshot.abi.Sqe on(Ring ring, IntConsumer done) {
    return ring.prepare((res, flags) -> done.accept(res));
  }

  private static void succeed(int res, int flags) {
    assertEquals(0, res);
  }

  private static int socket(Ring ring) {
    int[] fd = {0};
    on(ring, res -> fd[0] = res).socket(Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 0);
    ring.run();
    assertTrue(fd[0] >= 0);
    return fd[0];
  }

  /// An abstract name that no other process has.
  private static MemorySegment name(Ring ring) {
    var text = "\0ringshot-echo-" + ProcessHandle.current().pid();
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    var name = ring.allocate((long) Socket.SUN_PATH + bytes.length);
    name.set(JAVA_SHORT, Socket.SUN_FAMILY, (short) Socket.AF_UNIX);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, name, Socket.SUN_PATH, bytes.length);
    return name;
  }
}
