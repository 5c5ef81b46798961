package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.Fcntl.AT_EMPTY_PATH;
import static dev.ringshot.abi.Fcntl.AT_FDCWD;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_KEEP_SIZE;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_PUNCH_HOLE;
import static dev.ringshot.abi.Fcntl.O_CREAT;
import static dev.ringshot.abi.Fcntl.O_DIRECTORY;
import static dev.ringshot.abi.Fcntl.O_RDONLY;
import static dev.ringshot.abi.Fcntl.O_RDWR;
import static dev.ringshot.abi.Fcntl.SEEK_DATA;
import static dev.ringshot.abi.Fcntl.SEEK_HOLE;
import static dev.ringshot.abi.Fcntl.SEEK_SET;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static dev.ringshot.abi.Stat.STATX_BASIC_STATS;
import static dev.ringshot.abi.Stat.STX_SIZE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Stat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Host files through libc.
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class LinuxFilesTest {
  private static final int MODE = 0600;
  private static final long PAGE = 65536; // a multiple of every page size

  private final LinuxFiles files = new LinuxFiles();
  private final Arena arena = Arena.ofShared();
  @TempDir Path directory;
  private int handle;

  @BeforeEach
  void createFile() {
    handle = files.open(directory.resolve("file").toString(), O_RDWR | O_CREAT, MODE);
    assertTrue(handle >= 0, () -> "open: " + handle);
  }

  @AfterEach
  void closeAll() {
    assertEquals(0, files.close(handle));
    arena.close();
  }

  @Test
  void readsWhatWasWrittenAtItsPosition() {
    assertEquals(5, files.pwrite(handle, text("..hello"), 2, 5, 100));
    var buffer = arena.allocate(16);
    assertEquals(4, files.pread(handle, buffer, 1, 15, 101));
    assertEquals("ello", buffer.getString(1));
    assertEquals(0, files.pread(handle, buffer, 0, 16, 105));
    assertEquals(105, files.size(handle));
  }

  @Test
  void ownPositionMovesOnlyWhenUsed() {
    assertEquals(3, files.pwrite(handle, text("abc"), 0, 3, -1));
    assertEquals(3, files.pwrite(handle, text("def"), 0, 3, -1));
    assertEquals(0, files.seek(handle, 0, SEEK_SET));
    var buffer = arena.allocate(16);
    assertEquals(2, files.pread(handle, buffer, 0, 2, 4));
    assertEquals(6, files.size(handle));
    assertEquals(6, files.pread(handle, buffer, 0, 15, -1));
    assertEquals("abcdef", buffer.getString(0));
  }

  @Test
  void holesAreFound() {
    assertEquals(1, files.pwrite(handle, text("x"), 0, 1, 2 * PAGE));
    assertEquals(2 * PAGE, files.seek(handle, 0, SEEK_DATA));
    assertEquals(0, files.seek(handle, 0, SEEK_HOLE));
    assertEquals(-ENXIO, files.seek(handle, 3 * PAGE, SEEK_DATA));
    int punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    assertEquals(0, files.fallocate(handle, punch, 2 * PAGE, PAGE));
    assertEquals(-ENXIO, files.seek(handle, 0, SEEK_DATA));
    assertEquals(2 * PAGE + 1, files.size(handle));
  }

  @Test
  void sizeFollowsTruncateAndAllocate() {
    assertEquals(0, files.ftruncate(handle, 4711));
    assertEquals(4711, files.size(handle));
    assertEquals(0, files.fallocate(handle, 0, 0, PAGE));
    assertEquals(PAGE, files.size(handle));
    assertEquals(-EINVAL, files.ftruncate(handle, -1));
    assertEquals(0, files.fdatasync(handle));
    assertEquals(0, files.fsync(handle));
  }

  @Test
  void statxGoesByHandleAndByPath() {
    assertEquals(0, files.ftruncate(handle, 4711));
    int parent = files.open(directory.toString(), O_RDONLY | O_DIRECTORY, 0);
    var statx = arena.allocate(Stat.SIZE, 8);
    assertEquals(0, files.statx(handle, "", AT_EMPTY_PATH, STATX_BASIC_STATS, statx));
    assertEquals(4711, statx.get(JAVA_LONG, STX_SIZE));
    statx.fill((byte) 0);
    assertEquals(0, files.statx(parent, "file", 0, STATX_BASIC_STATS, statx));
    assertEquals(4711, statx.get(JAVA_LONG, STX_SIZE));
    int again = files.openat(parent, "file", O_RDONLY, 0);
    assertEquals(4711, files.size(again));
    assertEquals(0, files.close(again));
    assertEquals(0, files.close(parent));
  }

  @Test
  void errorsAreNegatedErrnos() {
    var buffer = arena.allocate(8);
    int none = 1 << 20;
    assertEquals(-EBADF, files.pread(none, buffer, 0, 8, 0));
    assertEquals(-EBADF, files.pwrite(none, buffer, 0, 8, -1));
    assertEquals(-EBADF, files.size(none));
    assertEquals(-EBADF, files.close(none));
    assertEquals(-EINVAL, files.pread(handle, buffer, 0, 8, -2));
    assertEquals(-ENOENT, files.open(directory.resolve("none").toString(), O_RDONLY, 0));
    assertEquals(
        -ENOENT,
        files.statx(AT_FDCWD, directory.resolve("no").toString(), 0, 0, arena.allocate(Stat.SIZE)));
    assertEquals(-EINVAL, files.open("a\0b", O_RDONLY, 0));
  }

  @Test
  void unmappedBufferIsABadAddress() {
    var kernel = new LinuxKernel();
    var memory = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
    assertEquals(0, kernel.unmap(memory));
    assertEquals(-EFAULT, files.pread(handle, memory, 0, 8, 0));
    assertEquals(-EFAULT, files.pwrite(handle, memory, 0, 8, 0));
  }

  /// ```
  /// reader                            this thread
  /// pread: holds the memory, blocks
  ///                                   unmap: -EBUSY
  ///                                   write to the socket
  /// pread: 8
  ///                                   unmap: 0
  /// ```
  ///
  /// or unmap comes first and the read finds a bad address. Never anything else.
  @Test
  void unmapRacingABlockedReadEitherWaitsOrWins() throws Exception {
    var kernel = new LinuxKernel();
    var word = arena.allocate(8);
    try (var threads = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < 500; round++) {
        int[] pair = Posix.socketPair();
        var memory = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
        var read = threads.submit(() -> files.pread(pair[0], memory, 0, 8, -1));
        int unmapped = kernel.unmap(memory);
        assertEquals(8, files.pwrite(pair[1], word, 0, 8, -1));
        assertEquals(unmapped == 0 ? -EFAULT : 8, read.get());
        if (unmapped == -EBUSY) unmapped = kernel.unmap(memory);
        assertEquals(0, unmapped);
        for (int fd : pair) assertEquals(0, files.close(fd));
      }
    }
  }

  private MemorySegment text(String text) {
    return arena.allocateFrom(text);
  }
}
