package dev.ringshot.conformance.watch;

import static dev.ringshot.conformance.rig.Completion.cqe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.TestKernels;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracingKernelTest {
  @Test
  void writesCallsWithTheirEntriesInStracesNotation() {
    List<String> lines = new ArrayList<>();
    try (Platform platform = TestKernels.any();
        var rig = new Rig(platform, new TracingKernel(platform.kernel(), lines::add))) {
      RawRing ring = rig.ring(4, IoUring.IORING_SETUP_SUBMIT_ALL);
      int zero = rig.open("/dev/zero", Fcntl.O_RDONLY);
      lines.clear();
      ring.sqe(7).uringCmdMultishot(zero, 0x12, 3);
      ring.expect(cqe(7, -95));
      ring.enter(0, 0, 1 << 20);
      String enter = "io_uring_enter(" + ring.fd() + ", ";
      assertEquals(
          List.of(
              enter + "1, 0, 0, NULL, 0) = 1",
              "  sqe {opcode=IORING_OP_URING_CMD, flags=IOSQE_BUFFER_SELECT, fd="
                  + zero
                  + ", cmd_op=0x12, uring_cmd_flags=IORING_URING_CMD_MULTISHOT, buf_group=3,"
                  + " user_data=7}",
              "  cqe {user_data=7 res=-EOPNOTSUPP flags=0}",
              enter + "0, 0, 0x100000, NULL, 0) = -1 EINVAL"),
          lines);
    }
  }

  @Test
  void writesSetupWithItsFlags() {
    List<String> lines = new ArrayList<>();
    try (Platform platform = TestKernels.any();
        var rig = new Rig(platform, new TracingKernel(platform.kernel(), lines::add))) {
      RawRing ring = rig.ring(4, IoUring.IORING_SETUP_SUBMIT_ALL);
      String setup =
          "io_uring_setup(4, {flags=IORING_SETUP_SUBMIT_ALL, sq_entries=4, cq_entries=8}) = ";
      assertTrue(lines.contains(setup + ring.fd()), lines.toString());
    }
  }

  @Test
  void namesFlagsAndRegisterOpcodes() {
    List<String> lines = new ArrayList<>();
    try (Platform platform = TestKernels.any();
        var rig = new Rig(platform, new TracingKernel(platform.kernel(), lines::add))) {
      RawRing ring = rig.ring(4);
      lines.clear();
      ring.sqe(1).uringCmd(0, 0).fixedFile();
      ring.expect(cqe(1, -9));
      assertTrue(lines.get(1).contains("flags=IOSQE_FIXED_FILE, fd=0"), lines.get(1));
      lines.clear();
      ring.register(IoUring.IORING_UNREGISTER_BUFFERS, 0, 0);
      ring.register(IoUring.IORING_REGISTER_FILES, 0, 1);
      String register = "io_uring_register(" + ring.fd() + ", ";
      assertTrue(lines.get(0).startsWith(register + "IORING_UNREGISTER_BUFFERS, "), lines.get(0));
      assertTrue(lines.get(1).startsWith(register + "IORING_REGISTER_FILES, "), lines.get(1));
    }
  }
}
