package dev.ringshot.conformance.watch;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.FilesUpdate;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Restriction;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.rig.LinuxPlatform;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.linux.LinuxKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// Nothing here reaches the kernel that could stay in it: what the guard refuses is never
/// submitted.
@EnabledIf("dev.ringshot.conformance.TestKernels#hasLinux")
class GuardedKernelTest {
  private static Rig rig(Platform platform) {
    Kernel counted = new GuardedKernel(LinuxKernel.capturing());
    return new Rig(platform, counted);
  }

  @Test
  void refusesWhatADriverMightKeepForEver() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      ring.sqe(1).uringCmdMultishot(t.open("/dev/null", Fcntl.O_RDWR), 0, 1);
      var refusal = assertThrows(IllegalStateException.class, ring::submit);
      assertTrue(String.valueOf(refusal.getMessage()).contains("/dev/null"));
      assertEquals(0, ring.sqHead());
    }
  }

  @Test
  void refusesOtherSocketCommands() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      int socket = t.socketPair(Socket.SOCK_DGRAM).near();
      ring.sqe(1).uringCmdMultishot(socket, IoUring.SOCKET_URING_OP_SIOCINQ, 1);
      assertThrows(IllegalStateException.class, ring::submit);
      assertEquals(0, ring.sqHead());
    }
  }

  @Test
  void refusesRegisteredFiles() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      ring.sqe(1).uringCmdMultishot(0, 0, 1).fixedFile();
      assertThrows(IllegalStateException.class, ring::submit);
      assertEquals(0, ring.sqHead());
    }
  }

  @Test
  void refusesDescriptorsThatMayBeOpenByThen() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      ring.sqe(1).uringCmdMultishot(9999, 0, 1);
      assertThrows(IllegalStateException.class, ring::submit);
      assertEquals(0, ring.sqHead());
    }
  }

  @Test
  void refusesToSubmitWhatItCannotSee() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      ring.sqe(1).nop();
      ring.publish();
      ring.unmap();
      assertThrows(IllegalStateException.class, () -> ring.enter(1, 0, 0));
      t.kernel().close(ring.fd());
    }
  }

  @Test
  void refusesThroughARegisteredIndexToo() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      MemorySegment update = t.memory((long) FilesUpdate.SIZE);
      update.set(ValueLayout.JAVA_INT, FilesUpdate.OFFSET, -1);
      update.set(ValueLayout.JAVA_LONG, FilesUpdate.FDS, ring.fd());
      int result = ring.register(IoUring.IORING_REGISTER_RING_FDS, update.address(), 1);
      assertEquals(1, result);
      int index = update.get(ValueLayout.JAVA_INT, FilesUpdate.OFFSET);
      ring.sqe(1).uringCmdMultishot(t.open("/dev/null", Fcntl.O_RDWR), 0, 1);
      ring.publish();
      ring.closeDescriptor();
      int flags = IoUring.IORING_ENTER_REGISTERED_RING;
      assertThrows(IllegalStateException.class, () -> t.kernel().enter(index, 1, 0, flags, 0, 0));
      ring.unmap();
      int unregister =
          IoUring.IORING_UNREGISTER_RING_FDS | IoUring.IORING_REGISTER_USE_REGISTERED_RING;
      update.set(ValueLayout.JAVA_LONG, FilesUpdate.FDS, 0);
      assertEquals(1, t.kernel().register(index, unregister, update.address(), 1));
    }
  }

  @Test
  void admitsFilesWithoutHandlerAndTimestamps() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      ring.sqe(1).uringCmdMultishot(t.open("/dev/zero", Fcntl.O_RDWR), 0, 1);
      ring.sqe(2).txTimestamps(t.socketPair(Socket.SOCK_DGRAM).near(), 1);
      ring.expect(cqe(1, -EOPNOTSUPP), cqe(2, -EINVAL)); // 16-byte CQEs cannot hold a timestamp
    }
  }

  @Test
  void admitsSingleShotCommands() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      RawRing ring = t.ring(4);
      ring.sqe(1).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0);
      ring.expect(cqe(1, 0));
    }
  }

  @Test
  void refusesRingsThatSubmitWithoutEnter() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      assertThrows(IllegalStateException.class, () -> t.ring(4, IoUring.IORING_SETUP_SQPOLL));
    }
  }

  @Test
  void refusesToEnableAPollingRingThatMaySubmitCommands() {
    try (Platform platform = new LinuxPlatform();
        Rig t = rig(platform)) {
      int flags = IoUring.IORING_SETUP_SQPOLL | IoUring.IORING_SETUP_R_DISABLED;
      RawRing free = t.ring(4, flags);
      assertThrows(IllegalStateException.class, () -> enable(free));
      RawRing commands = t.ring(4, flags);
      assertEquals(0, admit(t, commands, IoUring.IORING_OP_URING_CMD));
      assertThrows(IllegalStateException.class, () -> enable(commands));
      RawRing harmless = t.ring(4, flags);
      assertEquals(0, admit(t, harmless, IoUring.IORING_OP_NOP));
      assertEquals(0, enable(harmless));
    }
  }

  private static int enable(RawRing ring) {
    return ring.register(IoUring.IORING_REGISTER_ENABLE_RINGS, 0, 0);
  }

  private static int admit(Rig t, RawRing ring, int opcode) {
    MemorySegment entry = t.memory((long) Restriction.SIZE);
    entry.set(
        ValueLayout.JAVA_SHORT, Restriction.OPCODE, (short) IoUring.IORING_RESTRICTION_SQE_OP);
    entry.set(ValueLayout.JAVA_BYTE, Restriction.SQE_OP, (byte) opcode);
    return ring.register(IoUring.IORING_REGISTER_RESTRICTIONS, entry.address(), 1);
  }
}
