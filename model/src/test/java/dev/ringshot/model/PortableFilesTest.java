package dev.ringshot.model;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.Fcntl.*;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Stat;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortableFilesTest {
  private final PortableFiles files = new PortableFiles();
  private final MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void whatIsWrittenIsRead() {
    int file = files.open(path("a"), O_RDWR | O_CREAT, 0644);
    bytes.fill((byte) 7);
    assertEquals(64, files.pwrite(file, bytes, 0, 64, 100));
    assertEquals(164, files.size(file));
    bytes.fill((byte) 0);
    assertEquals(10, files.pread(file, bytes, 4, 10, 154));
    assertEquals(7, bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 13));
    assertEquals(0, files.pread(file, bytes, 0, 10, 164));
    assertEquals(0, files.fdatasync(file));
    assertEquals(0, files.close(file));
    assertEquals(-EBADF, files.close(file));
  }

  @Test
  void aPositionOfMinusOneIsTheFilesOwn() {
    int file = files.open(path("a"), O_RDWR | O_CREAT, 0644);
    assertEquals(8, files.pwrite(file, bytes, 0, 8, -1));
    assertEquals(8, files.pwrite(file, bytes, 0, 8, -1));
    assertEquals(16, files.size(file));
    assertEquals(0, files.seek(file, 0, SEEK_SET));
    assertEquals(16, files.pread(file, bytes, 0, 64, -1));
  }

  @Test
  void openingAnswersAsOpenDoes() {
    assertEquals(-ENOENT, files.open(path("absent"), O_RDONLY, 0));
    assertEquals(-ENOENT, files.open("", O_RDONLY, 0));
    assertEquals(-EISDIR, files.open(directory.toString(), O_RDWR, 0));
    int file = files.open(path("a"), O_RDWR | O_CREAT | O_EXCL, 0644);
    assertTrue(file >= 0);
    assertEquals(-EEXIST, files.open(path("a"), O_RDWR | O_CREAT | O_EXCL, 0644));
    assertEquals(-ENOTDIR, files.open(path("a"), O_RDONLY | O_DIRECTORY, 0));
    assertEquals(-EBADF, files.pwrite(files.open(path("a"), O_RDONLY, 0), bytes, 0, 8, 0));
    int here = files.open(directory.toString(), O_RDONLY | O_DIRECTORY, 0);
    assertTrue(files.openat(here, "a", O_RDONLY, 0) >= 0);
    assertEquals(-EISDIR, files.pread(here, bytes, 0, 8, 0));
  }

  @Test
  void truncatingMakesShorterAndLonger() {
    int file = files.open(path("a"), O_RDWR | O_CREAT, 0644);
    assertEquals(0, files.ftruncate(file, 5000));
    assertEquals(5000, files.size(file));
    assertEquals(0, files.ftruncate(file, 10));
    assertEquals(10, files.size(file));
    assertEquals(-EINVAL, files.ftruncate(file, -1));
    assertEquals(-EOPNOTSUPP, files.fallocate(file, 0, 0, 10));
    assertEquals(-EOPNOTSUPP, files.seek(file, 0, SEEK_DATA));
  }

  @Test
  void appendingGoesToTheEnd() {
    int file = files.open(path("a"), O_RDWR | O_CREAT | O_APPEND, 0644);
    assertEquals(8, files.pwrite(file, bytes, 0, 8, 0));
    assertEquals(8, files.pwrite(file, bytes, 0, 8, 0));
    assertEquals(16, files.size(file));
  }

  @Test
  void statxTellsTypeAndSize() {
    int file = files.open(path("a"), O_RDWR | O_CREAT, 0644);
    assertEquals(0, files.ftruncate(file, 123));
    var statx = MemorySegment.ofArray(new long[Stat.SIZE / 8]);
    assertEquals(0, files.statx(AT_FDCWD, path("a"), 0, 0x7ff, statx));
    assertEquals(123, statx.get(JAVA_LONG, Stat.STX_SIZE));
    assertEquals(Stat.S_IFREG, statx.get(JAVA_SHORT, Stat.STX_MODE) & 0xffff & Stat.S_IFMT);
    assertEquals(0, files.statx(file, "", AT_EMPTY_PATH, 0x7ff, statx));
    assertEquals(-ENOENT, files.statx(AT_FDCWD, path("absent"), 0, 0x7ff, statx));
    assertEquals(-ENOENT, files.statx(AT_FDCWD, "", 0, 0x7ff, statx));
  }
}
