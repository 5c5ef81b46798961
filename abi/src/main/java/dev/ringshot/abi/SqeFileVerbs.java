package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;

import java.lang.foreign.MemorySegment;

/// Verbs of [Sqe] for open files.
///
/// Where an offset is asked for, -1 is the file's own position.
public sealed interface SqeFileVerbs permits Sqe {
  /// What every verb does first: writes all of the entry but `user_data`, `flags`, `personality`
  /// and `buf_index`. What is not among the arguments becomes 0.
  Sqe prepare(int opcode, int fd, long addr, int len, long off);

  /// `IORING_OP_READV`, see preadv2(2).
  ///
  /// @param iovecs address of `count` [Iovec]
  default Sqe readv(int fd, long iovecs, int count, long offset) {
    return prepare(IORING_OP_READV, fd, iovecs, count, offset);
  }

  /// `IORING_OP_WRITEV`, see pwritev2(2).
  ///
  /// @param iovecs address of `count` [Iovec]
  default Sqe writev(int fd, long iovecs, int count, long offset) {
    return prepare(IORING_OP_WRITEV, fd, iovecs, count, offset);
  }

  /// `IORING_OP_READ`, see pread(2).
  default Sqe read(int fd, long addr, int length, long offset) {
    return prepare(IORING_OP_READ, fd, addr, length, offset);
  }

  /// `IORING_OP_READ` into all of a segment.
  default Sqe read(int fd, MemorySegment buffer, long offset) {
    return read(fd, Sqe.address(buffer), Sqe.length(buffer), offset);
  }

  /// `IORING_OP_WRITE`, see pwrite(2).
  default Sqe write(int fd, long addr, int length, long offset) {
    return prepare(IORING_OP_WRITE, fd, addr, length, offset);
  }

  /// `IORING_OP_WRITE` of all of a segment.
  default Sqe write(int fd, MemorySegment buffer, long offset) {
    return write(fd, Sqe.address(buffer), Sqe.length(buffer), offset);
  }

  /// `IORING_OP_READ_FIXED`: into a registered buffer.
  ///
  /// @param addr inside that buffer
  /// @param bufferIndex which registered buffer
  default Sqe readFixed(int fd, long addr, int length, long offset, int bufferIndex) {
    return prepare(IORING_OP_READ_FIXED, fd, addr, length, offset).bufIndex(bufferIndex);
  }

  /// `IORING_OP_WRITE_FIXED`: from a registered buffer.
  ///
  /// @param addr inside that buffer
  /// @param bufferIndex which registered buffer
  default Sqe writeFixed(int fd, long addr, int length, long offset, int bufferIndex) {
    return prepare(IORING_OP_WRITE_FIXED, fd, addr, length, offset).bufIndex(bufferIndex);
  }

  /// `IORING_OP_READ_MULTISHOT`: many reads of a file that can be polled, each into a buffer of the
  /// group.
  ///
  /// @param offset -1, or 0
  default Sqe readMultishot(int fd, long offset, int group) {
    return prepare(IORING_OP_READ_MULTISHOT, fd, 0, 0, offset).bufferSelect(group);
  }

  /// `IORING_OP_FSYNC` of data and metadata, see fsync(2).
  default Sqe fsync(int fd) {
    return fsync(fd, 0);
  }

  /// `IORING_OP_FSYNC`.
  ///
  /// @param flags `IORING_FSYNC_DATASYNC` for fdatasync(2)
  default Sqe fsync(int fd, int flags) {
    return prepare(IORING_OP_FSYNC, fd, 0, 0, 0).opFlags(flags);
  }

  /// `IORING_OP_FALLOCATE`, see fallocate(2).
  ///
  /// @param mode `FALLOC_FL_*` of [Fcntl]
  default Sqe fallocate(int fd, int mode, long offset, long length) {
    return prepare(IORING_OP_FALLOCATE, fd, length, mode, offset);
  }

  /// `IORING_OP_FTRUNCATE`, see ftruncate(2).
  default Sqe ftruncate(int fd, long length) {
    return prepare(IORING_OP_FTRUNCATE, fd, 0, 0, length);
  }

  /// `IORING_OP_CLOSE`, see close(2).
  default Sqe close(int fd) {
    return prepare(IORING_OP_CLOSE, fd, 0, 0, 0);
  }

  /// `IORING_OP_CLOSE` of a registered file: empties its slot.
  ///
  /// @param index of the slot
  default Sqe closeDirect(int index) {
    return prepare(IORING_OP_CLOSE, 0, 0, 0, 0).fileIndex(Sqe.slot(index));
  }

  /// `IORING_OP_READV_FIXED`: into parts of a registered buffer.
  ///
  /// @param iovecs address of `count` [Iovec] inside that buffer
  /// @param bufferIndex which registered buffer
  default Sqe readvFixed(int fd, long iovecs, int count, long offset, int bufferIndex) {
    return prepare(IORING_OP_READV_FIXED, fd, iovecs, count, offset).bufIndex(bufferIndex);
  }

  /// `IORING_OP_WRITEV_FIXED`: from parts of a registered buffer.
  ///
  /// @param iovecs address of `count` [Iovec] inside that buffer
  /// @param bufferIndex which registered buffer
  default Sqe writevFixed(int fd, long iovecs, int count, long offset, int bufferIndex) {
    return prepare(IORING_OP_WRITEV_FIXED, fd, iovecs, count, offset).bufIndex(bufferIndex);
  }

  /// `IORING_OP_SYNC_FILE_RANGE`, see sync_file_range(2).
  ///
  /// @param flags `SYNC_FILE_RANGE_*`
  default Sqe syncFileRange(int fd, long offset, int length, int flags) {
    return prepare(IORING_OP_SYNC_FILE_RANGE, fd, 0, length, offset).opFlags(flags);
  }

  /// `IORING_OP_FADVISE`, see posix_fadvise(2).
  ///
  /// @param length 0 for up to the end
  /// @param advice `POSIX_FADV_*`
  default Sqe fadvise(int fd, long offset, int length, int advice) {
    return prepare(IORING_OP_FADVISE, fd, 0, length, offset).opFlags(advice);
  }

  /// `IORING_OP_SPLICE`, see splice(2).
  ///
  /// @param offsetIn -1 for a pipe
  /// @param offsetOut -1 for a pipe
  /// @param flags `SPLICE_F_*`
  default Sqe splice(int fdIn, long offsetIn, int fdOut, long offsetOut, int length, int flags) {
    return prepare(IORING_OP_SPLICE, fdOut, offsetIn, length, offsetOut)
        .spliceFdIn(fdIn)
        .opFlags(flags);
  }

  /// `IORING_OP_TEE`, see tee(2).
  ///
  /// @param flags `SPLICE_F_*`
  default Sqe tee(int fdIn, int fdOut, int length, int flags) {
    return prepare(IORING_OP_TEE, fdOut, 0, length, 0).spliceFdIn(fdIn).opFlags(flags);
  }

  /// `IORING_OP_FGETXATTR`, see fgetxattr(2): completes with the length.
  ///
  /// @param name address of a zero-terminated string, read when submitted
  default Sqe fgetxattr(int fd, long name, long value, int length) {
    return prepare(IORING_OP_FGETXATTR, fd, name, length, value);
  }

  /// `IORING_OP_FSETXATTR`, see fsetxattr(2).
  ///
  /// @param name address of a zero-terminated string, read when submitted
  /// @param flags `XATTR_*`
  default Sqe fsetxattr(int fd, long name, long value, int length, int flags) {
    return prepare(IORING_OP_FSETXATTR, fd, name, length, value).opFlags(flags);
  }

  /// `IORING_OP_FIXED_FD_INSTALL`: makes a registered file an ordinary descriptor, with which it
  /// completes. Sets `IOSQE_FIXED_FILE`.
  ///
  /// @param index of the registered file
  /// @param flags `IORING_FIXED_FD_*`
  default Sqe fixedFdInstall(int index, int flags) {
    return prepare(IORING_OP_FIXED_FD_INSTALL, index, 0, 0, 0).fixedFile().opFlags(flags);
  }

  /// `IORING_OP_PIPE`, see pipe2(2).
  ///
  /// @param fds address of two descriptors (4 bytes each), filled in: read end, write end
  /// @param flags `O_*` of [Fcntl]
  default Sqe pipe(long fds, int flags) {
    return prepare(IORING_OP_PIPE, 0, fds, 0, 0).opFlags(flags);
  }

  /// `IORING_OP_EPOLL_CTL`, see epoll_ctl(2).
  ///
  /// @param op `EPOLL_CTL_*`
  /// @param event address of a `struct epoll_event`, read when submitted
  default Sqe epollCtl(int epollFd, int op, int fd, long event) {
    return prepare(IORING_OP_EPOLL_CTL, epollFd, event, op, Integer.toUnsignedLong(fd));
  }

  /// `IORING_OP_EPOLL_WAIT`, see epoll_wait(2): completes with the number of events.
  ///
  /// @param events address of `maxEvents` `struct epoll_event`
  default Sqe epollWait(int epollFd, long events, int maxEvents) {
    return prepare(IORING_OP_EPOLL_WAIT, epollFd, events, maxEvents, 0);
  }
}
