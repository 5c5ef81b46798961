package dev.ringshot.ublk.target;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Fcntl.*;
import static dev.ringshot.abi.IoUring.IORING_FSYNC_DATASYNC;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Stat;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.lang.foreign.MemorySegment;

/// A disk in a file, or on another disk. Its operations are those of the queue's ring.
///
/// A write is acknowledged when the file has taken it, and is on stable storage after a flush,
/// which is fdatasync(2), or at once with FUA. Discards punch holes, where the file system can:
/// where not, there is no discard, and zeros are written as data.
public final class FileTarget implements BlockTarget {
  private static final int PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  private static final int ZERO = FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE;

  private final Kernel kernel;
  private final int fd;
  private final FileOptions options;
  private final long size;
  private final BlockLimits limits;

  private FileTarget(Kernel kernel, int fd, FileOptions options, long size, BlockLimits limits) {
    this.kernel = kernel;
    this.fd = fd;
    this.options = options;
    this.size = size;
    this.limits = limits;
  }

  /// Opens a file, on a ring of its own that is closed again; waits for the system meanwhile.
  ///
  /// @throws ErrnoException if it cannot be opened, or created
  public static FileTarget open(Kernel kernel, String path, FileOptions options) {
    try (Ring ring = Ring.open(kernel, 8)) {
      var opening = new Opening(ring, path);
      int fd = opening.open(options);
      try {
        if (options.create()) opening.grow(fd, options.offset() + options.size());
        long size = options.size() != 0 ? options.size() : opening.size(fd) - options.offset();
        boolean punches = !options.isReadOnly() && opening.canPunch(fd, options.offset() + size);
        return new FileTarget(kernel, fd, options, size & -512, limits(options, punches));
      } catch (RuntimeException e) {
        kernel.close(fd);
        throw e;
      }
    }
  }

  private static BlockLimits limits(FileOptions options, boolean punches) {
    int range = punches ? BlockLimits.RANGE_MAX : 0;
    return BlockLimits.DEFAULT
        .withBlockSize(options.isDirect() ? 4096 : 512, 4096) // what any file system takes directly
        .withWriteCache(!options.isReadOnly(), !options.isReadOnly())
        .withDiscard(punches ? 4096 : 0, range, range)
        .withReadOnly(options.isReadOnly());
  }

  @Override
  public long size() {
    return size & -limits.logicalBlockSize();
  }

  @Override
  public BlockLimits limits() {
    return limits;
  }

  @Override
  public boolean takesRegisteredBuffers() {
    return true;
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    if (request.offset() + request.length() > size) {
      request.complete(-EIO);
      return;
    }
    long at = options.offset() + request.offset();
    int length = request.length();
    switch (request.op()) {
      case READ -> request.readFrom(ring, fd, at);
      case WRITE -> request.writeTo(ring, fd, at).opFlags(request.isFua() ? RWF_DSYNC : 0);
      case FLUSH -> ring.prepare(request).fsync(fd, IORING_FSYNC_DATASYNC);
      case DISCARD -> ring.prepare(request).fallocate(fd, PUNCH, at, length);
      case WRITE_ZEROES ->
          ring.prepare(request).fallocate(fd, request.mayUnmap() ? PUNCH : ZERO, at, length);
    }
  }

  @Override
  public void close() {
    kernel.close(fd);
  }

  /// The requests that opening takes, one after the other.
  private static final class Opening implements CqeHandler {
    private static final int STATX = 0;
    private static final int NAME = 256;

    private final Ring ring;
    private final String path;
    private final MemorySegment memory;
    private int result;

    Opening(Ring ring, String path) {
      this.ring = ring;
      this.path = path;
      memory = ring.allocate(NAME + 4096);
      memory.setString(NAME, path);
    }

    @Override
    public void onCqe(int res, int flags) {
      result = res;
    }

    private int check(String call) {
      ring.run();
      if (result < 0) {
        throw new ErrnoException(call, -result, path + ": " + Errno.describe(result));
      }
      return result;
    }

    int open(FileOptions options) {
      int flags = (options.isReadOnly() ? O_RDONLY : O_RDWR) | O_CLOEXEC;
      if (options.isDirect()) flags |= O_DIRECT;
      if (options.create()) flags |= O_CREAT;
      ring.prepare(this).openat(AT_FDCWD, memory.address() + NAME, flags, 0600);
      return check("open");
    }

    void grow(int fd, long length) {
      if (size(fd) >= length) return;
      ring.prepare(this).ftruncate(fd, length);
      check("ftruncate");
    }

    long size(int fd) {
      memory.set(JAVA_BYTE, NAME, (byte) 0);
      long at = memory.address();
      ring.prepare(this)
          .statx(fd, at + NAME, AT_EMPTY_PATH, Stat.STATX_SIZE | Stat.STATX_TYPE, at + STATX);
      check("statx");
      int type = memory.get(JAVA_SHORT, STATX + Stat.STX_MODE) & Stat.S_IFMT;
      if (type == Stat.S_IFBLK) {
        throw new IllegalArgumentException(path + " is a disk: give its size");
      }
      return memory.get(JAVA_LONG, STATX + Stat.STX_SIZE);
    }

    /// A hole behind the end changes nothing; where there are none, the answer is `EOPNOTSUPP`. A
    /// disk refuses the place and not the hole, `EINVAL`.
    boolean canPunch(int fd, long end) {
      ring.prepare(this).fallocate(fd, PUNCH, end, 4096);
      ring.run();
      return result == 0 || result == -EINVAL;
    }
  }
}
