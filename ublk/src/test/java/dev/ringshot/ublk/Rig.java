package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BioOp;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.model.ublk.UblkDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A kernel of the model with the ublk driver, a server on it, and who reads and writes its disk:
/// all on one thread, in virtual time.
final class Rig implements AutoCloseable {
  private static final int STEPS_MAX = 1_000_000;

  final Scheduler time;
  final ModelKernel kernel;
  final UblkDriver driver;
  private @Nullable UblkServer server;

  Rig(long seed) {
    this(seed, ModelOptions.DEFAULT);
  }

  Rig(long seed, ModelOptions options) {
    time = Scheduler.virtual(seed);
    kernel = new ModelKernel(time, options);
    driver = UblkDriver.addTo(kernel);
  }

  /// Options for this process and this rig's clock: small, and without partitions.
  ServerOptions options() {
    return ServerOptions.of(ProcessHandle.current().pid())
        .withQueues(1, 8)
        .withMaxIoSize(64 << 10)
        .withNanoTime(time::nanoTime);
  }

  UblkServer serve(BlockTarget target, ServerOptions options) {
    var added = new UblkServer(kernel, target, options);
    server = added;
    runUntil(() -> added.state() == UblkServer.State.LIVE);
    return added;
  }

  UblkServer recover(BlockTarget target, ServerOptions options) {
    var recovered = UblkServer.recover(kernel, target, options, Troubles.SILENT);
    server = recovered;
    runUntil(() -> recovered.state() == UblkServer.State.LIVE);
    return recovered;
  }

  void drives(UblkServer other) {
    server = other;
  }

  UblkServer server() {
    return Objects.requireNonNull(server);
  }

  /// Lets everything go on until `isReached`.
  void runUntil(BooleanSupplier isReached) {
    for (int i = 0; !isReached.getAsBoolean(); i++) {
      assertTrue(i < STEPS_MAX, () -> "stuck: " + (server == null ? "" : server.describe()));
      UblkServer driven = server;
      if (driven != null) {
        driven.stepAll();
        RuntimeException failure = driven.failure();
        if (failure != null && !isReached.getAsBoolean()) throw failure;
      }
      time.step();
    }
  }

  /// Lets everything go on for so many steps.
  void run(int steps) {
    int[] left = {steps};
    runUntil(() -> left[0]-- == 0);
  }

  /// Stops the server and has it end.
  void stop() {
    server().stop();
    runUntil(() -> server().state() == UblkServer.State.ENDED);
  }

  /// The server dies, with everything that it had.
  void kill() {
    server().close();
    server = null;
  }

  BlockDevice disk() {
    return Objects.requireNonNull(driver.disk(0));
  }

  // ---- Requests

  /// A request under way.
  static final class Io implements Bio.End {
    private int errno = -1;

    @Override
    public void ended(Bio bio, int errno) {
      this.errno = errno;
    }

    boolean hasEnded() {
      return errno >= 0;
    }

    int errno() {
      return errno;
    }
  }

  static MemorySegment bytes(int length, int seed) {
    MemorySegment bytes = Arena.ofAuto().allocate(length);
    for (int i = 0; i < length; i++) {
      bytes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + seed + (i >> 8)));
    }
    return bytes;
  }

  Io beginWrite(long offset, MemorySegment data) {
    Io io = new Io();
    disk().submit(Bio.write(offset, data, 0, io));
    return io;
  }

  Io beginRead(long offset, MemorySegment data) {
    Io io = new Io();
    disk().submit(Bio.read(offset, data, io));
    return io;
  }

  int errno(Io io) {
    runUntil(io::hasEnded);
    return io.errno();
  }

  int write(long offset, MemorySegment data) {
    return errno(beginWrite(offset, data));
  }

  int read(long offset, MemorySegment data) {
    return errno(beginRead(offset, data));
  }

  int range(BioOp op, long offset, long length) {
    Io io = new Io();
    disk()
        .submit(
            switch (op) {
              case DISCARD -> Bio.discard(offset, length, io);
              case WRITE_ZEROES -> Bio.writeZeroes(offset, length, 0, io);
              case FLUSH -> Bio.flush(io);
              case READ, WRITE -> throw new IllegalArgumentException(op.name());
            });
    return errno(io);
  }

  void assertReads(long offset, MemorySegment expected) {
    MemorySegment read = Arena.ofAuto().allocate(expected.byteSize());
    assertEquals(0, read(offset, read));
    assertEquals(-1, read.mismatch(expected));
  }

  List<Io> writeMany(int count, int length) {
    List<Io> all = new ArrayList<>();
    for (int i = 0; i < count; i++) all.add(beginWrite((long) i * length, bytes(length, i)));
    return all;
  }

  QueueStatistics statistics(int queue) {
    return server().queues().get(queue).statistics();
  }

  @Override
  public void close() {
    if (server != null) server.close();
    kernel.close();
  }
}
