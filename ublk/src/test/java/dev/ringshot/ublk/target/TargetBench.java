package dev.ringshot.ublk.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A target alone, without a driver: requests of one tag, on one ring.
final class TargetBench implements AutoCloseable {
  final Ring ring;
  final BlockTarget target;
  private final MemorySegment memory;
  private final int[] result = {Integer.MIN_VALUE};
  private final BlockRequest request = new BlockRequest((ended, res) -> result[0] = res, 0, 0);

  TargetBench(Kernel kernel, BlockTarget target) {
    ring = Ring.open(kernel, 16);
    this.target = target;
    memory = ring.allocate(1 << 20);
    target.open(1, 1);
    target.attach(0, ring);
  }

  int run(BlockOp op, int flags, long offset, int length) {
    result[0] = Integer.MIN_VALUE;
    target.submit(request.begin(op, flags, offset, length, memory, 0), ring);
    ring.run();
    assertTrue(result[0] != Integer.MIN_VALUE, () -> request + " has not ended");
    return result[0];
  }

  int run(BlockOp op, long offset, int length) {
    return run(op, 0, offset, length);
  }

  void write(long offset, int length, int value) {
    memory.asSlice(0, length).fill((byte) value);
    assertEquals(length, run(BlockOp.WRITE, offset, length));
  }

  /// Claims that every byte of a range has the value.
  void assertReads(long offset, int length, int value) {
    memory.asSlice(0, length).fill((byte) ~value);
    assertEquals(length, run(BlockOp.READ, offset, length));
    for (int i = 0; i < length; i++) {
      assertEquals((byte) value, memory.get(ValueLayout.JAVA_BYTE, i), "at " + (offset + i));
    }
  }

  @Override
  public void close() {
    ring.close();
    target.close();
  }
}
