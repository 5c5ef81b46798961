package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.Errno.ENOENT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.HostFiles;
import dev.ringshot.model.PortableFiles;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Host files of one folder: whatever path a hostile program names, it is there or nowhere.
final class JailedFiles implements HostFiles {
  private final PortableFiles files = new PortableFiles();
  private final @Nullable Path folder;

  /// @param folder null for no files at all
  JailedFiles(@Nullable Path folder) {
    this.folder = folder;
  }

  private @Nullable String inside(String path) {
    if (folder == null) return null;
    String prefix = folder + "/";
    boolean isBad = !path.startsWith(prefix) || path.contains("..") || path.indexOf('\0') >= 0;
    return isBad ? null : path;
  }

  @Override
  public int open(String path, int flags, int mode) {
    String allowed = inside(path);
    return allowed == null ? -ENOENT : files.open(allowed, flags, mode);
  }

  @Override
  public int openat(int dirHandle, String path, int flags, int mode) {
    boolean isNamed = !path.startsWith("/") && !path.contains("..") && folder != null;
    if (dirHandle == Fcntl.AT_FDCWD || !isNamed) return open(path, flags, mode);
    return files.openat(dirHandle, path, flags, mode);
  }

  @Override
  public int close(int handle) {
    return files.close(handle);
  }

  @Override
  public int pread(int handle, MemorySegment buffer, long offset, int length, long position) {
    return files.pread(handle, buffer, offset, length, position);
  }

  @Override
  public int pwrite(int handle, MemorySegment buffer, long offset, int length, long position) {
    return files.pwrite(handle, buffer, offset, length, position);
  }

  @Override
  public int fdatasync(int handle) {
    return 0; // a disk's time is not the model's
  }

  @Override
  public int fsync(int handle) {
    return 0;
  }

  @Override
  public int fallocate(int handle, int mode, long offset, long length) {
    return files.fallocate(handle, mode, offset, length);
  }

  @Override
  public int ftruncate(int handle, long length) {
    return files.ftruncate(handle, length);
  }

  @Override
  public long size(int handle) {
    return files.size(handle);
  }

  @Override
  public long seek(int handle, long offset, int whence) {
    return files.seek(handle, offset, whence);
  }

  @Override
  public int statx(int dirHandle, String path, int flags, int mask, MemorySegment statx) {
    String allowed = dirHandle == Fcntl.AT_FDCWD ? inside(path) : path;
    return allowed == null || allowed.contains("..")
        ? -ENOENT
        : files.statx(dirHandle, allowed, flags, mask, statx);
  }
}
