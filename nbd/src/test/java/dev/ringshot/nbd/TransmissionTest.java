package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BioOp;
import dev.ringshot.model.block.QueueLimits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests and their replies, byte by byte.
@Timeout(60)
final class TransmissionTest {
  private static final int SIZE = 64 << 20;
  private static final int MIB = 1 << 20;

  /// Of all disks here, one after the other: fresh memory is slow.
  private static final MemorySegment MEMORY = Arena.ofAuto().allocate(SIZE, 4096);

  private final MemoryDisk disk = new MemoryDisk(MEMORY, Runnable::run);
  private Rig rig;

  @BeforeEach
  void serve() throws IOException {
    rig = new Rig(disk);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private byte[] onDisk(int offset, int length) {
    return disk.memory().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private void putOnDisk(int offset, byte[] bytes) {
    disk.memory().asSlice(offset, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  @Test
  void simpleReadIsHeaderAndData() throws IOException {
    byte[] data = random(512);
    putOnDisk(1024, data);
    try (Client client = rig.goSimple()) {
      client.send(Client.hex("25609513 0000 0000 0102030405060708 0000000000000400 00000200"));
      assertArrayEquals(Client.hex("67446698 00000000 0102030405060708"), client.receive(16));
      assertArrayEquals(data, client.receive(512));
    }
  }

  @Test
  void structuredReadIsOneChunk() throws IOException {
    byte[] data = random(512);
    putOnDisk(1024, data);
    try (Client client = rig.go()) {
      client.send(Client.hex("25609513 0004 0000 0102030405060708 0000000000000400 00000200"));
      assertArrayEquals(
          Client.hex("668e33ef 0001 0001 0102030405060708 00000208 0000000000000400"),
          client.receive(28));
      assertArrayEquals(data, client.receive(512));
    }
  }

  @Test
  void structuredErrorIsAnErrorChunk() throws IOException {
    try (Client client = rig.go()) {
      client.send(Client.hex("25609513 0000 0000 0102030405060708 0000000000000001 00000200"));
      assertArrayEquals(
          Client.hex("668e33ef 0001 8001 0102030405060708 00000006 00000016 0000"),
          client.receive(26));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 16384, 20480, 1 << 20, (1 << 20) + 512, 32 << 20})
  void whatIsWrittenIsOnTheDiskAndReadBack(int length) throws IOException {
    byte[] data = random(length);
    try (Client structured = rig.go();
        Client simple = rig.goSimple()) {
      structured.write(0, 5, 4096, data);
      assertEquals(0, structured.answer().errno());
      assertArrayEquals(data, onDisk(4096, length));

      simple.request(0, Nbd.NBD_CMD_READ, 6, 4096, length);
      assertArrayEquals(data, simple.answer(length).data().array());

      structured.request(0, Nbd.NBD_CMD_READ, 7, 4096, length);
      assertArrayEquals(data, readChunks(structured, 4096, length));
    }
  }

  /// Receives chunks until the last; claims that they cover the range once.
  private static byte[] readChunks(Client client, long offset, int length) throws IOException {
    byte[] all = new byte[length];
    var seen = new BitSet(length / 512);
    Client.Answer answer;
    do {
      answer = client.answer();
      assertEquals(0, answer.errno());
      if (answer.type() == Nbd.NBD_REPLY_TYPE_NONE) continue;
      assertEquals(Nbd.NBD_REPLY_TYPE_OFFSET_DATA, answer.type());
      ByteBuffer data = answer.data();
      int at = (int) (data.getLong() - offset);
      for (int block = at / 512; block < (at + data.remaining()) / 512; block++) {
        assertTrue(!seen.get(block), "twice");
        seen.set(block);
      }
      data.get(all, at, data.remaining());
    } while (!answer.isDone());
    assertEquals(length / 512, seen.cardinality());
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 22", // nothing
    "0, 0, 1, 512, 22", // not whole blocks
    "0, 0, 0, 1, 22",
    "0, 0, 67108864, 512, 22", // beyond the end
    "0, 0, 67108352, 1024, 22",
    "0, 0, -512, 512, 22",
    "0, 0, -512, 1024, 22",
    "1, 0, 0, 512, 0", // FUA of what writes nothing
    "2, 0, 0, 512, 22", // flags of other commands
    "8, 0, 0, 512, 22",
    "16, 0, 0, 512, 22",
    "32768, 0, 0, 512, 22",
    "4, 0, 0, 1048576, 0", // DF
    "4, 0, 0, 1049088, 75",
    "0, 0, 0, 33554944, 75", // too long
    "0, 3, 0, 0, 0", // FLUSH
    "1, 3, 0, 0, 0",
    "0, 3, 512, 0, 22",
    "0, 3, 0, 512, 22",
    "2, 3, 0, 0, 22",
    "0, 4, 0, 33554944, 0", // TRIM, longer than a payload
    "1, 4, 0, 4096, 0",
    "2, 4, 0, 4096, 22",
    "0, 4, 67108864, 512, 22",
    "0, 4, 0, 511, 22",
    "0, 5, 0, 33554944, 0", // CACHE
    "2, 5, 0, 512, 22",
    "0, 5, 67108864, 512, 22",
    "0, 6, 0, 33554944, 0", // WRITE_ZEROES
    "3, 6, 0, 4096, 0",
    "16, 6, 0, 4096, 0",
    "18, 6, 0, 4096, 95",
    "4, 6, 0, 4096, 22",
    "0, 6, 67108864, 512, 28",
    "0, 6, 0, 4294966784, 28",
    "0, 6, 100, 4096, 22",
    "8, 7, 0, 4096, 0", // BLOCK_STATUS
    "1, 7, 0, 4096, 0",
    "2, 7, 0, 4096, 22",
    "0, 7, 67108864, 512, 22",
    "0, 8, 0, 512, 22", // no such command
    "0, 65535, 0, 0, 22",
  })
  void requestsEndAsTheProtocolSays(int flags, int type, long offset, long length, int errno)
      throws IOException {
    try (Client client = rig.go()) {
      client.expect(errno, flags, type, offset, length);
      assertEquals(List.of(), rig.log.all());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 67108864, 512, 28",
    "0, 67108352, 1024, 28",
    "0, 1, 512, 22",
    "0, 0, 0, 22",
    "2, 0, 512, 22",
    "0, 0, 33554944, 22",
    "0, 0, 67108864, 22"
  })
  void refusedWritesLeaveTheConnectionInStep(int flags, long offset, int length, int errno)
      throws IOException {
    try (Client client = rig.go()) {
      client.write(flags, 1, offset, new byte[length]);
      assertEquals(errno, client.answer().errno());
      client.expect(0, 0, Nbd.NBD_CMD_FLUSH, 0, 0);
    }
  }

  @Test
  void tooLongWritesClose() throws Exception {
    try (Client client = rig.go()) {
      client.request(0, Nbd.NBD_CMD_WRITE, 1, 0, 0xffff_ffffL).expectClosed();
      assertTrue(rig.log.take().endsWith("closed: a write of 4294967295 bytes"));
    }
  }

  @Test
  void wrongRequestMagicCloses() throws Exception {
    try (Client client = rig.go()) {
      client.send(new byte[28]).expectClosed();
      assertTrue(rig.log.take().endsWith("closed: request magic 0x0"));
    }
  }

  @Test
  void longSimpleReadsTooLongAreInvalid() throws IOException {
    try (Client client = rig.goSimple()) {
      client.expect(Nbd.NBD_EINVAL, 0, Nbd.NBD_CMD_READ, 0, 33554944);
      client.expect(Nbd.NBD_EINVAL, Nbd.NBD_CMD_FLAG_DF, Nbd.NBD_CMD_READ, 0, 512);
      client.expect(Nbd.NBD_EINVAL, 0, Nbd.NBD_CMD_BLOCK_STATUS, 0, 512);
    }
  }

  @Test
  void readOnlyRefusesWhateverWrites() throws IOException {
    try (Rig readOnly = new Rig(Rig.OPTIONS.withReadOnly(true), disk);
        Client client = readOnly.go()) {
      client.write(0, 1, 0, new byte[512]);
      assertEquals(Nbd.NBD_EPERM, client.answer().errno());
      client.expect(Nbd.NBD_EPERM, 0, Nbd.NBD_CMD_WRITE_ZEROES, 0, 512);
      client.expect(Nbd.NBD_EPERM, 0, Nbd.NBD_CMD_TRIM, 0, 512);
      client.expect(0, 0, Nbd.NBD_CMD_CACHE, 0, 512);
      client.expect(0, 0, Nbd.NBD_CMD_BLOCK_STATUS, 0, 512);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "30, 1",
    "13, 1",
    "12, 12",
    "28, 28",
    "122, 28",
    "27, 28",
    "108, 108",
    "22, 22",
    "75, 22",
    "95, 22",
    "5, 5",
    "19, 5",
    "110, 5",
    "-5, 5",
    "2147483647, 5"
  })
  void errorsOfTheDeviceAreThoseOfTheWire(int errno, int onTheWire) throws IOException {
    disk.setFates(
        bio -> bio.op() == BioOp.FLUSH ? MemoryDisk.GOOD : new MemoryDisk.Fate.Fails(errno));
    try (Client client = rig.go()) {
      client.write(0, 1, 0, new byte[512]);
      assertEquals(onTheWire, client.answer().errno());
      client.expect(onTheWire, 0, Nbd.NBD_CMD_READ, 0, 512);
    }
  }

  @Test
  void aTargetThatThrowsFailsThatRequest() throws Exception {
    disk.setFates(bio ->
        bio.op() == BioOp.READ
            ? new MemoryDisk.Fate.Throws()
            : new MemoryDisk.Fate.EndsAndThrows());
    try (Client client = rig.go()) {
      client.expect(Nbd.NBD_EIO, 0, Nbd.NBD_CMD_READ, 0, 512);
      client.expect(0, 0, Nbd.NBD_CMD_WRITE_ZEROES, 0, 512);
      assertTrue(rig.log.take().startsWith("ERROR the device threw at READ 512 bytes at 0"));
      disk.setFates(_ -> MemoryDisk.GOOD);
      client.expect(0, 0, Nbd.NBD_CMD_READ, 0, 512);
    }
  }

  @Test
  void aTargetThatEndsTwiceIsHeardOnce() throws IOException {
    disk.setFates(_ -> new MemoryDisk.Fate.EndsTwice());
    try (Client client = rig.go()) {
      for (int i = 0; i < 10; i++) client.expect(0, 0, Nbd.NBD_CMD_READ, 0, 512);
    }
    rig.awaitNoConnections();
    assertEquals(10, disk.secondEnds.get());
  }

  @Test
  void longReadFailsWhereTheDeviceDoes() throws IOException {
    disk.setFates(
        bio -> bio.offset() == MIB ? new MemoryDisk.Fate.Fails(Errno.EIO) : MemoryDisk.GOOD);
    try (Client client = rig.go()) {
      client.request(0, Nbd.NBD_CMD_READ, 1, 0, 3 * MIB);
      List<Integer> types = new ArrayList<>();
      Client.Answer answer;
      do {
        answer = client.answer();
        types.add(answer.type());
        if (answer.type() == Nbd.NBD_REPLY_TYPE_ERROR_OFFSET)
          assertEquals(MIB, answer.data().getLong(6));
      } while (!answer.isDone());
      types.sort(null);
      assertEquals(List.of(0, 1, 1, 0x8002), types);
    }
  }

  @Test
  void longSimpleReadClosesWhenTheDeviceFailsInTheMiddle() throws Exception {
    disk.setFates(
        bio -> bio.offset() == MIB ? new MemoryDisk.Fate.Fails(Errno.EIO) : MemoryDisk.GOOD);
    try (Client client = rig.goSimple()) {
      client.request(0, Nbd.NBD_CMD_READ, 1, 0, 3 * MIB);
      assertTrue(rig.log.take().endsWith("the device failed in the middle of a reply: EIO"));
      rig.awaitNoConnections();
    }
  }

  @Test
  void longSimpleReadThatFailsAtOnceIsAnError() throws IOException {
    disk.setFates(bio ->
        bio.op() == BioOp.READ && bio.offset() == 0
            ? new MemoryDisk.Fate.Fails(Errno.EIO)
            : MemoryDisk.GOOD);
    try (Client client = rig.goSimple()) {
      client.expect(Nbd.NBD_EIO, 0, Nbd.NBD_CMD_READ, 0, 3 * MIB);
      client.request(0, Nbd.NBD_CMD_READ, 1, 512, 512);
      assertEquals(512, client.answer(512).data().remaining());
    }
  }

  @Test
  void fuaReachesTheDevice() throws IOException {
    try (Client client = rig.go()) {
      client.write(1, 1, 0, new byte[512]);
      assertEquals(0, client.answer().errno());
      client.expect(0, 1, Nbd.NBD_CMD_WRITE_ZEROES, 0, 512);
      assertEquals(2, disk.fuaWrites.get());
      client.expect(0, 1, Nbd.NBD_CMD_TRIM, 0, 512);
      assertEquals(1, disk.flushes.get());
    }
  }

  @Test
  void blockStatusJoinsWhatIsAlike() throws IOException {
    try (Client client = rig.go()) {
      client.write(0, 1, 4096, new byte[8192]);
      client.answer();
      client.expect(0, 2, Nbd.NBD_CMD_WRITE_ZEROES, 8192, 4096);
      client.request(0, Nbd.NBD_CMD_BLOCK_STATUS, 9, 512, 16384);
      assertArrayEquals(
          Client.hex("668e33ef 0001 0005 0000000000000009 00000024 00000001"), client.receive(24));
      assertArrayEquals(
          Client.hex("00000e00 00000003 00001000 00000000 00001000 00000002 00001200 00000003"),
          client.receive(32));
      client.request(8, Nbd.NBD_CMD_BLOCK_STATUS, 9, 512, 16384);
      assertArrayEquals(Client.hex("00000001 00000e00 00000003"), client.answer().data().array());
    }
  }

  @Test
  void blockStatusOfManyExtentsIsBounded() throws IOException {
    try (Client client = rig.go()) {
      for (int i = 0; i < 2000; i++) client.write(0, i, i * 8192L, new byte[512]).answer();
      client.request(0, Nbd.NBD_CMD_BLOCK_STATUS, 9, 0, SIZE);
      assertEquals(BlockStatus.BYTES_MAX, client.answer().data().remaining());
    }
  }

  @Test
  void zeroesAreWrittenWhereTheDeviceCannot() throws IOException {
    QueueLimits limits = disk.limits();
    for (long max : new long[] {0, 1L << 32}) { // told before, and found out
      disk.setLimits(
          new QueueLimits(512, 4096, 4096, 0, MIB, 4096, 1L << 32, max, false, true, true, false));
      disk.setFates(bio ->
          bio.op() == BioOp.WRITE_ZEROES
              ? new MemoryDisk.Fate.Fails(Errno.EOPNOTSUPP)
              : MemoryDisk.GOOD);
      try (Client client = rig.go()) {
        disk.memory().fill((byte) 7);
        client.expect(0, 0, Nbd.NBD_CMD_WRITE_ZEROES, 512, SIZE - 1024);
        assertArrayEquals(new byte[SIZE - 1024], onDisk(512, SIZE - 1024));
        assertEquals(7, onDisk(0, 512)[511]);
        client.expect(Nbd.NBD_ENOTSUP, 16, Nbd.NBD_CMD_WRITE_ZEROES, 0, 512);
      }
    }
    disk.setLimits(limits);
  }

  @Test
  void zeroingEndsAtTheFirstError() throws IOException {
    disk.setLimits(
        new QueueLimits(512, 4096, 4096, 0, MIB, 4096, 1L << 32, 0, false, true, true, false));
    List<Long> offsets = new ArrayList<>();
    disk.setFates(bio -> {
      if (bio.op() == BioOp.WRITE) offsets.add(bio.offset());
      return bio.offset() == MIB ? new MemoryDisk.Fate.Fails(Errno.ENOSPC) : MemoryDisk.GOOD;
    });
    try (Client client = rig.go()) {
      client.expect(Nbd.NBD_ENOSPC, 0, Nbd.NBD_CMD_WRITE_ZEROES, 0, 4 * MIB);
      assertEquals(List.of(0L, (long) MIB), offsets);
    }
  }

  @Test
  void trimOfADeviceThatCannotIsAHintHeard() throws IOException {
    disk.setFates(bio ->
        bio.op() == BioOp.DISCARD ? new MemoryDisk.Fate.Fails(Errno.EOPNOTSUPP) : MemoryDisk.GOOD);
    try (Client client = rig.go()) {
      client.expect(0, 0, Nbd.NBD_CMD_TRIM, 0, 4096);
    }
  }

  @Test
  void repliesComeInTheOrderOfTheDevice() throws IOException {
    disk.setFates(bio ->
        bio.op() == BioOp.READ && bio.offset() == 0
            ? new MemoryDisk.Fate.Stays()
            : MemoryDisk.GOOD);
    try (Client client = rig.go()) {
      client.request(0, Nbd.NBD_CMD_READ, 1, 0, 512);
      client.request(0, Nbd.NBD_CMD_READ, 2, 512, 512);
      assertEquals(2, client.answer().cookie());
      disk.endAll();
      assertEquals(1, client.answer().cookie());
    }
  }

  @Test
  void goodbyeIsAnsweredWhatIsUnderWay() throws IOException {
    disk.setFates(_ -> new MemoryDisk.Fate.Stays());
    try (Client client = rig.go()) {
      client.request(0, Nbd.NBD_CMD_READ, 1, 0, 512);
      client.request(0, Nbd.NBD_CMD_DISC, 2, 0, 0);
      while (disk.stayingCount() == 0) Thread.onSpinWait();
      disk.setFates(_ -> MemoryDisk.GOOD);
      disk.endAll();
      assertEquals(1, client.answer().cookie());
      client.expectClosed();
      rig.awaitNoConnections();
      assertEquals(List.of(), rig.log.all());
    }
  }

  @Test
  void aClientThatEndsItsHalfHearsItsReplies() throws IOException {
    disk.setFates(_ -> new MemoryDisk.Fate.Stays());
    try (Client client = rig.go()) {
      client.request(0, Nbd.NBD_CMD_READ, 1, 0, 512);
      client.channel.shutdownOutput();
      while (disk.stayingCount() == 0) Thread.onSpinWait();
      disk.setFates(_ -> MemoryDisk.GOOD);
      disk.endAll();
      assertEquals(1, client.answer().cookie());
      client.expectClosed();
    }
  }

  @Test
  void leavingWithinAWriteWritesNothingAndIsAnError() throws Exception {
    Client client = rig.go();
    client.request(0, Nbd.NBD_CMD_WRITE, 1, 0, 1024).send(new byte[] {1, 2, 3}).close();
    assertTrue(rig.log.take().contains("closed: ended"));
    rig.awaitNoConnections();
    assertArrayEquals(new byte[1024], onDisk(0, 1024));
  }

  @Test
  void aFlushOnOneConnectionIsAFlushOfTheDevice() throws IOException {
    try (Client one = rig.go();
        Client other = rig.go()) {
      one.write(0, 1, 0, new byte[512]).answer();
      other.expect(0, 0, Nbd.NBD_CMD_FLUSH, 0, 0);
      assertEquals(1, disk.flushes.get());
    }
  }

  @Test
  void bioOfAWriteIsTheRange() throws IOException {
    List<String> bios = new ArrayList<>();
    disk.setFates(bio -> {
      bios.add(bio + " " + (bio.flags() & Bio.FUA));
      return MemoryDisk.GOOD;
    });
    try (Client client = rig.go()) {
      client.write(1, 1, 512, new byte[MIB + 512]).answer();
      assertEquals(List.of("WRITE 1048576 bytes at 512 1", "WRITE 512 bytes at 1049088 1"), bios);
    }
  }
}
