package dev.ringshot.model;

import dev.ringshot.abi.HostFiles;
import java.lang.foreign.MemorySegment;

/// Host files that pass every call on: tests override one.
class ForwardingFiles implements HostFiles {
  private final HostFiles files;

  ForwardingFiles(HostFiles files) {
    this.files = files;
  }

  @Override
  public int open(String path, int flags, int mode) {
    return files.open(path, flags, mode);
  }

  @Override
  public int openat(int dirHandle, String path, int flags, int mode) {
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
    return files.fdatasync(handle);
  }

  @Override
  public int fsync(int handle) {
    return files.fsync(handle);
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
    return files.statx(dirHandle, path, flags, mask, statx);
  }
}
