package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.*;

import dev.ringshot.abi.Poll;

/// The table of opcodes (`io_issue_defs`).
final class Operations {
  /// One opcode.
  ///
  /// @param needsFile whether `fd` is resolved before it is issued
  /// @param bufferSelect whether it takes `IOSQE_BUFFER_SELECT`
  /// @param ioprio whether it takes an `ioprio`
  /// @param pollMask what to wait for on a file that is not ready; 0 to go to a worker instead
  /// @param forceAsync whether it always runs on a worker
  /// @param blocks whether it may block there, and so runs without the ring's lock
  record Row(
      Operation operation,
      boolean supported,
      boolean needsFile,
      boolean bufferSelect,
      boolean ioprio,
      int pollMask,
      boolean forceAsync,
      boolean blocks) {
    private Row file() {
      return new Row(
          operation, supported, true, bufferSelect, ioprio, pollMask, forceAsync, blocks);
    }

    private Row socket(int mask) {
      return file().withIoprio().pollFor(mask);
    }

    private Row bufferSelect(boolean taken) {
      return new Row(operation, supported, needsFile, taken, ioprio, pollMask, forceAsync, blocks);
    }

    private Row withIoprio() {
      return new Row(
          operation, supported, needsFile, bufferSelect, true, pollMask, forceAsync, blocks);
    }

    private Row pollFor(int mask) {
      return new Row(
          operation, supported, needsFile, bufferSelect, ioprio, mask, forceAsync, blocks);
    }

    private Row blocking() {
      return new Row(
          operation, supported, needsFile, bufferSelect, ioprio, pollMask, forceAsync, true);
    }

    private Row async() {
      return new Row(operation, supported, needsFile, bufferSelect, ioprio, pollMask, true, true);
    }
  }

  /// An opcode that is compiled out: `-EOPNOTSUPP` at prep, whatever else the SQE says.
  static final Row NONE =
      new Row(
          new Operation() {
            @Override
            public int prep(Request request) {
              return -EOPNOTSUPP;
            }

            @Override
            public int issue(Request request, boolean mayBlock) {
              return -EOPNOTSUPP;
            }
          },
          false,
          false,
          false,
          true,
          0,
          false,
          false);

  private static final int READABLE = Poll.POLLIN | Poll.POLLRDNORM;
  private static final int WRITABLE = Poll.POLLOUT | Poll.POLLWRNORM;

  private final Row[] rows;

  Operations(ModelOptions options) {
    rows = new Row[options.release().opcodes()];
    java.util.Arrays.fill(rows, NONE);
    rows[IORING_OP_NOP] = row(new NopOp());
    if (options.release().hasMixedSqes()) rows[IORING_OP_NOP128] = rows[IORING_OP_NOP];
    rows[IORING_OP_FSYNC] = row(new FsyncOp()).file().async();
    rows[IORING_OP_POLL_ADD] = row(new PollAddOp()).file();
    rows[IORING_OP_POLL_REMOVE] = row(new PollRemoveOp());
    rows[IORING_OP_TIMEOUT] = row(new TimeoutOp());
    rows[IORING_OP_TIMEOUT_REMOVE] = row(new TimeoutRemoveOp());
    rows[IORING_OP_ASYNC_CANCEL] = row(new AsyncCancelOp());
    rows[IORING_OP_LINK_TIMEOUT] = row(new LinkTimeoutOp());
    rows[IORING_OP_FALLOCATE] = row(new FallocateOp()).file().async();
    rows[IORING_OP_OPENAT] = row(new OpenatOp()).async();
    rows[IORING_OP_CLOSE] = row(new CloseOp());
    rows[IORING_OP_FILES_UPDATE] = row(new FilesUpdateOp());
    rows[IORING_OP_STATX] = row(new StatxOp()).async();
    rows[IORING_OP_READ] = reading(Span.RANGE).bufferSelect(true);
    rows[IORING_OP_READV] = reading(Span.VECTOR).bufferSelect(true);
    rows[IORING_OP_READ_FIXED] = reading(Span.FIXED);
    rows[IORING_OP_WRITE] = writing(Span.RANGE);
    rows[IORING_OP_WRITEV] = writing(Span.VECTOR);
    rows[IORING_OP_WRITE_FIXED] = writing(Span.FIXED);
    rows[IORING_OP_PROVIDE_BUFFERS] = row(new ProvideBuffersOp());
    rows[IORING_OP_REMOVE_BUFFERS] = row(new RemoveBuffersOp());
    rows[IORING_OP_MSG_RING] = row(new MsgRingOp()).file().blocking();
    rows[IORING_OP_SENDMSG] = row(new SendOp(true)).socket(WRITABLE);
    rows[IORING_OP_RECVMSG] = row(new RecvOp(true)).socket(READABLE).bufferSelect(true);
    rows[IORING_OP_SEND] = row(new SendOp(false)).socket(WRITABLE).bufferSelect(true);
    rows[IORING_OP_RECV] = row(new RecvOp(false)).socket(READABLE).bufferSelect(true);
    rows[IORING_OP_ACCEPT] = row(new AcceptOp()).socket(READABLE);
    rows[IORING_OP_CONNECT] = row(new ConnectOp()).file().pollFor(WRITABLE);
    rows[IORING_OP_SHUTDOWN] = row(new ShutdownOp()).file().async();
    rows[IORING_OP_SOCKET] = row(new SocketOp());
    rows[IORING_OP_BIND] = row(new BindOp()).file();
    rows[IORING_OP_LISTEN] = row(new ListenOp()).file();
    rows[IORING_OP_READ_MULTISHOT] =
        row(new ReadMultishotOp())
            .file()
            .bufferSelect(true)
            .pollFor(Poll.POLLIN | Poll.POLLRDNORM)
            .blocking();
    rows[IORING_OP_FTRUNCATE] = row(new FtruncateOp()).file().async();
    if (options.commands()) {
      rows[IORING_OP_URING_CMD] =
          row(new UringCmdOp())
              .file()
              .bufferSelect(options.release().hasMultishotCommands())
              .blocking();
      if (options.release().hasMixedSqes())
        rows[IORING_OP_URING_CMD128] = rows[IORING_OP_URING_CMD];
    }
  }

  /// Whether an opcode takes an SQE of 128 bytes.
  static boolean isWide(int opcode) {
    return opcode == IORING_OP_NOP128 || opcode == IORING_OP_URING_CMD128;
  }

  private static Row reading(Span span) {
    return row(new ReadOp(span))
        .file()
        .withIoprio()
        .pollFor(Poll.POLLIN | Poll.POLLRDNORM)
        .blocking();
  }

  private static Row writing(Span span) {
    return row(new WriteOp(span))
        .file()
        .withIoprio()
        .pollFor(Poll.POLLOUT | Poll.POLLWRNORM)
        .blocking();
  }

  private static Row row(Operation operation) {
    return new Row(operation, true, false, false, false, 0, false, false);
  }

  int count() {
    return rows.length;
  }

  Row get(int opcode) {
    return rows[opcode];
  }
}
