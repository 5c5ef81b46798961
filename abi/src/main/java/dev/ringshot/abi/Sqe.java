package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;

import java.lang.foreign.MemorySegment;

/// A cursor over one submission queue entry: one verb per opcode, named as in liburing.
///
/// A verb writes the whole entry but `user_data`, `flags`, `personality` and `buf_index`, so it may
/// follow or precede what sets those: the modifiers [#bufferSelect], [#link], [#drain], [#async],
/// [#fixedFile], [#skipSuccess], and `userData`. A `fd` is a descriptor or, with [#fixedFile], an
/// index of registered files. Addresses are plain numbers, lengths bytes; what lies at an address
/// must stay valid until the operation has completed, or, for what says so, until it is submitted.
/// Overloads with a [MemorySegment] take its address and its size.
///
/// Nothing is allocated. Not thread-safe.
///
/// Verbs for files are in [SqeFileVerbs], for paths in [SqePathVerbs], for sockets in
/// [SqeSocketVerbs], for processes in [SqeProcessVerbs]; here are those of the ring itself:
/// commands, cancelation, polls, timeouts, messages, provided buffers.
public final class Sqe extends SqeFields
    implements SqeFileVerbs, SqePathVerbs, SqeSocketVerbs, SqeProcessVerbs {
  /// A cursor that points nowhere until [#at].
  public Sqe() {}

  @Override
  public Sqe prepare(int opcode, int fd, long addr, int len, long off) {
    opcode(opcode).ioprio(0).fd(fd).off(off).addr(addr).len(len);
    return opFlags(0).fileIndex(0).addr3(0).pad2(0);
  }

  // ---- Modifiers: they add to flags

  /// Takes a buffer from a group of provided ones: sets `IOSQE_BUFFER_SELECT` and `buf_group`.
  ///
  /// @param group 0 … 65535
  public Sqe bufferSelect(int group) {
    return addFlags(IOSQE_BUFFER_SELECT).bufGroup(group);
  }

  /// `fd` is an index of registered files: `IOSQE_FIXED_FILE`.
  public Sqe fixedFile() {
    return addFlags(IOSQE_FIXED_FILE);
  }

  /// The next entry starts when this one has succeeded: `IOSQE_IO_LINK`.
  public Sqe link() {
    return addFlags(IOSQE_IO_LINK);
  }

  /// The next entry starts when this one has completed: `IOSQE_IO_HARDLINK`.
  public Sqe hardlink() {
    return addFlags(IOSQE_IO_HARDLINK);
  }

  /// Starts when all earlier entries have completed: `IOSQE_IO_DRAIN`.
  public Sqe drain() {
    return addFlags(IOSQE_IO_DRAIN);
  }

  /// Starts on a worker of the kernel's: `IOSQE_ASYNC`.
  public Sqe async() {
    return addFlags(IOSQE_ASYNC);
  }

  /// No completion on success: `IOSQE_CQE_SKIP_SUCCESS`.
  public Sqe skipSuccess() {
    return addFlags(IOSQE_CQE_SKIP_SUCCESS);
  }

  private Sqe addFlags(int bits) {
    return flags(flags() | bits);
  }

  // ---- No operation

  /// `IORING_OP_NOP`: completes with 0.
  public Sqe nop() {
    return prepare(IORING_OP_NOP, -1, 0, 0, 0);
  }

  /// `IORING_OP_NOP` that completes with `result`.
  public Sqe nop(int result) {
    return prepare(IORING_OP_NOP, -1, 0, result, 0).opFlags(IORING_NOP_INJECT_RESULT);
  }

  /// `IORING_OP_NOP128`: as [#nop()], with an entry of 128 bytes.
  public Sqe nop128() {
    return prepare(IORING_OP_NOP128, -1, 0, 0, 0);
  }

  // ---- Commands to drivers

  /// `IORING_OP_URING_CMD`: a command whose meaning is the driver's. Its payload (`addr`, `len`,
  /// `cmd…`) is set after this.
  ///
  /// @param cmdOp the driver's number for it
  public Sqe uringCmd(int fd, int cmdOp) {
    return prepare(IORING_OP_URING_CMD, fd, 0, 0, Integer.toUnsignedLong(cmdOp));
  }

  /// A command with many completions, each with a buffer of the group:
  /// `IORING_URING_CMD_MULTISHOT`. Only for drivers that know the flag: on Linux 6.18 a command to
  /// one that does not, and that answers it at once, never completes and holds its ring for ever.
  ///
  /// @param group of provided buffers
  public Sqe uringCmdMultishot(int fd, int cmdOp, int group) {
    return uringCmd(fd, cmdOp).uringCmdFlags(IORING_URING_CMD_MULTISHOT).bufferSelect(group);
  }

  /// `IORING_OP_URING_CMD128`: as [#uringCmd], with an entry of 128 bytes.
  public Sqe uringCmd128(int fd, int cmdOp) {
    return uringCmd(fd, cmdOp).opcode(IORING_OP_URING_CMD128);
  }

  // ---- Cancelation

  /// `IORING_OP_ASYNC_CANCEL` of what was submitted with `targetUserData`. Does not reach commands
  /// that are parked in a driver.
  ///
  /// @param flags `IORING_ASYNC_CANCEL_*`
  public Sqe asyncCancel(long targetUserData, int flags) {
    return prepare(IORING_OP_ASYNC_CANCEL, -1, targetUserData, 0, 0).opFlags(flags);
  }

  /// `IORING_OP_ASYNC_CANCEL` of what was submitted for `fd`.
  ///
  /// @param flags `IORING_ASYNC_CANCEL_*`; `IORING_ASYNC_CANCEL_FD` is added
  public Sqe asyncCancelFd(int fd, int flags) {
    return prepare(IORING_OP_ASYNC_CANCEL, fd, 0, 0, 0).opFlags(flags | IORING_ASYNC_CANCEL_FD);
  }

  /// `IORING_OP_ASYNC_CANCEL` of operations of one kind.
  ///
  /// @param flags `IORING_ASYNC_CANCEL_*`; `IORING_ASYNC_CANCEL_OP` is added
  public Sqe asyncCancelOp(int opcode, int flags) {
    return prepare(IORING_OP_ASYNC_CANCEL, -1, 0, opcode, 0)
        .opFlags(flags | IORING_ASYNC_CANCEL_OP);
  }

  // ---- Polls

  /// `IORING_OP_POLL_ADD`: completes with the events that are there.
  ///
  /// @param mask of [Poll]
  public Sqe pollAdd(int fd, int mask) {
    return prepare(IORING_OP_POLL_ADD, fd, 0, 0, 0).opFlags(mask);
  }

  /// `IORING_OP_POLL_ADD` that completes again and again.
  ///
  /// @param mask of [Poll]
  public Sqe pollMultishot(int fd, int mask) {
    return prepare(IORING_OP_POLL_ADD, fd, 0, IORING_POLL_ADD_MULTI, 0).opFlags(mask);
  }

  /// `IORING_OP_POLL_REMOVE` of the poll that was submitted with `targetUserData`.
  public Sqe pollRemove(long targetUserData) {
    return prepare(IORING_OP_POLL_REMOVE, -1, targetUserData, 0, 0);
  }

  /// `IORING_OP_POLL_REMOVE` that changes a poll instead.
  ///
  /// @param newUserData with `IORING_POLL_UPDATE_USER_DATA`
  /// @param mask with `IORING_POLL_UPDATE_EVENTS`
  /// @param flags `IORING_POLL_*`
  public Sqe pollUpdate(long oldUserData, long newUserData, int mask, int flags) {
    return prepare(IORING_OP_POLL_REMOVE, -1, oldUserData, flags, newUserData).opFlags(mask);
  }

  // ---- Timeouts

  /// `IORING_OP_TIMEOUT`: completes with `-ETIME` at the time, or 0 after `count` completions.
  ///
  /// @param timespec address of a [Timespec], read when submitted
  /// @param count 0 for never; with `IORING_TIMEOUT_MULTISHOT` how often, 0 for ever
  /// @param flags `IORING_TIMEOUT_*`
  public Sqe timeout(long timespec, int count, int flags) {
    return prepare(IORING_OP_TIMEOUT, -1, timespec, 1, Integer.toUnsignedLong(count))
        .opFlags(flags);
  }

  /// `IORING_OP_TIMEOUT_REMOVE` of the timeout that was submitted with `targetUserData`.
  ///
  /// @param flags 0
  public Sqe timeoutRemove(long targetUserData, int flags) {
    return prepare(IORING_OP_TIMEOUT_REMOVE, -1, targetUserData, 0, 0).opFlags(flags);
  }

  /// `IORING_OP_TIMEOUT_REMOVE` that changes the time instead.
  ///
  /// @param timespec address of a [Timespec], read when submitted
  /// @param flags `IORING_TIMEOUT_*`; `IORING_TIMEOUT_UPDATE` is added
  public Sqe timeoutUpdate(long targetUserData, long timespec, int flags) {
    return prepare(IORING_OP_TIMEOUT_REMOVE, -1, targetUserData, 0, timespec)
        .opFlags(flags | IORING_TIMEOUT_UPDATE);
  }

  /// `IORING_OP_LINK_TIMEOUT`: cancels the entry before, which must be linked, at the time.
  ///
  /// @param timespec address of a [Timespec], read when submitted
  /// @param flags `IORING_TIMEOUT_*`
  public Sqe linkTimeout(long timespec, int flags) {
    return prepare(IORING_OP_LINK_TIMEOUT, -1, timespec, 1, 0).opFlags(flags);
  }

  // ---- Messages to rings

  /// `IORING_OP_MSG_RING`: posts a completion to another ring.
  ///
  /// @param ringFd its descriptor
  /// @param res result of that completion
  /// @param targetUserData user data of that completion
  /// @param flags `IORING_MSG_RING_*`
  public Sqe msgRing(int ringFd, int res, long targetUserData, int flags) {
    return prepare(IORING_OP_MSG_RING, ringFd, IORING_MSG_DATA, res, targetUserData).opFlags(flags);
  }

  /// As [#msgRing], with flags of that completion: `IORING_MSG_RING_FLAGS_PASS`.
  public Sqe msgRingCqeFlags(int ringFd, int res, long targetUserData, int cqeFlags) {
    return msgRing(ringFd, res, targetUserData, IORING_MSG_RING_FLAGS_PASS).fileIndex(cqeFlags);
  }

  /// `IORING_OP_MSG_RING` that puts a registered file of this ring into a slot of another's.
  ///
  /// @param sourceIndex index in this ring's files
  /// @param targetIndex index in the other's, or `IORING_FILE_INDEX_ALLOC`
  /// @param flags `IORING_MSG_RING_*`
  public Sqe msgRingFd(
      int ringFd, int sourceIndex, int targetIndex, long targetUserData, int flags) {
    return prepare(IORING_OP_MSG_RING, ringFd, IORING_MSG_SEND_FD, 0, targetUserData)
        .addr3(sourceIndex)
        .fileIndex(slot(targetIndex))
        .opFlags(flags);
  }

  // ---- Provided buffers, without a buffer ring

  /// `IORING_OP_PROVIDE_BUFFERS`: adds `count` adjacent buffers to a group.
  ///
  /// @param addr of the first
  /// @param length of each, in bytes
  /// @param firstId buffer id of the first; the others follow
  public Sqe provideBuffers(long addr, int length, int count, int group, int firstId) {
    return prepare(IORING_OP_PROVIDE_BUFFERS, count, addr, length, firstId).bufGroup(group);
  }

  /// `IORING_OP_REMOVE_BUFFERS`: takes up to `count` buffers out of a group.
  public Sqe removeBuffers(int count, int group) {
    return prepare(IORING_OP_REMOVE_BUFFERS, count, 0, 0, 0).bufGroup(group);
  }

  // ---- Registered files

  /// `IORING_OP_FILES_UPDATE`: replaces registered files.
  ///
  /// @param fds address of `count` descriptors (4 bytes each): -1 clears a slot,
  ///   `IORING_REGISTER_FILES_SKIP` leaves it
  /// @param firstIndex slot of the first, or `IORING_FILE_INDEX_ALLOC`
  public Sqe filesUpdate(long fds, int count, int firstIndex) {
    return prepare(IORING_OP_FILES_UPDATE, -1, fds, count, Integer.toUnsignedLong(firstIndex));
  }

  /// What `file_index` holds for a slot: its index plus one, or `IORING_FILE_INDEX_ALLOC` as it is.
  static int slot(int index) {
    return index == IORING_FILE_INDEX_ALLOC ? index : index + 1;
  }

  /// The address of memory that a kernel can reach.
  static long address(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          "a segment on the Java heap has no address: " + segment + "; take one from Kernel.map");
    }
    return segment.address();
  }

  /// The size of a segment as a `len`.
  static int length(MemorySegment segment) {
    if (segment.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a segment of " + segment.byteSize() + " bytes: one operation moves at most 2147483647");
    }
    return (int) segment.byteSize();
  }
}
