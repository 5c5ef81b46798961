package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUFFER;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE128;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.ublk.BatchIo;
import dev.ringshot.abi.ublk.CtrlCmd;
import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.IoCmd;
import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.abi.ublk.Params;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A ublk server of one queue, by its bytes: keeps a small disk in memory, and remembers what it
/// was asked.
final class UblkTestServer implements AutoCloseable {
  static final int IO_BYTES = 1 << 14;
  static final int SIZE = 1 << 20;
  private static final int PAGE = 4096;
  private static final int FETCH = 1 << 16;
  private static final int COMMIT = 1 << 17;

  /// One request as it came.
  record Asked(int op, int flags, long sector, int sectors) {}

  final List<Asked> asked = new ArrayList<>();
  final byte[] store = new byte[SIZE];
  final TestRing control;
  private final ModelKernel kernel;
  private final int controlFd;
  private final boolean batch;
  private final int depth;
  private final MemorySegment argument;
  private final MemorySegment buffers;
  private final MemorySegment elements;
  final int id;
  private TestRing ring;
  private int charFd;
  private MemorySegment descriptors = MemorySegment.NULL;
  private MemorySegment tagBuffers = MemorySegment.NULL;

  UblkTestServer(ModelKernel kernel, long flags, int depth, int attributes) {
    this.kernel = kernel;
    this.batch = (flags & UBLK_F_BATCH_IO) != 0;
    this.depth = depth;
    this.control = new TestRing(kernel, 4, IORING_SETUP_SQE128);
    this.controlFd = kernel.open("/dev/ublk-control", Fcntl.O_RDWR);
    this.argument = kernel.map(-1, 0, PAGE, TestRing.READ_WRITE);
    this.buffers = kernel.map(-1, 0, (long) depth * IO_BYTES, TestRing.READ_WRITE);
    this.elements = kernel.map(-1, 0, 16L * depth, TestRing.READ_WRITE);
    argument.set(JAVA_SHORT, DevInfo.NR_HW_QUEUES, (short) 1);
    argument.set(JAVA_SHORT, DevInfo.QUEUE_DEPTH, (short) depth);
    argument.set(JAVA_INT, DevInfo.MAX_IO_BUF_BYTES, IO_BYTES);
    argument.set(JAVA_INT, DevInfo.DEV_ID, -1);
    argument.set(JAVA_LONG, DevInfo.FLAGS, flags);
    require(command(UBLK_U_CMD_ADD_DEV, -1, DevInfo.SIZE, 0));
    this.id = argument.get(JAVA_INT, DevInfo.DEV_ID);
    argument.fill((byte) 0);
    argument.set(JAVA_INT, Params.LEN, Params.SIZE);
    argument.set(JAVA_INT, Params.TYPES, UBLK_PARAM_TYPE_BASIC | UBLK_PARAM_TYPE_DISCARD);
    argument.set(JAVA_INT, Params.BASIC_ATTRS, attributes);
    argument.set(JAVA_BYTE, Params.BASIC_LOGICAL_BS_SHIFT, (byte) 9);
    argument.set(JAVA_BYTE, Params.BASIC_PHYSICAL_BS_SHIFT, (byte) 12);
    argument.set(JAVA_INT, Params.BASIC_MAX_SECTORS, IO_BYTES >> 9);
    argument.set(JAVA_LONG, Params.BASIC_DEV_SECTORS, SIZE >> 9);
    argument.set(JAVA_INT, Params.DISCARD_DISCARD_GRANULARITY, PAGE);
    argument.set(JAVA_INT, Params.DISCARD_MAX_DISCARD_SECTORS, 20);
    argument.set(JAVA_SHORT, Params.DISCARD_MAX_DISCARD_SEGMENTS, (short) 1);
    require(command(UBLK_U_CMD_SET_PARAMS, id, Params.SIZE, 0));
    this.ring = open();
    require(command(UBLK_U_CMD_START_DEV, id, 0, ProcessHandle.current().pid()));
  }

  static void require(int result) {
    if (result < 0) throw new AssertionError("result " + result);
  }

  int command(int op, int device, int length, long data) {
    control
        .sqe(1)
        .uringCmd(controlFd, op)
        .cmdInt(CtrlCmd.DEV_ID, device)
        .cmdShort(CtrlCmd.QUEUE_ID, 0xffff)
        .cmdShort(CtrlCmd.LEN, length)
        .cmdLong(CtrlCmd.ADDR, length == 0 ? 0 : argument.address())
        .cmdLong(CtrlCmd.DATA, data)
        .cmdLong(CtrlCmd.DEV_PATH_LEN, 0);
    require(control.submit(1));
    require(control.await(1));
    return control.reap().getFirst().res();
  }

  /// What GET_FEATURES has just told.
  long features() {
    return argument.get(JAVA_LONG, 0);
  }

  /// Opens the device as its server, and shows all tags.
  TestRing open() {
    ring = new TestRing(kernel, Math.max(4, depth), 0);
    charFd = kernel.open("/dev/ublkc" + id, Fcntl.O_RDWR);
    require(charFd);
    descriptors = kernel.map(charFd, 0, PAGE, dev.ringshot.abi.Kernel.PROT_READ);
    if (!batch) {
      for (int tag = 0; tag < depth; tag++) tagCommand(UBLK_U_IO_FETCH_REQ, tag, 0);
      require(ring.submit(depth));
      return ring;
    }
    for (int tag = 0; tag < depth; tag++) element(tag, tag, 0);
    batchCommand(UBLK_U_IO_PREP_IO_CMDS, depth);
    require(ring.submit(1));
    require(ring.reap().getFirst().res());
    tagBuffers = ring.provide(7, 8, 64, 0);
    fetch();
    require(ring.submit(1));
    return ring;
  }

  private void tagCommand(int op, int tag, int result) {
    ring.sqe(tag)
        .uringCmd(charFd, op)
        .cmdLong(0, 0)
        .cmdShort(IoCmd.TAG, tag)
        .cmdInt(IoCmd.RESULT, result)
        .cmdLong(IoCmd.ADDR, buffers.address() + (long) tag * IO_BYTES);
  }

  private void fetch() {
    ring.sqe(FETCH)
        .uringCmdMultishot(charFd, UBLK_U_IO_FETCH_IO_CMDS, 7)
        .cmdLong(0, 0)
        .cmdLong(8, 0)
        .cmdByte(BatchIo.ELEM_BYTES, 2);
  }

  private void batchCommand(int op, int count) {
    ring.sqe(COMMIT)
        .uringCmd(charFd, op)
        .addr(elements.address())
        .cmdLong(0, 0)
        .cmdLong(8, 0)
        .cmdShort(BatchIo.FLAGS, UBLK_BATCH_F_HAS_BUF_ADDR)
        .cmdShort(BatchIo.NR_ELEM, count)
        .cmdByte(BatchIo.ELEM_BYTES, 16);
  }

  private void element(int index, int tag, int result) {
    elements.set(JAVA_SHORT, 16L * index, (short) tag);
    elements.set(JAVA_INT, 16L * index + 4, result);
    elements.set(JAVA_LONG, 16L * index + 8, buffers.address() + (long) tag * IO_BYTES);
  }

  /// Serves what comes within `nanos`.
  ///
  /// @return how many requests
  int serve(long nanos) {
    int _ = ring.await(1, nanos);
    int served = 0;
    int committed = 0;
    int commands = 0;
    for (var one : ring.reap()) {
      if (one.userData() == COMMIT || one.res() < 0) {
        if (one.userData() == FETCH && one.res() == -dev.ringshot.abi.Errno.ENOBUFS) {
          fetch();
          commands++;
        }
        continue;
      }
      if (one.userData() != FETCH) {
        int tag = (int) one.userData();
        tagCommand(UBLK_U_IO_COMMIT_AND_FETCH_REQ, tag, handle(tag));
        commands++;
        served++;
        continue;
      }
      int bid = one.flags() >>> IORING_CQE_BUFFER_SHIFT;
      for (int i = 0; i < one.res() / 2; i++) {
        int tag = tagBuffers.get(JAVA_SHORT, bid * 64L + 2L * i);
        element(committed++, tag, handle(tag));
        served++;
      }
      if ((one.flags() & IORING_CQE_F_BUFFER) != 0) giveBack(bid);
      if ((one.flags() & IORING_CQE_F_MORE) == 0) throw new AssertionError("not armed any more");
    }
    if (committed > 0) {
      batchCommand(UBLK_U_IO_COMMIT_IO_CMDS, committed);
      commands++;
    }
    if (commands > 0) require(ring.submit(commands));
    return served;
  }

  private void giveBack(int bid) {
    var entries = ring.bufferRing;
    int tail = entries.get(JAVA_SHORT, 14) & 0xffff;
    long at = 16L * (tail & 7);
    entries.set(JAVA_LONG, at, tagBuffers.address() + bid * 64L);
    entries.set(JAVA_INT, at + 8, 64);
    entries.set(JAVA_SHORT, at + 12, (short) bid);
    entries.set(JAVA_SHORT, 14, (short) (tail + 1));
  }

  private int handle(int tag) {
    var descriptor = descriptors.asSlice((long) tag * IoDesc.SIZE, IoDesc.SIZE);
    int opFlags = descriptor.get(JAVA_INT, IoDesc.OP_FLAGS);
    long sector = descriptor.get(JAVA_LONG, IoDesc.START_SECTOR);
    int sectors = descriptor.get(JAVA_INT, IoDesc.NR_SECTORS);
    int op = IoDesc.op(opFlags);
    synchronized (asked) {
      asked.add(new Asked(op, opFlags & ~0xff, sector, sectors));
    }
    var buffer = buffers.asSlice((long) tag * IO_BYTES, IO_BYTES);
    int at = (int) sector << 9;
    if (op == UBLK_IO_OP_READ) MemorySegment.copy(store, at, buffer, JAVA_BYTE, 0, sectors << 9);
    if (op == UBLK_IO_OP_WRITE) MemorySegment.copy(buffer, JAVA_BYTE, 0, store, at, sectors << 9);
    return sectors << 9;
  }

  /// Lets go of the device, as a server that dies.
  void goAway() {
    int _ = kernel.unmap(descriptors);
    int _ = kernel.close(charFd);
    ring.close();
  }

  @Override
  public void close() {
    goAway();
    require(command(UBLK_U_CMD_DEL_DEV, id, 0, 0));
    control.close();
    int _ = kernel.close(controlFd);
  }
}
