package dev.ringshot.model;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Stat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/// `struct statx` from what `java.nio` knows of a file: its type, size and times. The mask says so.
final class PortableStatx {
  private static final int BLOCK_BYTES = 512;
  private static final int PREFERRED_BYTES = 4096;

  private PortableStatx() {}

  static void fill(Path path, MemorySegment statx, LinkOption[] links) throws IOException {
    var file = Files.readAttributes(path, BasicFileAttributes.class, links);
    statx.fill((byte) 0);
    int known =
        Stat.STATX_TYPE | Stat.STATX_SIZE | Stat.STATX_BLOCKS | Stat.STATX_ATIME | Stat.STATX_MTIME;
    statx.set(JAVA_INT, Stat.STX_MASK, known);
    statx.set(JAVA_INT, Stat.STX_BLKSIZE, PREFERRED_BYTES);
    statx.set(JAVA_SHORT, Stat.STX_MODE, (short) type(file));
    statx.set(JAVA_LONG, Stat.STX_SIZE, file.size());
    statx.set(JAVA_LONG, Stat.STX_BLOCKS, (file.size() + BLOCK_BYTES - 1) / BLOCK_BYTES);
    time(statx, Stat.STX_ATIME, file.lastAccessTime());
    time(statx, Stat.STX_MTIME, file.lastModifiedTime());
  }

  private static int type(BasicFileAttributes file) {
    if (file.isRegularFile()) return Stat.S_IFREG;
    if (file.isDirectory()) return Stat.S_IFDIR;
    return file.isSymbolicLink() ? Stat.S_IFLNK : Stat.S_IFCHR;
  }

  private static void time(MemorySegment statx, long at, FileTime time) {
    long nanos = time.to(TimeUnit.NANOSECONDS);
    statx.set(JAVA_LONG, at, Math.floorDiv(nanos, 1_000_000_000L));
    statx.set(JAVA_INT, at + 8, (int) Math.floorMod(nanos, 1_000_000_000L));
  }
}
