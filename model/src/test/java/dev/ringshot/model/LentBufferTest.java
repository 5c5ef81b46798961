package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS2;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS_UPDATE;
import static dev.ringshot.abi.IoUring.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_FIXED;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.abi.RsrcUpdate;
import dev.ringshot.model.TestRing.Completion;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Memory of a driver's in a ring's table of buffers, as zero copy needs it.
class LentBufferTest {
  private static final int READ_WRITE = Kernel.PROT_READ | Kernel.PROT_WRITE;
  private static final int LEND_TO_FILL = 1;
  private static final int LEND_TO_TAKE = 2;
  private static final int TAKE_BACK = 3;
  private static final int IMPORT = 4;
  private static final int SLOTS = 4;

  private final MemorySegment lent = MemorySegment.ofArray(new byte[64]);
  private int releases;
  private final ModelKernel kernel =
      new ModelKernel(Scheduler.virtual(5)).device("/dev/lender", new Lender());
  private final TestRing ring = new TestRing(kernel, 8, 0);
  private int lender;
  private int zero;

  /// Its commands name a slot in `len`.
  private final class Lender implements FileOperations {
    @Override
    public int uringCmd(UringCmd cmd) {
      return switch (cmd.op()) {
        case LEND_TO_FILL -> cmd.lendBuffer(cmd.len(), lent, () -> releases++);
        case LEND_TO_TAKE -> cmd.lendBuffer(cmd.len(), lent.asReadOnly(), () -> releases++);
        case TAKE_BACK -> cmd.takeBackBuffer(cmd.len());
        case IMPORT -> {
          var part = cmd.importFixed(cmd.addr(), cmd.len(), true);
          if (part == null) yield -EFAULT;
          yield (int) part.fill((byte) 9).byteSize();
        }
        default -> -EINVAL;
      };
    }
  }

  @BeforeEach
  void register() {
    lender = kernel.open("/dev/lender", Fcntl.O_RDWR);
    zero = kernel.open("/dev/zero", Fcntl.O_RDWR);
    MemorySegment table = kernel.map(-1, 0, RsrcRegister.SIZE, READ_WRITE);
    table.set(JAVA_INT, RsrcRegister.NR, SLOTS);
    table.set(JAVA_INT, RsrcRegister.FLAGS, IORING_RSRC_REGISTER_SPARSE);
    assertEquals(
        0, kernel.register(ring.fd, IORING_REGISTER_BUFFERS2, table.address(), RsrcRegister.SIZE));
  }

  @AfterEach
  void close() {
    ring.close();
    kernel.close();
  }

  private int command(int op, int slot) {
    ring.sqe(1).uringCmd(lender, op).len(slot);
    return result();
  }

  private int result() {
    assertEquals(1, ring.submit(1));
    assertEquals(0, ring.await(1));
    List<Completion> completions = ring.reap();
    assertEquals(1, completions.size());
    return completions.getFirst().res();
  }

  @Test
  void programReadsIntoMemoryOfTheDriver() {
    lent.fill((byte) 7);
    assertEquals(0, command(LEND_TO_FILL, 2));
    ring.sqe(2).readFixed(zero, 8, 16, 0, 2); // addresses begin at 0
    assertEquals(16, result());
    assertEquals(7, lent.get(JAVA_BYTE, 7));
    assertEquals(0, lent.get(JAVA_BYTE, 8));
    assertEquals(0, lent.get(JAVA_BYTE, 23));
    assertEquals(7, lent.get(JAVA_BYTE, 24));
    ring.sqe(3).readFixed(zero, 60, 8, 0, 2);
    assertEquals(-EFAULT, result());
    ring.sqe(4).writeFixed(zero, 0, 8, 0, 2); // nothing is there to be taken
    assertEquals(-EFAULT, result());
  }

  @Test
  void programWritesFromMemoryOfTheDriver() {
    assertEquals(0, command(LEND_TO_TAKE, 0));
    ring.sqe(2).writeFixed(zero, 0, 64, 0, 0);
    assertEquals(64, result());
    ring.sqe(3).readFixed(zero, 0, 8, 0, 0);
    assertEquals(-EFAULT, result());
  }

  @Test
  void slotsAreCheckedBothWays() {
    assertEquals(-EINVAL, command(LEND_TO_FILL, SLOTS));
    assertEquals(-EINVAL, command(LEND_TO_FILL, -1));
    assertEquals(-EINVAL, command(TAKE_BACK, 1));
    assertEquals(-EINVAL, command(TAKE_BACK, SLOTS));
    assertEquals(0, command(LEND_TO_FILL, 1));
    assertEquals(-EBUSY, command(LEND_TO_FILL, 1));
    assertEquals(0, command(TAKE_BACK, 1));
    assertEquals(1, releases);
    fillSlot(3);
    assertEquals(-EBUSY, command(LEND_TO_FILL, 3));
    assertEquals(-EBUSY, command(TAKE_BACK, 3));
  }

  private MemorySegment fillSlot(int slot) {
    MemorySegment memory = kernel.map(-1, 0, 4096, READ_WRITE);
    MemorySegment update = kernel.map(-1, 0, 4096, READ_WRITE);
    long vector = RsrcUpdate.SIZE;
    update.set(JAVA_LONG, vector + Iovec.IOV_BASE, memory.address());
    update.set(JAVA_LONG, vector + Iovec.IOV_LEN, memory.byteSize());
    update.set(JAVA_INT, RsrcUpdate.OFFSET, slot);
    update.set(JAVA_LONG, RsrcUpdate.DATA, update.address() + vector);
    update.set(JAVA_INT, RsrcUpdate.NR, 1);
    assertEquals(
        1,
        kernel.register(
            ring.fd, IORING_REGISTER_BUFFERS_UPDATE, update.address(), RsrcUpdate.SIZE));
    return memory;
  }

  @Test
  void memoryIsReleasedWhenTheLastRequestOnItEnds() {
    int eventfd = kernel.eventfd(0, 0);
    assertEquals(0, command(LEND_TO_FILL, 0));
    ring.sqe(2).readFixed(eventfd, 0, 8, 0, 0);
    assertEquals(1, ring.submit(1));
    assertEquals(0, command(TAKE_BACK, 0));
    assertEquals(0, releases);
    MemorySegment one = kernel.map(-1, 0, 8, READ_WRITE);
    one.set(JAVA_LONG, 0, 1);
    assertEquals(8, kernel.write(eventfd, one.address(), 8));
    assertEquals(0, ring.await(1));
    assertEquals(List.of(new Completion(2, 8, 0)), ring.reap());
    assertEquals(1, releases);
  }

  @Test
  void endOfTheRingReleasesWhatIsLent() {
    assertEquals(0, command(LEND_TO_FILL, 0));
    ring.close();
    assertEquals(1, releases);
  }

  @Test
  void commandReachesTheRegisteredBufferThatItNames() {
    MemorySegment memory = fillSlot(1);
    ring.sqe(2).uringCmd(lender, IMPORT).addr(memory.address() + 8).len(4).bufIndex(1);
    assertEquals(-EFAULT, result()); // it does not say so
    ring.sqe(3)
        .uringCmd(lender, IMPORT)
        .uringCmdFlags(IORING_URING_CMD_FIXED)
        .addr(memory.address() + 8)
        .len(4)
        .bufIndex(1);
    assertEquals(4, result());
    assertEquals(9, memory.get(JAVA_BYTE, 11));
    assertEquals(0, memory.get(JAVA_BYTE, 12));
    ring.sqe(4)
        .uringCmd(lender, IMPORT)
        .uringCmdFlags(IORING_URING_CMD_FIXED)
        .addr(memory.address() + 4094)
        .len(4)
        .bufIndex(1);
    assertEquals(-EFAULT, result());
  }
}
