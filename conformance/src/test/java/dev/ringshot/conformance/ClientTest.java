package dev.ringshot.conformance;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Socket;
import dev.ringshot.abi.Sqe;
import dev.ringshot.abi.Timespec;
import dev.ringshot.conformance.watch.CheckedKernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.FileOperations;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.Shot;
import dev.ringshot.model.UringCmd;
import dev.ringshot.ring.BufferOptions;
import dev.ringshot.ring.Pause;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingOptions;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The client, with every call it makes and every completion it gets checked.
final class ClientTest {
  private static final int COUNT = 1;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /// Counts, one number an event, as often as it is told to; keeps what it cannot deliver.
  private static final class Counter implements FileOperations {
    private final List<UringCmd> armed = new ArrayList<>();
    private long wanted;
    private long told;

    @Override
    public int uringCmd(UringCmd cmd) {
      armed.add(cmd);
      cmd.onCancel(() -> end(cmd, -ECANCELED));
      cmd.inTask(() -> tell(cmd));
      return -EIOCBQUEUED;
    }

    void more(int count) {
      wanted += count;
      for (var cmd : armed) cmd.inTask(() -> tell(cmd));
    }

    private void tell(UringCmd cmd) {
      while (told < wanted && !cmd.isDone() && !cmd.isRingClosing()) {
        var buffer = cmd.selectBuffer();
        if (buffer.errno() != 0) {
          end(cmd, buffer.errno());
          return;
        }
        buffer.putLong(0, told);
        if (cmd.postMultishotCqe(buffer, Long.BYTES) == Shot.FINISHED) {
          end(cmd, -ENOBUFS);
        } else {
          told++;
        }
      }
    }

    private void end(UringCmd cmd, int res) {
      armed.remove(cmd);
      cmd.done(res);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Release.class,
      names = {"LINUX_6_18", "LINUX_7_3"})
  void keepsTheRulesOnTheModel(Release release) {
    for (long seed = 1; seed <= 100; seed++) {
      var counter = new Counter();
      var options = ModelOptions.DEFAULT.withRelease(release);
      try (var model = new ModelKernel(Scheduler.virtual(seed), options)) {
        count(new CheckedKernel(model.device("/dev/counter", counter)), counter, seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void count(Kernel kernel, Counter counter, long seed) {
    var random = new SplittableRandom(seed);
    var small = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4 << random.nextInt(3));
    var bufferOptions =
        new BufferOptions(1 + random.nextInt(8), 64, random.nextBoolean(), 0, random.nextBoolean());
    try (var ring = Ring.open(kernel, small);
        var file = ring.openFile("/dev/counter").multishot(COUNT);
        var buffers = ring.provideBuffers(bufferOptions)) {
      long[] heard = {0};
      var first =
          buffers.onEvent(
              (buffer, at, length) -> assertEquals(heard[0]++, buffer.get(JAVA_LONG, at)));
      var second =
          buffers.onEvent(
              (buffer, at, length) -> assertEquals(heard[0]++, buffer.get(JAVA_LONG, at)));
      for (var numbers : List.of(first, second)) {
        ring.prepare(numbers.rearmAutomatically())
            .uringCmdMultishot(file.fd(), COUNT, buffers.group());
      }
      for (int i = 0; i < 30; i++) {
        for (int j = random.nextInt(10); j > 0; j--) ring.prepare((res, flags) -> {}).nop();
        counter.more(random.nextInt(20));
        ring.run(Duration.ofMillis(1));
      }
      assertEquals(counter.wanted, heard[0]);
      assertTrue(first.rearms() + second.rearms() > 0);
      ring.cancel(first);
      ring.cancel(second);
      assertEquals(Pause.IDLE, ring.run());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Release.class,
      names = {"LINUX_6_18", "LINUX_7_3"})
  void keepsTheRulesWithBundlesOnTheModel(Release release) {
    for (long seed = 1; seed <= 100; seed++) {
      var options = ModelOptions.DEFAULT.withRelease(release);
      try (var model = new ModelKernel(Scheduler.virtual(seed), options)) {
        bundle(new CheckedKernel(model), seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Tag("linux")
  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsTheRulesWithBundlesOnLinux() {
    for (long seed = 1; seed <= 20; seed++)
      bundle(new CheckedKernel(LinuxKernel.capturing()), seed);
  }

  /// Numbers go through a socket by bundles, out of and into few buffers of odd sizes, in a ring
  /// whose queues overflow.
  private static void bundle(Kernel kernel, long seed) {
    var random = new SplittableRandom(seed);
    var small = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4 << random.nextInt(3));
    var into =
        new BufferOptions(
            1 + random.nextInt(8), 1 + random.nextInt(60), random.nextBoolean(), 0, true);
    try (var ring = Ring.open(kernel, small);
        var in = ring.provideBuffers(into);
        var out = ring.sendBuffers(1 + random.nextInt(8), 1 + random.nextInt(60))) {
      int[] ends = connected(ring, seed);
      long[] count = {0, 0};
      var receives =
          in.onEvent((buffer, at, length) -> {
            for (int i = 0; i < length; i++)
              assertEquals((byte) count[1]++, buffer.get(JAVA_BYTE, at + i));
          });
      var sends = out.onEvent((buffer, at, length) -> {});
      ring.prepare(receives.rearmAutomatically()).recvMultishotBundle(ends[0], 0, in.group(), 0);
      ring.prepare(sends.rearmAutomatically()).sendBundle(ends[1], 0, 0, out.group());
      for (int i = 0; i < 60; i++) {
        for (int j = random.nextInt(10); j > 0; j--) ring.prepare((res, flags) -> {}).nop();
        for (int bid = out.take(); bid >= 0; bid = out.take()) {
          int length = 1 + random.nextInt((int) out.buffer(bid).byteSize());
          for (int k = 0; k < length; k++) out.buffer(bid).set(JAVA_BYTE, k, (byte) count[0]++);
          out.provide(bid, length);
        }
        ring.run(Duration.ofNanos(100_000));
      }
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (count[1] < count[0]) {
        assertTrue(System.nanoTime() < end, "seed " + seed + ": " + count[1] + " of " + count[0]);
        ring.run(Duration.ofNanos(100_000));
      }
      ring.cancel(receives);
      ring.cancel(sends);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(in.count(), in.available());
      assertEquals(0, out.filled() + out.kept());
      assertEquals(0, in.recovered() + in.skippedBytes() + out.recovered());
      for (int fd : ends) answer(ring, s -> s.close(fd));
    }
  }

  /// Two ends of a connection.
  private static int[] connected(Ring ring, long seed) {
    var text = "\0ringshot-client-" + ProcessHandle.current().pid() + "-" + seed;
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    var name = ring.allocate((long) Socket.SUN_PATH + bytes.length);
    name.set(JAVA_SHORT, Socket.SUN_FAMILY, (short) Socket.AF_UNIX);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, name, Socket.SUN_PATH, bytes.length);
    int length = (int) name.byteSize();
    int listener = answer(ring, s -> s.socket(Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 0));
    answer(ring, s -> s.bind(listener, name.address(), length));
    answer(ring, s -> s.listen(listener, 1));
    int far = answer(ring, s -> s.socket(Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 0));
    answer(ring, s -> s.connect(far, name.address(), length));
    int near = answer(ring, s -> s.accept(listener, 0, 0, 0));
    answer(ring, s -> s.close(listener));
    return new int[] {near, far};
  }

  private static int answer(Ring ring, Consumer<Sqe> request) {
    int[] answer = {-1};
    request.accept(ring.prepare((res, flags) -> answer[0] = res));
    assertEquals(Pause.IDLE, ring.run());
    assertTrue(answer[0] >= 0, "result " + answer[0]);
    return answer[0];
  }

  @Tag("linux")
  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsTheRulesOnLinux() {
    var small = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    try (var ring = Ring.open(new CheckedKernel(LinuxKernel.capturing()), small);
        var file = ring.openFile("/dev/zero");
        var buffers = ring.provideBuffers(4, 64)) {
      int[] heard = {0};
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 1_000);
      for (int i = 0; i < 100; i++) {
        ring.prepare((res, flags) -> heard[0]++).timeout(time.address(), 0, 0);
        ring.prepare((res, flags) -> heard[0]++).nop();
        var zeros = buffers.onEvent((buffer, at, length) -> heard[0]++);
        ring.prepare(zeros).read(file.fd(), 0, 64, 0).bufferSelect(buffers.group());
        ring.wake();
        while (ring.inFlight() > 0) ring.run();
      }
      assertEquals(300, heard[0]);
      assertEquals(4, buffers.available());
    }
  }
}
