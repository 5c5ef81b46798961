package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What verbs and modifiers write.
final class SqeTest {
  private static final long BUFFER = 0x7000_0000_1000L;
  private static final long SECOND = 0x7000_0000_2000L;
  private static final long OFFSET = 0x1_2345_6789L;

  /// A verb with arguments that can be told apart, and the fields that it must leave not zero.
  record Verb(String fields, UnaryOperator<Sqe> call) {
    @Override
    public String toString() {
      return fields;
    }
  }

  private final MemorySegment memory = Arena.ofAuto().allocate(Sqe.SIZE128, 8);
  private final Sqe sqe = new Sqe().at(memory, 0);

  static List<Verb> verbs() {
    return List.of(
        verb("NOP fd=-1", s -> s.nop()),
        verb("NOP fd=-1 len=-5 flags=1", s -> s.nop(-5)),
        verb("NOP128 fd=-1", s -> s.nop128()),
        verb("READV fd=3 off=O addr=B len=4", s -> s.readv(3, BUFFER, 4, OFFSET)),
        verb("WRITEV fd=3 off=O addr=B len=4", s -> s.writev(3, BUFFER, 4, OFFSET)),
        verb("FSYNC fd=3", s -> s.fsync(3)),
        verb("FSYNC fd=3 flags=1", s -> s.fsync(3, IORING_FSYNC_DATASYNC)),
        verb("READ_FIXED fd=3 off=O addr=B len=4 buf=7", s -> s.readFixed(3, BUFFER, 4, OFFSET, 7)),
        verb(
            "WRITE_FIXED fd=3 off=O addr=B len=4 buf=7",
            s -> s.writeFixed(3, BUFFER, 4, OFFSET, 7)),
        verb("POLL_ADD fd=3 flags=1", s -> s.pollAdd(3, Poll.POLLIN)),
        verb("POLL_ADD fd=3 len=1 flags=1", s -> s.pollMultishot(3, Poll.POLLIN)),
        verb("POLL_REMOVE fd=-1 addr=B", s -> s.pollRemove(BUFFER)),
        verb(
            "POLL_REMOVE fd=-1 off=S addr=B len=6 flags=1",
            s -> s.pollUpdate(BUFFER, SECOND, Poll.POLLIN, 6)),
        verb("SYNC_FILE_RANGE fd=3 off=O len=4 flags=2", s -> s.syncFileRange(3, OFFSET, 4, 2)),
        verb("SENDMSG fd=3 addr=B len=1 flags=2", s -> s.sendmsg(3, BUFFER, 2)),
        verb("RECVMSG fd=3 addr=B len=1 flags=2", s -> s.recvmsg(3, BUFFER, 2)),
        verb(
            "RECVMSG sqe=32 ioprio=2 fd=3 addr=B len=1 flags=2 buf=7",
            s -> s.recvmsgMultishot(3, BUFFER, 2, 7)),
        verb("TIMEOUT fd=-1 off=5 addr=B len=1 flags=64", s -> s.timeout(BUFFER, 5, 64)),
        verb("TIMEOUT_REMOVE fd=-1 addr=B", s -> s.timeoutRemove(BUFFER, 0)),
        verb("TIMEOUT_REMOVE fd=-1 off=S addr=B flags=3", s -> s.timeoutUpdate(BUFFER, SECOND, 1)),
        verb("ACCEPT fd=3 off=S addr=B flags=2", s -> s.accept(3, BUFFER, SECOND, 2)),
        verb(
            "ACCEPT ioprio=1 fd=3 off=S addr=B flags=2",
            s -> s.multishotAccept(3, BUFFER, SECOND, 2)),
        verb(
            "ACCEPT fd=3 off=S addr=B flags=2 file=5",
            s -> s.acceptDirect(3, BUFFER, SECOND, 2, 4)),
        verb(
            "ACCEPT ioprio=1 fd=3 off=S addr=B flags=2 file=-1",
            s -> s.multishotAcceptDirect(3, BUFFER, SECOND, 2)),
        verb("ASYNC_CANCEL fd=-1 addr=B flags=1", s -> s.asyncCancel(BUFFER, 1)),
        verb("ASYNC_CANCEL fd=3 flags=3", s -> s.asyncCancelFd(3, 1)),
        verb("ASYNC_CANCEL fd=-1 len=46 flags=33", s -> s.asyncCancelOp(IORING_OP_URING_CMD, 1)),
        verb("LINK_TIMEOUT fd=-1 addr=B len=1 flags=1", s -> s.linkTimeout(BUFFER, 1)),
        verb("CONNECT fd=3 off=16 addr=B", s -> s.connect(3, BUFFER, 16)),
        verb("FALLOCATE fd=3 off=O addr=S len=3", s -> s.fallocate(3, 3, OFFSET, SECOND)),
        verb("OPENAT fd=-100 addr=B len=420 flags=2", s -> s.openat(-100, BUFFER, 2, 420)),
        verb(
            "OPENAT fd=-100 addr=B len=420 flags=2 file=9",
            s -> s.openatDirect(-100, BUFFER, 2, 420, 8)),
        verb(
            "OPENAT fd=-100 addr=B flags=2 file=-1",
            s -> s.openatDirect(-100, BUFFER, 2, 0, IORING_FILE_INDEX_ALLOC)),
        verb("CLOSE fd=3", s -> s.close(3)),
        verb("CLOSE file=9", s -> s.closeDirect(8)),
        verb("FILES_UPDATE fd=-1 off=2 addr=B len=4", s -> s.filesUpdate(BUFFER, 4, 2)),
        verb(
            "STATX fd=3 off=S addr=B len=2047 flags=4096",
            s -> s.statx(3, BUFFER, Fcntl.AT_EMPTY_PATH, Stat.STATX_BASIC_STATS, SECOND)),
        verb("READ fd=3 off=O addr=B len=4", s -> s.read(3, BUFFER, 4, OFFSET)),
        verb("WRITE fd=3 off=O addr=B len=4", s -> s.write(3, BUFFER, 4, OFFSET)),
        verb("FADVISE fd=3 off=O len=4 flags=2", s -> s.fadvise(3, OFFSET, 4, 2)),
        verb("MADVISE fd=-1 addr=B len=4 flags=2", s -> s.madvise(BUFFER, 4, 2)),
        verb("SEND fd=3 addr=B len=4 flags=2", s -> s.send(3, BUFFER, 4, 2)),
        verb(
            "SEND fd=3 off=S addr=B len=4 flags=2 file=16",
            s -> s.sendto(3, BUFFER, 4, 2, SECOND, 16)),
        verb("RECV fd=3 addr=B len=4 flags=2", s -> s.recv(3, BUFFER, 4, 2)),
        verb("RECV sqe=32 ioprio=2 fd=3 flags=2 buf=7", s -> s.recvMultishot(3, 2, 7)),
        verb("RECV sqe=32 ioprio=2 fd=3 flags=2 buf=7 file=99", s -> s.recvMultishot(3, 2, 7, 99)),
        verb("RECV sqe=32 ioprio=16 fd=3 len=4 flags=2 buf=7", s -> s.recvBundle(3, 4, 2, 7)),
        verb(
            "RECV sqe=32 ioprio=18 fd=3 flags=2 buf=7 file=99",
            s -> s.recvMultishotBundle(3, 2, 7, 99)),
        verb("SEND sqe=32 ioprio=16 fd=3 len=4 flags=2 buf=7", s -> s.sendBundle(3, 4, 2, 7)),
        verb("OPENAT2 fd=-100 off=S addr=B len=24", s -> s.openat2(-100, BUFFER, SECOND, 24)),
        verb("EPOLL_CTL fd=3 off=4 addr=B len=1", s -> s.epollCtl(3, 1, 4, BUFFER)),
        verb(
            "SPLICE fd=4 off=S addr=O len=5 flags=1 file=3",
            s -> s.splice(3, OFFSET, 4, SECOND, 5, 1)),
        verb(
            "PROVIDE_BUFFERS fd=8 off=2 addr=B len=64 buf=7",
            s -> s.provideBuffers(BUFFER, 64, 8, 7, 2)),
        verb("REMOVE_BUFFERS fd=8 buf=7", s -> s.removeBuffers(8, 7)),
        verb("TEE fd=4 len=5 flags=1 file=3", s -> s.tee(3, 4, 5, 1)),
        verb("SHUTDOWN fd=3 len=2", s -> s.shutdown(3, Socket.SHUT_RDWR)),
        verb("RENAMEAT fd=3 off=S addr=B len=4 flags=1", s -> s.renameat(3, BUFFER, 4, SECOND, 1)),
        verb("UNLINKAT fd=3 addr=B flags=512", s -> s.unlinkat(3, BUFFER, Fcntl.AT_REMOVEDIR)),
        verb("MKDIRAT fd=3 addr=B len=493", s -> s.mkdirat(3, BUFFER, 493)),
        verb("SYMLINKAT fd=3 off=S addr=B", s -> s.symlinkat(BUFFER, 3, SECOND)),
        verb(
            "LINKAT fd=3 off=S addr=B len=4 flags=1024",
            s -> s.linkat(3, BUFFER, 4, SECOND, Fcntl.AT_SYMLINK_FOLLOW)),
        verb("MSG_RING fd=3 off=S len=5 flags=1", s -> s.msgRing(3, 5, SECOND, 1)),
        verb("MSG_RING fd=3 off=S len=5 flags=2 file=18", s -> s.msgRingCqeFlags(3, 5, SECOND, 18)),
        verb(
            "MSG_RING fd=3 off=S addr=1 flags=1 file=5 addr3=6",
            s -> s.msgRingFd(3, 6, 4, SECOND, 1)),
        verb(
            "FSETXATTR fd=3 off=S addr=B len=4 flags=1", s -> s.fsetxattr(3, BUFFER, SECOND, 4, 1)),
        verb(
            "SETXATTR off=S addr=B len=4 flags=1 addr3=O",
            s -> s.setxattr(OFFSET, BUFFER, SECOND, 4, 1)),
        verb("FGETXATTR fd=3 off=S addr=B len=4", s -> s.fgetxattr(3, BUFFER, SECOND, 4)),
        verb("GETXATTR off=S addr=B len=4 addr3=O", s -> s.getxattr(OFFSET, BUFFER, SECOND, 4)),
        verb("SOCKET fd=2 off=1 len=6", s -> s.socket(2, 1, 6, 0)),
        verb("SOCKET fd=2 off=1 len=6 file=5", s -> s.socketDirect(2, 1, 6, 4)),
        verb("URING_CMD fd=3 off=9", s -> s.uringCmd(3, 9)),
        verb("URING_CMD fd=3 off=3222304039", s -> s.uringCmd(3, 0xc0107527)),
        verb("URING_CMD sqe=32 fd=3 off=9 flags=2 buf=7", s -> s.uringCmdMultishot(3, 9, 7)),
        verb(
            "URING_CMD fd=3 off=3 addr=158913789953 file=4 addr3=B",
            s -> s.setsockopt(3, Socket.SOL_SOCKET, Socket.SO_TIMESTAMPING, BUFFER, 4)),
        verb(
            "URING_CMD fd=3 off=2 addr=17179869185 file=4 addr3=B",
            s -> s.getsockopt(3, Socket.SOL_SOCKET, Socket.SO_ERROR, BUFFER, 4)),
        verb("URING_CMD fd=3 off=4", s -> s.txTimestamps(3)),
        verb("URING_CMD sqe=32 fd=3 off=4 flags=2 buf=7", s -> s.txTimestamps(3, 7)),
        verb("URING_CMD fd=3", s -> s.socketInq(3)),
        verb("URING_CMD fd=3 off=1", s -> s.socketOutq(3)),
        verb(
            "URING_CMD fd=3 off=5 addr=B file=1 addr3=S",
            s -> s.getsockname(3, BUFFER, SECOND, true)),
        verb("SEND_ZC ioprio=8 fd=3 addr=B len=4 flags=2", s -> s.sendZc(3, BUFFER, 4, 2, 8)),
        verb("SENDMSG_ZC fd=3 addr=B len=1 flags=2", s -> s.sendmsgZc(3, BUFFER, 2)),
        verb("READ_MULTISHOT sqe=32 fd=3 off=O buf=7", s -> s.readMultishot(3, OFFSET, 7)),
        verb("WAITID fd=42 off=B len=1 file=4", s -> s.waitid(1, 42, BUFFER, 4)),
        verb("FUTEX_WAIT fd=2 off=1 addr=B addr3=5", s -> s.futexWait(BUFFER, 1, 5, 2)),
        verb("FUTEX_WAKE fd=2 off=1 addr=B addr3=5", s -> s.futexWake(BUFFER, 1, 5, 2)),
        verb("FUTEX_WAITV addr=B len=2", s -> s.futexWaitv(BUFFER, 2)),
        verb("FIXED_FD_INSTALL sqe=1 fd=3 flags=1", s -> s.fixedFdInstall(3, 1)),
        verb("FTRUNCATE fd=3 off=O", s -> s.ftruncate(3, OFFSET)),
        verb("BIND fd=3 off=16 addr=B", s -> s.bind(3, BUFFER, 16)),
        verb("LISTEN fd=3 len=5", s -> s.listen(3, 5)),
        verb("RECV_ZC ioprio=2 fd=3 len=4 file=1", s -> s.recvZc(3, 4, 1)),
        verb("EPOLL_WAIT fd=3 addr=B len=4", s -> s.epollWait(3, BUFFER, 4)),
        verb(
            "READV_FIXED fd=3 off=O addr=B len=4 buf=7",
            s -> s.readvFixed(3, BUFFER, 4, OFFSET, 7)),
        verb(
            "WRITEV_FIXED fd=3 off=O addr=B len=4 buf=7",
            s -> s.writevFixed(3, BUFFER, 4, OFFSET, 7)),
        verb("PIPE addr=B flags=1", s -> s.pipe(BUFFER, 1)),
        verb("URING_CMD128 fd=3 off=9", s -> s.uringCmd128(3, 9)));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void verbWritesItsFieldsAndZeroesTheRest(Verb verb) {
    assertSame(sqe, verb.call.apply(sqe.clear()));

    assertEquals(expand(verb.fields), fields());
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void verbLeavesNothingOfWhatWasThereButUserDataFlagsAndPersonality(Verb verb) {
    assertSame(sqe, verb.call.apply(sqe.clear().userData(-1).flags(0x80).personality(0xabcd)));
    byte[] clean = memory.asSlice(0, Sqe.SIZE).toArray(ValueLayout.JAVA_BYTE);
    memory.fill((byte) -1);
    sqe.userData(-1).flags(0x80).personality(0xabcd).bufIndex(0);

    assertSame(sqe, verb.call.apply(sqe));

    assertEquals(
        -1, memory.asSlice(0, Sqe.SIZE).mismatch(MemorySegment.ofArray(clean)), verb.fields);
    assertEquals(-1L, sqe.userData());
    assertEquals(0x80, sqe.flags() & 0x80);
    assertEquals(0xabcd, sqe.personality());
  }

  @Test
  void everyOpcodeHasAVerb() {
    BitSet opcodes = new BitSet();
    for (Verb verb : verbs()) opcodes.set(verb.call.apply(sqe.clear()).opcode());

    assertEquals(IORING_OP_LAST, opcodes.cardinality());
    assertEquals(IORING_OP_LAST, opcodes.nextClearBit(0));
  }

  @Test
  void modifiersAddUpAndMayComeBeforeTheVerb() {
    sqe.clear().link().async().bufferSelect(0xfffe).nop().drain();

    assertEquals(IOSQE_IO_LINK | IOSQE_ASYNC | IOSQE_BUFFER_SELECT | IOSQE_IO_DRAIN, sqe.flags());
    assertEquals(0xfffe, sqe.bufGroup());
    sqe.flags(0).fixedFile().hardlink().skipSuccess();
    assertEquals(IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK | IOSQE_CQE_SKIP_SUCCESS, sqe.flags());
  }

  @Test
  void segmentsStandForAddressAndSize() {
    MemorySegment buffer = Arena.ofAuto().allocate(48);

    sqe.clear().read(3, buffer, OFFSET);

    assertEquals(buffer.address(), sqe.addr());
    assertEquals(48, sqe.len());
  }

  @Test
  void segmentOnTheHeapIsRefused() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> sqe.write(3, MemorySegment.ofArray(new byte[8]), 0));

    assertTrue(String.valueOf(e.getMessage()).contains("Kernel.map"), e.getMessage());
  }

  @Test
  void cursorMovesAndTouchesOneEntry() {
    memory.fill((byte) 0x5a);

    sqe.at(memory, Sqe.SIZE).clear();

    assertEquals(Sqe.SIZE, sqe.offset());
    assertSame(memory, sqe.memory());
    assertEquals(0x5a5a_5a5a_5a5a_5a5aL, sqe.at(memory, 0).userData());
    assertEquals(0, sqe.at(memory, Sqe.SIZE).pad2());
  }

  @Test
  void payloadOfA128ByteEntryHas80Bytes() {
    sqe.clear128().cmdByte(0, 0x11).cmdShort(2, 0x2233).cmdInt(4, 0x44556677).cmdLong(72, -2);

    assertEquals(0x11, sqe.cmdByte(0));
    assertEquals(0x2233, sqe.cmdShort(2));
    assertEquals(0x44556677, sqe.cmdInt(4));
    assertEquals(-2, sqe.cmdLong(72));
    assertThrows(IndexOutOfBoundsException.class, () -> sqe.cmdLong(80));
  }

  private static Verb verb(String fields, UnaryOperator<Sqe> call) {
    return new Verb(fields, call);
  }

  private static String expand(String fields) {
    return fields
        .replace("=B", "=" + BUFFER)
        .replace("=S", "=" + SECOND)
        .replace("=O", "=" + OFFSET);
  }

  /// All fields that are not zero, in the order of their offsets.
  private String fields() {
    StringBuilder text = new StringBuilder(opcodeName(sqe.opcode()));
    append(text, "sqe", sqe.flags());
    append(text, "ioprio", sqe.ioprio());
    append(text, "fd", sqe.fd());
    append(text, "off", sqe.off());
    append(text, "addr", sqe.addr());
    append(text, "len", sqe.len());
    append(text, "flags", sqe.opFlags());
    append(text, "user_data", sqe.userData());
    append(text, "buf", sqe.bufIndex());
    append(text, "personality", sqe.personality());
    append(text, "file", sqe.fileIndex());
    append(text, "addr3", sqe.addr3());
    append(text, "pad2", sqe.pad2());
    return text.toString();
  }

  private static void append(StringBuilder text, String name, long value) {
    if (value != 0) text.append(' ').append(name).append('=').append(value);
  }

  private static String opcodeName(int opcode) {
    for (var field : IoUring.class.getFields()) {
      try {
        if (field.getName().startsWith("IORING_OP_") && field.getInt(null) == opcode) {
          return field.getName().substring("IORING_OP_".length());
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return "?";
  }
}
