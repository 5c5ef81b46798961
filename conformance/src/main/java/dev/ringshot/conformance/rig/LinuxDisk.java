package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A block device of Linux, by a ring of its own.
final class LinuxDisk implements Disk {
  private static final int BLOCK_URING_CMD_DISCARD = 0x1200;
  private static final int SECTOR = 512;

  private final Kernel kernel;
  private final RawRing ring;
  private final String name;
  private final int fd;
  private final Map<Integer, Integer> results = new HashMap<>();
  private final Map<Integer, Integer> lengths = new HashMap<>();
  private int requests;
  private boolean isClosed;

  LinuxDisk(Rig rig, String name) {
    this.kernel = rig.kernel();
    this.ring = rig.ring(256);
    this.name = name;
    this.fd =
        Claim.success("open " + name, kernel.open("/dev/" + name, Fcntl.O_RDWR | Fcntl.O_DIRECT));
  }

  @Override
  public int read(long offset, MemorySegment into) {
    ring.sqe(next((int) into.byteSize())).read(fd, into.address(), (int) into.byteSize(), offset);
    return begin();
  }

  @Override
  public int write(long offset, MemorySegment from) {
    ring.sqe(next((int) from.byteSize())).write(fd, from.address(), (int) from.byteSize(), offset);
    return begin();
  }

  @Override
  public int flush() {
    ring.sqe(next(0)).fsync(fd);
    return begin();
  }

  @Override
  public int discard(long offset, long length) {
    ring.sqe(next(0)).uringCmd(fd, BLOCK_URING_CMD_DISCARD).addr(offset).addr3(length);
    return begin();
  }

  private int next(int length) {
    lengths.put(++requests, length);
    return requests;
  }

  private int begin() {
    ring.submitAll();
    return requests;
  }

  @Override
  public boolean isDone(int request) {
    ring.getEvents();
    collect();
    return results.containsKey(request);
  }

  private void collect() {
    for (Completion one : ring.visible()) results.put((int) one.userData(), one.res());
  }

  @Override
  public int await(int request) {
    long patience = System.nanoTime() + RawRing.PATIENCE_NANOS;
    while (!isDone(request)) {
      if (System.nanoTime() > patience) throw new AssertionError("request " + request + " waits");
      int result = ring.enterTimed(0, 1, RawRing.QUIET_NANOS);
      if (result < 0 && result != -Errno.ETIME && result != -Errno.EINTR)
        throw new AssertionError("io_uring_enter: " + Completion.result(result));
    }
    int result = results.getOrDefault(request, 0);
    if (result < 0) return result;
    int length = lengths.getOrDefault(request, 0);
    return result < length ? -Errno.EIO : 0; // fewer bytes are there: the disk's end, or it is gone
  }

  @Override
  public long size() {
    try {
      return Long.parseLong(Files.readString(Path.of("/sys/block", name, "size")).strip()) * SECTOR;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (isClosed) return;
    isClosed = true;
    kernel.close(fd);
  }
}
