package dev.ringshot.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.ringshot.abi.Cqe;
import dev.ringshot.cli.device.Nic;
import dev.ringshot.cli.device.Ticker;
import dev.ringshot.model.FileOperations;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.BufferRing;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.End;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingFile;
import dev.ringshot.ring.Subscription;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// A multishot command to a device of the model, in real time: arms it, prints its completions,
/// arms it again when it ran out of buffers, and ends it by the device's own command.
final class DeviceEvents {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int NIC_QUEUES = 4;
  private static final long NIC_SEED = 1;
  private static final int BUFFERS = 64;
  private static final int BUFFER_BYTES = 64;

  /// What an event says, in a person's words.
  private interface Words {
    String of(MemorySegment buffer, long offset);
  }

  /// What there is to know of a device.
  ///
  /// @param arm the multishot command
  /// @param payload its first 4 bytes of payload
  /// @param stop the command that ends it
  private record Device(
      String path, FileOperations driver, int arm, int payload, int stop, Words words) {}

  private final Ring ring;
  private final RingFile file;
  private final Device device;
  private final int count;
  private final EventLog log;
  private final Subscription events;
  private final int group;
  private int flags;
  private boolean isStopping;
  private End end = new End.Finished(0);

  private DeviceEvents(Ring ring, Device device, int count, EventLog log) {
    this.ring = ring;
    this.device = device;
    this.count = count;
    this.log = log;
    file = ring.openFile(device.path).multishot(device.arm);
    BufferRing buffers = ring.provideBuffers(BUFFERS, BUFFER_BYTES);
    group = buffers.group();
    events = buffers.onEvent(this::event).onCompletion(this::complete).onEnd(this::ended);
  }

  static End ofTicker(int count, EventLog log) {
    var time = Scheduler.real();
    long start = time.nanoTime();
    Words words =
        (buffer, at) ->
            "tick at %.1f ms".formatted((buffer.get(JAVA_LONG_UNALIGNED, at) - start) / 1e6);
    return run(
        time,
        new Device(
            "/dev/ticker", new Ticker(time, TICK), Ticker.SUBSCRIBE, 0, Ticker.UNSUBSCRIBE, words),
        count,
        log);
  }

  static End ofNic(int count, EventLog log) {
    var time = Scheduler.real();
    var nic = new Nic(time, NIC_QUEUES, NIC_SEED);
    return run(
        time,
        new Device("/dev/nic", nic, Nic.LISTEN, Nic.ALL_QUEUES, Nic.STOP, DeviceEvents::frame),
        count,
        log);
  }

  private static String frame(MemorySegment buffer, long at) {
    int queue = buffer.get(JAVA_INT_UNALIGNED, at);
    int length = buffer.get(JAVA_INT_UNALIGNED, at + 4);
    long number = buffer.get(JAVA_LONG_UNALIGNED, at + 8);
    return "queue %d, frame %d, %d bytes".formatted(queue, number, length);
  }

  private static End run(Scheduler time, Device device, int count, EventLog log) {
    try (var kernel = new ModelKernel(time).device(device.path, device.driver);
        var ring = Ring.open(kernel, 64)) {
      return new DeviceEvents(ring, device, count, log).run();
    }
  }

  private End run() {
    log.title("command %d of %s, multishot, on the model".formatted(device.arm, device.path));
    ring.prepare(events).uringCmdMultishot(file.fd(), device.arm, group).cmdInt(0, device.payload);
    log.armed();
    ring.run();
    if (!isStopping) throw new EventsFailed(end, "the command ended early: " + end);
    return end;
  }

  private void complete(int res, int flags) {
    this.flags = flags;
    log.submissions(1 + events.rearms());
    if (Cqe.hasBuffer(flags)) return; // the event follows
    log.completion(res, flags, "the last completion");
  }

  private void event(MemorySegment buffer, long offset, int length) {
    if (isStopping) return;
    log.completion(length, flags, device.words.of(buffer, offset));
    if (log.events() == count) stop();
  }

  private void stop() {
    isStopping = true;
    CqeHandler ignore = (res, flags) -> {};
    ring.prepare(ignore).uringCmd(file.fd(), device.stop);
  }

  private void ended(End how) {
    end = how;
    if (!isStopping && how instanceof End.OutOfBuffers) events.rearm();
  }
}
