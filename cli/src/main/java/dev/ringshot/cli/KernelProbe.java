package dev.ringshot.cli;

import static dev.ringshot.abi.IoUring.IORING_OP_LAST;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PROBE;
import static dev.ringshot.abi.IoUring.IO_URING_OP_SUPPORTED;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Probe;
import dev.ringshot.abi.RingParams;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// What a kernel says about itself through the seam.
///
/// @param setupErrno why there is no ring, or 0; then all else is empty
/// @param features the bits `IORING_FEAT_*`
/// @param opcodes those it supports
/// @param lastOpcode the highest it knows
record KernelProbe(int setupErrno, int features, List<Integer> opcodes, int lastOpcode) {
  private static final int PAGE = 4096;
  private static final int OPCODES_MAX = 256;

  static KernelProbe of(Kernel kernel) {
    MemorySegment memory = kernel.map(-1, 0, PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE);
    try {
      var params = new RingParams().at(memory, 0).clear();
      int ring = kernel.setup(8, memory.address());
      if (ring < 0) return new KernelProbe(-ring, 0, List.of(), -1);
      int features = params.features();
      try {
        return ofOpcodes(kernel, ring, features, memory);
      } finally {
        kernel.close(ring);
      }
    } finally {
      kernel.unmap(memory);
    }
  }

  private static KernelProbe ofOpcodes(
      Kernel kernel, int ring, int features, MemorySegment memory) {
    memory.fill((byte) 0);
    var opcodes = new ArrayList<Integer>();
    if (kernel.register(ring, IORING_REGISTER_PROBE, memory.address(), OPCODES_MAX) < 0) {
      return new KernelProbe(
          0, features, opcodes, -1); // before Linux 5.6: all it could say is in the features
    }
    int count = Byte.toUnsignedInt(memory.get(JAVA_BYTE, Probe.OPS_LEN));
    for (int i = 0; i < count; i++) {
      long at = Probe.OPS + (long) i * Probe.OP_SIZE;
      boolean supported =
          (memory.get(JAVA_SHORT, at + Probe.OP_FLAGS) & IO_URING_OP_SUPPORTED) != 0;
      if (supported) opcodes.add(Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + Probe.OP)));
    }
    return new KernelProbe(
        0, features, opcodes, Byte.toUnsignedInt(memory.get(JAVA_BYTE, Probe.LAST_OP)));
  }

  /// The opcodes of Linux 7.3 that this kernel does not support.
  List<Integer> missingOpcodes() {
    var missing = new ArrayList<Integer>();
    for (int op = 0; op < IORING_OP_LAST; op++) if (!opcodes.contains(op)) missing.add(op);
    return missing;
  }
}
