package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.E2BIG;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringshot.abi.ublk.ElemHeader;
import java.lang.foreign.MemorySegment;

/// The protocol of commands for many tags: they are shown once, fetched by multishot commands and
/// committed in any number (`ublk_ch_batch_io_uring_cmd`).
final class BatchCommands {
  private static final int ALL_FLAGS =
      UBLK_BATCH_F_HAS_ZONE_LBA | UBLK_BATCH_F_HAS_BUF_ADDR | UBLK_BATCH_F_AUTO_BUF_REG_FALLBACK;
  private static final int CHUNK = 480; // bytes of elements looked at in one go

  private final UblkDevice device;

  BatchCommands(UblkDevice device) {
    this.device = device;
  }

  /// @return what the driver answers
  int handle(IoCommand command) {
    return switch (command.op()) {
      case UBLK_U_IO_PREP_IO_CMDS -> {
        int error = check(command);
        yield error != 0 ? error : prep(command);
      }
      case UBLK_U_IO_COMMIT_IO_CMDS -> {
        int error = check(command);
        yield error != 0 ? error : commit(command);
      }
      case UBLK_U_IO_FETCH_IO_CMDS -> fetch(command);
      case UBLK_U_IO_UNREGISTER_IO_BUF -> device.unregister(command);
      default -> other(command);
    };
  }

  private int other(IoCommand command) {
    var tag = device.tag(command);
    if (tag == null) return -EINVAL;
    if (command.op() != UBLK_U_IO_REGISTER_IO_BUF) return -EOPNOTSUPP;
    return tag.queue.register(tag, command.cmd(), (int) command.address());
  }

  private int check(IoCommand command) {
    int flags = command.flags();
    boolean fallback = (flags & UBLK_BATCH_F_AUTO_BUF_REG_FALLBACK) != 0;
    boolean addresses = (flags & UBLK_BATCH_F_HAS_BUF_ADDR) != 0;
    boolean zones = (flags & UBLK_BATCH_F_HAS_ZONE_LBA) != 0;
    if (command.queue() >= device.queues().size()) return -EINVAL;
    if (command.elements() > device.depth()) return -E2BIG;
    if (zones) return -EINVAL; // no device is zoned
    if (addresses && !device.copies()) return -EINVAL;
    if (fallback && !device.has(UBLK_F_AUTO_BUF_REG)) return -EINVAL;
    if ((flags & ~ALL_FLAGS) != 0 || (fallback && addresses)) return -EINVAL;
    int bytes = ElemHeader.SIZE + (addresses ? Long.BYTES : 0);
    return command.elementBytes() == bytes ? 0 : -EINVAL;
  }

  // ---- fetch

  private int fetch(IoCommand command) {
    if (command.queue() >= device.queues().size()) return -EINVAL;
    var cmd = command.cmd();
    if (!cmd.isMultishot()) return -EINVAL;
    if (command.elementBytes() != Short.BYTES || command.flags() != 0) return -EINVAL;
    var queue = device.queues().get(command.queue());
    queue.lock();
    try {
      return queue.fetches().attach(cmd, () -> cancel(queue, command));
    } finally {
      queue.unlock();
    }
  }

  private void cancel(UblkQueue queue, IoCommand command) {
    device.startCancelling();
    queue.lock();
    try {
      queue.fetches().cancel(command.cmd());
    } finally {
      queue.unlock();
    }
  }

  // ---- prep

  private int prep(IoCommand command) {
    var queue = device.queues().get(command.queue());
    synchronized (device) {
      queue.lock();
      try {
        int shown = 0;
        int error = 0;
        var walk = new Walk(command);
        while (error == 0 && walk.hasNext()) {
          error = walk.next();
          if (error == 0) error = show(queue, walk);
          if (error == 0) shown++;
        }
        if (error != 0) hideAgain(queue, command, shown);
        return error;
      } finally {
        queue.unlock();
      }
    }
  }

  private int show(UblkQueue queue, Walk walk) {
    if (walk.tag() >= device.depth()) return -EINVAL;
    var tag = queue.tags.get(walk.tag());
    if (device.copies() && walk.address() == 0) return -EINVAL;
    int error = device.checkShowing(tag);
    if (error != 0) return error;
    tag.take();
    tag.server = null;
    walk.buffer().give(tag);
    device.countReady(queue);
    return 0;
  }

  private void hideAgain(UblkQueue queue, IoCommand command, int count) {
    var walk = new Walk(command);
    for (int i = 0; i < count && walk.next() == 0; i++)
      device.forgetReady(queue.tags.get(walk.tag()));
  }

  // ---- commit

  private int commit(IoCommand command) {
    var queue = device.queues().get(command.queue());
    var walk = new Walk(command);
    int error = 0;
    queue.lock();
    try {
      while (error == 0 && walk.hasNext()) {
        error = walk.next();
        if (error == 0) error = commit(queue, walk, command);
        if (error == 0) walk.done();
      }
    } finally {
      queue.unlock();
    }
    return walk.bytesDone() == 0 ? error : walk.bytesDone();
  }

  private int commit(UblkQueue queue, Walk walk, IoCommand command) {
    if (walk.tag() >= device.depth()) return -EINVAL;
    var tag = queue.tags.get(walk.tag());
    if (tag.isServers && device.copies() && walk.address() == 0) return -EINVAL;
    return queue.commit(tag, command.cmd(), walk.result(), walk.buffer());
  }

  /// The elements of a command, one after the other, as the program has them.
  private final class Walk {
    private final IoCommand command;
    private final int bytes;
    private final MemorySegment chunk;
    private int chunkStart;
    private int chunkEnd; // no bytes are copied yet
    private int at;
    private int following;
    private int bytesDone;

    Walk(IoCommand command) {
      this.command = command;
      this.bytes = command.elements() * command.elementBytes();
      this.chunk = MemorySegment.ofArray(new byte[Math.min(CHUNK, bytes)]);
    }

    boolean hasNext() {
      return following < bytes;
    }

    /// @return 0 or `-EFAULT`
    int next() {
      if (following == chunkEnd) {
        int length = Math.min(CHUNK, bytes - following);
        long address = command.sqeAddress() + following;
        if (command.cmd().copyFromUser(address, chunk, 0, length) != 0) return -EFAULT;
        chunkStart = following;
        chunkEnd = following + length;
      }
      at = following - chunkStart;
      following += command.elementBytes();
      return 0;
    }

    int tag() {
      return chunk.get(JAVA_SHORT_UNALIGNED, at + ElemHeader.TAG) & 0xffff;
    }

    int result() {
      return chunk.get(JAVA_INT_UNALIGNED, at + ElemHeader.RESULT);
    }

    long address() {
      boolean hasAddress = (command.flags() & UBLK_BATCH_F_HAS_BUF_ADDR) != 0;
      return hasAddress ? chunk.get(JAVA_LONG_UNALIGNED, at + ElemHeader.SIZE) : 0;
    }

    ServerBuffer buffer() {
      if (device.copies()) return ServerBuffer.at(address());
      if (!device.has(UBLK_F_AUTO_BUF_REG)) return ServerBuffer.NONE;
      int index = chunk.get(JAVA_SHORT_UNALIGNED, at + ElemHeader.BUF_INDEX) & 0xffff;
      boolean fallback = (command.flags() & UBLK_BATCH_F_AUTO_BUF_REG_FALLBACK) != 0;
      return ServerBuffer.registration(index, fallback);
    }

    void done() {
      bytesDone = following;
    }

    int bytesDone() {
      return bytesDone;
    }
  }
}
