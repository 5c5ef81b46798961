package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.ublk.UblkDisk;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A disk of the model's.
final class ModelDisk implements Disk {
  private final UblkDisk disk;
  private final Scheduler time;
  private final Map<Integer, Integer> errnos = new ConcurrentHashMap<>();
  private int requests;
  private boolean isClosed;

  ModelDisk(UblkDisk disk, Scheduler time) {
    this.disk = disk;
    this.time = time;
    Claim.that("the disk can be opened", disk.open());
  }

  @Override
  public int read(long offset, MemorySegment into) {
    return begin(Bio.read(offset, into, end()));
  }

  @Override
  public int write(long offset, MemorySegment from) {
    return begin(Bio.write(offset, from, 0, end()));
  }

  @Override
  public int flush() {
    return begin(Bio.flush(end()));
  }

  @Override
  public int discard(long offset, long length) {
    return begin(Bio.discard(offset, length, end()));
  }

  private Bio.End end() {
    int request = ++requests;
    return (bio, errno) -> errnos.put(request, errno);
  }

  private int begin(Bio bio) {
    disk.submit(bio);
    return requests;
  }

  @Override
  public boolean isDone(int request) {
    return errnos.containsKey(request);
  }

  @Override
  public int await(int request) {
    long patience = System.nanoTime() + RawRing.PATIENCE_NANOS;
    while (!isDone(request)) {
      boolean mayCome = time.isVirtual() ? time.step() : System.nanoTime() < patience;
      if (!mayCome) throw new AssertionError("request " + request + " waits");
      Thread.onSpinWait();
    }
    return -errnos.getOrDefault(request, Errno.EIO);
  }

  @Override
  public long size() {
    return disk.capacity();
  }

  @Override
  public void close() {
    if (isClosed) return;
    isClosed = true;
    disk.close();
  }
}
