package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.IORING_URING_CMD_MULTISHOT;
import static dev.ringshot.abi.IoUring.IOSQE_BUFFER_SELECT;

import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.rig.Names;

/// One SQE of a program, with [Operand]s where a number would differ between kernels.
///
/// @param wide whether it takes 128 bytes of a ring of mixed sizes
public record Entry(
    long userData,
    int opcode,
    int flags,
    int ioprio,
    Operand fd,
    Operand off,
    Operand addr,
    int len,
    int opFlags,
    int bufIndex,
    int personality,
    int fileIndex,
    Operand addr3,
    long pad2,
    boolean wide) {
  /// An SQE as liburing's `io_uring_prep_rw` makes it; its user_data is the program's to give.
  public static Entry of(int opcode, Operand fd, Operand addr, int len, Operand off) {
    return new Entry(0, opcode, 0, 0, fd, off, addr, len, 0, 0, 0, 0, Operand.ZERO, 0, false);
  }

  /// The same without file, memory or offset.
  public static Entry of(int opcode) {
    return of(opcode, Operand.of(-1), Operand.ZERO, 0, Operand.ZERO);
  }

  /// The same with that user_data.
  public Entry withUserData(long value) {
    return new Entry(
        value,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with that opcode.
  public Entry withOpcode(int value) {
    return new Entry(
        userData,
        value,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with exactly those `IOSQE_*`.
  public Entry withFlags(int value) {
    return new Entry(
        userData,
        opcode,
        value,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with `IOSQE_*` added.
  public Entry plusFlags(int bits) {
    return withFlags(flags | bits);
  }

  /// The same with that priority, which some operations keep flags in.
  public Entry withIoprio(int value) {
    return new Entry(
        userData,
        opcode,
        flags,
        value,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same for another file.
  public Entry withFd(Operand value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        value,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same at another offset.
  public Entry withOff(Operand value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        value,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with another address.
  public Entry withAddr(Operand value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        value,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with another length.
  public Entry withLen(int value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        value,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with flags of the operation's own.
  public Entry withOpFlags(int value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        value,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with a group, or an index of registered buffers.
  public Entry withBufIndex(int value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        value,
        personality,
        fileIndex,
        addr3,
        pad2,
        wide);
  }

  /// The same with a buffer from `group`.
  public Entry selecting(int group) {
    return plusFlags(IOSQE_BUFFER_SELECT).withBufIndex(group);
  }

  /// The same under a personality.
  public Entry withPersonality(int value) {
    return new Entry(
        userData, opcode, flags, ioprio, fd, off, addr, len, opFlags, bufIndex, value, fileIndex,
        addr3, pad2, wide);
  }

  /// The same with what stands in `file_index`.
  public Entry withFileIndex(int value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        value,
        addr3,
        pad2,
        wide);
  }

  /// The same with the first 16 bytes of a command.
  public Entry withCommand(Operand first, long second) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        first,
        second,
        wide);
  }

  /// The same in 128 bytes.
  public Entry asWide(boolean value) {
    return new Entry(
        userData,
        opcode,
        flags,
        ioprio,
        fd,
        off,
        addr,
        len,
        opFlags,
        bufIndex,
        personality,
        fileIndex,
        addr3,
        pad2,
        value);
  }

  /// Whether it has all of those `IOSQE_*`.
  public boolean has(int flag) {
    return (flags & flag) == flag;
  }

  /// Whether it is a multishot command that a driver gets to see.
  boolean isMultishotCommand() {
    return (opcode == IoUring.IORING_OP_URING_CMD || opcode == IoUring.IORING_OP_URING_CMD128)
        && (opFlags & IORING_URING_CMD_MULTISHOT) != 0
        && has(IOSQE_BUFFER_SELECT);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(userData)
        .append(' ')
        .append(Names.value("IORING_OP_", opcode).substring(opcode < 65 ? 10 : 0));
    text.append(" fd=").append(fd).append(" addr=").append(addr).append(" len=").append(len);
    text.append(" off=").append(off);
    if (flags != 0) text.append(' ').append(Names.flags("IOSQE_", flags));
    if (opFlags != 0) text.append(" opFlags=").append(opFlags);
    if (ioprio != 0) text.append(" ioprio=").append(ioprio);
    if (bufIndex != 0) text.append(" buf=").append(bufIndex);
    if (personality != 0) text.append(" personality=").append(personality);
    if (fileIndex != 0) text.append(" fileIndex=").append(fileIndex);
    if (!addr3.equals(Operand.ZERO)) text.append(" addr3=").append(addr3);
    if (pad2 != 0) text.append(" pad2=").append(pad2);
    return text.toString();
  }
}
