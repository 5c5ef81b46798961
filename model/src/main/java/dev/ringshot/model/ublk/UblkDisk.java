package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EPERM;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BioOp;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.model.block.QueueLimits;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The disk of a ublk device, `/dev/ublkbN`: its requests are served by the program that opened
/// `/dev/ublkcN`. It is there from the start of the device until it stops.
///
/// Requests of one thread go to one queue: the first thread that submits anything has queue 0, the
/// next queue 1, and so on, round and round.
public final class UblkDisk implements BlockDevice {
  private final UblkDriver driver;
  private final int id;
  private final List<UblkQueue> queues;
  private final QueueLimits limits;
  private final long chunkBytes;
  private volatile long sectors;
  private int bios; // on their way
  private int users;
  private boolean isGone;
  private boolean refusesUsers;
  private @Nullable Runnable onIdle;

  UblkDisk(UblkDriver driver, int id, List<UblkQueue> queues, DeviceParams params) {
    this.driver = driver;
    this.id = id;
    this.queues = queues;
    this.limits = params.limits();
    this.chunkBytes = params.chunkBytes();
    this.sectors = params.sectors();
  }

  /// The device's number.
  public int id() {
    return id;
  }

  @Override
  public String name() {
    return "ublkb" + id;
  }

  @Override
  public long capacity() {
    return sectors << DeviceParams.SECTOR_SHIFT;
  }

  void resize(long newSectors) {
    sectors = newSectors;
  }

  @Override
  public QueueLimits limits() {
    return limits;
  }

  // ---- users

  /// Counts one more user, for whom `UBLK_U_CMD_TRY_STOP_DEV` spares the disk; until [#close].
  ///
  /// @return false if it is going away
  public synchronized boolean open() {
    if (refusesUsers || isGone) return false;
    users++;
    return true;
  }

  /// One user less.
  public synchronized void close() {
    users--;
  }

  /// @return false if it has users; else it gets no more
  synchronized boolean refuseUsers() {
    if (users > 0) return false;
    refusesUsers = true;
    return true;
  }

  // ---- requests

  @Override
  public void submit(Bio bio) {
    submit(bio, queues.get(driver.callerNumber() % queues.size()));
  }

  /// The same disk as the CPUs of one queue see it.
  public BlockDevice onQueue(int queue) {
    var pinned = queues.get(queue);
    return new BlockDevice() {
      @Override
      public String name() {
        return UblkDisk.this.name();
      }

      @Override
      public long capacity() {
        return UblkDisk.this.capacity();
      }

      @Override
      public QueueLimits limits() {
        return limits;
      }

      @Override
      public void submit(Bio bio) {
        UblkDisk.this.submit(bio, pinned);
      }
    };
  }

  private void submit(Bio bio, UblkQueue queue) {
    synchronized (this) {
      if (!isGone) bios++;
      else queue = null;
    }
    if (queue == null) {
      bio.end(EIO);
      return;
    }
    int errno = check(bio);
    boolean isNothing =
        bio.op() == BioOp.FLUSH ? !limits.hasVolatileCache() : bio.length() == 0; // done already
    if (errno != 0 || isNothing) ended(bio, errno);
    else split(bio, queue);
  }

  private int check(Bio bio) {
    if (bio.op() == BioOp.FLUSH) return 0;
    if (limits.isReadOnly() && bio.op() != BioOp.READ) return EPERM;
    if (bio.op() == BioOp.DISCARD && limits.maxDiscard() == 0) return EOPNOTSUPP;
    if (bio.op() == BioOp.WRITE_ZEROES && limits.maxWriteZeroes() == 0) return EOPNOTSUPP;
    if (((bio.offset() | bio.length()) & limits.logicalBlockSize() - 1) != 0) return EINVAL;
    return bio.length() > capacity() - bio.offset() ? EIO : 0;
  }

  private void split(Bio bio, UblkQueue queue) {
    boolean stable = (bio.flags() & Bio.FUA) != 0 && limits.hasVolatileCache();
    boolean fua = stable && limits.hasFua() && bio.op() == BioOp.WRITE;
    int flags = fua ? UBLK_IO_F_FUA : 0;
    if ((bio.flags() & Bio.NOUNMAP) != 0) flags |= UBLK_IO_F_NOUNMAP;
    var progress = new BioProgress(this, queue, bio, stable && !fua);
    long done = 0;
    do {
      long part = bio.op() == BioOp.FLUSH ? 0 : partLength(bio, done);
      var data = hasData(bio) ? bio.data().asSlice(done, part) : MemorySegment.NULL;
      progress.add();
      queue.submit(new DiskRequest(progress, op(bio), flags, bio.offset() + done, part, data));
      done += part;
    } while (done < bio.length());
    progress.end(0);
  }

  private static boolean hasData(Bio bio) {
    return bio.op() == BioOp.READ || bio.op() == BioOp.WRITE;
  }

  private long partLength(Bio bio, long done) {
    long offset = bio.offset() + done;
    long part = Math.min(bio.length() - done, partMax(bio.op()));
    if (chunkBytes > 0 && hasData(bio)) part = Math.min(part, chunkBytes - offset % chunkBytes);
    return part;
  }

  private long partMax(BioOp op) {
    return switch (op) {
      case READ, WRITE, FLUSH -> whole(limits.maxTransfer(), limits.logicalBlockSize());
      case DISCARD -> whole(limits.maxDiscard(), limits.discardGranularity());
      case WRITE_ZEROES -> whole(limits.maxWriteZeroes(), limits.logicalBlockSize());
    };
  }

  private static long whole(long bytes, long unit) {
    return bytes < unit ? bytes : bytes - bytes % unit;
  }

  private static int op(Bio bio) {
    return switch (bio.op()) {
      case READ -> UBLK_IO_OP_READ;
      case WRITE -> UBLK_IO_OP_WRITE;
      case FLUSH -> UBLK_IO_OP_FLUSH;
      case DISCARD -> UBLK_IO_OP_DISCARD;
      case WRITE_ZEROES -> UBLK_IO_OP_WRITE_ZEROES;
    };
  }

  void ended(Bio bio, int errno) {
    bio.end(errno);
    Runnable idle = null;
    synchronized (this) {
      if (--bios == 0 && isGone) {
        idle = onIdle;
        onIdle = null;
      }
    }
    if (idle != null) idle.run();
  }

  /// Takes no more bios, then runs `idle` when none is left (`del_gendisk`).
  void remove(Runnable idle) {
    synchronized (this) {
      isGone = true;
      if (bios > 0) {
        onIdle = idle;
        return;
      }
    }
    idle.run();
  }

  @Override
  public String toString() {
    return name() + ", " + capacity() + " bytes";
  }
}
