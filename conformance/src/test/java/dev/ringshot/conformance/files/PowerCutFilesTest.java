package dev.ringshot.conformance.files;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ENOSPC;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_KEEP_SIZE;
import static dev.ringshot.abi.Fcntl.FALLOC_FL_PUNCH_HOLE;
import static dev.ringshot.abi.Fcntl.O_CREAT;
import static dev.ringshot.abi.Fcntl.O_RDWR;
import static dev.ringshot.abi.Fcntl.SEEK_DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PowerCutFilesTest {
  private static final int FILE_BYTES = 4 * Content.SECTOR;

  private final PowerCutFiles files = new PowerCutFiles(1 << 20);
  private final MemorySegment memory = Arena.ofAuto().allocate(FILE_BYTES);
  private int file = open();

  private int open() {
    return files.open("disk", O_RDWR | O_CREAT, 0600);
  }

  private void write(int value) {
    memory.fill((byte) value);
    assertEquals(FILE_BYTES, files.pwrite(file, memory, 0, FILE_BYTES, 0));
  }

  @Test
  void whatWasSyncedIsThereAfterAPowerCut() {
    for (long seed = 0; seed < 100; seed++) {
      write((int) seed);
      assertEquals(0, files.fdatasync(file));
      files.powerCut(seed);
      for (byte each : files.bytes("disk")) assertEquals((byte) seed, each);
      file = open();
    }
  }

  @Test
  void ofWhatWasNotSyncedAnythingMayBeLeft() {
    Set<Byte> left = new HashSet<>();
    int torn = 0;
    for (long seed = 0; seed < 100; seed++) {
      write(1);
      files.fdatasync(file);
      write(2);
      write(3);
      files.powerCut(seed);
      Set<Byte> here = new HashSet<>();
      for (byte each : files.bytes("disk")) here.add(each);
      if (here.size() > 1) torn++;
      left.addAll(here);
      file = open();
    }
    assertEquals(Set.of((byte) 1, (byte) 2, (byte) 3), left);
    assertTrue(torn > 50, torn + " torn");
  }

  @Test
  void aSeedDecides() {
    write(1);
    files.powerCut(7);
    byte[] first = files.bytes("disk");
    var others = new PowerCutFiles(1 << 20);
    int other = others.open("disk", O_RDWR | O_CREAT, 0600);
    memory.fill((byte) 1);
    others.pwrite(other, memory, 0, FILE_BYTES, 0);
    others.powerCut(7);
    assertTrue(java.util.Arrays.equals(first, others.bytes("disk")));
  }

  @Test
  void handlesDieWithThePower() {
    files.powerCut(1);
    assertEquals(-EBADF, files.fdatasync(file));
    assertEquals(-EBADF, files.pread(file, memory, 0, 1, 0));
  }

  @Test
  void punchedHoleIsNoData() {
    write(1);
    files.fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2 * (long) Content.SECTOR);
    assertEquals(2 * Content.SECTOR, files.seek(file, 0, SEEK_DATA));
    assertEquals(0, files.bytes("disk")[0]);
  }

  @Test
  void spaceEnds() {
    var small = new PowerCutFiles(FILE_BYTES);
    int full = small.open("disk", O_RDWR | O_CREAT, 0600);
    assertEquals(FILE_BYTES, small.pwrite(full, memory, 0, FILE_BYTES, 0));
    assertEquals(-ENOSPC, small.pwrite(full, memory, 0, 1, FILE_BYTES));
  }
}
