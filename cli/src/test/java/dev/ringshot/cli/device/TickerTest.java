package dev.ringshot.cli.device;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTTY;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.abi.Sqe;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.End;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TickerTest {
  private static final Duration PERIOD = Duration.ofMillis(10);

  private final Scheduler time = Scheduler.virtual(1);
  private final ModelKernel kernel =
      new ModelKernel(time).device("/dev/ticker", new Ticker(time, PERIOD));
  private final Ring ring = Ring.open(kernel, 8);
  private final RingFile file = ring.openFile("/dev/ticker").multishot(Ticker.SUBSCRIBE);
  private final List<Long> ticks = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();

  @AfterEach
  void close() {
    ring.close();
    kernel.close();
  }

  @Test
  void oneCommandTicksOnceAPeriod() {
    subscribe(4);
    ring.run(Duration.ofMillis(105));

    assertEquals(10, ticks.size());
    for (int i = 1; i < 10; i++) {
      assertEquals(PERIOD.toNanos(), ticks.get(i) - ticks.get(i - 1));
    }
    assertEquals(List.of(), ends);
  }

  @Test
  void unsubscribeEndsItAndSaysHowManyThereWere() {
    subscribe(4);
    ring.run(Duration.ofMillis(25));

    assertEquals(1, result(sqe -> sqe.uringCmd(file.fd(), Ticker.UNSUBSCRIBE)));
    assertEquals(List.of(new End.Cancelled()), ends);
    assertEquals(2, ticks.size());
    assertEquals(0, result(sqe -> sqe.uringCmd(file.fd(), Ticker.UNSUBSCRIBE)));
  }

  @Test
  void unsubscribeLeavesOtherOpenFilesAlone() {
    subscribe(4);
    RingFile other = ring.openFile("/dev/ticker");

    assertEquals(0, result(sqe -> sqe.uringCmd(other.fd(), Ticker.UNSUBSCRIBE)));
    ring.run(Duration.ofMillis(25));
    assertEquals(2, ticks.size());
  }

  @Test
  void endsWithoutABufferForATick() {
    var buffers = ring.provideBuffers(2, 64);
    var hoarder = buffers.onEvent((buffer, at, length) -> buffers.keep()).onEnd(ends::add);
    ring.prepare(hoarder).uringCmdMultishot(file.fd(), Ticker.SUBSCRIBE, buffers.group());
    ring.run();

    assertEquals(List.of(new End.OutOfBuffers()), ends);
    assertEquals(2, hoarder.events());
  }

  @Test
  void refusesWhatIsNoMultishotAndWhatItDoesNotKnow() {
    assertEquals(-EINVAL, result(sqe -> sqe.uringCmd(file.fd(), Ticker.SUBSCRIBE)));
    assertEquals(-ENOTTY, result(sqe -> sqe.uringCmd(file.fd(), 99)));
  }

  @Test
  void closingTheRingEndsItWithoutAWord() {
    subscribe(4);
    ring.run(Duration.ofMillis(25));
    ring.close();

    time.advance(Duration.ofSeconds(1));
    assertEquals(2, ticks.size());
    assertEquals(List.of(), ends);
  }

  private void subscribe(int count) {
    var buffers = ring.provideBuffers(count, 64);
    var events =
        buffers
            .onEvent((buffer, at, length) -> ticks.add(buffer.get(JAVA_LONG, at)))
            .onEnd(ends::add);
    ring.prepare(events).uringCmdMultishot(file.fd(), Ticker.SUBSCRIBE, buffers.group());
    ring.submit();
  }

  /// Has one request done; the subscription beside it stays.
  private int result(Consumer<Sqe> verb) {
    var result = new ArrayList<Integer>();
    CqeHandler keep = (res, flags) -> result.add(res);
    verb.accept(ring.prepare(keep));
    while (result.isEmpty()) {
      ring.submitAndWait(1);
      ring.dispatch();
    }
    ring.run(Duration.ZERO);
    return result.getFirst();
  }
}
