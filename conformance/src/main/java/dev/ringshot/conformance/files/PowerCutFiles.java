package dev.ringshot.conformance.files;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ENOSPC;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_KEEP_SIZE;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_PUNCH_HOLE;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_ZERO_RANGE;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.HostFiles;
import dev.ringshot.abi.Stat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Files in memory that lose at a [power cut][#powerCut] what was not synced: any sector of 512
/// bytes that was written since its file's last fsync(2) or fdatasync(2) is left as it was then, or
/// as any write since made it, each for itself. A program that says of something that it is on
/// stable storage finds it after every power cut, or it lied.
///
/// ## Differences from Linux
///
/// Names are durable at once. `O_DIRECT` is ignored; `O_DSYNC` and `O_SYNC` sync every write. Files
/// have no permissions, and there are no directories.
public final class PowerCutFiles implements HostFiles {
  private final Map<String, Content> contents = new HashMap<>();
  private final Map<Integer, Handle> handles = new HashMap<>();
  private final long capacity;
  private int next;
  private long syncs;

  private static final class Handle {
    final Content content;
    final int flags;
    long position;

    Handle(Content content, int flags) {
      this.content = content;
      this.flags = flags;
    }

    boolean syncsWrites() {
      return (flags & Fcntl.O_DSYNC) != 0;
    }

    boolean isWritable() {
      return (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY;
    }
  }

  /// No files yet.
  ///
  /// @param capacity bytes that all files may be long, together; then writes answer `-ENOSPC`
  public PowerCutFiles(long capacity) {
    this.capacity = capacity;
  }

  /// The power goes, and comes back: every handle is dead, of what was not synced anything may be
  /// left.
  ///
  /// @param seed decides what
  public synchronized void powerCut(long seed) {
    var random = new SplittableRandom(seed);
    contents.keySet().stream().sorted().forEach(path -> content(path).cut(random));
    handles.clear();
  }

  /// How often a file was synced.
  public synchronized long syncs() {
    return syncs;
  }

  /// All bytes of a file, as programs see them.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public synchronized byte[] bytes(String path) {
    Content content = content(path);
    return content.read(0, Math.toIntExact(content.size()));
  }

  private Content content(String path) {
    Content content = contents.get(path);
    if (content == null) throw new IllegalArgumentException("no file " + path);
    return content;
  }

  @Override
  public synchronized int open(String path, int flags, int mode) {
    Content content = contents.get(path);
    if (content == null && (flags & Fcntl.O_CREAT) == 0) return -ENOENT;
    if (content != null && (flags & Fcntl.O_CREAT) != 0 && (flags & Fcntl.O_EXCL) != 0)
      return -EEXIST;
    if (content == null) {
      content = new Content();
      contents.put(path, content);
    }
    if ((flags & Fcntl.O_TRUNC) != 0) content.resize(0);
    handles.put(next, new Handle(content, flags));
    return next++;
  }

  @Override
  public int openat(int dirHandle, String path, int flags, int mode) {
    return dirHandle == Fcntl.AT_FDCWD || path.startsWith("/") ? open(path, flags, mode) : -EBADF;
  }

  @Override
  public synchronized int close(int handle) {
    return handles.remove(handle) == null ? -EBADF : 0;
  }

  @Override
  public synchronized int pread(
      int handle, MemorySegment buffer, long offset, int length, long position) {
    Handle file = handles.get(handle);
    if (file == null) return -EBADF;
    long at = position == -1 ? file.position : position;
    if (at < 0) return -EINVAL;
    int count = (int) Math.max(0, Math.min(length, file.content.size() - at));
    byte[] bytes = file.content.read(at, count);
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, offset, count);
    if (position == -1) file.position += count;
    return count;
  }

  @Override
  public synchronized int pwrite(
      int handle, MemorySegment buffer, long offset, int length, long position) {
    Handle file = handles.get(handle);
    if (file == null || !file.isWritable()) return -EBADF;
    boolean appends = (file.flags & Fcntl.O_APPEND) != 0;
    long at = appends ? file.content.size() : position == -1 ? file.position : position;
    if (at < 0) return -EINVAL;
    if (!fits(file.content, at + length)) return -ENOSPC;
    file.content.write(at, buffer.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    if (position == -1) file.position = at + length;
    if (file.syncsWrites()) sync(file);
    return length;
  }

  private boolean fits(Content content, long size) {
    long others = contents.values().stream().mapToLong(Content::size).sum() - content.size();
    return others + Math.max(size, content.size()) <= capacity;
  }

  private void sync(Handle file) {
    syncs++;
    file.content.sync();
  }

  @Override
  public synchronized int fdatasync(int handle) {
    Handle file = handles.get(handle);
    if (file == null) return -EBADF;
    sync(file);
    return 0;
  }

  @Override
  public int fsync(int handle) {
    return fdatasync(handle);
  }

  @Override
  public synchronized int fallocate(int handle, int mode, long offset, long length) {
    Handle file = handles.get(handle);
    if (file == null || !file.isWritable()) return -EBADF;
    if (offset < 0 || length <= 0) return -EINVAL;
    boolean keeps = (mode & FALLOC_FL_KEEP_SIZE) != 0;
    int what = mode & ~FALLOC_FL_KEEP_SIZE;
    if (what != 0 && what != FALLOC_FL_ZERO_RANGE && !(what == FALLOC_FL_PUNCH_HOLE && keeps))
      return -EOPNOTSUPP;
    long end = offset + length;
    if (!keeps && !fits(file.content, end)) return -ENOSPC;
    if (what != 0) file.content.zero(offset, Math.min(end, file.content.size()));
    if (!keeps && end > file.content.size()) file.content.resize(end);
    return 0;
  }

  @Override
  public synchronized int ftruncate(int handle, long length) {
    Handle file = handles.get(handle);
    if (file == null || !file.isWritable()) return file == null ? -EBADF : -EINVAL;
    if (length < 0) return -EINVAL;
    if (!fits(file.content, length)) return -ENOSPC;
    file.content.resize(length);
    return 0;
  }

  @Override
  public synchronized long size(int handle) {
    Handle file = handles.get(handle);
    return file == null ? -EBADF : file.content.size();
  }

  @Override
  public synchronized long seek(int handle, long offset, int whence) {
    Handle file = handles.get(handle);
    if (file == null) return -EBADF;
    long size = file.content.size();
    if ((whence == Fcntl.SEEK_DATA || whence == Fcntl.SEEK_HOLE) && (offset < 0 || offset >= size))
      return -ENXIO;
    long to =
        switch (whence) {
          case Fcntl.SEEK_SET -> offset;
          case Fcntl.SEEK_CUR -> file.position + offset;
          case Fcntl.SEEK_END -> size + offset;
          case Fcntl.SEEK_DATA -> file.content.seek(offset, true);
          case Fcntl.SEEK_HOLE -> file.content.seek(offset, false);
          default -> -1;
        };
    if (to < 0) return -EINVAL;
    if (whence == Fcntl.SEEK_DATA && to == size) return -ENXIO;
    file.position = to;
    return to;
  }

  @Override
  public synchronized int statx(
      int dirHandle, String path, int flags, int mask, MemorySegment statx) {
    Content content = target(dirHandle, path);
    if (content == null) return path.isEmpty() ? -EBADF : -ENOENT;
    if (statx.byteSize() < Stat.SIZE) return -EIO;
    statx.fill((byte) 0);
    statx.set(ValueLayout.JAVA_INT_UNALIGNED, Stat.STX_MASK, Stat.STATX_TYPE | Stat.STATX_SIZE);
    statx.set(ValueLayout.JAVA_INT_UNALIGNED, Stat.STX_BLKSIZE, 4096);
    statx.set(ValueLayout.JAVA_SHORT_UNALIGNED, Stat.STX_MODE, (short) (Stat.S_IFREG | 0600));
    statx.set(ValueLayout.JAVA_LONG_UNALIGNED, Stat.STX_SIZE, content.size());
    return 0;
  }

  private @Nullable Content target(int dirHandle, String path) {
    if (!path.isEmpty()) return contents.get(path);
    Handle file = handles.get(dirHandle);
    return file == null ? null : file.content;
  }
}
