package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.BioOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server's bounds, and how it and its connections end.
@Timeout(60)
final class NbdServerTest {
  private static final int MIB = 1 << 20;
  private static final MemoryDisk.Fate STAYS = new MemoryDisk.Fate.Stays();

  private final MemoryDisk disk = new MemoryDisk(64 * MIB);

  /// Closes a server on another thread.
  private static CompletableFuture<Void> closing(NbdServer server) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            server.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  @Test
  void servesTcpAtTheAddressOfItsUri() throws IOException {
    var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    var log = new Lines();
    try (var server = NbdServer.open(Rig.OPTIONS.withAddress(any), disk, disk, log)) {
      URI uri = server.uri();
      try (var channel = SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort()))) {
        ByteBuffer greeting = ByteBuffer.allocate(18);
        while (greeting.hasRemaining()) channel.read(greeting);
        assertEquals(Nbd.NBDMAGIC, greeting.getLong(0));
      }
    }
  }

  @Test
  void aClientThatDoesNotReadStopsAloneAndHoldsLittle() throws IOException {
    try (Rig rig = new Rig(disk)) {
      try (Client slow = rig.go();
          Client quick = rig.go()) {
        ByteBuffer reads = ByteBuffer.allocate(28 * 200);
        for (int i = 0; i < 200; i++)
          reads.put(Client.requestBytes(0, Nbd.NBD_CMD_READ, i, 0, MIB));
        slow.send(reads.flip()); // 200 MiB, of which 8 may be held
        for (int i = 0; i < 100; i++) quick.write(0, i, 0, new byte[MIB]).answer();
        for (int i = 0; i < 200; i++) assertEquals(MIB + 8, slow.answer().data().remaining());
      }
    }
  }

  @Test
  void requestsBeyondTheLimitWait() throws IOException {
    disk.setFates(_ -> STAYS);
    NbdOptions options = Rig.OPTIONS.withBounds(4, 3, MIB);
    try (Rig rig = new Rig(options, disk);
        Client client = rig.go()) {
      for (int i = 0; i < 5; i++) client.request(0, Nbd.NBD_CMD_READ, i, 0, 512);
      while (disk.stayingCount() < 3) Thread.onSpinWait();
      assertEquals(3, disk.stayingCount());
      disk.setFates(_ -> MemoryDisk.GOOD);
      disk.endAll();
      for (int i = 0; i < 5; i++) assertEquals(0, client.answer().errno());
    }
  }

  @Test
  void bytesBeyondTheLimitWait() throws IOException {
    disk.setFates(_ -> STAYS);
    try (Rig rig = new Rig(Rig.OPTIONS.withBounds(4, 100, MIB), disk);
        Client client = rig.go()) {
      for (int i = 0; i < 3; i++) client.request(0, Nbd.NBD_CMD_READ, i, 0, MIB / 2);
      while (disk.stayingCount() < 2) Thread.onSpinWait();
      assertEquals(2, disk.stayingCount());
      disk.setFates(_ -> MemoryDisk.GOOD);
      disk.endAll();
      for (int i = 0; i < 3; i++) assertEquals(0, client.answer().errno());
    }
  }

  @Test
  void clientsBeyondTheLimitAreClosedUntilOneLeaves() throws Exception {
    try (Rig rig = new Rig(Rig.OPTIONS.withBounds(2, 100, MIB), disk)) {
      Client first = rig.go();
      Client second = rig.go();
      try (Client third = rig.connect()) {
        third.expectClosed();
        assertTrue(rig.log.take().endsWith("closed: too many"));
      }
      first.close();
      second.close();
      rig.awaitNoConnections();
      rig.go().close();
    }
  }

  @Test
  void aClientThatLeavesKeepsItsPlaceUntilTheDeviceGivesBackItsMemory() throws Exception {
    disk.setFates(_ -> STAYS);
    try (Rig rig = new Rig(Rig.OPTIONS.withBounds(1, 100, MIB), disk)) {
      Client gone = rig.go();
      gone.request(0, Nbd.NBD_CMD_READ, 1, 0, MIB);
      while (disk.stayingCount() == 0) Thread.onSpinWait();
      gone.close();
      try (Client next = rig.connect()) {
        next.expectClosed();
      }
      assertTrue(rig.log.take().endsWith("closed: too many"));
      disk.setFates(_ -> MemoryDisk.GOOD);
      disk.endAll();
      rig.awaitNoConnections();
      rig.go().close();
    }
  }

  @Test
  void aHandshakeHasATimeLimit() throws Exception {
    NbdOptions options = Rig.OPTIONS.withTimes(Duration.ofMillis(1), Duration.ofMinutes(1));
    try (Rig rig = new Rig(options, disk);
        Client client = rig.connect()) {
      assertTrue(rig.log.take().endsWith("closed: no handshake within PT0.001S"));
      assertThrows(IOException.class, () -> client.receive(19));
    }
  }

  @Test
  void manyClientsAtATimeSeeOneDisk() throws Exception {
    try (ExecutorService completions = Executors.newFixedThreadPool(2);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var asynchronous = new MemoryDisk(64 * MIB, completions);
      try (Rig rig = new Rig(asynchronous)) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          int number = i;
          done.add(CompletableFuture.runAsync(() -> writeAndRead(rig, number), clients));
        }
        for (var one : done) one.get();
        rig.awaitNoConnections();
        assertEquals(List.of(), rig.log.all());
      }
    }
  }

  private static void writeAndRead(Rig rig, int number) {
    try (Client client = rig.go()) {
      for (int i = 0; i < 20; i++) {
        byte[] data = new byte[4096 << i % 5];
        Arrays.fill(data, (byte) (number * 20 + i));
        long offset = (number * 2L + i % 2) * MIB;
        client.write(0, i, offset, data);
        assertEquals(0, client.answer().errno());
        client.request(0, Nbd.NBD_CMD_READ, i, offset, data.length);
        assertEquals(ByteBuffer.wrap(data), client.answer().data().position(8), "client " + number);
      }
      client.request(0, Nbd.NBD_CMD_DISC, 0, 0, 0);
      client.expectClosed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void closingAnswersWhatIsUnderWayThenFlushes() throws Exception {
    disk.setFates(bio -> bio.op() == BioOp.READ ? STAYS : MemoryDisk.GOOD);
    Rig rig = new Rig(disk);
    Client busy = rig.go();
    Client idle = rig.go();
    Client early = rig.connect().greet(3);
    busy.request(0, Nbd.NBD_CMD_READ, 5, 0, 512);
    while (disk.stayingCount() == 0) Thread.onSpinWait();
    var closing = closing(rig.server);
    idle.expectClosed();
    early.expectClosed();
    assertEquals(0, disk.flushes.get());
    disk.endAll();
    assertEquals(5, busy.answer().cookie());
    busy.expectClosed();
    closing.get();
    assertEquals(1, disk.flushes.get());
    assertEquals(List.of(), rig.log.all());
    assertFalse(Files.exists(rig.socket));
    rig.close();
  }

  @Test
  void closingLeavesBehindWhatNeverEnds() throws Exception {
    disk.setFates(bio -> bio.op() == BioOp.READ ? STAYS : MemoryDisk.GOOD);
    Rig rig = new Rig(Rig.OPTIONS.withTimes(Duration.ofMinutes(1), Duration.ofMillis(1)), disk);
    Client client = rig.go();
    client.request(0, Nbd.NBD_CMD_READ, 5, 0, 512);
    while (disk.stayingCount() == 0) Thread.onSpinWait();
    try {
      rig.server.close();
    } catch (IOException _) {
      // a millisecond may be too short for the flush
    }
    client.expectClosed();
    assertTrue(rig.log.take().endsWith("its requests were not over as the server closed"));
    disk.endAll(); // late, into memory that is nobody's
    rig.awaitNoConnections();
    rig.close();
  }

  @Test
  void closingSaysThatTheFlushFailed() throws Exception {
    disk.setFates(_ -> new MemoryDisk.Fate.Fails(Errno.EIO));
    Rig rig = new Rig(disk);
    var closing = closing(rig.server);
    var e = assertThrows(ExecutionException.class, closing::get);
    assertTrue(e.toString().contains("memory: flush: EIO"), e::toString);
    rig.close();
  }

  @Test
  void leavingWithRepliesUnderWayGivesEverythingBack() throws IOException {
    try (ExecutorService completions = Executors.newFixedThreadPool(2)) {
      var asynchronous = new MemoryDisk(64 * MIB, completions);
      try (Rig rig = new Rig(asynchronous)) {
        for (int i = 0; i < 50; i++) {
          Client client = rig.go();
          for (int j = 0; j < 40; j++) client.request(0, Nbd.NBD_CMD_READ, j, 0, 64 << 10);
          client.close();
        }
        rig.awaitNoConnections();
      }
    }
  }
}
